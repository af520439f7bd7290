#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aisle {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Wall time: UTC, milliseconds since 1970. It can be wrong and it can jump: never order by it.
using WallTime = std::chrono::sys_time<milliseconds>;

// Monotonic time: microseconds since this boot of the machine. It never jumps, and it means nothing
// in another boot.
struct MonoClock {
    using duration = microseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<MonoClock>;
    static constexpr bool is_steady = true;
};
using MonoTime = MonoClock::time_point;

// How far the wall time can be trusted, worst first.
enum class ClockQuality { None, Rtc, Ntp, Hq };

std::string_view to_text(ClockQuality quality);  // none, rtc, ntp, hq
std::optional<ClockQuality> clock_quality_from(std::string_view text);

// When something was recorded, in every way we can tell. `boot` counts the machine's starts.
struct Stamp {
    std::int64_t boot = 0;
    MonoTime mono{};
    WallTime wall{};
    ClockQuality quality = ClockQuality::None;

    friend bool operator==(const Stamp&, const Stamp&) = default;
};

// A deadline survives a restart: in the same boot the monotonic time decides; in another boot the
// wall decides if its quality is ntp or hq, else the whole wait starts again (see `remaining`).
struct Deadline {
    Stamp set;
    milliseconds wait{};

    friend bool operator==(const Deadline&, const Deadline&) = default;
};
milliseconds remaining(const Deadline& deadline, const Stamp& now);
inline bool passed(const Deadline& deadline, const Stamp& now) {
    return remaining(deadline, now) <= milliseconds{0};
}

// RFC 3339 in UTC with milliseconds: 2026-11-21T08:15:00.000Z. On input an offset and 0-9 decimals
// are accepted.
std::string to_rfc3339(WallTime time);
std::optional<WallTime> parse_rfc3339(std::string_view text);

// A calendar date, YYYY-MM-DD.
using Date = std::chrono::year_month_day;
std::string to_text(Date date);
std::optional<Date> parse_date(std::string_view text);

// What a clock on the shop's wall shows.
struct LocalTime {
    Date date;
    int minute_of_day = 0;         // 0..1439
    std::chrono::weekday weekday;  // of `date`
    seconds utc_offset{};          // east of Greenwich is positive

    friend bool operator==(const LocalTime&, const LocalTime&) = default;
};

// The store's IANA zone, as a port: core knows no zone data. Pure and safe from any thread.
class TimeZone {
public:
    virtual ~TimeZone() = default;
    [[nodiscard]] virtual LocalTime local(WallTime time) const = 0;
    // The instant at which the wall shows this. In the hour that DST repeats the earlier one;
    // in the hour that DST skips the instant of the jump.
    [[nodiscard]] virtual WallTime instant(Date date, milliseconds since_midnight) const = 0;
};

// The date that a business day with this cut (minutes after midnight, 0..719) gives to `time`.
Date business_date(const TimeZone& zone, WallTime time, minutes cut);

}  // namespace aisle
