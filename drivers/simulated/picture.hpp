#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace aisle::simulated {

// What a camera that does not exist has taken: rows from the top without gaps, three bytes a pixel
// (blue, green, red), as OpenCV and drivers/camera have them.
struct Picture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> bgr;

    // Keeps the memory when the size stays.
    void shape(int new_width, int new_height) {
        width = new_width;
        height = new_height;
        bgr.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
    }
};

}  // namespace aisle::simulated
