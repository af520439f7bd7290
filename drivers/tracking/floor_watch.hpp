#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "agent/core/scene_view.hpp"
#include "drivers/tracking/companions.hpp"
#include "drivers/tracking/gate_counter.hpp"
#include "drivers/tracking/line_counter.hpp"
#include "drivers/tracking/pushed_along.hpp"
#include "drivers/tracking/stitcher.hpp"
#include "drivers/tracking/turn_backs.hpp"
#include "drivers/tracking/zone_watch.hpp"

namespace aisle::tracking {

struct Moment {
    std::int64_t frame = 0;
    milliseconds at{};       // the caller's own time, which only grows
    milliseconds elapsed{};  // since the last frame
};

struct SceneEvents {
    std::vector<LineCrossing> crossings;  // of lines that count alone, and of gates
    std::vector<TurnBack> turn_backs;     // of crossings that were told before
    std::vector<Stay> stays;
};

// What adds up between two reports. Indices are places in the scene.
struct SceneSums {
    std::vector<ZoneSum> zones;
    std::map<ZoneWatch::Way, std::int32_t> ways;
    std::map<std::size_t, std::int32_t> passers;  // by counting place
    std::array<std::int64_t, static_cast<std::size_t>(kHeatColumns* kHeatRows)> heat{};
};

// From tracks to what happened on the floor: lines, gates, ways back, groups, zones, passers-by and
// heat, for a camera's tracks as for a sensor's. The one place where these parts are put together.
// One thread, deterministic, no clock.
class FloorWatch {
public:
    // The picture's size, for the heat's grid; points outside fall into its outermost cells.
    struct Picture {
        double width = 0;
        double height = 0;
        // People stand in the middle of their boxes and are seen with what they push.
        bool from_above = false;
    };
    explicit FloorWatch(Scene scene);

    SceneEvents update(std::span<const Track> tracks, Moment now, Picture picture);
    // People are others now: stays end, nothing else that was begun counts.
    SceneEvents reset();
    // What came together since the last call.
    SceneSums take_sums();

    [[nodiscard]] const Scene& scene() const { return scene_; }
    // People in a zone now.
    [[nodiscard]] std::int32_t inside_now(std::size_t zone) const {
        return zones_.inside_now(zone);
    }

private:
    void add_heat(std::span<const Track> tracks, milliseconds elapsed, Picture picture);
    void note_passers(std::span<const Track> tracks, const SceneEvents& events);
    [[nodiscard]] std::ptrdiff_t counting_place(const std::string& name) const;

    Scene scene_;
    Stitcher stitcher_;
    LineCounter lines_;
    GateCounter gates_;
    PushedAlong pushed_along_;
    TurnBacks turn_backs_;
    Companions companions_;
    ZoneWatch zones_;
    std::map<std::int64_t, std::set<std::size_t>> crossed_;   // by track: counting places
    std::map<std::int64_t, std::set<std::size_t>> was_near_;  // by track: zones before a line
    SceneSums sums_;
};

}  // namespace aisle::tracking
