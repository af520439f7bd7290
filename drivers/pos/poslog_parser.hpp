#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "agent/core/sale.hpp"
#include "drivers/pos/till_profile.hpp"

// One POSLog transaction (2.x or 6) to a draft sale. pugixml stays in the .cpp files. Pure; nothing
// is thrown.
namespace aisle::pos {

struct PoslogContext {
    const TillProfile* profile = nullptr;
    const TimeZone* zone = nullptr;  // for times without an offset; nullptr: UTC
    int minor_digits = 2;
};

struct Refusal {
    std::string reason;  // of intake's closed list
    std::string detail;  // names the element; no content
};

// `xml` is one Transaction element, valid UTF-8. The draft has neither source nor lineage, and the
// store as told.
std::variant<Sale, Refusal> parse_poslog(std::string_view xml, const PoslogContext& context);

}  // namespace aisle::pos
