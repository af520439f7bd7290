#pragma once

#include <string_view>
#include <vector>

// What differs from vendor to vendor inside one format: a value, so that a new vendor is a row and
// not a class. A profile turns signs the house's way (DESIGN section 6); every sale is reconciled
// before it is believed.
namespace aisle::pos {

// How a vendor writes that a line has been taken back (reference/pos.md section 0, 1).
enum class VoidStyle {
    Flagged,   // VoidFlag on a line: it does not count, and neither does the line that its ItemLink
               // names
    Negative,  // VoidFlag on a second, negative line that takes back the earlier equal one
};

struct TillProfile {
    std::string_view name;
    VoidStyle voids = VoidStyle::Flagged;
    bool rewards_detailed_only = false;  // a LoyaltyReward counts only with detailedData="true"
    bool rewards_monetary_only =
        false;  // ...and only with RewardCategory=Monetary: others are points
    bool tax_included_by_default = false;  // where the document does not say
};

// Nothing for an unknown name. The pointer is good for ever.
const TillProfile* find_profile(std::string_view name);
std::vector<std::string_view> profile_names();

}  // namespace aisle::pos
