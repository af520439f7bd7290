#include "drivers/tracking/scene_warnings.hpp"

#include <algorithm>
#include <cmath>

#include "drivers/tracking/polygon.hpp"

namespace aisle::tracking {
namespace {

constexpr double kShareOfPicture = 1.0 / 16;
constexpr double kTallOfWide = 3;
constexpr int kSteps = 20;  // places that a line is looked at
constexpr double kNearShare = 0.4;

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

std::vector<Point> corners_of(const Line& line) {
    std::vector<Point> all{line.from};
    all.insert(all.end(), line.via.begin(), line.via.end());
    all.push_back(line.to);
    return all;
}

double length_of(const std::vector<Point>& corners) {
    double length = 0;
    for (std::size_t i = 0; i + 1 < corners.size(); ++i)
        length += distance(corners[i], corners[i + 1]);
    return length;
}

class Looking {
public:
    explicit Looking(const PictureOfPeople& picture) : picture_{picture} {}

    [[nodiscard]] bool contains(Point point) const {
        return point.x >= 0 && point.x <= picture_.width && point.y >= 0 &&
               point.y <= picture_.height;
    }
    [[nodiscard]] bool contains(const std::vector<Point>& points) const {
        return std::ranges::all_of(points, [this](Point point) { return contains(point); });
    }

    // The share of the line from which a person's step to either side leaves the picture.
    [[nodiscard]] double share_at_edge(const std::vector<Point>& corners) const {
        const double whole = length_of(corners);
        double near = 0;
        for (std::size_t i = 0; i + 1 < corners.size(); ++i) {
            const double length = distance(corners[i], corners[i + 1]);
            near += length * share_at_edge(corners[i], corners[i + 1]);
        }
        return near / whole;
    }

private:
    [[nodiscard]] double share_at_edge(Point a, Point b) const {
        const double length = distance(a, b);
        const Point across{-(b.y - a.y) / length, (b.x - a.x) / length};
        // What a person's box measures in the direction in which the line is crossed.
        const double step = std::abs(across.x) * picture_.person_width +
                            std::abs(across.y) * picture_.person_height;
        int near = 0;
        for (int i = 0; i < kSteps; ++i) {
            const double along = (i + 0.5) / kSteps;
            const Point on{a.x + along * (b.x - a.x), a.y + along * (b.y - a.y)};
            const bool fits = contains(Point{on.x + step * across.x, on.y + step * across.y}) &&
                              contains(Point{on.x - step * across.x, on.y - step * across.y});
            if (!fits) ++near;
        }
        return static_cast<double>(near) / kSteps;
    }

    PictureOfPeople picture_;
};

bool cross(const std::vector<Point>& a, const std::vector<Point>& b) {
    for (std::size_t i = 0; i + 1 < a.size(); ++i) {
        for (std::size_t j = 0; j + 1 < b.size(); ++j) {
            if (meets(a[i], a[i + 1], b[j], b[j + 1])) return true;
        }
    }
    return false;
}

void add_line_warnings(const Scene& scene, std::size_t place, const PictureOfPeople& picture,
                       std::vector<SceneWarning>& warnings) {
    const Line& line = scene.lines[place];
    const auto corners = corners_of(line);
    const Looking looking{picture};
    if (!looking.contains(corners)) {
        warnings.push_back({.flaw = SceneFlaw::LineOutside, .name = line.name});
    } else if (looking.share_at_edge(corners) > kNearShare) {
        warnings.push_back({.flaw = SceneFlaw::LineAtEdge, .name = line.name});
    }
    if (length_of(corners) < picture.person_width)
        warnings.push_back({.flaw = SceneFlaw::LineShort, .name = line.name});
    if (!counts_alone(scene, place)) return;
    for (std::size_t i = place + 1; i < scene.lines.size(); ++i) {
        if (counts_alone(scene, i) && cross(corners, corners_of(scene.lines[i]))) {
            warnings.push_back(
                {.flaw = SceneFlaw::LinesCross, .name = line.name, .other = scene.lines[i].name});
        }
    }
}

}  // namespace

PictureOfPeople picture_of(const Scene& scene, Point size, const std::vector<Box>& seen) {
    PictureOfPeople picture{.width = size.x, .height = size.y};
    std::vector<double> widths;
    std::vector<double> heights;
    for (const Box& box : seen) {
        widths.push_back(box.w);
        heights.push_back(box.h);
    }
    picture.person_width = scene.person_width;
    if (picture.person_width <= 0)
        picture.person_width = seen.empty() ? size.x * kShareOfPicture : median(widths);
    const double tall = scene.view == View::Above ? 1 : kTallOfWide;
    picture.person_height =
        scene.person_width > 0 || seen.empty() ? tall * picture.person_width : median(heights);
    return picture;
}

std::vector<SceneWarning> warnings_of(const Scene& scene, const PictureOfPeople& picture) {
    std::vector<SceneWarning> warnings;
    for (std::size_t i = 0; i < scene.lines.size(); ++i)
        add_line_warnings(scene, i, picture, warnings);
    const Looking looking{picture};
    for (const Zone& zone : scene.zones) {
        if (!looking.contains(zone.polygon))
            warnings.push_back({.flaw = SceneFlaw::ZoneOutside, .name = zone.name});
    }
    return warnings;
}

}  // namespace aisle::tracking
