#include "drivers/counter/json_value.hpp"

#include <charconv>
#include <cmath>

namespace aisle::counter {
namespace {

namespace json = boost::json;

constexpr std::size_t kNumberTextMax = 24;
constexpr double kMillisecondsFrom = 1e11;
constexpr WallTime kEarliest{milliseconds{946'684'800'000}};  // 2000
constexpr WallTime kLatest{milliseconds{4'102'444'800'000}};  // 2100

// Axis sends every number as text. Longer than a double can mean is not a number but an attack or a
// mistake.
std::optional<double> number_of(const json::value& value) {
    if (const auto* integer = value.if_int64()) return static_cast<double>(*integer);
    if (const auto* decimal = value.if_double()) return *decimal;
    const auto* text = value.if_string();
    if (text == nullptr || text->empty() || text->size() > kNumberTextMax) return std::nullopt;
    double number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
    return std::isfinite(number) ? std::optional{number} : std::nullopt;
}

}  // namespace

const json::value* at_pointer(const json::value& value, const std::string& pointer) {
    if (pointer.empty()) return nullptr;
    json::error_code error;
    return value.find_pointer(pointer, error);
}

// 3.0 and "3" are three people, 3.5 is nobody.
std::optional<std::int64_t> integer_of(const json::value& value) {
    if (const auto* integer = value.if_int64()) return *integer;
    const auto number = number_of(value);
    if (!number || std::abs(*number) > 9e15 || *number != std::floor(*number)) return std::nullopt;
    return static_cast<std::int64_t>(*number);
}

std::optional<std::string> text_of(const json::value& value) {
    if (const auto* text = value.if_string()) return std::string{text->data(), text->size()};
    if (value.is_number() || value.is_bool()) return json::serialize(value);
    return std::nullopt;
}

// Seconds or milliseconds by magnitude: 10^11 seconds are the year 5138, 10^11 milliseconds 1973.
std::optional<WallTime> time_of(const json::value& value) {
    std::optional<WallTime> time;
    if (const auto number = number_of(value)) {
        const double ms = std::abs(*number) < kMillisecondsFrom ? *number * 1000 : *number;
        if (std::abs(ms) < 1e16) time = WallTime{milliseconds{std::llround(ms)}};
    } else if (const auto* text = value.if_string()) {
        time = parse_rfc3339({text->data(), text->size()});
    }
    return time && *time >= kEarliest && *time < kLatest ? time : std::nullopt;
}

}  // namespace aisle::counter
