#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/core/time.hpp"

// How long the journal keeps what.
namespace aisle::store {

using days = std::chrono::days;

struct RetentionClass {
    std::string name;
    std::vector<std::string> kinds;
    days keep{400};
};

struct RetentionSettings {
    std::vector<RetentionClass> classes;  // a kind belongs to the first class that names it
    days keep_others{400};                // kinds that no class names
    days keep_quarantine{30};
    std::int64_t quarantine_bytes_max =
        256LL * 1024 * 1024;      // beyond it the oldest payloads are emptied, rows stay
    std::size_t rows_max = 1000;  // deleted a call, so that the storage thread is soon free again
};

// crossing, sighting: 1 day. footfall_*, zone_*, blindness, count: 90 days. health: 7 days. All
// else, sales first: 400 days.
RetentionSettings default_retention();

struct Pruned {
    std::int64_t journal_rows = 0;
    std::int64_t quarantine_rows = 0;
    std::int64_t payloads_emptied = 0;
    bool more = false;  // a bound was reached: call again soon
};

}  // namespace aisle::store
