#include "agent/footfall/cells.hpp"

#include <array>

#include "agent/footfall/fields.hpp"

namespace aisle::footfall {
namespace {

bool restore_minute(std::string_view key, std::string_view bytes, Cells& cells) {
    const auto start = number_from(take_field(key, '|'));
    std::array<std::int64_t, 15> n{};
    if (!start || !split(bytes, n)) return false;
    cells.minutes[{WallTime{seconds{*start}}, DoorId{std::string{key}}}] = {.in = n[0],
                                                                            .out = n[1],
                                                                            .clamped = n[2],
                                                                            .blind_ms = n[3],
                                                                            .occupancy = n[4],
                                                                            .revision = n[5],
                                                                            .changed = n[6] != 0,
                                                                            .staff_in = n[7],
                                                                            .staff_out = n[8],
                                                                            .groups = n[9],
                                                                            .uturns = n[10],
                                                                            .passers = n[11],
                                                                            .frames = n[12],
                                                                            .late_frames = n[13],
                                                                            .light_ms = n[14]};
    return true;
}

bool restore_hour(std::string_view key, std::string_view bytes, Cells& cells) {
    const auto hour = hour_key_from(key);
    std::array<std::int64_t, 9> n{};
    if (!hour || !split(bytes, n)) return false;
    cells.hours[*hour] = {.in = n[0],
                          .out = n[1],
                          .clamped = n[2],
                          .blind_ms = n[3],
                          .staff_in = n[4],
                          .staff_out = n[5],
                          .groups = n[6],
                          .uturns = n[7],
                          .passers = n[8]};
    return true;
}

bool restore_sales(std::string_view key, std::string_view bytes, Cells& cells) {
    const auto hour = hour_key_from(key);
    std::array<std::int64_t, 2> n{};
    if (!hour || !split(bytes, n)) return false;
    cells.sales[*hour] = {.sales = n[0], .revenue_minor = n[1]};
    return true;
}

bool restore_dwell(std::string_view key, std::string_view bytes, Cells& cells) {
    const auto hour = hour_key_from(key);
    auto histogram = DwellHistogram::from_text(bytes);
    if (!hour || !histogram) return false;
    cells.dwell[*hour] = *std::move(histogram);
    return true;
}

bool restore_day(std::string_view date_text, std::string_view bytes, Cells& cells) {
    const auto date = parse_date(take_field(bytes, ' '));
    std::array<std::int64_t, 3> n{};
    if (!date_text.empty() || !date || !split(bytes, n)) return false;
    cells.day = {.date = date, .inside = n[0], .zeros_to = WallTime{seconds{n[1]}}, .raised = n[2]};
    return true;
}

}  // namespace

StateChange row_of(const MinuteKey& key, const MinuteCell& cell) {
    return row_at(
        "minute|" + std::to_string(whole_seconds(key.start)) + "|" + key.door.value,
        join({cell.in, cell.out, cell.clamped, cell.blind_ms, cell.occupancy, cell.revision,
              cell.changed ? 1 : 0, cell.staff_in, cell.staff_out, cell.groups, cell.uturns,
              cell.passers, cell.frames, cell.late_frames, cell.light_ms}));
}

StateChange row_of(const HourKey& key, const HourCell& cell) {
    return row_at(key_text("hour", key),
                  join({cell.in, cell.out, cell.clamped, cell.blind_ms, cell.staff_in,
                        cell.staff_out, cell.groups, cell.uturns, cell.passers}));
}

StateChange row_of(const HourKey& key, const SalesCell& cell) {
    return row_at(key_text("sales", key), join({cell.sales, cell.revenue_minor}));
}

StateChange row_of(const HourKey& key, const DwellHistogram& cell) {
    return row_at(key_text("dwell", key), cell.to_text());
}

StateChange row_of(const DayCell& cell) {
    return row_at("day", to_text(*cell.date) + " " +
                             join({cell.inside, whole_seconds(cell.zeros_to), cell.raised}));
}

bool restore_row(const StateChange& row, Cells& cells) {
    std::string_view key = row.key;
    const std::string_view kind = take_field(key, '|');
    if (kind == "minute") return restore_minute(key, row.bytes, cells);
    if (kind == "hour") return restore_hour(key, row.bytes, cells);
    if (kind == "sales") return restore_sales(key, row.bytes, cells);
    if (kind == "dwell") return restore_dwell(key, row.bytes, cells);
    if (kind == "day") return restore_day(key, row.bytes, cells);
    return false;
}

}  // namespace aisle::footfall
