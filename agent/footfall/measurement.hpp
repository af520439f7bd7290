#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/core/record.hpp"
#include "agent/core/traffic.hpp"
#include "agent/footfall/proportion.hpp"
#include "agent/footfall/spread.hpp"

// What a person at a door tapped against what the door counted in the same minutes.
namespace aisle::footfall {

// A tap and a count within so long of each other are one person: a hand is a second late, a
// camera's pictures are up to two on their way.
inline constexpr milliseconds kReach{5'000};
// Fewer people say too little: such a result is told and not kept.
inline constexpr std::int64_t kJudgedMin = 10;

// A person over the line, by hand or by count.
struct Passing {
    Direction direction = Direction::In;
    WallTime at{};
};

// What both sides had of one door.
struct Evidence {
    Interval span;  // while somebody tapped
    std::vector<Passing> tapped;
    std::vector<Passing> counted;  // also within kReach of the span's ends
    // Of counters that tell sums: nobody can say which of their people is which.
    bool sums = false;
    std::int64_t sum_in = 0;
    std::int64_t sum_out = 0;
    std::vector<Interval> blind;
};

struct DirectionScore {
    std::int64_t tapped = 0;
    std::int64_t right = 0;    // counted as well, in the same direction
    std::int64_t missed = 0;   // tapped, not counted
    std::int64_t phantom = 0;  // counted, not tapped
    friend bool operator==(const DirectionScore&, const DirectionScore&) = default;
};

struct Measurement {
    DoorId door;
    std::string by;
    Interval span;
    DirectionScore in;
    DirectionScore out;
    std::int64_t unjudged = 0;  // tapped while the door was blind: that is told as blind time
    std::int64_t blind_ms = 0;
    // From sums: what was missed and what was counted too much have cancelled, so it flatters.
    bool sums = false;
    bool stale = false;  // its line has been moved since

    [[nodiscard]] Tries tries() const {
        const std::int64_t right = in.right + out.right;
        return {right, right + in.missed + out.missed + in.phantom + out.phantom};
    }
    [[nodiscard]] WrongCounts wrong() const {
        return {in.phantom + out.phantom, in.missed + out.missed};
    }
    [[nodiscard]] bool enough() const { return tries().of >= kJudgedMin; }
};

// Each person is right or wrong once: a tap without a count, a count without a tap, or both. Taps
// and counts of one direction are paired in their order, as many as lie within kReach.
Measurement judge(const Evidence& evidence);

// Kept under the door's name, in room kCommissioningRoom.
StateChange row_of(const Measurement& measurement);
std::optional<Measurement> measurement_from(const StateChange& row);

inline constexpr std::string_view kCommissioningRoom = "commissioning";

}  // namespace aisle::footfall
