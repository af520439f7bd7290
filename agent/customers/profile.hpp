#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/customers/customers.hpp"

// One customer's state. Inside this room only.
namespace aisle::customers {

struct KeptPurchase {
    WallTime at{};
    std::string sale;  // first 16 digits of the sale id: tells two sales of one instant apart
    Money total;
    std::int32_t lines = 0;
    bool purchase = true;  // false: a return
    std::vector<std::string> categories;

    friend bool operator==(const KeptPurchase&, const KeptPurchase&) = default;
};

// Where the walk over the purchases stands: the stage just after a purchase.
struct Walk {
    LifecycleStage stage = LifecycleStage::New;
    std::int32_t purchases = 0;
    std::int32_t since_return = 0;  // purchases since the customer was won back
    WallTime last{};

    friend bool operator==(const Walk&, const Walk&) = default;
};

struct KeptConsent {
    Consent consent;
    bool by_file = false;

    friend bool operator==(const KeptConsent&, const KeptConsent&) = default;
};

struct Profile {
    std::string tier;
    std::vector<std::string> tags;
    std::map<std::string, KeptConsent> consent;
    std::map<std::string, std::int32_t> categories;
    std::map<std::string, std::int64_t> scores;  // as HQ's studies give them
    Money spent;
    std::int32_t purchases = 0;
    std::vector<KeptPurchase> kept;  // oldest first, by (at, sale); at most kPurchasesKept
    Walk folded;                     // over the purchases that are no longer kept
    LifecycleStage stage = LifecycleStage::New;  // as last told

    friend bool operator==(const Profile&, const Profile&) = default;
};

void add_purchase(Profile& profile, KeptPurchase purchase, const LifecycleThresholds& thresholds);
// A purchase that is kept no more is only taken out of the sums.
void remove_purchase(Profile& profile, const KeptPurchase& purchase);

// Both profiles' purchases in one. Of those that neither keeps one by one only the sums are known:
// the walk over them is that of the profile which reaches further.
void join_purchases(Profile& profile, const Profile& other, const LifecycleThresholds& thresholds);

// The stage that time and purchases alone give, without hysteresis.
Walk walk_to_last(const Profile& profile, const LifecycleThresholds& thresholds);
LifecycleStage stage_at(const Walk& walk, WallTime now, const LifecycleThresholds& thresholds);
// Time alone moves a stage back up only once it is clearly below the threshold: a clock that is set
// does not flap.
LifecycleStage settled(LifecycleStage told, const Walk& walk, WallTime now,
                       const LifecycleThresholds& thresholds);

std::int64_t whole_days(WallTime from, WallTime to);

// A profile as one row: compact JSON. Malformed if it is not one that to_bytes() wrote.
std::string to_bytes(const Profile& profile);
Result<Profile> profile_from(std::string_view bytes);

}  // namespace aisle::customers
