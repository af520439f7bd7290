#include "agent/footfall/scene_books.hpp"

#include <algorithm>
#include <utility>

#include "agent/footfall/forget.hpp"

namespace aisle::footfall {
namespace {

// Of all hours that are kept. With the names' own bounds a row stays small.
constexpr std::size_t kZoneCellsMax = kZonesMax * 24 * 4;
constexpr std::size_t kStepCellsMax = 16'384;
constexpr std::size_t kHeatCellsMax = kDoorsMax * 24 * 4;

// The cells of one hour, under whatever name.
template <typename Map>
auto cells_of(const Map& map, const HourKey& hour) {
    return std::pair{map.lower_bound({.start = hour.start, .date = hour.date}),
                     map.upper_bound({.start = hour.start, .date = hour.date, .name = "\xff"})};
}

}  // namespace

ZoneCell* SceneBooks::zone_at(WallTime time, const ZoneId& zone, ZoneUse use) {
    const HourKey key = calendar_.hour_of(time, zone.value);
    const auto found = cells_.zones.find(key);
    if (found != cells_.zones.end()) return &found->second;
    if (cells_.zones.size() >= kZoneCellsMax) return nullptr;
    return &cells_.zones.emplace(key, ZoneCell{.use = use}).first->second;
}

// The hour will be reported, or reported again.
void SceneBooks::touch(WallTime time, Effects& effects) {
    const HourKey key = calendar_.hour_of(time, {});
    HourReport& report = cells_.reports[key];
    if (report.revision > 0 && report.changed) return;
    report.changed = true;
    effects.state.push_back(row_of(key, report));
}

bool SceneBooks::add_stay(const ZoneStay& stay, Effects& effects) {
    ZoneCell* cell = zone_at(stay.left, stay.zone, stay.use);
    if (cell == nullptr) return false;
    const auto length = std::chrono::duration_cast<seconds>(stay.left - stay.entered);
    if (length > calendar_.settings().long_stay) return true;  // works there
    cell->stays.add(length);
    if (stay.use == ZoneUse::Queue && !stay.served) ++cell->given_up;
    effects.state.push_back(row_of(calendar_.hour_of(stay.left, stay.zone.value), *cell));
    touch(stay.left, effects);
    return true;
}

bool SceneBooks::add_load(const SceneMinute& minute, const ZoneLoad& load, Effects& effects) {
    ZoneCell* cell = zone_at(minute.from, load.zone, load.use);
    if (cell == nullptr) return false;
    cell->person_ms += load.person_ms;
    cell->peak = std::max<std::int64_t>(cell->peak, load.peak);
    effects.state.push_back(row_of(calendar_.hour_of(minute.from, load.zone.value), *cell));
    return true;
}

bool SceneBooks::add_step(const SceneMinute& minute, const ZoneStep& step, Effects& effects) {
    const HourKey key = calendar_.hour_of(minute.from, step_name(step.from, step.to));
    if (!cells_.steps.contains(key) && cells_.steps.size() >= kStepCellsMax) return false;
    std::int64_t& n = cells_.steps[key];
    n += step.n;
    effects.state.push_back(row_of(key, n));
    return true;
}

bool SceneBooks::add_heat(const SceneMinute& minute, Effects& effects) {
    if (minute.heat.empty()) return true;
    const HourKey key = calendar_.hour_of(minute.from, minute.camera);
    if (!cells_.heat.contains(key) && cells_.heat.size() >= kHeatCellsMax) return false;
    HeatSums& sums = cells_.heat[key];
    for (const HeatCell& heat : minute.heat) sums[heat.cell] += heat.person_ms;
    effects.state.push_back(row_of(key, sums));
    return true;
}

bool SceneBooks::add_minute(const SceneMinute& minute, Effects& effects) {
    bool room = true;
    for (const ZoneLoad& load : minute.loads) room = add_load(minute, load, effects) && room;
    for (const ZoneStep& step : minute.steps) room = add_step(minute, step, effects) && room;
    if (!minute.loads.empty() || !minute.steps.empty()) touch(minute.from, effects);
    return add_heat(minute, effects) && room;
}

FloorHour SceneBooks::report_of(const HourKey& hour, std::int64_t revision) const {
    FloorHour report{.start = hour.start, .revision = static_cast<std::int32_t>(revision)};
    const auto [zone, zones_end] = cells_of(cells_.zones, hour);
    for (auto at = zone; at != zones_end; ++at) {
        const auto& [key, cell] = *at;
        report.zones.push_back({.zone = ZoneId{key.name},
                                .use = cell.use,
                                .stays = cell.stays.count(),
                                .given_up = cell.given_up,
                                .p50 = cell.stays.quantile(500),
                                .p90 = cell.stays.quantile(900),
                                .p95 = cell.stays.quantile(950),
                                .person_ms = cell.person_ms,
                                .peak = static_cast<std::int32_t>(cell.peak)});
    }
    const auto [step, steps_end] = cells_of(cells_.steps, hour);
    for (auto at = step; at != steps_end; ++at) {
        if (at->second >= kStepsMin) report.steps.push_back(step_from(at->first.name, at->second));
    }
    return report;
}

void SceneBooks::close_hours(WallTime now, Effects& effects) {
    for (auto& [key, report] : cells_.reports) {
        const WallTime over =
            key.start + std::chrono::hours{1} + calendar_.settings().closing_grace;
        if (over > now) return;
        if (!report.changed) continue;
        report.changed = false;
        effects.hours.push_back(report_of(key, ++report.revision));
        effects.state.push_back(row_of(key, report));
    }
}

void SceneBooks::forget(WallTime floor, Effects& effects) {
    std::size_t room = kForgottenPerTickMax;
    const WallTime hours_floor = floor == WallTime::min() ? floor : floor - std::chrono::hours{1};
    forget_hours(cells_.zones, hours_floor, room, effects);
    forget_hours(cells_.steps, hours_floor, room, effects);
    forget_hours(cells_.heat, hours_floor, room, effects);
    forget_hours(cells_.reports, hours_floor, room, effects);
}

}  // namespace aisle::footfall
