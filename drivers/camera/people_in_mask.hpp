#pragma once

#include <memory>
#include <span>
#include <vector>

#include "drivers/camera/frame.hpp"
#include "drivers/camera/motion_settings.hpp"
#include "drivers/tracking/tracker.hpp"

namespace aisle::camera {

// From a mask of what is not floor to boxes of people. A camera that looks from the side sees
// people as upright stripes, one that looks down sees shoulders and feet; which of them this is,
// and how large people are, is learnt from tracks that are one blob each. One thread.
class PeopleInMask {
public:
    explicit PeopleInMask(const MotionSettings& settings);
    ~PeopleInMask();
    PeopleInMask(const PeopleInMask&) = delete;
    PeopleInMask& operator=(const PeopleInMask&) = delete;

    struct Mask {
        std::uint8_t* bytes = nullptr;  // one a pixel, 0 or 255; cleaned in place
        Frame::Size size;
        double share = 1;  // mask pixels a picture pixel
    };
    // Boxes in pixels of the picture; good until the next call. `known` as for Detector::detect.
    const std::vector<tracking::Box>& find(const Mask& mask,
                                           std::span<const tracking::Track> known);
    void clear();
    [[nodiscard]] const std::vector<tracking::Box>& boxes() const;
    [[nodiscard]] bool from_above() const;
    // Of a person, in pixels of the mask; 0: nothing is known yet.
    [[nodiscard]] double width() const;

private:
    struct Workshop;
    std::unique_ptr<Workshop> workshop_;
};

}  // namespace aisle::camera
