#include "agent/footfall/books.hpp"

#include <algorithm>
#include <cassert>

#include "agent/footfall/spread.hpp"

namespace aisle::footfall {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::size_t kDwellCellsMax = kZonesMax * 24 * 4;
constexpr std::size_t kSalesCellsMax = 4096;
constexpr int kMinutesOfDay = 1440;

StateChange deletion(StateChange row) {
    row.bytes.clear();
    return row;
}

// Deletes the cells of hours before `floor`, at most `room` of them.
template <typename Map>
void forget_hours(Map& map, WallTime floor, std::size_t& room, Effects& effects) {
    while (room > 0 && !map.empty() && map.begin()->first.start < floor) {
        effects.state.push_back(deletion(row_of(map.begin()->first, map.begin()->second)));
        map.erase(map.begin());
        --room;
    }
}

bool is_purchase(const Sale& sale) {
    return counts(sale) && (sale.type == SaleType::Sale || sale.type == SaleType::Exchange);
}

}  // namespace

bool Books::counts(const DoorId& door) const {
    const auto found = std::ranges::find(settings_.doors, door, &DoorSettings::id);
    return found != settings_.doors.end() && found->counts_for_conversion;
}

Date Books::date_of(WallTime time) const {
    return business_date(zone_, time, settings_.business_day_cut);
}

HourKey Books::hour_of(WallTime time, std::string name) const {
    const LocalTime local = zone_.local(time);
    return {.start = minute_of(time) - minutes{local.minute_of_day % 60},
            .date = date_of(time),
            .name = std::move(name)};
}

bool Books::has_room(const DoorId& door, std::size_t minutes) const {
    const bool known = heard_.contains(door.value);
    return (known || heard_.size() < kDoorsMax) && cells_.minutes.size() + minutes <= kMinutesMax;
}

void Books::add(const DoorId& door, const DoorEvent& event, Effects& effects) {
    heard_.insert(door.value);
    const HourKey key = hour_of(event.at, door.value);
    HourCell& hour = cells_.hours[key];
    hour.in += event.in;
    hour.out += event.out;
    add_to_minute(door, event, hour, effects);
    effects.state.push_back(row_of(key, hour));
}

void Books::add_to_minute(const DoorId& door, const DoorEvent& event, HourCell& hour,
                          Effects& effects) {
    const MinuteKey key{minute_of(event.at), door};
    MinuteCell& cell = cells_.minutes[key];
    cell.in += event.in;
    cell.out += event.out;
    // Two cameras of one door can be blind at once: a minute has no more than a minute of it.
    const std::int64_t blind = std::min(kMinuteMs - cell.blind_ms, event.blind.count());
    cell.blind_ms += blind;
    hour.blind_ms += blind;

    if (counts(door) && cells_.day.date == date_of(event.at) && event.in != event.out) {
        const std::int64_t inside = cells_.day.inside + event.in - event.out;
        if (inside < 0) ++cell.clamped, ++hour.clamped;
        cells_.day.inside = std::max<std::int64_t>(0, inside);
        effects.state.push_back(row_of(cells_.day));
    }
    cell.changed = true;
    pending_.insert(key);
    effects.state.push_back(row_of(key, cell));
}

bool Books::add_sale(const Sale& sale, int sign, Effects& effects) {
    if (!aisle::counts(sale)) return true;
    const HourKey key = hour_of(sale.ended_at, {});
    if (!cells_.sales.contains(key)) {
        if (sign < 0) return true;  // grew too old meanwhile
        if (cells_.sales.size() >= kSalesCellsMax) return false;
    }
    SalesCell& cell = cells_.sales[key];
    cell.sales = std::max<std::int64_t>(0, cell.sales + (is_purchase(sale) ? sign : 0));
    cell.revenue_minor += sign * sale.total.minor();
    effects.state.push_back(row_of(key, cell));
    return true;
}

// Asked for a zone that is new in its hour, so that looking through the hour costs little.
bool Books::has_room_for_zone(const HourKey& key) const {
    std::size_t zones = 0;
    for (auto at = cells_.dwell.lower_bound({.start = key.start});
         at != cells_.dwell.end() && at->first.start == key.start; ++at) {
        ++zones;
    }
    return zones < kZonesMax && cells_.dwell.size() < kDwellCellsMax;
}

bool Books::add_dwell(const ZoneVisit& visit, seconds dwell, Effects& effects) {
    const HourKey key = hour_of(visit.left, visit.zone.value);
    if (!cells_.dwell.contains(key) && !has_room_for_zone(key)) return false;
    DwellHistogram& histogram = cells_.dwell[key];
    histogram.add(dwell);
    effects.state.push_back(row_of(key, histogram));
    return true;
}

// What came before the day's first tick is in its hours already.
std::int64_t Books::inside_from_hours(Date date) const {
    std::int64_t inside = 0;
    for (const auto& [key, cell] : cells_.hours) {
        if (key.date == date && counts(DoorId{key.name})) inside += cell.in - cell.out;
    }
    return std::max<std::int64_t>(0, inside);
}

