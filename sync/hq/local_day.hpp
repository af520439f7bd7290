#pragma once

#include "sync/hq/event_store.hpp"

namespace aisle::hq {

// The day at `now` in this zone. From midnight to midnight, 23 to 25 hours.
Today day_in(const TimeZone& zone, WallTime now);

// The day at `now` in the zone of HQ's machine (TZ, /etc/localtime).
Today local_day(WallTime now);

}  // namespace aisle::hq
