#pragma once

#include "agent/customers/profile.hpp"

// The way of a customer from new to lost and back. Inside this room only.
namespace aisle::customers {

// One more purchase; a return is none.
void step(Walk& walk, const KeptPurchase& purchase, const LifecycleThresholds& thresholds);
// Where all of a profile's purchases lead.
Walk walk_to_last(const Profile& profile, const LifecycleThresholds& thresholds);

// The stage that time and purchases alone give, without hysteresis.
LifecycleStage stage_at(const Walk& walk, WallTime now, const LifecycleThresholds& thresholds);
// Time alone moves a stage back up only once it is clearly below the threshold: a clock that is set
// does not flap.
LifecycleStage settled(LifecycleStage told, const Walk& walk, WallTime now,
                       const LifecycleThresholds& thresholds);

std::int64_t whole_days(WallTime from, WallTime to);

}  // namespace aisle::customers
