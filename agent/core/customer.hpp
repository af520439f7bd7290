#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "agent/core/ids.hpp"
#include "agent/core/money.hpp"
#include "agent/core/reference.hpp"
#include "agent/core/time.hpp"

namespace aisle {

enum class LifecycleStage { New, Active, AtRisk, Dormant, Lost, WonBack };
std::string_view to_text(LifecycleStage stage);  // new, active, at_risk, dormant, lost, won_back

struct Purchase {
    WallTime at{};
    Money total;
    std::int32_t lines = 0;
};

// A customer as the other rooms and the staff page may see one: a pseudonym and what follows from
// purchases.
struct CustomerCard {
    MemberKey member;
    bool known = false;  // false: never seen before
    std::string tier;
    std::vector<std::string> tags;
    LifecycleStage stage = LifecycleStage::New;
    std::int32_t recency = 0;  // RFM scores 1..5, 0 before the first purchase
    std::int32_t frequency = 0;
    std::int32_t monetary = 0;
    std::int32_t purchases = 0;
    Money spent;
    std::int64_t days_since_last = -1;
    std::vector<Purchase> last;                      // newest first, at most 5
    std::map<std::string, std::int32_t> categories;  // purchases by category
    std::map<std::string, Consent> consent;          // by purpose; absent means no
    std::vector<std::string> segments = {};          // whose rules hold, in order of name
    std::size_t known_as = 0;                        // other names that evidence ties to this one
};

// Purposes of consent. Default deny.
inline constexpr std::string_view kConsentMarketing = "marketing.personal";
inline constexpr std::string_view kConsentLocation =
    "location.link";  // a tag's path tied to its member

struct ConsentChange {
    MemberKey member;
    std::string purpose;
    bool granted = false;
    std::string version;
    std::string by;
    Stamp at;
};

}  // namespace aisle
