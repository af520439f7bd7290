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
// [{"stream","epoch","next"}],"today":{"date","sales","total_minor","currency","entered","left"},
// "version","epoch","epochs","bundle","datasets":{NAME:version},"lag_s","dropped",
// "disk_free_bytes","clock","boot","alarms":[{"kind","detail","first","last","times"}]}]}.
// What a store has not said is null. Of a stream only the epoch that was heard last is shown;
// `epochs` is how many the store has lived through. `lag_records` is what the store's last birth
// message had and HQ has not: it says less than the truth while a store is away.
std::string stores_json(const Overview& overview, const std::map<std::string, Presence>& presence,
                        const Today& today, bool broker_connected, WallTime now);

// GET /api/v1/completeness: {"streams":[one object a stream]}.
std::string completeness_json(const std::vector<Completeness>& streams);
// {"store","epoch","stream","expected","received","gaps":[{"reason","records","rows"}],"again",
// "quarantined","missing"}
std::string to_json(const Completeness& stream);

}  // namespace aisle::hq
