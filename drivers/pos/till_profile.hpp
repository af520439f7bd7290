#pragma once

#include <string_view>
#include <vector>

// What differs from vendor to vendor inside one format: a value, so that a new vendor is a row and
// not a class. A profile turns signs the house's way (DESIGN section 6); every sale is reconciled
// before it is believed.
namespace aisle::pos {

// How a vendor writes that a line has been taken back.
enum class VoidStyle {
    Flagged,   // VoidFlag on a line: that line, or the one that its ItemLink names, does not count
    Negative,  // VoidFlag on a second, negative line: the flagged line takes back the earlier equal
               // one
};

struct TillProfile {
    std::string_view name;
    VoidStyle voids = VoidStyle::Flagged;
    bool rewards_detailed_only = false;  // a LoyaltyReward counts only with detailedData="true"
    bool rewards_monetary_only =
        false;  // ...and only with RewardCategory=Monetary: others are points
    bool negative_items =
        false;  // ItemType=...:NegativeItem is money back whatever its quantity says
    bool extended_is_net = false;  // ExtendedAmount has the line's discounts taken off already
    bool tax_included_by_default = false;  // where the document does not say
};

// Nothing for an unknown name. The pointer is good for ever.
const TillProfile* find_profile(std::string_view name);
std::vector<std::string_view> profile_names();

}  // namespace aisle::pos
