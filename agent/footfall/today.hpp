#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "agent/core/ids.hpp"
#include "agent/core/time.hpp"

// What the staff page and `status` show of the current business day.
namespace aisle::footfall {

struct HourFigures {
    WallTime start{};
    std::int64_t entries = 0;
    std::int64_t exits = 0;
    std::int64_t sales = 0;  // completed
    std::int64_t revenue_minor = 0;
    std::optional<std::int32_t>
        conversion_permille;   // sales / entries; nothing without entries. Can exceed 1000
    std::int32_t blind_s = 0;  // of the counting doors together, at most 3600

    friend bool operator==(const HourFigures&, const HourFigures&) = default;
};

struct DoorFigures {
    DoorId door;
    bool counts = true;
    std::int64_t entries = 0;
    std::int64_t exits = 0;
    std::int32_t blind_s = 0;
    std::int32_t clamped = 0;

    friend bool operator==(const DoorFigures&, const DoorFigures&) = default;
};

// Completed stays of trolleys and members in a zone that ended in this hour. The quantiles are
// right to 6 %.
struct ZoneDwell {
    ZoneId zone;
    WallTime hour{};
    std::int64_t visits = 0;
    std::int32_t p50_s = 0;
    std::int32_t p90_s = 0;

    friend bool operator==(const ZoneDwell&, const ZoneDwell&) = default;
};

struct Today {
    Date date{};
    std::int64_t entries = 0;  // over the doors that count
    std::int64_t exits = 0;
    std::int64_t inside = 0;   // never below 0
    std::int32_t clamped = 0;  // how often it would have been
    std::int64_t sales = 0;
    std::int64_t revenue_minor = 0;
    std::optional<std::int32_t> conversion_permille;
    std::int32_t blind_s = 0;
    std::vector<HourFigures> hours;  // those with anything in them, ascending
    std::vector<DoorFigures> doors;  // all configured ones, then those that were only heard of
    std::vector<ZoneDwell> zones;    // by zone, then hour

    friend bool operator==(const Today&, const Today&) = default;
};

}  // namespace aisle::footfall
