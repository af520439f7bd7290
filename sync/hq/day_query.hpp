#pragma once

#include "agent/sqlite/database.hpp"
#include "sync/hq/event_store.hpp"

namespace aisle::hq {

// The day's figures of every store. Reads only what came since the day before (`days`), as `event`
// has no index on times: that is what keeps inserts fast.
Result<std::vector<StoreDay>> read_day(sqlite::Database& database, const Today& today);

}  // namespace aisle::hq
