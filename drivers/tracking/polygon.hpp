#pragma once

#include <span>

#include "drivers/tracking/box.hpp"

namespace aisle::tracking {

// Twice the area of (a, b, point): positive on the right-hand side as seen in the picture, where y
// grows downwards, walking from a to b.
inline double turn(Point a, Point b, Point point) {
    return (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x);
}

// By the shoelace formula; negative when the corners run anticlockwise in the picture.
double area(std::span<const Point> polygon);

// By counting the edges that a ray to the right crosses, half-open, so that a point on an edge
// which two polygons share is inside exactly one of them.
bool inside(std::span<const Point> polygon, Point point);

// To the nearest edge, from within as from without.
double distance_to_edge(std::span<const Point> polygon, Point point);

// The place on a-b that is nearest to the point, as a share of the way: 0 at a, 1 at b.
double nearest_share(Point a, Point b, Point point);

// Whether the step a-b meets the segment c-d.
bool meets(Point a, Point b, Point c, Point d);

}  // namespace aisle::tracking
