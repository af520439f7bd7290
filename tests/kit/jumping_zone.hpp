#pragma once

#include "agent/core/time.hpp"

namespace aisle::kit {

// A zone whose clocks are put forward once and back once; anywhere else the offset holds for ever.
// For tests that must not hang on the machine's own zone files.
class JumpingZone final : public TimeZone {
public:
    struct Course {
        minutes winter{};  // east of UTC
        minutes summer{};
        WallTime forward;
        WallTime back = WallTime::max();
    };
    explicit JumpingZone(const Course& course) : course_{course} {}

    [[nodiscard]] LocalTime local(WallTime time) const override {
        const minutes east = is_summer(time) ? course_.summer : course_.winter;
        const auto shown = time + east;
        const auto day = std::chrono::floor<std::chrono::days>(shown);
        return {.date = Date{day},
                .minute_of_day = static_cast<int>(std::chrono::floor<minutes>(shown - day).count()),
                .weekday = std::chrono::weekday{day},
                .utc_offset = east};
    }

    // Of the hour that comes twice the earlier is meant; of the hour that is skipped its end.
    [[nodiscard]] WallTime instant(Date date, milliseconds since_midnight) const override {
        const WallTime shown = WallTime{std::chrono::sys_days{date}} + since_midnight;
        if (is_summer(shown - course_.summer)) return shown - course_.summer;
        return is_summer(shown - course_.winter) ? course_.forward : shown - course_.winter;
    }

private:
    [[nodiscard]] bool is_summer(WallTime time) const {
        return time >= course_.forward && time < course_.back;
    }

    Course course_;
};

// Forward on 2026-03-29 (02:00 becomes 03:00), back on 2026-10-25 (03:00 becomes 02:00), as in the
// middle of Europe.
inline JumpingZone berlin_2026() {
    return JumpingZone{{.winter = minutes{60},
                        .summer = minutes{120},
                        .forward = WallTime{seconds{1'774'746'000}},  // 2026-03-29T01:00:00Z
                        .back = WallTime{seconds{1'792'890'000}}}};   // 2026-10-25T01:00:00Z
}

// As in Beirut: on 2026-03-29 the clocks go from midnight straight to one. They stay there.
inline JumpingZone beirut_2026() {
    return JumpingZone{{.winter = minutes{120},
                        .summer = minutes{180},
                        .forward = WallTime{seconds{1'774'735'200}}}};  // 2026-03-28T22:00:00Z
}

}  // namespace aisle::kit
