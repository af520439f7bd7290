#pragma once

#include <vector>

#include "drivers/pos/poslog_amounts.hpp"

namespace pugi {
class xml_node;
}

namespace aisle::pos {

// A line as it grows: what reconciliation may have to read the other way.
struct DraftLine {
    SaleLine line;
    Money modifiers;       // what the modifiers inside the item take off: >= 0
    bool flagged = false;  // VoidFlag
    int link = 0;          // ItemLink
};

struct DraftLines {
    std::vector<DraftLine> lines;
    std::vector<SaleDiscount> discounts;
};

// Items, their modifiers and rewards. True if the LineItem was one of these.
bool read_item(const pugi::xml_node& line_item, const TillProfile& profile, DraftLines& out,
               Amounts& amounts);
// Discounts, coupons and rewards that are line items of their own.
bool read_discount(const pugi::xml_node& line_item, const TillProfile& profile, DraftLines& out,
                   Amounts& amounts);
// Marks what was taken back, in the vendor's way. Once, when all lines are there.
void settle_voids(DraftLines& out, VoidStyle style);

}  // namespace aisle::pos
