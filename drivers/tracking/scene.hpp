#pragma once

#include <string>
#include <vector>

#include "agent/core/error.hpp"
#include "drivers/tracking/box.hpp"

namespace aisle::tracking {

// A counting line, a segment of the picture. *In* is a crossing to the right-hand side, as seen in
// the picture, walking from `from` to `to`; `swap` turns it round.
struct Line {
    std::string name;
    Point from;
    Point to;
    bool swap = false;

    friend bool operator==(const Line&, const Line&) = default;
};

struct Scene {
    std::vector<Line> lines;
    // Of a grown person in the middle of the picture, in pixels, as calibrated; 0: not known.
    double person_width = 0;

    friend bool operator==(const Scene&, const Scene&) = default;
};

inline constexpr std::size_t kLinesMax = 32;
inline constexpr double kLineLengthMin = 2;  // pixels

// Malformed: no line, too many, a name that is empty or used twice, a line without length.
Status check(const Scene& scene);

}  // namespace aisle::tracking
