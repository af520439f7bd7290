#pragma once

#include <cstdint>
#include <vector>

#include "agent/core/time.hpp"

namespace aisle::footfall {

struct Interval {
    WallTime from{};
    WallTime to{};
};

// What of an interval falls into one minute.
struct MinutePart {
    WallTime start{};
    milliseconds from{};  // since the interval's beginning
    milliseconds to{};
};

WallTime minute_of(WallTime time);

// The minutes that a half-open interval touches, ascending; an empty interval has the one it lies
// in.
std::vector<MinutePart> minutes_of(Interval interval);

// How many of `n` fall into `part` of an interval of `whole` length when they are spread evenly.
// Over all parts they add up to `n`, because both ends of a part are rounded alike.
std::int32_t share_of(std::int32_t n, const MinutePart& part, milliseconds whole);

}  // namespace aisle::footfall
