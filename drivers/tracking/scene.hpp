#pragma once

#include <string>
#include <vector>

#include "agent/core/error.hpp"
#include "agent/core/time.hpp"
#include "drivers/tracking/box.hpp"

namespace aisle::tracking {

// A counting line: from `from` over the corners in `via` to `to`. *In* is a crossing to the
// right-hand side, as seen in the picture, walking from `from` to `to`; `swap` turns it round.
struct Line {
    std::string name;
    Point from;
    Point to;
    bool swap = false;
    std::vector<Point> via;

    friend bool operator==(const Line&, const Line&) = default;
};

// Two lines of the scene that only count together: over `outer` and then over `inner` is in, over
// `inner` and then over `outer` is out. Who turns between them is not counted at all. The two lines
// do not count by themselves any more.
struct Gate {
    std::string name;
    std::string outer;
    std::string inner;
    milliseconds within{10'000};

    friend bool operator==(const Gate&, const Gate&) = default;
};

// A polygon of the floor. Its last corner is joined to its first.
struct Zone {
    std::string name;
    std::vector<Point> polygon;
    bool queue = false;
    // Queues: who leaves nearer to the till than he came was served. Without one all are.
    std::vector<Point> till;  // one point or none
    // Who was in it and went without crossing the line or gate of this name passed by; empty: none.
    std::string before;

    friend bool operator==(const Zone&, const Zone&) = default;
};

// How the camera looks at people: from the side, where they are upright and stand at the lower edge
// of their boxes, or from above, where they stand in the middle of them. Learnt: from their shapes,
// which takes some people.
enum class View { Learnt, Side, Above };

struct Scene {
    std::vector<Line> lines;
    std::vector<Gate> gates;
    std::vector<Zone> zones;
    // Who comes back over a line within so long has not been in: both crossings net to nothing. 0
    // leaves every crossing as it is.
    milliseconds uturn{0};
    // How many pixels a metre of floor is. 0: not told, then a person is taken to be 1.7 m high in
    // the picture, which fits cameras that look from the side, not from above.
    double metre_px = 0;
    View view = View::Learnt;
    // Of a grown person in the middle of the picture, in pixels, as calibrated; 0: not known.
    double person_width = 0;
    // Width and height of the picture in whose pixels all of this is drawn; a camera that sends
    // another size is brought to this one. None: the first picture's after a start.
    std::vector<Point> picture;  // one or none

    friend bool operator==(const Scene&, const Scene&) = default;
};

inline constexpr std::size_t kLinesMax = 32;
inline constexpr std::size_t kGatesMax = 16;
inline constexpr std::size_t kZonesMax = 32;
inline constexpr std::size_t kCornersMax = 64;  // of a line or a polygon
inline constexpr double kLineLengthMin = 2;     // pixels
inline constexpr double kZoneAreaMin = 16;      // square pixels
inline constexpr milliseconds kUturnMax{600'000};
inline constexpr double kPictureSideMin = 16;  // pixels
inline constexpr double kPictureSideMax = 8192;

// Malformed: nothing to look at, too much, a name that is empty or used twice, a line without
// length, a gate or `before` that names no line, a polygon without area.
Status check(const Scene& scene);

// What counts people, in the order in which LineCrossing::line numbers them: the lines, then the
// gates.
[[nodiscard]] std::size_t counting_size(const Scene& scene);
[[nodiscard]] const std::string& counting_name(const Scene& scene, std::size_t index);
// False for a line that belongs to a gate.
[[nodiscard]] bool counts_alone(const Scene& scene, std::size_t line);

// A metre of floor, in pixels, at a person who looks like this.
[[nodiscard]] double metre_at(const Scene& scene, const Box& person);

}  // namespace aisle::tracking
