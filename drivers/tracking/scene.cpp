#include "drivers/tracking/scene.hpp"

#include <cmath>
#include <set>

namespace aisle::tracking {
namespace {

bool finite(Point point) { return std::isfinite(point.x) && std::isfinite(point.y); }

}  // namespace

Status check(const Scene& scene) {
    if (scene.lines.empty()) return malformed("the scene has no [[line]]");
    if (scene.lines.size() > kLinesMax) return malformed("the scene has more than 32 lines");

    std::set<std::string_view> names;
    for (const Line& line : scene.lines) {
        if (line.name.empty()) return malformed("a line has no name");
        if (!names.insert(line.name).second) return malformed("two lines are named " + line.name);
        if (!finite(line.from) || !finite(line.to)) {
            return malformed("line " + line.name + " has a point that is not a number");
        }
        if (distance(line.from, line.to) < kLineLengthMin) {
            return malformed("line " + line.name + " has no length");
        }
    }
    return {};
}

}  // namespace aisle::tracking
