#include "drivers/counter/totals.hpp"

#include <array>
#include <charconv>

namespace aisle::counter {
namespace {

constexpr std::chrono::hours kBackwardsMax{24};

}  // namespace

Growth growth(const std::optional<Totals>& last, const Totals& now) {
    if (!last) return {.step = Step::First};
    // A clock that was once far ahead must not make every later report stale.
    const bool both_timed = last->timed && now.timed && last->at - now.at < kBackwardsMax;
    if (both_timed && now.at < last->at) return {.step = Step::Stale};
    if (now.in == last->in && now.out == last->out) return {.step = Step::Same};
    // Both have to fall together, but one alone may have been at zero: any fall is one of the
    // sensor.
    if (now.in >= last->in && now.out >= last->out) {
        return {.step = Step::Counted, .in = now.in - last->in, .out = now.out - last->out};
    }
    const bool fell_far = 2 * (now.in + now.out) < last->in + last->out;
    const bool reset = both_timed ? now.at > last->at : fell_far;
    if (!reset) return {.step = Step::Stale};
    return {.step = Step::Reset, .in = now.in, .out = now.out};
}

// in,out,at_ms,timed. Short, because it is written with every reading.
std::string to_position(const Totals& totals) {
    return std::to_string(totals.in) + "," + std::to_string(totals.out) + "," +
           std::to_string(totals.at.time_since_epoch().count()) + "," + (totals.timed ? "1" : "0");
}

// Nothing for what we did not write: then the next report is a first one, and only a baseline.
std::optional<Totals> totals_from(std::string_view position) {
    std::array<std::int64_t, 4> numbers{};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto comma = position.find(',');
        const auto text = position.substr(0, comma);
        const auto [end, error] =
            std::from_chars(text.data(), text.data() + text.size(), numbers[i]);
        if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
        if ((comma == std::string_view::npos) != (i + 1 == numbers.size())) return std::nullopt;
        position.remove_prefix(comma == std::string_view::npos ? position.size() : comma + 1);
    }
    if (numbers[0] < 0 || numbers[1] < 0) return std::nullopt;
    return Totals{.in = numbers[0],
                  .out = numbers[1],
                  .at = WallTime{milliseconds{numbers[2]}},
                  .timed = numbers[3] != 0};
}

}  // namespace aisle::counter
