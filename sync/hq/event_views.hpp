#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/record.hpp"

// What HQ's readers get: values, the same from every database.
namespace aisle::hq {

// HQ's own day, by its own zone.
struct Today {
    Date date{};      // compared with a sale's business date
    WallTime from{};  // its first instant, for what has only an instant
    WallTime to{};
};

struct StreamView {
    std::string store;
    std::string epoch;
    std::string stream;
    std::int64_t next = 1;
    WallTime updated{};  // when something new came last
};

struct StoreDay {
    std::string store;
    std::int64_t sales = 0;
    std::int64_t total_minor = 0;
    std::string currency;
    std::int64_t entered = 0;
    std::int64_t left = 0;
};

// Declared gaps of one reason: `records` of kind gap that stand for `rows` numbers.
struct GapCount {
    std::string reason;
    std::int64_t records = 0;
    std::int64_t rows = 0;

    friend bool operator==(const GapCount&, const GapCount&) = default;
};

// expected = received + gaps + again + missing. `missing` is 0, or HQ has a fault.
struct Completeness {
    std::string store;
    std::string epoch;
    std::string stream;
    std::int64_t expected = 0;  // next - 1
    std::int64_t received = 0;  // shown in `events`, gaps left out
    std::vector<GapCount> gaps;
    std::int64_t again = 0;  // received, and shown under another epoch
    std::int64_t missing = 0;
    std::int64_t quarantined = 0;  // batches of which something could not be read
};

// A record that HQ itself acts on.
struct Notice {
    std::int64_t id = 0;
    std::string store;
    std::string epoch;
    std::string stream;
    std::int64_t seq = 0;
    std::string kind;
    std::string event_id;
    std::int64_t revision = 1;
    std::string body;
    WallTime received{};
};

// bundle_state, command_result, budget, redemption, consent, erasure, clock, audit, transition,
// health, data_state, experiment_sums: what is listed for notices().
bool is_noticed(std::string_view kind);

}  // namespace aisle::hq
