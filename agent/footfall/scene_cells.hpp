#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "agent/core/record.hpp"
#include "agent/core/scene_view.hpp"
#include "agent/footfall/dwell_histogram.hpp"
#include "agent/footfall/keys.hpp"

// What is kept of the scenes' zones, hour by hour, and each piece as a row.
namespace aisle::footfall {

struct ZoneCell {
    ZoneUse use = ZoneUse::Area;
    DwellHistogram stays;  // a queue's waits
    std::int64_t given_up = 0;
    std::int64_t person_ms = 0;
    std::int64_t peak = 0;
    friend bool operator==(const ZoneCell&, const ZoneCell&) = default;
};

// An hour is reported once it is over, and again when something came late.
struct HourReport {
    std::int64_t revision = 0;  // 0: not reported yet
    bool changed = true;
    friend bool operator==(const HourReport&, const HourReport&) = default;
};

using HeatSums = std::map<std::int32_t, std::int64_t>;  // cell -> person_ms

struct SceneCells {
    std::map<HourKey, ZoneCell> zones;
    std::map<HourKey, std::int64_t> steps;  // named by step_name()
    std::map<HourKey, HeatSums> heat;       // named by camera
    std::map<HourKey, HourReport> reports;  // without a name
    friend bool operator==(const SceneCells&, const SceneCells&) = default;
};

StateChange row_of(const HourKey& key, const ZoneCell& cell);
StateChange row_of(const HourKey& key, std::int64_t steps);
StateChange row_of(const HourKey& key, const HeatSums& sums);
StateChange row_of(const HourKey& key, const HourReport& report);

// Puts a row back; false when it is none of these or cannot be read.
bool restore_row(const StateChange& row, SceneCells& cells);

// The name of the way from one zone to another, and back.
std::string step_name(const ZoneId& from, const ZoneId& to);
ZoneStep step_from(std::string_view name, std::int64_t n);

}  // namespace aisle::footfall
