#pragma once

#include <memory>
#include <span>
#include <vector>

#include "drivers/camera/frame.hpp"
#include "drivers/camera/preview.hpp"
#include "drivers/tracking/tracker.hpp"

namespace aisle::camera {

// Paints a Preview. The background is the approximate median of each pixel (McFarlane and Schofield
// 1995: a step towards the picture at each look), in which who passes leaves no trace, and pixels
// under anybody's box are not looked at; so a live person is not in it. Each of its pixels is the
// mean of a block and is shown only after kLooksMin looks: until then the picture is even grey.
// One thread; 4 bytes a pixel of the small picture; a look costs some 0.2 ms twice a second.
class PreviewPainter {
public:
    static constexpr int kWidthMax = 160;
    static constexpr int kLooksMin = 40;
    static constexpr milliseconds kLookEvery{500};
    static constexpr std::uint8_t kUnknown = 128;

    explicit PreviewPainter(std::shared_ptr<Preview> board) : board_{std::move(board)} {}

    // After each picture. `sees`: the detector could judge it.
    void look(const Frame& frame, std::span<const tracking::Track> tracks, bool sees,
              const Stamp& now);

private:
    struct Cell {
        std::uint8_t level = kUnknown;
        std::uint8_t looks = 0;  // at most kLooksMin
        bool covered = false;
    };
    void shape(const Frame& frame);
    void cover(std::span<const tracking::Track> tracks);
    void learn(const Frame& frame);
    void paint() const;

    std::shared_ptr<Preview> board_;
    Frame::Size seen_;  // of the camera's picture
    int width_ = 0;     // of the background
    int height_ = 0;
    std::vector<Cell> cells_;
    MonoTime next_look_{};
};

}  // namespace aisle::camera
