#pragma once

#include <set>
#include <string>

#include "agent/core/sale.hpp"
#include "agent/footfall/cells.hpp"
#include "agent/footfall/confidence.hpp"
#include "agent/footfall/footfall.hpp"

namespace aisle::footfall {

// What happened at a door in one minute. A count may be negative: a U-turn takes a person back.
struct DoorEvent {
    WallTime at{};
    std::int32_t in = 0;
    std::int32_t out = 0;
    milliseconds blind{};
    std::int32_t staff_in = 0;  // of `in`
    std::int32_t staff_out = 0;
    std::int32_t groups = 0;
    std::int32_t uturns = 0;
    std::int32_t passers = 0;
    std::int32_t frames = 0;
    std::int32_t late_frames = 0;
    milliseconds light{};  // pictures came, but the light had just changed
};

// The sums, and the rules for changing them: every cell that changes adds its row to the effects.
class Books {
public:
    Books(FootfallSettings settings, const TimeZone& zone)
        : settings_{std::move(settings)}, zone_{zone} {}

    [[nodiscard]] const FootfallSettings& settings() const { return settings_; }
    [[nodiscard]] const Cells& cells() const { return cells_; }
    [[nodiscard]] bool counts(const DoorId& door) const;
    [[nodiscard]] Date date_of(WallTime time) const;
    [[nodiscard]] HourKey hour_of(WallTime time, std::string name) const;
    // Of the business days that are kept; anything counts before the first tick.
    [[nodiscard]] bool kept(WallTime time) const { return time >= floor_; }
    [[nodiscard]] WallTime floor() const { return floor_; }
    // What commissioning found; holds from the next minute that is closed.
    void know_accuracy(const DoorId& door, std::int32_t permille) { accuracy_[door] = permille; }
    [[nodiscard]] std::int32_t accuracy_of(const DoorId& door) const;
    [[nodiscard]] std::int32_t confidence_of(const DoorId& door, const MinuteCell& cell) const;
    // Room for so many more minutes of a door, which may be a new one.
    [[nodiscard]] bool has_room(const DoorId& door, std::size_t minutes) const;

    void add(const DoorId& door, const DoorEvent& event, Effects& effects);
    // Adds a sale, or takes one back (`sign` -1). False: no room.
    bool add_sale(const Sale& sale, int sign, Effects& effects);
    // A zone has `people` in it: as many must be in the shop. Counts how often the doors knew less.
    void raise_inside(std::int64_t people, WallTime at, Effects& effects);
    bool add_dwell(const ZoneVisit& visit, seconds dwell, Effects& effects);

    // The parts of a tick.
    void begin_day(WallTime now, Effects& effects);  // a business day that is over is told
    void add_zeros(WallTime now, Effects& effects);  // nobody came is a figure, too
    void close_minutes(WallTime now, Effects& effects);
    void forget(Effects& effects);  // bounded: the rest waits for the next tick

    // False when the row is not one of these books, or cannot be read.
    bool restore(const StateChange& row) { return restore_row(row, cells_); }
    void restored();  // after the last row

private:
    void add_to_minute(const DoorId& door, const DoorEvent& event, HourCell& hour,
                       Effects& effects);
    void close(const MinuteKey& key, MinuteCell& cell, Effects& effects);
    void close_day(Effects& effects);
    [[nodiscard]] Grounds grounds_of(const DoorId& door, const MinuteCell& cell) const;
    void know_floor();
    [[nodiscard]] std::int64_t inside_from_hours(Date date) const;
    [[nodiscard]] bool open_at(WallTime time) const;
    [[nodiscard]] bool has_room_for_zone(const HourKey& key) const;

    FootfallSettings settings_;
    const TimeZone& zone_;
    Cells cells_;
    std::set<MinuteKey> pending_;  // minutes to be reported, or reported again
    std::map<DoorId, std::int32_t> accuracy_;
    std::set<std::string> heard_;  // doors with anything in the books
    WallTime floor_ = WallTime::min();
};

}  // namespace aisle::footfall
