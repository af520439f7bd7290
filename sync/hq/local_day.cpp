#include "sync/hq/local_day.hpp"

#include <ctime>

namespace aisle::hq {
namespace {

WallTime midnight(std::tm day, int days_later) {
    day.tm_mday += days_later;
    day.tm_hour = day.tm_min = day.tm_sec = 0;
    day.tm_isdst = -1;
    return WallTime{seconds{std::mktime(&day)}};
}

}  // namespace

Today day_in(const TimeZone& zone, WallTime now) {
    const Date date = zone.local(now).date;
    const Date tomorrow = std::chrono::sys_days{date} + std::chrono::days{1};
    return {.date = date,
            .from = zone.instant(date, milliseconds{0}),
            .to = zone.instant(tomorrow, milliseconds{0})};
}

Today local_day(WallTime now) {
    const std::time_t at = std::chrono::floor<seconds>(now).time_since_epoch().count();
    std::tm day{};
    localtime_r(&at, &day);
    return {.date = std::chrono::year{day.tm_year + 1900} /
                    std::chrono::month{static_cast<unsigned>(day.tm_mon + 1)} /
                    std::chrono::day{static_cast<unsigned>(day.tm_mday)},
            .from = midnight(day, 0),
            .to = midnight(day, 1)};
}

}  // namespace aisle::hq
