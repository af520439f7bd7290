#include "drivers/tracking/scene.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "drivers/tracking/polygon.hpp"

namespace aisle::tracking {
namespace {

constexpr double kPersonMetres = 1.7;

bool finite(Point point) { return std::isfinite(point.x) && std::isfinite(point.y); }

// Looks for the first fault, in the order of the file.
class SceneCheck {
public:
    explicit SceneCheck(const Scene& scene) : scene_{scene} {}

    Status run() {
        if (scene_.lines.empty() && scene_.zones.empty()) {
            return malformed("the scene has no [[line]] and no [[zone]]");
        }
        if (scene_.lines.size() > kLinesMax) return malformed("the scene has more than 32 lines");
        if (scene_.gates.size() > kGatesMax) return malformed("the scene has more than 16 gates");
        if (scene_.zones.size() > kZonesMax) return malformed("the scene has more than 32 zones");
        if (scene_.uturn < milliseconds{0} || scene_.uturn > kUturnMax) {
            return malformed("uturn_s must lie between 0 and 600");
        }
        if (!std::isfinite(scene_.metre_px) || scene_.metre_px < 0) {
            return malformed("metre_px must be a positive number of pixels");
        }
        if (!std::isfinite(scene_.person_width) || scene_.person_width < 0) {
            return malformed("person_width must be a positive number of pixels");
        }
        if (!std::ranges::all_of(scene_.picture, whole_side) || scene_.picture.size() > 1) {
            return malformed("picture must be a width and a height of 16 to 8192 pixels");
        }
        for (const Line& line : scene_.lines) {
            if (auto status = check(line); !status) return status;
        }
        for (const Gate& gate : scene_.gates) {
            if (auto status = check(gate); !status) return status;
        }
        for (const Zone& zone : scene_.zones) {
            if (auto status = check(zone); !status) return status;
        }
        return {};
    }

private:
    static bool whole_side(const Point& size) {
        const auto fits = [](double side) {
            return side >= kPictureSideMin && side <= kPictureSideMax && side == std::floor(side);
        };
        return fits(size.x) && fits(size.y);
    }

    // Lines and gates share their names, because both may be doors.
    Status take_name(std::set<std::string_view>& names, const char* what, const std::string& name) {
        if (name.empty()) return malformed(std::string{"a "} + what + " has no name");
        if (names.insert(name).second) return {};
        return malformed("two " + std::string{what} + "s are named " + name);
    }

    Status check(const Line& line) {
        if (auto status = take_name(counting_, "line", line.name); !status) return status;
        if (line.via.size() + 2 > kCornersMax) {
            return malformed("line " + line.name + " has more than 64 points");
        }
        Point last = line.from;
        std::vector<Point> rest = line.via;
        rest.push_back(line.to);
        if (!finite(last)) return not_a_number("line", line.name);
        for (const Point point : rest) {
            if (!finite(point)) return not_a_number("line", line.name);
            if (distance(last, point) < kLineLengthMin) {
                return malformed("line " + line.name + " has no length");
            }
            last = point;
        }
        return {};
    }

    Status check(const Gate& gate) {
        if (auto status = take_name(counting_, "gate", gate.name); !status) return status;
        for (const std::string& name : {gate.outer, gate.inner}) {
            if (has_line(name)) continue;
            return malformed("gate " + gate.name + " names a line that is not there: " + name);
        }
        if (gate.outer == gate.inner) {
            return malformed("gate " + gate.name + " needs two different lines");
        }
        if (gate.within > milliseconds{0} && gate.within <= kUturnMax) return {};
        return malformed("gate " + gate.name + ": within_s must lie between 0 and 600");
    }

    Status check(const Zone& zone) {
        if (auto status = take_name(zones_, "zone", zone.name); !status) return status;
        if (zone.polygon.size() < 3 || zone.polygon.size() > kCornersMax) {
            return malformed("zone " + zone.name + " needs 3 to 64 points");
        }
        if (!std::ranges::all_of(zone.polygon, finite) || !std::ranges::all_of(zone.till, finite)) {
            return not_a_number("zone", zone.name);
        }
        if (std::abs(area(zone.polygon)) < kZoneAreaMin) {
            return malformed("zone " + zone.name + " has no area");
        }
        if (zone.before.empty() || has_line(zone.before) || has_gate(zone.before)) return {};
        return malformed("zone " + zone.name +
                         " is before a line that is not there: " + zone.before);
    }

    [[nodiscard]] bool has_line(const std::string& name) const {
        return std::ranges::find(scene_.lines, name, &Line::name) != scene_.lines.end();
    }
    [[nodiscard]] bool has_gate(const std::string& name) const {
        return std::ranges::find(scene_.gates, name, &Gate::name) != scene_.gates.end();
    }
    static Status not_a_number(const char* what, const std::string& name) {
        return malformed(std::string{what} + " " + name + " has a point that is not a number");
    }

    const Scene& scene_;
    std::set<std::string_view> counting_;
    std::set<std::string_view> zones_;
};

}  // namespace

Status check(const Scene& scene) { return SceneCheck{scene}.run(); }

std::size_t counting_size(const Scene& scene) { return scene.lines.size() + scene.gates.size(); }

const std::string& counting_name(const Scene& scene, std::size_t index) {
    const std::size_t lines = scene.lines.size();
    return index < lines ? scene.lines[index].name : scene.gates[index - lines].name;
}

bool counts_alone(const Scene& scene, std::size_t line) {
    const std::string& name = scene.lines[line].name;
    return std::ranges::none_of(
        scene.gates, [&](const Gate& gate) { return gate.outer == name || gate.inner == name; });
}

double metre_at(const Scene& scene, const Box& person) {
    return scene.metre_px > 0 ? scene.metre_px : person.h / kPersonMetres;
}

}  // namespace aisle::tracking
