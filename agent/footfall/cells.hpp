#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "agent/core/record.hpp"
#include "agent/core/traffic.hpp"
#include "agent/footfall/dwell_histogram.hpp"
#include "agent/footfall/keys.hpp"

// What the engine remembers, and each piece as a row. Ordered by time first, so that the oldest
// come first.
namespace aisle::footfall {

struct MinuteKey {
    WallTime start{};
    DoorId door;
    friend auto operator<=>(const MinuteKey&, const MinuteKey&) = default;
};

// One minute of one door, in people but for what says _ms. `in` and `out` count everybody, staff
// among them: who asks for customers subtracts.
struct MinuteCell {
    std::int64_t in = 0;
    std::int64_t out = 0;
    std::int64_t clamped = 0;    // left an empty shop: the occupancy stayed at 0
    std::int64_t blind_ms = 0;   // the door was not seen, so that more may have passed
    std::int64_t occupancy = 0;  // at its closing
    std::int64_t revision = 0;   // 0: not reported yet
    bool changed = true;         // since it was reported
    std::int64_t staff_in = 0;   // of `in`
    std::int64_t staff_out = 0;
    std::int64_t groups = 0;
    std::int64_t uturns = 0;   // came and went again; taken out of `in` and `out`
    std::int64_t passers = 0;  // went by outside: for the capture rate
    std::int64_t frames = 0;
    std::int64_t late_frames = 0;  // not looked at, or too late
    std::int64_t light_ms = 0;     // seen, but the light had just changed
    friend bool operator==(const MinuteCell&, const MinuteCell&) = default;
};

// The sums of a door's hour, kept up with every event and not added up from minutes.
struct HourCell {
    std::int64_t in = 0;
    std::int64_t out = 0;
    std::int64_t clamped = 0;
    std::int64_t blind_ms = 0;
    std::int64_t staff_in = 0;
    std::int64_t staff_out = 0;
    std::int64_t groups = 0;
    std::int64_t uturns = 0;
    std::int64_t passers = 0;
    friend bool operator==(const HourCell&, const HourCell&) = default;
};

// Of the shop, not of a till: what conversion divides.
struct SalesCell {
    std::int64_t sales = 0;
    std::int64_t revenue_minor = 0;
    friend bool operator==(const SalesCell&, const SalesCell&) = default;
};

struct DayCell {
    std::optional<Date> date;  // nothing before the first tick
    std::int64_t inside = 0;
    WallTime zeros_to{};      // minutes before this need no zeros any more
    std::int64_t raised = 0;  // how often a zone's people were more than `inside`
    friend bool operator==(const DayCell&, const DayCell&) = default;
};

struct Cells {
    std::map<MinuteKey, MinuteCell> minutes;
    std::map<HourKey, HourCell> hours;
    std::map<HourKey, SalesCell> sales;
    std::map<HourKey, DwellHistogram> dwell;
    DayCell day;
    friend bool operator==(const Cells&, const Cells&) = default;
};

StateChange row_of(const MinuteKey& key, const MinuteCell& cell);
StateChange row_of(const HourKey& key, const HourCell& cell);
StateChange row_of(const HourKey& key, const SalesCell& cell);
StateChange row_of(const HourKey& key, const DwellHistogram& cell);
StateChange row_of(const DayCell& cell);

// Puts a row back; false when it cannot be read.
bool restore_row(const StateChange& row, Cells& cells);

}  // namespace aisle::footfall
