#include "agent/core/time.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstdio>

namespace aisle {
namespace {

constexpr std::array<std::string_view, 4> kQualities{"none", "rtc", "ntp", "hq"};

// `count` digits at the front of `text`, which is shortened by them; nothing if they are not all
// digits.
std::optional<int> take_number(std::string_view& text, std::size_t count) {
    if (text.size() < count) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(0, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool take_char(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<Date> take_date(std::string_view& text) {
    const auto year = take_number(text, 4);
    if (!year || !take_char(text, '-')) return std::nullopt;
    const auto month = take_number(text, 2);
    if (!month || !take_char(text, '-')) return std::nullopt;
    const auto day = take_number(text, 2);
    if (!day) return std::nullopt;
    const Date date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                    std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return date;
}

// ".123" and beyond the third decimal: kept to the millisecond, cut rather than rounded.
std::optional<milliseconds> take_fraction(std::string_view& text) {
    if (!take_char(text, '.')) return milliseconds{0};
    int value = 0;
    int decimals = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
        if (decimals < 3) value = value * 10 + (text.front() - '0');
        if (++decimals > 9) return std::nullopt;
    }
    if (decimals == 0) return std::nullopt;
    for (int i = decimals; i < 3; ++i) value *= 10;
    return milliseconds{value};
}

std::optional<minutes> take_offset(std::string_view& text) {
    if (take_char(text, 'Z') || take_char(text, 'z')) return minutes{0};
    if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
    const int sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    const auto hours = take_number(text, 2);
    if (!hours || !take_char(text, ':')) return std::nullopt;
    const auto mins = take_number(text, 2);
    if (!mins || *hours > 23 || *mins > 59) return std::nullopt;
    return minutes{sign * (*hours * 60 + *mins)};
}

// A number in its place of a text, with leading zeroes. Every record on its way to HQ has a time,
// and printf costs more than all the rest of its line.
struct Place {
    std::size_t at = 0;
    std::size_t digits = 0;
};
void put_digits(std::string& text, Place place, std::integral auto number) {
    for (std::size_t i = place.at + place.digits; i > place.at; --i, number /= 10)
        text[i - 1] = static_cast<char>('0' + number % 10);
}

}  // namespace

std::string_view to_text(ClockQuality quality) {
    return kQualities.at(static_cast<std::size_t>(quality));
}

std::optional<ClockQuality> clock_quality_from(std::string_view text) {
    const auto* found = std::ranges::find(kQualities, text);
    if (found == kQualities.end()) return std::nullopt;
    return static_cast<ClockQuality>(found - kQualities.begin());
}

milliseconds remaining(const Deadline& deadline, const Stamp& now) {
    using std::chrono::duration_cast;
    if (now.boot == deadline.set.boot) {
        return deadline.wait - duration_cast<milliseconds>(now.mono - deadline.set.mono);
    }
    const bool walls_hold =
        now.quality >= ClockQuality::Ntp && deadline.set.quality >= ClockQuality::Ntp;
    if (!walls_hold) return deadline.wait;
    return std::min(deadline.wait, deadline.wait - (now.wall - deadline.set.wall));
}

std::string to_rfc3339(WallTime time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const Date date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    if (const int year = static_cast<int>(date.year()); year >= 0 && year <= 9999) {
        std::string text = "0000-00-00T00:00:00.000Z";
        put_digits(text, {0, 4}, year);
        put_digits(text, {5, 2}, static_cast<unsigned>(date.month()));
        put_digits(text, {8, 2}, static_cast<unsigned>(date.day()));
        put_digits(text, {11, 2}, clock.hours().count());
        put_digits(text, {14, 2}, clock.minutes().count());
        put_digits(text, {17, 2}, clock.seconds().count());
        put_digits(text, {20, 3}, clock.subseconds().count());
        return text;
    }
    std::array<char, 48> text{};
    const int size = std::snprintf(
        text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
        static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
        static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
        static_cast<int>(clock.subseconds().count()));
    return {text.data(), static_cast<std::size_t>(size)};
}

std::optional<WallTime> parse_rfc3339(std::string_view text) {
    const auto date = take_date(text);
    if (!date || (!take_char(text, 'T') && !take_char(text, 't') && !take_char(text, ' ')))
        return std::nullopt;
    const auto hour = take_number(text, 2);
    if (!hour || !take_char(text, ':')) return std::nullopt;
    const auto minute = take_number(text, 2);
    if (!minute || !take_char(text, ':')) return std::nullopt;
    const auto second = take_number(text, 2);
    if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    const auto fraction = take_fraction(text);
    const auto offset = fraction ? take_offset(text) : std::nullopt;
    if (!offset || !text.empty()) return std::nullopt;
    return WallTime{std::chrono::sys_days{*date}} + std::chrono::hours{*hour} + minutes{*minute} +
           seconds{*second} + *fraction - *offset;
}

std::string to_text(Date date) {
    if (date.year() >= std::chrono::year{0} && date.year() <= std::chrono::year{9999}) {
        std::string text = "0000-00-00";
        put_digits(text, {0, 4}, static_cast<int>(date.year()));
        put_digits(text, {5, 2}, static_cast<unsigned>(date.month()));
        put_digits(text, {8, 2}, static_cast<unsigned>(date.day()));
        return text;
    }
    std::array<char, 32> text{};
    const int size =
        std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    return {text.data(), static_cast<std::size_t>(size)};
}

std::optional<Date> parse_date(std::string_view text) {
    const auto date = take_date(text);
    if (!date || !text.empty()) return std::nullopt;
    return date;
}

Date business_date(const TimeZone& zone, WallTime time, minutes cut) {
    const LocalTime local = zone.local(time);
    if (minutes{local.minute_of_day} >= cut) return local.date;
    return Date{std::chrono::sys_days{local.date} - std::chrono::days{1}};
}

}  // namespace aisle
