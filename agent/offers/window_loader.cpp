#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "agent/offers/loader.hpp"

namespace aisle::offers {
namespace {

namespace json = boost::json;

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kDurationMsMax = 3'660 * kDayMs;

bool take(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::int64_t> take_digits(std::string_view& text, std::size_t digits_max) {
    std::int64_t value = 0;
    std::size_t n = 0;
    for (; n < text.size() && n < digits_max && text[n] >= '0' && text[n] <= '9'; ++n)
        value = value * 10 + (text[n] - '0');
    if (n == 0) return std::nullopt;
    text.remove_prefix(n);
    return value;
}

std::int64_t unit_ms(char unit, bool in_time) {
    if (in_time) return unit == 'H' ? 3'600'000 : unit == 'M' ? 60'000 : unit == 'S' ? 1'000 : 0;
    return unit == 'W' ? 7 * kDayMs : unit == 'D' ? kDayMs : 0;
}

enum class Edge { From, To };

// A local date, a local date with time, or an RFC 3339 instant.
std::optional<WallTime> edge_at(const std::string& text, Edge edge, const TimeZone& zone) {
    if (text.size() > 10 && (text.back() == 'Z' || text.find_last_of("+-") > 10))
        if (const auto instant = parse_rfc3339(text)) return instant;
    const auto date = parse_date(std::string_view{text}.substr(0, 10));
    if (!date) return std::nullopt;
    if (text.size() == 10) {
        // "To the 19th" includes the 19th: it ends at the midnight after.
        const auto day = std::chrono::sys_days{*date} + std::chrono::days{edge == Edge::To ? 1 : 0};
        return zone.instant(Date{day}, milliseconds{0});
    }
    std::string_view clock = std::string_view{text}.substr(10);
    if (!take(clock, 'T')) return std::nullopt;
    const auto minute = parse_minute(clock.substr(0, 5));
    if (!minute) return std::nullopt;
    clock.remove_prefix(5);
    std::int64_t second = 0;
    if (take(clock, ':')) {
        const auto digits = take_digits(clock, 2);
        if (!digits || *digits > 59) return std::nullopt;
        second = *digits;
    }
    if (!clock.empty()) return std::nullopt;
    return zone.instant(*date, minutes{*minute} + seconds{second});
}

void read_edge(Reader& reader, Edge edge, Window& window) {
    const std::string_view key = edge == Edge::From ? "from" : "to";
    const auto text = reader.text(key);
    if (!text) return;
    auto& at = edge == Edge::From ? window.from : window.to;
    at = edge_at(*text, edge, *window.zone);
    if (!at) reader.fault(key, "must be YYYY-MM-DD, YYYY-MM-DDTHH:MM in the zone, or RFC 3339");
}

void read_days(Reader& reader, Window& window) {
    const json::array* const days = reader.array("days");
    if (!days) return;
    window.days = 0;
    for (const json::value& day : *days) {
        const std::int64_t* const number = day.if_int64();
        if (!number || *number < 1 || *number > 7)
            reader.fault("days", "must be numbers from 1 (Monday) to 7 (Sunday)");
        else
            window.days = static_cast<std::uint8_t>(window.days | 1U << (*number - 1));
    }
    if (days->empty()) reader.fault("days", "is empty: it would never be open");
}

}  // namespace

std::optional<int> parse_minute(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    std::string_view hours = text.substr(0, 2), rest = text.substr(3);
    const auto hour = take_digits(hours, 2), minute = take_digits(rest, 2);
    if (!hour || !minute || !hours.empty() || !rest.empty() || *minute > 59) return std::nullopt;
    const auto of_day = *hour * 60 + *minute;
    if (of_day > 24 * 60) return std::nullopt;
    return static_cast<int>(of_day);
}

std::optional<milliseconds> parse_duration(std::string_view text) {
    if (!take(text, 'P')) return std::nullopt;
    std::int64_t sum = 0;
    bool in_time = false;
    while (!text.empty()) {
        if (!in_time && take(text, 'T')) in_time = true;
        const auto number = take_digits(text, 7);
        if (!number || text.empty()) return std::nullopt;
        const auto unit = unit_ms(text.front(), in_time);
        if (unit == 0) return std::nullopt;
        text.remove_prefix(1);
        sum += *number * unit;
        if (sum > kDurationMsMax) return std::nullopt;
    }
    if (sum == 0) return std::nullopt;
    return milliseconds{sum};
}

std::optional<MinuteRange> read_range(const json::value& value, const std::string& path,
                                      FieldFaults& faults) {
    const json::array* const pair = value.if_array();
    const auto minute = [&](std::size_t i) {
        const json::string* const text = (*pair)[i].if_string();
        return text ? parse_minute(*text) : std::nullopt;
    };
    if (pair && pair->size() == 2) {
        const auto from = minute(0), to = minute(1);
        if (from && to && *from != *to && *from < 24 * 60) return MinuteRange{*from, *to};
    }
    faults.push_back({path, "must be two different times [\"HH:MM\", \"HH:MM\"]"});
    return std::nullopt;
}

Window read_window(const json::object* object, const TimeZone& zone, FieldFaults& faults) {
    Window window;
    window.zone = &zone;
    if (!object) return window;
    Reader reader{*object, "window", faults};
    read_edge(reader, Edge::From, window);
    read_edge(reader, Edge::To, window);
    if (window.from && window.to && *window.from >= *window.to)
        reader.fault("to", "must be after `from`");
    if (const json::array* const hours = reader.array("hours")) {
        for (std::size_t i = 0; i < hours->size(); ++i) {
            const auto range =
                read_range((*hours)[i], "window.hours[" + std::to_string(i) + "]", faults);
            if (range) window.hours.push_back(*range);
        }
    }
    read_days(reader, window);
    reader.finish();
    return window;
}

}  // namespace aisle::offers
