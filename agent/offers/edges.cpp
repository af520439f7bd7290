#include "agent/offers/edges.hpp"

#include <algorithm>

#include <boost/json.hpp>

namespace aisle::offers {
namespace {

namespace json = boost::json;
using Side = EdgeState::Side;

// A clock that has been put back further than any zone does: what was told in that future is void.
constexpr milliseconds kPutBackMax{26 * 60 * 60 * 1000};

std::optional<double> figure_of(const conditions::Value& value) {
    if (const auto* const whole = std::get_if<std::int64_t>(&value))
        return static_cast<double>(*whole);
    if (const auto* const real = std::get_if<double>(&value)) return *real;
    return std::nullopt;
}

bool same(const conditions::Scalar& wanted, const conditions::Value& value) {
    const conditions::Value other = conditions::to_value(wanted);
    const auto a = figure_of(other), b = figure_of(value);
    return a && b ? *a == *b : other == value;
}

struct ValueJson {
    json::value operator()(const std::vector<conditions::Scalar>& list) const {
        json::array all;
        for (const auto& one : list) all.push_back(std::visit(*this, one));
        return all;
    }
    json::value operator()(const auto& plain) const { return json::value(plain); }
};

std::string text_of(const conditions::Value& value) {
    return json::serialize(std::visit(ValueJson{}, value));
}

// On which side the value lies; a figure between the level and where it is left alone stays where
// it was.
Side side_of(const Trigger& trigger, const conditions::Value& value, Side before) {
    if (!trigger.level) {
        const bool holds = std::ranges::any_of(
            trigger.is, [&](const conditions::Scalar& wanted) { return same(wanted, value); });
        return holds ? Side::On : Side::Off;
    }
    const auto figure = figure_of(value);
    if (!figure) return Side::Off;
    if (trigger.level->reached(*figure)) return Side::On;
    if (trigger.level->released(*figure) || before == Side::Unknown) return Side::Off;
    return before;
}

bool changes(const conditions::Value& value, EdgeState& state) {
    std::string now = text_of(value);
    const bool other = !state.value.empty() && state.value != now;
    state.value = std::move(now);
    return other;
}

void hear_nothing(const Stamp& now, EdgeState& state) {
    if (!state.silent) state.silent = now;
    if (passed(Deadline{.set = *state.silent, .wait = kSilenceMax}, now)) state.side = Side::Off;
}

}  // namespace

bool crosses(const Trigger& trigger, const conditions::Value* value, const Stamp& now,
             EdgeState& state) {
    if (!value) return hear_nothing(now, state), false;
    state.silent.reset();
    if (trigger.is.empty() && !trigger.level) return changes(*value, state);
    const Side before = state.side;
    state.side = side_of(trigger, *value, before);
    return before == Side::Off && state.side == Side::On;
}

std::optional<WallTime> comes(const Trigger& trigger, const TimeZone& zone, WallTime now,
                              EdgeState& state) {
    if (state.told == WallTime{} || state.told - now > kPutBackMax)
        return state.told = now, std::nullopt;
    const auto due = trigger.timetable.latest(zone, now);
    if (!due || *due <= state.told) return std::nullopt;
    state.told = *due;
    if (now - *due > kLateMax) return std::nullopt;
    return due;
}

std::optional<WallTime> Timetable::latest(const TimeZone& zone, WallTime now) const {
    std::optional<WallTime> latest;
    const auto try_at = [&](Date date, int minute) {
        const WallTime due = zone.instant(date, minutes{minute});
        if (due <= now && (!latest || *latest < due)) latest = due;
    };
    const LocalTime local = zone.local(now);
    if (every.count() > 0) {
        const int step = static_cast<int>(every.count());
        try_at(local.date, local.minute_of_day / step * step);
    }
    const Date yesterday{std::chrono::sys_days{local.date} - std::chrono::days{1}};
    for (const int minute : at) try_at(yesterday, minute), try_at(local.date, minute);
    return latest;
}

std::string to_row(const EdgeState& state) {
    json::object row;
    row["side"] = static_cast<int>(state.side);
    if (!state.value.empty()) row["value"] = state.value;
    if (state.told != WallTime{}) row["told_ms"] = state.told.time_since_epoch().count();
    return json::serialize(row);
}

void from_row(std::string_view bytes, EdgeState& state) {
    const json::value parsed = json::parse(json::string_view{bytes.data(), bytes.size()});
    const json::object& row = parsed.as_object();
    const std::int64_t side = row.at("side").as_int64();
    if (side < 0 || side > 2) throw std::invalid_argument{"side"};
    state = {.side = static_cast<Side>(side)};
    if (const json::value* const value = row.if_contains("value"))
        state.value = std::string{value->as_string()};
    if (const json::value* const told = row.if_contains("told_ms"))
        state.told = WallTime{milliseconds{told->as_int64()}};
}

}  // namespace aisle::offers
