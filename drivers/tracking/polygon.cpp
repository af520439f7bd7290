#include "drivers/tracking/polygon.hpp"

#include <algorithm>
#include <limits>

namespace aisle::tracking {

double area(std::span<const Point> polygon) {
    double twice = 0;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const Point a = polygon[i];
        const Point b = polygon[(i + 1) % polygon.size()];
        twice += a.x * b.y - b.x * a.y;
    }
    return twice / 2;
}

bool inside(std::span<const Point> polygon, Point point) {
    bool in = false;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const Point a = polygon[i];
        const Point b = polygon[(i + 1) % polygon.size()];
        if ((a.y > point.y) == (b.y > point.y)) continue;
        const double x = a.x + (point.y - a.y) * (b.x - a.x) / (b.y - a.y);
        if (point.x < x) in = !in;
    }
    return in;
}

double nearest_share(Point a, Point b, Point point) {
    const Point along{b.x - a.x, b.y - a.y};
    const double length2 = along.x * along.x + along.y * along.y;
    if (length2 == 0) return 0;
    return std::clamp(((point.x - a.x) * along.x + (point.y - a.y) * along.y) / length2, 0.0, 1.0);
}

double distance_to_edge(std::span<const Point> polygon, Point point) {
    double nearest = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const Point a = polygon[i];
        const Point b = polygon[(i + 1) % polygon.size()];
        const double share = nearest_share(a, b, point);
        const Point at{a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)};
        nearest = std::min(nearest, distance(at, point));
    }
    return nearest;
}

bool meets(Point a, Point b, Point c, Point d) {
    const double of_a = turn(c, d, a);
    const double of_b = turn(c, d, b);
    const double of_c = turn(a, b, c);
    const double of_d = turn(a, b, d);
    if (of_a == 0 && of_b == 0 && of_c == 0 && of_d == 0) return false;  // along the segment
    return (of_a > 0) != (of_b > 0) && of_c * of_d <= 0;
}

}  // namespace aisle::tracking
