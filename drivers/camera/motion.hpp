#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "agent/core/time.hpp"
#include "drivers/tracking/box.hpp"

namespace cv {
class Mat;
}

namespace aisle::camera {

struct MotionSettings {
    int analysis_width = 384;     // the picture is reduced to about this width
    int history = 500;            // frames that the background remembers
    double distance2 = 400;       // squared colour distance from which a pixel is foreground
    double height_min = 28;       // of a person, in pixels of the whole picture
    double flood_permille = 500;  // more foreground than this is a change of light, not people
};

// Finds what moves before a background that it learns (KNN, Zivkovic 2006): shadows are taken off,
// blobs become boxes in pixels of the whole picture. A change of light is relearnt and gives no
// boxes. Seeded at construction: the same frames give the same boxes. One thread.
class MotionDetector {
public:
    explicit MotionDetector(MotionSettings settings = {});
    ~MotionDetector();
    MotionDetector(const MotionDetector&) = delete;
    MotionDetector& operator=(const MotionDetector&) = delete;

    // The frame is only read. An empty frame gives no boxes. Good until the next call.
    const std::vector<tracking::Box>& detect(const cv::Mat& frame);
    void reset();  // forgets the background

    [[nodiscard]] std::uint64_t floods() const;  // frames that were left out as changes of light

private:
    struct Model;
    std::unique_ptr<Model> model_;
};

}  // namespace aisle::camera
