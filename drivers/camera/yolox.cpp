#include "drivers/camera/yolox.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace aisle::camera {
namespace {

constexpr std::array<int, 3> kStrides{8, 16, 32};
// Where a row's numbers are.
enum Column : std::size_t { kX, kY, kW, kH, kObjectness, kPerson, kColumnsMin };
constexpr double kSizeLogMax = 10;  // of a box in cells: e^10 cells are wider than any picture
// Boxes that take part in the suppression, which is quadratic. A picture full of people has some
// 50 a person before it.
constexpr std::size_t kCandidatesMax = 2048;

struct Cell {
    int x = 0;
    int y = 0;
    int stride = 1;
};

// One row, if it is a person: its numbers say how far from the cell and how large in cells.
void decode_row(const float* row, const Cell& cell, double score_min,
                std::vector<tracking::Box>& boxes) {
    const double score = static_cast<double>(row[kObjectness]) * static_cast<double>(row[kPerson]);
    if (!(score >= score_min && score <= 1)) return;
    const double x = (static_cast<double>(row[kX]) + cell.x) * cell.stride;
    const double y = (static_cast<double>(row[kY]) + cell.y) * cell.stride;
    const double w = std::exp(std::min<double>(row[kW], kSizeLogMax)) * cell.stride;
    const double h = std::exp(std::min<double>(row[kH], kSizeLogMax)) * cell.stride;
    if (!std::isfinite(x + y + w + h)) return;
    boxes.push_back({.x = x - w / 2, .y = y - h / 2, .w = w, .h = h, .score = score});
}

std::vector<tracking::Box> suppressed(const std::vector<tracking::Box>& boxes, double overlap_max) {
    std::vector<tracking::Box> kept;
    for (const tracking::Box& box : boxes) {
        const bool again = std::ranges::any_of(kept, [&](const tracking::Box& better) {
            return tracking::overlap(better, box) > overlap_max;
        });
        if (!again) kept.push_back(box);
    }
    return kept;
}

// The net draws people beyond the picture's edge whole; nobody else does.
tracking::Box in_picture(const tracking::Box& box, double scale, Frame::Size picture) {
    const double left = std::clamp(box.x / scale, 0.0, static_cast<double>(picture.width));
    const double top = std::clamp(box.y / scale, 0.0, static_cast<double>(picture.height));
    const double right =
        std::clamp((box.x + box.w) / scale, 0.0, static_cast<double>(picture.width));
    const double bottom =
        std::clamp((box.y + box.h) / scale, 0.0, static_cast<double>(picture.height));
    return {.x = left, .y = top, .w = right - left, .h = bottom - top, .score = box.score};
}

}  // namespace

Letterbox Letterbox::of(Frame::Size picture, Frame::Size input) {
    const double across = static_cast<double>(input.width) / picture.width;
    const double upright = static_cast<double>(input.height) / picture.height;
    return {.input = input, .scale = std::min(across, upright)};
}

std::size_t yolox_rows(Frame::Size input) {
    std::size_t rows = 0;
    for (const int stride : kStrides) {
        rows += static_cast<std::size_t>(input.width / stride) *
                static_cast<std::size_t>(input.height / stride);
    }
    return rows;
}

std::vector<tracking::Box> decode_yolox(const YoloxAnswer& answer, const Letterbox& letterbox,
                                        Frame::Size picture, const YoloxLimits& limits) {
    std::vector<tracking::Box> boxes;
    const std::size_t needed = yolox_rows(letterbox.input) * answer.columns;
    if (answer.columns < kColumnsMin || answer.values.size() < needed) return boxes;

    const float* row = answer.values.data();
    for (const int stride : kStrides) {
        for (int y = 0; y < letterbox.input.height / stride; ++y) {
            for (int x = 0; x < letterbox.input.width / stride; ++x, row += answer.columns) {
                decode_row(row, {.x = x, .y = y, .stride = stride}, limits.score_min, boxes);
            }
        }
    }
    std::ranges::stable_sort(boxes, std::greater{}, &tracking::Box::score);
    if (boxes.size() > kCandidatesMax) boxes.resize(kCandidatesMax);
    boxes = suppressed(boxes, limits.overlap_max);
    for (tracking::Box& box : boxes) box = in_picture(box, letterbox.scale, picture);
    std::erase_if(boxes, [](const tracking::Box& box) { return box.w <= 0 || box.h <= 0; });
    return boxes;
}

}  // namespace aisle::camera
