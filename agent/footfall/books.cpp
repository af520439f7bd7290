#include "agent/footfall/books.hpp"

#include <algorithm>
#include <cassert>

#include "agent/footfall/forget.hpp"
#include "agent/footfall/spread.hpp"

namespace aisle::footfall {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::size_t kDwellCellsMax = kZonesMax * 24 * 4;
constexpr std::size_t kSalesCellsMax = 4096;
constexpr int kMinutesOfDay = 1440;

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
    hour.staff_in += event.staff_in;
    hour.staff_out += event.staff_out;
    hour.groups += event.groups;
    hour.uturns += event.uturns;
    hour.passers += event.passers;
    add_to_minute(door, event, hour, effects);
    effects.state.push_back(row_of(key, hour));
}

void Books::add_to_minute(const DoorId& door, const DoorEvent& event, HourCell& hour,
                          Effects& effects) {
    const MinuteKey key{minute_of(event.at), door};
    MinuteCell& cell = cells_.minutes[key];
    cell.in += event.in;
    cell.out += event.out;
    cell.staff_in += event.staff_in;
    cell.staff_out += event.staff_out;
    cell.groups += event.groups;
    cell.uturns += event.uturns;
    cell.passers += event.passers;
    cell.frames += event.frames;
    cell.late_frames += event.late_frames;
    cell.light_ms = std::min(kMinuteMs, cell.light_ms + event.light.count());
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

void Books::raise_inside(std::int64_t people, WallTime at, Effects& effects) {
    if (cells_.day.date != date_of(at) || people <= cells_.day.inside) return;
    cells_.day.inside = people;
    ++cells_.day.raised;
    effects.state.push_back(row_of(cells_.day));
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
    if (cells_.day.date) close_day(effects);
    cells_.day.date = date;
    cells_.day.inside = inside_from_hours(date);
    cells_.day.raised = 0;
    know_floor();
    effects.state.push_back(row_of(cells_.day));
}

// Nobody sleeps in the shop: who is still inside at the cut was missed on the way out, or counted
// twice on the way in.
void Books::close_day(Effects& effects) {
    FootfallDay day{.date = *cells_.day.date, .raised = cells_.day.raised};
    std::int64_t blind_ms = 0;
    for (const auto& [key, cell] : cells_.hours) {
        if (key.date != day.date || !counts(DoorId{key.name})) continue;
        day.in += cell.in;
        day.out += cell.out;
        day.staff_in += cell.staff_in;
        day.staff_out += cell.staff_out;
        day.groups += cell.groups;
        day.uturns += cell.uturns;
        day.clamped += cell.clamped;
        blind_ms += cell.blind_ms;
    }
    day.drift = day.in - day.out;
    day.blind_s = (blind_ms + 500) / 1000;
    if (day.in != 0 || day.out != 0 || blind_ms != 0) effects.days.push_back(day);
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
                               .revision = static_cast<std::int32_t>(cell.revision),
                               .staff_in = static_cast<std::int32_t>(cell.staff_in),
                               .staff_out = static_cast<std::int32_t>(cell.staff_out),
                               .groups = static_cast<std::int32_t>(cell.groups),
                               .uturns = static_cast<std::int32_t>(cell.uturns),
                               .passers = static_cast<std::int32_t>(cell.passers),
                               .late_frames = static_cast<std::int32_t>(cell.late_frames),
                               .light_s = static_cast<std::int32_t>((cell.light_ms + 500) / 1000),
                               .confidence_permille = confidence_of(key.door, cell)});
    effects.state.push_back(row_of(key, cell));
}

std::int32_t Books::accuracy_of(const DoorId& door) const {
    if (const auto known = accuracy_.find(door); known != accuracy_.end()) return known->second;
    const auto found = std::ranges::find(settings_.doors, door, &DoorSettings::id);
    return found == settings_.doors.end() ? 1000 : found->accuracy_permille;
}

std::int32_t Books::confidence_of(const DoorId& door, const MinuteCell& cell) const {
    return confidence_permille(grounds_of(door, cell));
}

Grounds Books::grounds_of(const DoorId& door, const MinuteCell& cell) const {
    return {.blind = milliseconds{cell.blind_ms},
            .light = milliseconds{cell.light_ms},
            .frames = cell.frames,
            .late_frames = cell.late_frames,
            .accuracy_permille = accuracy_of(door)};
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

void Books::restored() {
    for (const auto& [key, cell] : cells_.minutes) {
        heard_.insert(key.door.value);
        if (cell.changed) pending_.insert(key);
    }
    for (const auto& [key, cell] : cells_.hours) heard_.insert(key.name);
    if (cells_.day.date) know_floor();
}

}  // namespace aisle::footfall
