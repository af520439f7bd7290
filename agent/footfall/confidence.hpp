#pragma once

#include <cstdint>

#include "agent/core/time.hpp"

namespace aisle::footfall {

// What a door's figure for an interval rests on.
struct Grounds {
    milliseconds span{60'000};
    milliseconds blind{};  // no pictures at all
    milliseconds light{};  // pictures, but the light had just changed
    std::int64_t frames = 0;
    std::int64_t late_frames = 0;           // skipped or analysed too late
    std::int32_t accuracy_permille = 1000;  // of the line, as its commissioning found it
};

// How far the figure can be trusted, 0..1000: the share of the interval in which the door was seen,
// times the share of pictures that were in time, times the line's own accuracy. It is a product
// because each loses people independently of the others; it is no interval of statistics.
std::int32_t confidence_permille(const Grounds& grounds);

}  // namespace aisle::footfall
