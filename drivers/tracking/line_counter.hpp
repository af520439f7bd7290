#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "agent/core/traffic.hpp"
#include "drivers/tracking/polyline.hpp"
#include "drivers/tracking/tracker.hpp"

namespace aisle::tracking {

struct LineCrossing {
    std::size_t line = 0;  // place in the scene: counting_name()
    Direction direction = Direction::In;
    std::int64_t track = 0;
    // When the crossing was complete, which is before now if it was replayed.
    std::int64_t frame = 0;
    milliseconds at{};         // the same on the caller's own time
    bool begins_group = true;  // false: in company of somebody who has crossed already
};

// Half the width of the band around a line in which a foot point is on neither side, in box
// heights.
inline constexpr double kBand = 0.12;

// A side holds when the foot point has been seen on it so often without being seen on the other.
inline constexpr int kHoldFrames = 2;

// Crossings that one track may have waiting for its confirmation; later ones are dropped.
inline constexpr std::size_t kWaitingMax = 16;

// Counts tracks over the lines of a scene. Each track has one of three states at each line: one
// side, the other, or not yet known; inside the band the state stays. A crossing counts when the
// state turns over and the way between the two places meets the segment. Only confirmed tracks
// count: what an unconfirmed one crossed is replayed when it is confirmed and forgotten when it is
// not. Coasting tracks do not cross. One thread.
class LineCounter {
public:
    explicit LineCounter(Scene scene, double band = kBand);

    // The tracks of frame number `frame`, as Tracker::update gives them. Crossings in order of
    // frame, line, track.
    std::vector<LineCrossing> update(std::span<const Track> tracks, std::int64_t frame,
                                     milliseconds at = {});
    void reset();

    [[nodiscard]] const Scene& scene() const { return scene_; }

private:
    struct Now {
        std::int64_t frame = 0;
        milliseconds at{};
    };
    struct Place {
        int side = 0;  // -1 left, +1 right, 0 not known yet
        bool through =
            false;           // the last step over the line was over the segment, not its extension
        int other_held = 0;  // frames seen on the other side
        Now since;           // when the first of them was
    };
    struct Path {
        Point foot;
        std::vector<Place> places;  // one a line
        std::vector<LineCrossing> waiting;
    };
    void follow(Path& path, const Track& track, Now now);
    bool turned_over(Place& place, int side, Now now) const;

    Scene scene_;
    std::vector<Polyline> shapes_;  // of the scene's lines
    double band_;
    std::map<std::int64_t, Path> paths_;
};

}  // namespace aisle::tracking
