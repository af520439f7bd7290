#pragma once

#include "drivers/pos/poslog_amounts.hpp"

namespace pugi {
class xml_node;
}

namespace aisle::pos {

// Tenders and their change, whichever way it is written: inside the tender, as a line of its own,
// or as a second, negative tender. True if the LineItem was one of these.
bool read_tender(const pugi::xml_node& line_item, const TillProfile& profile, Sale& sale,
                 Amounts& amounts);
bool read_tax(const pugi::xml_node& line_item, const TillProfile& profile, Sale& sale,
              Amounts& amounts);
// What the customer owed: the grand amount, else the net and gross ones. False where the document
// tells none.
bool read_total(const pugi::xml_node& retail, Sale& sale, Amounts& amounts);

}  // namespace aisle::pos
