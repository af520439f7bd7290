#pragma once

#include <span>
#include <vector>

#include "agent/core/error.hpp"
#include "drivers/camera/frame.hpp"
#include "drivers/tracking/box.hpp"

// What a YOLOX net answers, as boxes: pure arithmetic, no OpenCV (Ge et al. 2021, YOLOX: Exceeding
// YOLO Series in 2021, and the exporter's demo `demo_postprocess`).
namespace aisle::camera {

// The net's square of the picture: scaled to fit, put into the upper left corner, the rest grey
// 114, as in training.
struct Letterbox {
    Frame::Size input;  // of the net
    double scale = 1;   // input pixels a picture pixel

    static Letterbox of(Frame::Size picture, Frame::Size input);
};

struct YoloxLimits {
    double score_min = 0.1;     // objectness times class
    double overlap_max = 0.45;  // of two boxes that are both kept
};

// Rows in the answer for an input of that size: one a cell of strides 8, 16 and 32.
std::size_t yolox_rows(Frame::Size input);

// People in `answer`, rows of `columns` numbers: cx, cy, w, h in cells and logarithms of them,
// objectness, then a probability a class; class 0 is a person. Boxes in pixels of the picture, cut
// at its edges, the surest first, after non-maximum suppression. Numbers that are not finite give
// no box.
struct YoloxAnswer {
    std::span<const float> values;
    std::size_t columns = 85;
};
std::vector<tracking::Box> decode_yolox(const YoloxAnswer& answer, const Letterbox& letterbox,
                                        Frame::Size picture, const YoloxLimits& limits = {});

}  // namespace aisle::camera