void Books::know_floor() {
    const Date first{std::chrono::sys_days{*cells_.day.date} - kDaysKept};
    floor_ = zone_.instant(first, settings_.business_day_cut);
}

void Books::begin_day(WallTime now, Effects& effects) {
    const Date date = date_of(now);
    if (cells_.day.date == date) return;
    // The day that ends is reported before its people are forgotten.
    const auto due = pending_;
    for (const MinuteKey& key : due) {
        if (cells_.day.date && date_of(key.start) == *cells_.day.date) {
            close(key, cells_.minutes.at(key), effects);
        }
    }
    cells_.day.date = date;
    cells_.day.inside = inside_from_hours(date);
    know_floor();
    effects.state.push_back(row_of(cells_.day));
}

bool Books::open_at(WallTime time) const {
    const int at = zone_.local(time).minute_of_day;
    const auto opens = static_cast<int>(settings_.zeros->opens.count());
    const auto closes = static_cast<int>(settings_.zeros->closes.count());
    const int into = (at - opens + kMinutesOfDay) % kMinutesOfDay;
    return into < (closes - opens + kMinutesOfDay) % kMinutesOfDay;
}

void Books::add_zeros(WallTime now, Effects& effects) {
    if (!settings_.zeros || !cells_.day.date) return;
    const WallTime end = minute_of(now);
    if (cells_.day.zeros_to == end) return;
    const bool first = cells_.day.zeros_to == WallTime{};
    WallTime at = std::max<WallTime>(cells_.day.zeros_to, end - minutes{kZeroMinutesMax});
    for (; !first && at < end; at += minutes{1}) {
        if (!open_at(at)) continue;
        for (const DoorSettings& door : settings_.doors) {
            const MinuteKey key{at, door.id};
            if (cells_.minutes.contains(key) || !has_room(door.id, 1)) continue;
            heard_.insert(door.id.value);
            pending_.insert(key);
            effects.state.push_back(row_of(key, cells_.minutes[key]));
        }
    }
    cells_.day.zeros_to = end;
    effects.state.push_back(row_of(cells_.day));
}

void Books::close_minutes(WallTime now, Effects& effects) {
    while (!pending_.empty()) {
        const MinuteKey key = *pending_.begin();
        if (key.start + minutes{1} + settings_.closing_grace > now) return;
        close(key, cells_.minutes.at(key), effects);
    }
}

void Books::close(const MinuteKey& key, MinuteCell& cell, Effects& effects) {
    const bool counting = counts(key.door);
    if (cell.revision++ == 0 && counting) cell.occupancy = cells_.day.inside;
    cell.changed = false;
    pending_.erase(key);
    effects.minutes.push_back({.door = key.door,
                               .start = key.start,
                               .in = static_cast<std::int32_t>(cell.in),
                               .out = static_cast<std::int32_t>(cell.out),
                               .occupancy = static_cast<std::int32_t>(cell.occupancy),
                               .clamped = static_cast<std::int32_t>(cell.clamped),
                               .blind_s = static_cast<std::int32_t>((cell.blind_ms + 500) / 1000),
                               .counts = counting,
                               .revision = static_cast<std::int32_t>(cell.revision)});
    effects.state.push_back(row_of(key, cell));
}

void Books::forget(Effects& effects) {
    std::size_t room = kForgottenPerTickMax;
    auto& minutes = cells_.minutes;
    while (room > 0 && !minutes.empty() && minutes.begin()->first.start < floor_) {
        effects.state.push_back(deletion(row_of(minutes.begin()->first, minutes.begin()->second)));
        pending_.erase(minutes.begin()->first);
        minutes.erase(minutes.begin());
        --room;
    }
    // A cut inside an hour leaves that hour with two days' cells: the whole hour must have gone.
    const WallTime hours_floor =
        floor_ == WallTime::min() ? floor_ : floor_ - std::chrono::hours{1};
    forget_hours(cells_.hours, hours_floor, room, effects);
    forget_hours(cells_.sales, hours_floor, room, effects);
    forget_hours(cells_.dwell, hours_floor, room, effects);
    if (cells_.hours.empty()) heard_.clear();
}

Status Books::restore(std::span<const StateChange> rows) {
    std::size_t unread = 0;
    std::string first;
    for (const StateChange& row : rows) {
        if (row.room == kRoom && restore_row(row, cells_)) continue;
        if (unread++ == 0) first = row.key;
    }
    for (const auto& [key, cell] : cells_.minutes) {
        heard_.insert(key.door.value);
        if (cell.changed) pending_.insert(key);
    }
    for (const auto& [key, cell] : cells_.hours) heard_.insert(key.name);
    if (cells_.day.date) know_floor();
    if (unread == 0) return {};
    return malformed(std::to_string(unread) +
                     " rows of footfall cannot be read, the first: " + first);
}

}  // namespace aisle::footfall
