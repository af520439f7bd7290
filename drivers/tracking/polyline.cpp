#include "drivers/tracking/polyline.hpp"

#include <cmath>
#include <limits>

#include "drivers/tracking/polygon.hpp"

namespace aisle::tracking {

Polyline::Polyline(const Line& line) {
    points_.reserve(line.via.size() + 2);
    points_.push_back(line.from);
    points_.insert(points_.end(), line.via.begin(), line.via.end());
    points_.push_back(line.to);
}

Polyline::Nearest Polyline::nearest(Point point) const {
    Nearest best{.away = std::numeric_limits<double>::infinity()};
    for (std::size_t i = 0; i + 1 < points_.size(); ++i) {
        const Point a = points_[i];
        const Point b = points_[i + 1];
        const double share = nearest_share(a, b, point);
        const double away = distance({a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)}, point);
        if (away < best.away) best = {.segment = i, .share = share, .away = away};
    }
    return best;
}

// Signed distance to the straight line through a segment.
double Polyline::beside(std::size_t segment, Point point) const {
    const Point a = points_[segment];
    const Point b = points_[segment + 1];
    return turn(a, b, point) / distance(a, b);
}

double Polyline::offset(Point point) const {
    const Nearest at = nearest(point);
    const double side = beside(at.segment, point);
    const bool at_corner = at.share == 1 && at.segment + 2 < points_.size();
    if (!at_corner) {
        // Within a segment, or beyond an end of the whole line.
        return side;
    }
    // Outside a bend the corner is nearest: both segments have the point on the same side, or the
    // sharper one decides.
    const double next = beside(at.segment + 1, point);
    const double sign = side + next >= 0 ? 1 : -1;
    return sign * at.away;
}

bool Polyline::crossed_by(Point a, Point b) const {
    for (std::size_t i = 0; i + 1 < points_.size(); ++i) {
        if (meets(a, b, points_[i], points_[i + 1])) return true;
    }
    return false;
}

double Polyline::distance_to(Point point) const { return nearest(point).away; }

}  // namespace aisle::tracking
