#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "agent/core/time.hpp"
#include "drivers/camera/detector.hpp"
#include "drivers/tracking/line_counter.hpp"

namespace aisle::camera {

// From a picture to crossings: detector, tracker and lines in a row. One thread.
class PeopleCounter {
public:
    PeopleCounter(std::unique_ptr<Detector> detector, tracking::Scene scene)
        : detector_{std::move(detector)}, lines_{std::move(scene)} {}

    // The next picture, `elapsed` after the last one, and its number.
    std::vector<tracking::LineCrossing> see(const Frame& frame, milliseconds elapsed,
                                            std::int64_t number) {
        tracks_ = tracker_.update(detector_->detect(frame, tracks_), elapsed);
        return lines_.update(tracks_, number);
    }

    // At a file's seam or after a gap: people and background are others now.
    void reset() {
        detector_->reset();
        tracker_.reset();
        lines_.reset();
        tracks_ = {};
    }

    // Of the last picture; good until the next.
    [[nodiscard]] std::span<const tracking::Track> tracks() const { return tracks_; }
    [[nodiscard]] const tracking::Scene& scene() const { return lines_.scene(); }
    [[nodiscard]] std::uint64_t light_changes() const { return detector_->light_changes(); }

private:
    std::unique_ptr<Detector> detector_;
    tracking::Tracker tracker_;
    tracking::LineCounter lines_;
    std::span<const tracking::Track> tracks_;
};

}  // namespace aisle::camera
