#pragma once

#include <map>
#include <string>
#include <vector>

#include "sync/hq/collector.hpp"
#include "sync/hq/event_store.hpp"

namespace aisle::hq {

struct Overview {
    std::vector<StreamView> streams;
    std::vector<StoreDay> days;
};

// GET /api/v1/stores:
// {"now","broker_connected","stores":[{"store","connected","last_seen","lag_records","streams":
// [{"stream","epoch","next"}],"today":{"date","sales","total_minor","currency","entered","left"}}]}.
// Of a stream only the epoch that was heard last is shown. `lag_records` is what the store's last
// birth message had and HQ has not: it says less than the truth while a store is away.
std::string stores_json(const Overview& overview, const std::map<std::string, Presence>& presence,
                        const Today& today, bool broker_connected, WallTime now);

}  // namespace aisle::hq
