#pragma once

#include <cstdint>
#include <vector>

namespace aisle::camera {

// A picture: rows from the top without gaps, three bytes a pixel (blue, green, red). Lives in RAM
// only.
struct Frame {
    struct Size {
        int width = 0;
        int height = 0;
    };
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> bgr;

    [[nodiscard]] bool empty() const { return bgr.empty(); }
    // Keeps the memory when the size stays.
    void shape(Size size) {
        width = size.width;
        height = size.height;
        bgr.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
    }
};

}  // namespace aisle::camera
