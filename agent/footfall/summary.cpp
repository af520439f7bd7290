#include "agent/footfall/summary.hpp"

#include <algorithm>
#include <functional>
#include <map>

namespace aisle::footfall {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;

struct HourSums {
    HourCell doors;  // of those that count
    SalesCell sales;
};

std::int32_t rounded_seconds(std::int64_t ms) {
    return static_cast<std::int32_t>((ms + 500) / 1000);
}

std::optional<std::int32_t> permille(std::int64_t sales, std::int64_t entries) {
    if (entries <= 0) return std::nullopt;
    return static_cast<std::int32_t>((sales * 1000 + entries / 2) / entries);
}

HourFigures figures_of(WallTime start, const HourSums& sums) {
    const std::int64_t customers = sums.doors.in - sums.doors.staff_in;
    return {.start = start,
            .entries = sums.doors.in,
            .exits = sums.doors.out,
            .sales = sums.sales.sales,
            .revenue_minor = sums.sales.revenue_minor,
            .conversion_permille = permille(sums.sales.sales, customers),
            .blind_s = rounded_seconds(std::min(kHourMs, sums.doors.blind_ms)),
            .staff_entries = sums.doors.staff_in,
            .groups = sums.doors.groups,
            .group_conversion_permille = permille(sums.sales.sales, sums.doors.groups),
            .capture_permille = sums.doors.passers == 0
                                    ? std::nullopt
                                    : permille(customers, customers + sums.doors.passers)};
}

class Summary {
public:
    Summary(const Books& books, const SceneBooks& scenes, WallTime now)
        : books_{books}, scenes_{scenes} {
        today_.date = books.date_of(now);
    }

    Today make() {
        for (const DoorSettings& door : books_.settings().doors) door_figures(door.id);
        gather();
        for (const auto& [start, sums] : hours_) add_hour(start, sums);
        today_.conversion_permille = permille(today_.sales, today_.entries - today_.staff_entries);
        add_zones();
        add_scenes();
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
            door.blind_s += rounded_seconds(cell.blind_ms);
            door.staff_entries += cell.staff_in;
            door.staff_exits += cell.staff_out;
            door.uturns += cell.uturns;
            door.passers += cell.passers;
            if (!door.counts) continue;
            add_cell(hours_[key.start].doors, cell);
            today_.clamped += static_cast<std::int32_t>(cell.clamped);
        }
        for (const auto& [key, cell] : books_.cells().sales) {
            if (key.date == today_.date) hours_[key.start].sales = cell;
        }
    }

    static void add_cell(HourCell& sums, const HourCell& cell) {
        sums.in += cell.in;
        sums.out += cell.out;
        sums.blind_ms += cell.blind_ms;
        sums.staff_in += cell.staff_in;
        sums.groups += cell.groups;
        sums.passers += cell.passers;
    }

    void add_hour(WallTime start, const HourSums& sums) {
        const HourFigures& hour = today_.hours.emplace_back(figures_of(start, sums));
        today_.entries += hour.entries;
        today_.exits += hour.exits;
        today_.sales += hour.sales;
        today_.revenue_minor += hour.revenue_minor;
        today_.blind_s += hour.blind_s;
        today_.staff_entries += hour.staff_entries;
        today_.groups += hour.groups;
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

    void add_scenes() {
        for (const auto& [key, cell] : scenes_.cells().zones) {
            if (key.date != today_.date) continue;
            today_.scenes.push_back(
                {.zone = ZoneId{key.name},
                 .use = cell.use,
                 .hour = key.start,
                 .stays = cell.stays.count(),
                 .given_up = cell.given_up,
                 .p50_s = static_cast<std::int32_t>(cell.stays.quantile(500).count()),
                 .p95_s = static_cast<std::int32_t>(cell.stays.quantile(950).count()),
                 .mean_milli = static_cast<std::int32_t>(cell.person_ms * 1000 / kHourMs),
                 .peak = static_cast<std::int32_t>(cell.peak)});
        }
        std::ranges::stable_sort(today_.scenes, {}, &ZoneFigures::zone);
        std::map<std::string, std::int64_t> ways;
        for (const auto& [key, n] : scenes_.cells().steps) {
            if (key.date == today_.date) ways[key.name] += n;
        }
        for (const auto& [name, n] : ways) today_.steps.push_back(step_from(name, n));
        std::ranges::stable_sort(today_.steps, std::greater{}, &ZoneStep::n);
        const DayCell& day = books_.cells().day;
        if (day.date == today_.date) today_.raised = day.raised;
    }

    const Books& books_;
    const SceneBooks& scenes_;
    Today today_;
    std::map<WallTime, HourSums> hours_;
};

}  // namespace

Today summary_of(const Books& books, const SceneBooks& scenes, WallTime now) {
    return Summary{books, scenes, now}.make();
}

}  // namespace aisle::footfall
