#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "drivers/camera/detector.hpp"

namespace aisle::camera {

// Distances and shapes that were good over many lines of one clip; small changes of each do no
// harm.
struct MotionSettings {
    int analysis_width = 384;      // the picture is reduced to about this width
    int history = 500;             // frames that the background remembers
    double distance2 = 650;        // squared colour distance from which a pixel is foreground
    int height_min_permille = 70;  // of a person, of the picture's height
    int fill_min_permille = 200;   // of a box that is foreground: less is a thread of noise
    double person_width = 0;       // of the whole picture's pixels; 0: learnt from who walks alone
    int flood_permille = 500;      // more foreground than this is a change of light, not people
};

// Frames after a start or a flood in which the background is not yet fit to tell a flood.
inline constexpr int kSettlingFrames = 5;

// Finds what moves before a background that it learns (KNN, Zivkovic and van der Heijden 2006):
// shadows are taken off, blobs become boxes in pixels of the whole picture. A change of light is
// relearnt and gives no boxes. Seeded at construction and at each reset: the same frames give the
// same boxes. One thread.
class MotionDetector final : public Detector {
public:
    explicit MotionDetector(MotionSettings settings = {});
    ~MotionDetector() override;
    MotionDetector(const MotionDetector&) = delete;
    MotionDetector& operator=(const MotionDetector&) = delete;

    const std::vector<tracking::Box>& detect(const Frame& frame,
                                             std::span<const tracking::Track> known) override;
    void reset() override;  // forgets the background

    [[nodiscard]] bool sees() const override;
    [[nodiscard]] std::uint64_t light_changes() const override;  // frames left out

private:
    struct Model;
    std::unique_ptr<Model> model_;
};

}  // namespace aisle::camera
