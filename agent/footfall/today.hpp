#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "agent/core/ids.hpp"
#include "agent/core/scene_view.hpp"
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
        conversion_permille;         // sales / entries; nothing without entries. Can exceed 1000
    std::int32_t blind_s = 0;        // of the counting doors together, at most 3600
    std::int64_t staff_entries = 0;  // of `entries`; conversion leaves them out
    std::int64_t groups = 0;         // buying groups among the entries
    std::optional<std::int32_t> group_conversion_permille;  // sales / groups
    std::optional<std::int32_t> capture_permille;  // customers in / (customers in + passers-by)

    friend bool operator==(const HourFigures&, const HourFigures&) = default;
};

struct DoorFigures {
    DoorId door;
    bool counts = true;
    std::int64_t entries = 0;
    std::int64_t exits = 0;
    std::int32_t blind_s = 0;
    std::int32_t clamped = 0;
    std::int64_t staff_entries = 0;
    std::int64_t staff_exits = 0;
    std::int64_t uturns = 0;
    std::int64_t passers = 0;

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

// A zone of a scene in one hour. In a queue the stays are waits.
struct ZoneFigures {
    ZoneId zone;
    ZoneUse use = ZoneUse::Area;
    WallTime hour{};
    std::int64_t stays = 0;
    std::int64_t given_up = 0;
    std::int32_t p50_s = 0;
    std::int32_t p95_s = 0;
    std::int32_t mean_milli = 0;  // thousandths of a person, over the whole hour
    std::int32_t peak = 0;

    friend bool operator==(const ZoneFigures&, const ZoneFigures&) = default;
};

// Who came in: through which door (empty: all that count), in the minutes that begin in [from, to).
struct EntriesAsked {
    DoorId door;
    WallTime from{};
    WallTime to{};
};

struct People {
    std::int64_t inside = 0;   // never below 0
    std::int64_t entries = 0;  // of the business day, over the doors that count

    friend bool operator==(const People&, const People&) = default;
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
    std::vector<HourFigures> hours;   // those with anything in them, ascending
    std::vector<DoorFigures> doors;   // all configured ones, then those that were only heard of
    std::vector<ZoneDwell> zones;     // by zone, then hour
    std::vector<ZoneFigures> scenes;  // by zone, then hour
    std::vector<ZoneStep> steps;      // ways between zones, of the day, most first
    std::int64_t raised = 0;          // how often a zone had more people than the doors had let in
    std::int64_t staff_entries = 0;
    std::int64_t groups = 0;

    friend bool operator==(const Today&, const Today&) = default;
};

}  // namespace aisle::footfall
