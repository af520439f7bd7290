#pragma once

#include <string>
#include <string_view>

#include "agent/core/ids.hpp"
#include "agent/core/money.hpp"
#include "agent/core/time.hpp"

// Budget leases: the part of a chain-wide budget that one store may spend without asking. Granted
// and recalled by signed commands; what the store asks for, takes and gives back are records of
// kind `budget` (agent/records/downlink_records.hpp). A campaign is chain-wide if its
// `limits.store_lease` is "auto". Pure.
namespace aisle::wire {

// `lease_grant`: {"lease":"<id>","campaign","amount","until","epoch"}. Each grant adds `amount` to
// what the store may spend of the campaign until `until`; the same lease id again adds nothing.
// What is reserved for a live offer at `until` may still be spent on it, so HQ books a lease as
// gone until the store has returned its rest.
struct LeaseGrant {
    std::string lease;
    CampaignId campaign;
    Money amount;
    WallTime until{};
    // The store's epoch for which HQ has booked it; in any other it is refused, so that a store
    // which lost its database and forgot what it had done cannot take the same grant twice. Empty:
    // any epoch.
    std::string epoch = {};

    friend bool operator==(const LeaseGrant&, const LeaseGrant&) = default;
};

// `lease_recall`: {"campaign","reason"}: the store closes its leases of the campaign, gives back
// what is neither spent nor reserved at once and the rest as its offers end.
struct LeaseRecall {
    CampaignId campaign;
    std::string reason;

    friend bool operator==(const LeaseRecall&, const LeaseRecall&) = default;
};

inline constexpr Money kLeaseMax = Money::minor(100'000'000'000);

}  // namespace aisle::wire
