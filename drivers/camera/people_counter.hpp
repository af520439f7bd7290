#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "agent/core/time.hpp"
#include "drivers/camera/detector.hpp"
#include "drivers/tracking/floor_watch.hpp"

namespace aisle::camera {

// From a picture to what happened on the floor: detector, tracker and scene in a row. One thread.
class PeopleCounter {
public:
    PeopleCounter(std::unique_ptr<Detector> detector, tracking::Scene scene)
        : detector_{std::move(detector)}, floor_{std::move(scene)} {}

    // The next picture, and when it is.
    tracking::SceneEvents see(const Frame& frame, tracking::Moment now) {
        tracks_ = tracker_.update(detector_->detect(frame, expected(now.elapsed)), now.elapsed);
        const tracking::FloorWatch::Picture picture{static_cast<double>(frame.width),
                                                    static_cast<double>(frame.height),
                                                    detector_->from_above()};
        return floor_.update(standing(), now, picture);
    }

    // At a file's seam or after a gap: people and background are others now. What had begun ends.
    tracking::SceneEvents reset() {
        detector_->reset();
        tracker_.reset();
        tracks_ = {};
        return floor_.reset();
    }
    // What has added up since the last call.
    tracking::SceneSums take_sums() { return floor_.take_sums(); }

    // Where things stand that look like people; outlives a reset, and with restore_mask() the
    // program as well.
    [[nodiscard]] const tracking::StillMask& mask() const { return tracker_.mask(); }
    void restore_mask(std::span<const tracking::StillPlace> places) {
        tracker_.restore_mask(places);
    }

    // Of the last picture; good until the next.
    [[nodiscard]] std::span<const tracking::Track> tracks() const { return tracks_; }
    [[nodiscard]] const tracking::Scene& scene() const { return floor_.scene(); }
    // Whether the last picture could be judged.
    [[nodiscard]] bool sees() const { return detector_->sees(); }
    [[nodiscard]] std::uint64_t light_changes() const { return detector_->light_changes(); }

private:
    // From above a blob is parted by where people are, so they are expected a step farther on.
    std::span<const tracking::Track> expected(milliseconds elapsed) {
        if (!detector_->from_above()) return tracks_;
        const double elapsed_s = std::chrono::duration<double>(elapsed).count();
        expected_.assign(tracks_.begin(), tracks_.end());
        for (tracking::Track& track : expected_) {
            track.box.x += track.velocity_s.x * elapsed_s;
            track.box.y += track.velocity_s.y * elapsed_s;
        }
        return expected_;
    }

    // Whatever asks where somebody is asks for the foot point, near a box's lower edge, and
    // measures floors in heights of people. Who is seen from above stands in the middle of the box
    // and is three shoulders tall (1.7 m of 0.55 m).
    static constexpr double kTallOfWide = 3;
    std::span<const tracking::Track> standing() {
        if (!detector_->from_above()) return tracks_;
        standing_.assign(tracks_.begin(), tracks_.end());
        for (tracking::Track& track : standing_) {
            const tracking::Box& seen = track.box;
            const double tall = kTallOfWide * std::max(seen.w, seen.h);
            track.box = {.x = seen.x,
                         .y = seen.y + seen.h / 2 - tracking::kFootHeight * tall,
                         .w = seen.w,
                         .h = tall,
                         .score = seen.score};
        }
        return standing_;
    }

    std::unique_ptr<Detector> detector_;
    tracking::Tracker tracker_;
    tracking::FloorWatch floor_;
    std::span<const tracking::Track> tracks_;
    // Kept for their memory.
    std::vector<tracking::Track> expected_;
    std::vector<tracking::Track> standing_;
};

}  // namespace aisle::camera
