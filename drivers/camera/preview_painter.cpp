#include "drivers/camera/preview_painter.hpp"

#include <algorithm>
#include <cmath>

namespace aisle::camera {
namespace {

constexpr double kMargin = 0.25;  // of a box, on each side: a shadow, an arm

// Large steps at first, so that the floor is found within the looks that hide it.
int step_at(int looks) {
    if (looks < 16) return 12;
    if (looks < 24) return 6;
    return looks < 32 ? 3 : 1;
}

PreviewBox box_of(const tracking::Track& track) {
    const auto whole = [](double value) { return static_cast<int>(std::lround(value)); };
    return {.x = whole(track.box.x),
            .y = whole(track.box.y),
            .w = whole(track.box.w),
            .h = whole(track.box.h),
            .sure = track.confirmed};
}

// Mean grey of the block [x0, x1) x [y0, y1).
int mean_of(const Frame& frame, int x0, int x1, int y0, int y1) {
    std::int64_t sum = 0;
    for (int y = y0; y < y1; ++y) {
        const std::uint8_t* pixel = frame.bgr.data() + (static_cast<std::size_t>(y) *
                                                            static_cast<std::size_t>(frame.width) +
                                                        static_cast<std::size_t>(x0)) *
                                                           3;
        for (int x = x0; x < x1; ++x, pixel += 3) sum += pixel[0] + 2 * pixel[1] + pixel[2];
    }
    const std::int64_t pixels = static_cast<std::int64_t>(x1 - x0) * (y1 - y0);
    return static_cast<int>(sum / (4 * std::max<std::int64_t>(1, pixels)));
}

}  // namespace

void PreviewPainter::look(const Frame& frame, std::span<const tracking::Track> tracks, bool sees,
                          const Stamp& now) {
    if (!board_ || frame.empty()) return;
    PreviewView view{.width = frame.width, .height = frame.height, .at = now.wall};
    for (const tracking::Track& track : tracks) {
        if (track.seen && !track.masked) view.boxes.push_back(box_of(track));
    }
    board_->show(std::move(view));
    if (!sees || now.mono < next_look_) return;
    next_look_ = now.mono + kLookEvery;
    shape(frame);
    cover(tracks);
    learn(frame);
    paint();
}

// A picture of another size begins anew.
void PreviewPainter::shape(const Frame& frame) {
    if (seen_.width == frame.width && seen_.height == frame.height) return;
    seen_ = {frame.width, frame.height};
    width_ = std::min(kWidthMax, frame.width);
    height_ = std::max(1, frame.height * width_ / frame.width);
    cells_.assign(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_), {});
}

void PreviewPainter::cover(std::span<const tracking::Track> tracks) {
    for (Cell& cell : cells_) cell.covered = false;
    const double across = static_cast<double>(width_) / seen_.width;
    const double down = static_cast<double>(height_) / seen_.height;
    const auto cell_at = [](double place, int end) {
        return static_cast<int>(std::clamp(std::floor(place), 0.0, static_cast<double>(end)));
    };
    for (const tracking::Track& track : tracks) {
        const tracking::Box& box = track.box;
        const int x0 = cell_at((box.x - kMargin * box.w) * across, width_);
        const int x1 = cell_at((box.x + (1 + kMargin) * box.w) * across + 1, width_);
        const int y0 = cell_at((box.y - kMargin * box.h) * down, height_);
        const int y1 = cell_at((box.y + (1 + kMargin) * box.h) * down + 1, height_);
        for (int y = y0; y < y1; ++y) {
            for (int x = x0; x < x1; ++x)
                cells_[static_cast<std::size_t>(y * width_ + x)].covered = true;
        }
    }
}

void PreviewPainter::learn(const Frame& frame) {
    for (int y = 0; y < height_; ++y) {
        for (int x = 0; x < width_; ++x) {
            Cell& cell = cells_[static_cast<std::size_t>(y * width_ + x)];
            if (cell.covered) continue;
            const int seen =
                mean_of(frame, x * frame.width / width_, (x + 1) * frame.width / width_,
                        y * frame.height / height_, (y + 1) * frame.height / height_);
            const int step = step_at(cell.looks);
            cell.level =
                static_cast<std::uint8_t>(cell.level + std::clamp(seen - cell.level, -step, step));
            if (cell.looks < kLooksMin) ++cell.looks;
        }
    }
}

void PreviewPainter::paint() const {
    GreyPicture picture{.width = width_, .height = height_};
    picture.grey.reserve(cells_.size());
    for (const Cell& cell : cells_)
        picture.grey.push_back(cell.looks >= kLooksMin ? cell.level : kUnknown);
    board_->paint(std::move(picture));
}

}  // namespace aisle::camera
