#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "drivers/camera/detector.hpp"
#include "drivers/camera/motion_settings.hpp"

namespace aisle::camera {

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
    [[nodiscard]] bool from_above() const override;
    // Sudden changes, levelled or left out.
    [[nodiscard]] std::uint64_t light_changes() const override;

private:
    struct Model;
    std::unique_ptr<Model> model_;
};

}  // namespace aisle::camera
