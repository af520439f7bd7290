#include "agent/footfall/measurement.hpp"

#include <algorithm>
#include <array>

#include "agent/footfall/fields.hpp"

namespace aisle::footfall {
namespace {

std::vector<WallTime> times_of(const std::vector<Passing>& passings, Direction direction) {
    std::vector<WallTime> times;
    for (const Passing& passing : passings) {
        if (passing.direction == direction) times.push_back(passing.at);
    }
    std::ranges::sort(times);
    return times;
}

bool lies_in(const Interval& span, WallTime at) { return span.from <= at && at <= span.to; }

// A hand is late: what was tapped shortly after a blind span may have passed during it.
bool unseen(const Evidence& evidence, WallTime at) {
    return std::ranges::any_of(evidence.blind, [&](const Interval& blind) {
        return at >= blind.from && at <= blind.to + kReach;
    });
}

class Pairing {
public:
    Pairing(const Evidence& evidence, std::int64_t& unjudged)
        : evidence_{evidence}, unjudged_{unjudged} {}

    // Both lists ascend, so taking the earliest that fit pairs as many as can be paired.
    DirectionScore score(Direction direction) {
        const auto taps = times_of(evidence_.tapped, direction);
        const auto counts = times_of(evidence_.counted, direction);
        DirectionScore score{.tapped = static_cast<std::int64_t>(taps.size())};
        std::size_t t = 0;
        std::size_t c = 0;
        while (t < taps.size() || c < counts.size()) {
            const bool no_count = c == counts.size();
            const bool no_tap = t == taps.size();
            if (!no_count && !no_tap && taps[t] - counts[c] <= kReach &&
                counts[c] - taps[t] <= kReach) {
                ++score.right, ++t, ++c;
            } else if (no_count || (!no_tap && taps[t] < counts[c])) {
                miss(score, taps[t++]);
            } else {
                if (lies_in(evidence_.span, counts[c++])) ++score.phantom;
            }
        }
        return score;
    }

private:
    void miss(DirectionScore& score, WallTime tap) {
        if (unseen(evidence_, tap)) {
            ++unjudged_;
        } else {
            ++score.missed;
        }
    }

    const Evidence& evidence_;
    std::int64_t& unjudged_;
};

// Single counts that came beside the sums belong to the same figure.
DirectionScore score_of_sum(const Evidence& evidence, Direction direction, std::int64_t sum) {
    const auto tapped = static_cast<std::int64_t>(times_of(evidence.tapped, direction).size());
    std::int64_t counted = sum;
    for (const WallTime at : times_of(evidence.counted, direction)) {
        if (lies_in(evidence.span, at)) ++counted;
    }
    const std::int64_t right = std::min(tapped, counted);
    return {.tapped = tapped, .right = right, .missed = tapped - right, .phantom = counted - right};
}

std::int64_t blind_ms(const Evidence& evidence) {
    milliseconds blind{0};
    for (const Interval& span : evidence.blind) {
        const auto from = std::max(span.from, evidence.span.from);
        const auto to = std::min(span.to, evidence.span.to);
        if (from < to) blind += to - from;
    }
    return std::min(blind, evidence.span.to - evidence.span.from).count();
}

constexpr std::size_t kNumbers = 14;

std::int64_t ms_of(WallTime time) { return time.time_since_epoch().count(); }

}  // namespace

Measurement judge(const Evidence& evidence) {
    Measurement found{.span = evidence.span, .blind_ms = blind_ms(evidence), .sums = evidence.sums};
    if (evidence.sums) {
        found.in = score_of_sum(evidence, Direction::In, evidence.sum_in);
        found.out = score_of_sum(evidence, Direction::Out, evidence.sum_out);
        return found;
    }
    Pairing pairing{evidence, found.unjudged};
    found.in = pairing.score(Direction::In);
    found.out = pairing.score(Direction::Out);
    return found;
}

StateChange row_of(const Measurement& m) {
    const std::string numbers =
        join({ms_of(m.span.from), ms_of(m.span.to), m.in.tapped, m.in.right, m.in.missed,
              m.in.phantom, m.out.tapped, m.out.right, m.out.missed, m.out.phantom, m.unjudged,
              m.blind_ms, m.sums ? 1 : 0, m.stale ? 1 : 0});
    return {.room = std::string{kCommissioningRoom},
            .key = m.door.value,
            .bytes = numbers + "|" + m.by};
}

std::optional<Measurement> measurement_from(const StateChange& row) {
    std::string_view rest = row.bytes;
    std::array<std::int64_t, kNumbers> n{};
    if (!split(take_field(rest, '|'), n)) return std::nullopt;
    return Measurement{.door = DoorId{row.key},
                       .by = std::string{rest},
                       .span = {WallTime{milliseconds{n[0]}}, WallTime{milliseconds{n[1]}}},
                       .in = {.tapped = n[2], .right = n[3], .missed = n[4], .phantom = n[5]},
                       .out = {.tapped = n[6], .right = n[7], .missed = n[8], .phantom = n[9]},
                       .unjudged = n[10],
                       .blind_ms = n[11],
                       .sums = n[12] != 0,
                       .stale = n[13] != 0};
}

}  // namespace aisle::footfall
