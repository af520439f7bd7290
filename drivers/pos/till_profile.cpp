#include "drivers/pos/till_profile.hpp"

#include <algorithm>
#include <array>

namespace aisle::pos {
namespace {

constexpr std::array<TillProfile, 2> kProfiles{{
    {.name = "generic"},
    {.name = "ncr",
     .voids = VoidStyle::Negative,
     .rewards_detailed_only = true,
     .rewards_monetary_only = true},
}};

}  // namespace

const TillProfile* find_profile(std::string_view name) {
    const auto found = std::ranges::find(kProfiles, name, &TillProfile::name);
    return found == kProfiles.end() ? nullptr : &*found;
}

std::vector<std::string_view> profile_names() {
    std::vector<std::string_view> names;
    for (const auto& profile : kProfiles) names.push_back(profile.name);
    return names;
}

}  // namespace aisle::pos
