#pragma once

#include <vector>

#include "drivers/tracking/scene.hpp"

namespace aisle::tracking {

// A line's geometry, ready for one question a frame and person.
class Polyline {
public:
    explicit Polyline(const Line& line);

    // How far off the line a point is: positive on its right-hand side. Beyond its ends the line is
    // taken to go on straight, so that a side is defined everywhere; at a corner the side is that
    // of the nearer of the two segments, and on a tie of the corner's bisector.
    [[nodiscard]] double offset(Point point) const;

    // Whether the step a-b goes over the line itself, not over its extension.
    [[nodiscard]] bool crossed_by(Point a, Point b) const;

    // To the line itself.
    [[nodiscard]] double distance_to(Point point) const;

private:
    struct Nearest {
        std::size_t segment = 0;
        double share = 0;  // of that segment
        double away = 0;
    };
    [[nodiscard]] Nearest nearest(Point point) const;
    [[nodiscard]] double beside(std::size_t segment, Point point) const;

    std::vector<Point> points_;  // at least two
};

}  // namespace aisle::tracking
