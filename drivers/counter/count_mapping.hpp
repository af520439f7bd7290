#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/core/error.hpp"
#include "drivers/counter/counter_settings.hpp"

// A payload by its mapping into counts. Pure.
namespace aisle::counter {

inline constexpr std::size_t kPayloadBytesMax = 1024 * 1024;
inline constexpr std::size_t kRecordsMax = 1000;
inline constexpr std::int64_t kCountMax = 100'000;  // a record that counts more is a problem
inline constexpr std::int64_t kTotalMax = 1'000'000'000'000;  // of a cumulative sensor

// One record. For Cumulative `in` and `out` are totals. Numbers may be strings; times epoch seconds
// (below 10^11), epoch milliseconds or RFC 3339.
struct MappedCount {
    DoorId door;
    std::string channel;  // the sensor's name for the door, or the door: keeps two sensors on one
                          // door apart
    std::string
        id;  // from the mapping, unique in the source by door and place in the package; empty: none
    WallTime from{};
    WallTime to{};
    bool timed = false;  // the sensor told the time
    // A clock of the sensor that has no zone: good for the order of its reports alone.
    std::optional<WallTime> sensor_clock;
    std::int64_t in = 0;
    std::int64_t out = 0;
};

struct RecordProblem {
    std::size_t record = 0;  // index in the package
    std::string reason;      // schema or limit
    std::string detail;
};

struct MappedPackage {
    std::vector<MappedCount> counts;
    std::vector<RecordProblem> problems;
    std::size_t left_out = 0;  // by `object`
};

// Malformed: nothing of the payload can be used. `arrived` stands in for times that the sensor does
// not tell.
Result<MappedPackage> map_counts(const CounterSource& source, std::string_view payload,
                                 WallTime arrived);

}  // namespace aisle::counter
