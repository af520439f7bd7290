#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "drivers/camera/frame.hpp"
#include "drivers/tracking/box.hpp"

namespace aisle::camera {

// Distances and shapes that were good over many lines of one clip; small changes of each do no
// harm.
struct MotionSettings {
    int analysis_width = 384;      // the picture is reduced to about this width
    int history = 500;             // frames that the background remembers
    double distance2 = 650;        // squared colour distance from which a pixel is foreground
    int height_min_permille = 70;  // of a person, of the picture's height
    int fill_min_permille = 200;   // of a box that is foreground: less is a thread of noise
    int flood_permille = 500;      // more foreground than this is a change of light, not people
};

// Frames after a start or a flood in which the background is not yet fit to tell a flood.
inline constexpr int kSettlingFrames = 5;

// Finds what moves before a background that it learns (KNN, Zivkovic and van der Heijden 2006):
// shadows are taken off, blobs become boxes in pixels of the whole picture. A change of light is
// relearnt and gives no boxes. Seeded at construction and at each reset: the same frames give the
// same boxes. One thread.
class MotionDetector {
public:
    explicit MotionDetector(MotionSettings settings = {});
    ~MotionDetector();
    MotionDetector(const MotionDetector&) = delete;
    MotionDetector& operator=(const MotionDetector&) = delete;

    // The frame is only read. An empty frame gives no boxes. Good until the next call.
    const std::vector<tracking::Box>& detect(const Frame& frame);
    void reset();  // forgets the background

    [[nodiscard]] std::uint64_t floods() const;  // frames left out as changes of light

private:
    struct Model;
    std::unique_ptr<Model> model_;
};

}  // namespace aisle::camera
