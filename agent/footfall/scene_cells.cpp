#include "agent/footfall/scene_cells.hpp"

#include <algorithm>
#include <array>

#include "agent/footfall/fields.hpp"

namespace aisle::footfall {
namespace {

bool restore_zone(std::string_view key, std::string_view bytes, SceneCells& cells) {
    const auto hour = hour_key_from(key);
    std::array<std::int64_t, 4> n{};
    if (!hour || !split(take_field(bytes, '|'), n)) return false;
    auto stays = DwellHistogram::from_text(bytes);
    if (!stays || n[0] < 0 || n[0] > 1) return false;
    cells.zones[*hour] = {.use = n[0] == 0 ? ZoneUse::Area : ZoneUse::Queue,
                          .stays = *std::move(stays),
                          .given_up = n[1],
                          .person_ms = n[2],
                          .peak = n[3]};
    return true;
}

bool restore_steps(std::string_view key, std::string_view bytes, SceneCells& cells) {
    const auto hour = hour_key_from(key);
    const auto n = number_from(bytes);
    if (!hour || !n) return false;
    cells.steps[*hour] = *n;
    return true;
}

bool restore_heat(std::string_view key, std::string_view bytes, SceneCells& cells) {
    const auto hour = hour_key_from(key);
    if (!hour) return false;
    HeatSums sums;
    while (!bytes.empty()) {
        std::string_view pair = take_field(bytes, ' ');
        const auto cell = number_from(take_field(pair, ':'));
        const auto person_ms = number_from(pair);
        if (!cell || !person_ms || *cell < 0 || *cell >= kHeatColumns * kHeatRows) return false;
        sums[static_cast<std::int32_t>(*cell)] = *person_ms;
    }
    cells.heat[*hour] = std::move(sums);
    return true;
}

bool restore_report(std::string_view key, std::string_view bytes, SceneCells& cells) {
    const auto hour = hour_key_from(key);
    std::array<std::int64_t, 2> n{};
    if (!hour || !split(bytes, n)) return false;
    cells.reports[*hour] = {.revision = n[0], .changed = n[1] != 0};
    return true;
}

}  // namespace

StateChange row_of(const HourKey& key, const ZoneCell& cell) {
    return row_at(key_text("zone", key), join({cell.use == ZoneUse::Queue ? 1 : 0, cell.given_up,
                                               cell.person_ms, cell.peak}) +
                                             "|" + cell.stays.to_text());
}

StateChange row_of(const HourKey& key, std::int64_t steps) {
    return row_at(key_text("step", key), std::to_string(steps));
}

StateChange row_of(const HourKey& key, const HeatSums& sums) {
    std::string bytes;
    for (const auto& [cell, person_ms] : sums) {
        if (!bytes.empty()) bytes += ' ';
        bytes += std::to_string(cell) + ":" + std::to_string(person_ms);
    }
    return row_at(key_text("heat", key), bytes);
}

StateChange row_of(const HourKey& key, const HourReport& report) {
    return row_at(key_text("report", key), join({report.revision, report.changed ? 1 : 0}));
}

std::string step_name(const ZoneId& from, const ZoneId& to) {
    return std::to_string(from.value.size()) + ":" + from.value + to.value;
}

ZoneStep step_from(std::string_view name, std::int64_t n) {
    const auto size = number_from(take_field(name, ':'));
    const std::size_t cut =
        size && *size >= 0 ? std::min(name.size(), static_cast<std::size_t>(*size)) : name.size();
    return {.from = ZoneId{std::string{name.substr(0, cut)}},
            .to = ZoneId{std::string{name.substr(cut)}},
            .n = static_cast<std::int32_t>(n)};
}

bool restore_row(const StateChange& row, SceneCells& cells) {
    std::string_view key = row.key;
    const std::string_view kind = take_field(key, '|');
    if (kind == "zone") return restore_zone(key, row.bytes, cells);
    if (kind == "step") return restore_steps(key, row.bytes, cells);
    if (kind == "heat") return restore_heat(key, row.bytes, cells);
    if (kind == "report") return restore_report(key, row.bytes, cells);
    return false;
}

}  // namespace aisle::footfall
