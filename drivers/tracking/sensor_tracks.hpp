#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "agent/core/time.hpp"
#include "drivers/tracking/tracker.hpp"

namespace aisle::tracking {

// Where a sensor that tracks by itself (a stereo camera, a radar) says that somebody is: its own
// plane, in metres.
struct SensorPosition {
    std::int64_t object = 0;  // the sensor's id
    Point place_m;
};

struct SensorSettings {
    // Scenes for sensors are drawn in centimetres, so that lines, bands and warnings have the sizes
    // of a picture.
    double units_per_metre = 100;
    double person_m = 1.7;          // the box that stands for a person: its height ...
    double width_m = 0.5;           // ... and its width
    milliseconds coast{1500};       // an object that is not reported for so long is gone
    double confirm_travel_m = 0.5;  // an object is a person once it has gone so far ...
    int confirm_hits = 3;           // ... and has been reported so often
    double jump_m = 3;  // an id that jumps farther than this was given to another person
};

inline constexpr std::size_t kSensorObjectsMax = kTracksMax;

// Tracks from a sensor's positions, for the same lines, zones and events as a camera's tracks: no
// detector, no association, the ids are the sensor's. They are given anew here (from 1, never
// twice) because sensors use theirs again, some after minutes. The y axis is turned downwards, as
// in a picture seen from above. One thread.
class SensorTracks {
public:
    explicit SensorTracks(SensorSettings settings = {}) : settings_{settings} {}

    // The positions of the sensor's next frame, `elapsed` after the last one; an id that comes
    // twice counts once. The answer is good until the next call: all living tracks, ascending by
    // id.
    std::span<const Track> update(std::span<const SensorPosition> positions, milliseconds elapsed);

    // Forgets every track; ids go on.
    void reset();

    [[nodiscard]] std::uint64_t positions_dropped() const { return positions_dropped_; }

private:
    struct Object {
        Track track;
        Point place_m;
        Point origin_m;
        Point stand_m;
        int hits = 1;
    };
    [[nodiscard]] Box box_at(Point place_m) const;
    void see(const SensorPosition& position);
    void begin(const SensorPosition& position);

    SensorSettings settings_;
    std::map<std::int64_t, Object> objects_;  // by the sensor's id
    std::vector<Track> tracks_;
    std::int64_t ids_given_ = 0;
    std::uint64_t positions_dropped_ = 0;
};

}  // namespace aisle::tracking
