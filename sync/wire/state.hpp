#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/record.hpp"

// The retained message on a store's `state` topic: birth while it is connected, death as its will.
// Pure.
namespace aisle::wire {

struct StreamExtent {
    Stream stream = Stream::Ledger;
    std::int64_t first = 1;  // the oldest record that the outbox still holds
    std::int64_t next = 1;   // the seq of the next record

    friend bool operator==(const StreamExtent&, const StreamExtent&) = default;
};

struct StoreState {
    bool alive = false;
    std::string epoch;
    std::string version;  // of the agent
    WallTime at{};        // of the birth; a will does not know when it will be published
    std::vector<StreamExtent> streams;

    friend bool operator==(const StoreState&, const StoreState&) = default;
};

// {"state":"birth","epoch":"…","version":"0.1.0","at":"…","streams":{"ledger":{"first":1,"next":9},…}}
// {"state":"death","epoch":"…","version":"0.1.0"}
std::string to_json(const StoreState& state);
Result<StoreState> parse_state(std::string_view json);

}  // namespace aisle::wire
