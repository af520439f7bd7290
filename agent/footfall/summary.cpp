#include "agent/footfall/summary.hpp"

#include <algorithm>
#include <map>

namespace aisle::footfall {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;

struct HourSums {
    HourCell doors;  // of those that count
    SalesCell sales;
};

std::int32_t whole_seconds(std::int64_t ms) { return static_cast<std::int32_t>((ms + 500) / 1000); }

std::optional<std::int32_t> permille(std::int64_t sales, std::int64_t entries) {
    if (entries == 0) return std::nullopt;
    return static_cast<std::int32_t>((sales * 1000 + entries / 2) / entries);
}

HourFigures figures_of(WallTime start, const HourSums& sums) {
    return {.start = start,
            .entries = sums.doors.in,
            .exits = sums.doors.out,
            .sales = sums.sales.sales,
            .revenue_minor = sums.sales.revenue_minor,
            .conversion_permille = permille(sums.sales.sales, sums.doors.in),
            .blind_s = whole_seconds(std::min(kHourMs, sums.doors.blind_ms))};
}

class Summary {
public:
    Summary(const Books& books, WallTime now) : books_{books} { today_.date = books.date_of(now); }

    Today make() {
        for (const DoorSettings& door : books_.settings().doors) door_figures(door.id);
        gather();
        for (const auto& [start, sums] : hours_) add_hour(start, sums);
        today_.conversion_permille = permille(today_.sales, today_.entries);
        add_zones();
        const DayCell& day = books_.cells().day;
        today_.inside = day.date == today_.date
                            ? day.inside
                            : std::max<std::int64_t>(0, today_.entries - today_.exits);
        return std::move(today_);
    }

private:
    DoorFigures& door_figures(const DoorId& door) {
        const auto found = std::ranges::find(today_.doors, door, &DoorFigures::door);
        if (found != today_.doors.end()) return *found;
        return today_.doors.emplace_back(DoorFigures{.door = door, .counts = books_.counts(door)});
    }

    void gather() {
        for (const auto& [key, cell] : books_.cells().hours) {
            if (key.date != today_.date) continue;
            DoorFigures& door = door_figures(DoorId{key.name});
            door.entries += cell.in;
            door.exits += cell.out;
            door.clamped += static_cast<std::int32_t>(cell.clamped);
            door.blind_s += whole_seconds(cell.blind_ms);
            if (!door.counts) continue;
            HourCell& sums = hours_[key.start].doors;
            sums.in += cell.in;
            sums.out += cell.out;
            sums.blind_ms += cell.blind_ms;
            today_.clamped += static_cast<std::int32_t>(cell.clamped);
        }
        for (const auto& [key, cell] : books_.cells().sales) {
            if (key.date == today_.date) hours_[key.start].sales = cell;
        }
    }

    void add_hour(WallTime start, const HourSums& sums) {
        const HourFigures& hour = today_.hours.emplace_back(figures_of(start, sums));
        today_.entries += hour.entries;
        today_.exits += hour.exits;
        today_.sales += hour.sales;
        today_.revenue_minor += hour.revenue_minor;
        today_.blind_s += hour.blind_s;
    }

    void add_zones() {
        for (const auto& [key, histogram] : books_.cells().dwell) {
            if (key.date != today_.date) continue;
            today_.zones.push_back(
                {.zone = ZoneId{key.name},
                 .hour = key.start,
                 .visits = histogram.count(),
                 .p50_s = static_cast<std::int32_t>(histogram.quantile(500).count()),
                 .p90_s = static_cast<std::int32_t>(histogram.quantile(900).count())});
        }
        std::ranges::stable_sort(today_.zones, {}, &ZoneDwell::zone);
    }

    const Books& books_;
    Today today_;
    std::map<WallTime, HourSums> hours_;
};

}  // namespace

Today summary_of(const Books& books, WallTime now) { return Summary{books, now}.make(); }

}  // namespace aisle::footfall
