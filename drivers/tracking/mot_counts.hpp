#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "drivers/tracking/line_counter.hpp"
#include "drivers/tracking/mot_score.hpp"

namespace aisle::tracking {

// Crossings of one line.
struct LineCount {
    std::int64_t in = 0;
    std::int64_t out = 0;

    friend bool operator==(const LineCount&, const LineCount&) = default;
};

// What the scene's lines count when the rows of a MOT file walk over them, each id a confirmed
// track. One entry a counting_name(). With a truth file this is the truth: it is counted by the
// same rule as what is judged by it, so that only tracks are compared and not two definitions of a
// crossing. Rows of flag 0 are people too and count.
std::vector<LineCount> count_lines(std::span<const MotRow> rows, const Scene& scene,
                                   MotFrames frames);

// The sum over lines and directions of abs(counted - true). Lines that only one side has count
// whole.
std::int64_t miscounts(std::span<const LineCount> truth, std::span<const LineCount> counted);

}  // namespace aisle::tracking
