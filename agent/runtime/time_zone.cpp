#include "agent/runtime/time_zone.hpp"

#include <date/tz.h>

#include <exception>

namespace aisle::runtime {

namespace {

std::chrono::sys_days day_of(date::local_seconds shown) {
    return std::chrono::sys_days{std::chrono::floor<std::chrono::days>(shown.time_since_epoch())};
}

class IanaZone final : public TimeZone {
public:
    explicit IanaZone(const date::time_zone& zone) : zone_{zone} {
        // The library reads a zone's file when it is first asked: now, where an error can still be
        // told.
        (void)zone_.get_info(date::sys_seconds{});
    }

    [[nodiscard]] LocalTime local(WallTime time) const override {
        const auto whole = std::chrono::floor<seconds>(time);
        const auto offset = zone_.get_info(date::sys_seconds{whole.time_since_epoch()}).offset;
        const date::local_seconds shown{whole.time_since_epoch() + offset};
        const auto day = day_of(shown);
        const auto into_day = shown.time_since_epoch() - day.time_since_epoch();
        return {.date = Date{day},
                .minute_of_day = static_cast<int>(std::chrono::floor<minutes>(into_day).count()),
                .weekday = std::chrono::weekday{day},
                .utc_offset = offset};
    }

    [[nodiscard]] WallTime instant(Date date, milliseconds since_midnight) const override {
        const milliseconds shown = std::chrono::sys_days{date}.time_since_epoch() + since_midnight;
        const auto whole = std::chrono::floor<seconds>(shown);
        const auto info = zone_.get_info(date::local_seconds{whole});
        if (info.result == date::local_info::nonexistent) {
            return WallTime{info.first.end.time_since_epoch()};
        }
        // Unique, or the earlier one of two: `first` in both cases.
        return WallTime{shown - info.first.offset};
    }

private:
    const date::time_zone& zone_;  // the library's database lives as long as the program
};

}  // namespace

Result<std::unique_ptr<TimeZone>> open_time_zone(const std::string& iana) {
    try {
        (void)date::get_tzdb();
    } catch (const std::exception& error) {
        return unavailable("no time zones on this machine (package tzdata): " +
                           std::string{error.what()});
    }
    try {
        return std::unique_ptr<TimeZone>{std::make_unique<IanaZone>(*date::locate_zone(iana))};
    } catch (const std::exception&) {
        return malformed("unknown time zone \"" + iana + "\"; IANA names look like Asia/Shanghai");
    }
}

}  // namespace aisle::runtime
