#include "drivers/camera/person_size.hpp"

#include <algorithm>

namespace aisle::camera {
namespace {

constexpr double kStepMin = 0.004;  // of the value: what one more blob moves it by
constexpr double kStepMax = 0.05;   // the first ones more
// Of the width. A person is some fifty blobs: nobody moves it by more than a twentieth.
constexpr double kStepWidth = 0.0015;
constexpr int kSeenMax = 1000;
// Children are shorter and parts of people too, people with bags are longer: the grown ones are in
// the middle. No blob makes people larger or smaller than the guess allows.
constexpr double kGrown = 0.5;
constexpr double kStray = 0.25;
constexpr double kPiece = 0.6;  // of the width: a piece of somebody, which says nothing

// Towards a share of what is seen lying below: the middle for 0.5 (Robbins and Monro 1951).
void follow(double& value, double seen, double share_below, double step) {
    value *= seen > value ? 1 + step * share_below : 1 - step * (1 - share_below);
}

}  // namespace

void PersonSize::learn(const Alone& alone) {
    seen_ = std::min(seen_ + 1, kSeenMax);
    const double step = std::clamp(1.0 / seen_, kStepMin, kStepMax);
    if (alone.length > kPiece * width_)
        follow(width_, alone.length, kGrown, std::min(step, kStepWidth));
    width_ = std::clamp(width_, guess_ * (1 - kStray), guess_ * (1 + kStray));
    follow(aspect_, alone.aspect, 0.5, step);
}

}  // namespace aisle::camera
