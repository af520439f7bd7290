#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace aisle::simulated {

inline constexpr int kSceneWidth = 320;  // pixels
inline constexpr int kSceneHeight = 240;

// What a camera that does not exist has taken: rows from the top without gaps, three bytes a pixel
// (blue, green, red), as OpenCV and drivers/camera have them.
struct Picture {
    int width = kSceneWidth;
    int height = kSceneHeight;
    std::vector<std::uint8_t> bgr =
        std::vector<std::uint8_t>(std::size_t{3} * kSceneWidth * kSceneHeight);
};

}  // namespace aisle::simulated
