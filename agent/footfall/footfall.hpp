#pragma once

#include <memory>
#include <span>

#include "agent/core/sale.hpp"
#include "agent/core/sink.hpp"
#include "agent/footfall/scene_cells.hpp"
#include "agent/footfall/settings.hpp"
#include "agent/footfall/today.hpp"
#include "agent/footfall/trust.hpp"

namespace aisle::footfall {

inline constexpr std::string_view kRoom = "footfall";  // of its StateChange rows

// Readings of the current business day and of so many before it count, late or not; older ones are
// refused.
inline constexpr std::chrono::days kDaysKept{2};
inline constexpr std::size_t kDoorsMax = 64;
inline constexpr std::size_t kZonesMax = 256;       // with visits in one hour
inline constexpr std::size_t kMinutesMax = 65'536;  // of all doors, in memory
inline constexpr std::chrono::hours kSpanMax{
    24};  // of a count; of a longer blindness the last part holds
inline constexpr std::int32_t kCountMax = 100'000;  // people in one reading; more is refused
inline constexpr std::size_t kStepsPerMinuteMax = 1024;
inline constexpr int kZeroMinutesMax = 60;  // per tick; what is older stays without zeros
inline constexpr std::size_t kForgottenPerTickMax = 256;  // rows that have grown too old

// What a call changed. Both go into the same transaction as the reading that caused them.
struct Effects {
    std::vector<FootfallMinute> minutes;  // closed; only tick() closes
    std::vector<FloorHour> hours;         // of the scenes' zones, likewise
    std::vector<FootfallDay> days;        // a business day that is over
    std::vector<StateChange> state;
};

// What was left out and why; nothing disappears uncounted.
struct Refused {
    std::uint64_t late = 0;       // older than kDaysKept
    std::uint64_t malformed = 0;  // negative, reversed, too large, too long
    std::uint64_t full = 0;       // a bound was reached
};

// Counts people: entries, exits and occupancy by door and minute, dwell by zone, conversion by
// hour, each with its blind seconds.
//
// A minute is reported once it is over, if anything happened in it. What comes later for it goes
// into the sums at once, and the next tick reports the minute again, whole, with the next
// `revision`: the highest holds. Occupancy follows the order in which readings arrive: a minute's
// occupancy is the shop's at its closing and stays so in its revisions. It begins at 0 with each
// business day. Doors that are not configured are counted apart, as if they did not count for
// conversion.
//
// An engine: no I/O, no clock; the loop thread owns it. The zone must outlive it.
class Footfall {
public:
    Footfall(FootfallSettings settings, const TimeZone& zone);
    ~Footfall();
    Footfall(const Footfall&) = delete;
    Footfall& operator=(const Footfall&) = delete;

    Effects crossing(const Crossing& crossing);
    // Spread evenly over its minutes, to the last person. The caller has seen to it that a reading
    // counts once.
    Effects count(const CountReading& count);
    Effects blind(const Blindness& blindness);
    // Takes the first crossing back, in the minute that it counted in.
    Effects u_turn(const UTurn& u_turn);
    // A crossing that was counted turns out to have been staff's.
    Effects staff(const Crossing& crossing);
    Effects stay(const ZoneStay& stay);
    // The same minute of the same camera counts once: whoever calls sees to it.
    Effects scene(const SceneMinute& minute);
    // `old` is the revision that counted until now, or null. Only the difference is applied.
    Effects sale(const Sale* old, const Sale& now);
    // Only visits that have ended, and not those of staff.
    Effects visit(const ZoneVisit& visit);
    // At least once a minute; closes minutes, begins the business day, forgets what is older than
    // kLateWindow. A clock of quality none counts and closes as it is told (HQ mends such times
    // later), but nothing is forgotten and no zeros are made up by it.
    Effects tick(const Stamp& now);

    // Before anything else, with all rows of this room. Equals the engine that wrote them. Rows
    // that cannot be read are left out and named in the error; the rest holds.
    Status restore(std::span<const StateChange> rows);

    [[nodiscard]] Today today(WallTime now) const;
    // How many are in the shop, and how many came in today: what today() says, without the rest.
    [[nodiscard]] People people(WallTime now) const;
    // Customers: staff are left out.
    [[nodiscard]] std::int64_t entries(const EntriesAsked& asked) const;
    // Person-milliseconds by cell of the business day that `now` lies in, before one camera.
    [[nodiscard]] HeatSums heat(const std::string& camera, WallTime now) const;
    // How far each door's last hour can be trusted and why, in the order of today().doors.
    [[nodiscard]] std::vector<DoorTrust> trust(WallTime now) const;
    // What commissioning found of a door, for the confidence of all minutes that close from now on.
    // Not kept here: whoever keeps it tells it again after a restart.
    void know_accuracy(const DoorId& door, std::int32_t permille);
    [[nodiscard]] const Refused& refused() const;  // since this start

private:
    void add_quality(const SceneMinute& minute, Effects& effects);
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace aisle::footfall
