#pragma once

#include "agent/core/time.hpp"

namespace aisle::offers {

// A zone whose clocks go forward on 2026-03-29 (02:00 becomes 03:00) and back on 2026-10-25 (03:00
// becomes 02:00), as in the middle of Europe.
class DstZone final : public TimeZone {
public:
    [[nodiscard]] LocalTime local(WallTime time) const override {
        const minutes east = is_summer(time) ? kSummer : kWinter;
        const auto shown = time + east;
        const auto day = std::chrono::floor<std::chrono::days>(shown);
        return {.date = Date{day},
                .minute_of_day = static_cast<int>(std::chrono::floor<minutes>(shown - day).count()),
                .weekday = std::chrono::weekday{day},
                .utc_offset = east};
    }

    [[nodiscard]] WallTime instant(Date date, milliseconds since_midnight) const override {
        const WallTime shown = WallTime{std::chrono::sys_days{date}} + since_midnight;
        // Summer first: of the hour that comes twice the earlier is meant.
        if (is_summer(shown - kSummer)) return shown - kSummer;
        return is_summer(shown - kWinter) ? kForward : shown - kWinter;
    }

private:
    static constexpr minutes kWinter{60};
    static constexpr minutes kSummer{120};
    static constexpr WallTime kForward{seconds{1'774'746'000}};  // 2026-03-29T01:00:00Z
    static constexpr WallTime kBack{seconds{1'792'890'000}};     // 2026-10-25T01:00:00Z

    static bool is_summer(WallTime time) { return time >= kForward && time < kBack; }
};

}  // namespace aisle::offers
