#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/record.hpp"

// The retained message on a store's `state` topic: birth while it is connected, death as its will.
// Health records may carry the same object, for brokers that retain nothing. Pure.
namespace aisle::wire {

struct StreamExtent {
    Stream stream = Stream::Ledger;
    std::int64_t first = 1;  // the oldest record that the outbox still holds
    std::int64_t next = 1;   // the seq of the next record

    friend bool operator==(const StreamExtent&, const StreamExtent&) = default;
};

// The version of a dataset that the store has loaded.
struct DatasetVersion {
    std::string name;
    std::int64_t version = 0;

    friend bool operator==(const DatasetVersion&, const DatasetVersion&) = default;
};
inline constexpr std::size_t kDatasetsMax = 32;

// How a store is, beyond its streams. What is not known stays out of the message.
struct Health {
    std::optional<std::int64_t> bundle;  // version of the active bundle; 0: none
    // All that it holds, at most kDatasetsMax, the rest is left out. Empty: it holds none, as after
    // its database was lost; nothing: not told.
    std::optional<std::vector<DatasetVersion>> datasets;
    std::optional<std::int64_t> lag_s;    // age of the oldest record without HQ's ack
    std::optional<std::int64_t> dropped;  // records that ended in gaps since this epoch began
    std::optional<std::int64_t> disk_free_bytes;  // where the database is
    std::optional<ClockQuality> clock;
    std::optional<std::int64_t> boot;
    std::string member_key;  // id of the key under which pseudonyms are made; empty: not told

    friend bool operator==(const Health&, const Health&) = default;
};

struct StoreState {
    bool alive = false;
    std::string epoch;
    std::string version;  // of the agent
    // 16 hex digits, random, of the process that speaks: two that take turns are two devices with
    // one identity, and a death is that of its own run only. Empty: an older agent.
    std::string run;
    WallTime at{};  // of the birth; a will does not know when it will be published
    Health health;
    std::vector<StreamExtent> streams;

    friend bool operator==(const StoreState&, const StoreState&) = default;
};

// {"state":"birth","epoch":"…","version":"0.1.0","run":"…","at":"…",
//  "bundle":12,"datasets":{"members":3},"lag_s":0,"dropped":0,"disk_free_bytes":1,"clock":"ntp",
//  "boot":7,"key":"1a2b3c4d","streams":{"ledger":{"first":1,"next":9},…}}
// {"state":"death","epoch":"…","version":"0.1.0","run":"…"}
std::string to_json(const StoreState& state);
Result<StoreState> parse_state(std::string_view json);

}  // namespace aisle::wire
