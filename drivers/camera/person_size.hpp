#pragma once

#include "drivers/tracking/scene.hpp"

namespace aisle::camera {

// How large people are in this picture, learnt from blobs that are one person each: the middle of
// what was seen, followed slowly. Before anything was seen a guess. Pure.
class PersonSize {
public:
    // The guess of the width in pixels stands until something was seen.
    PersonSize(tracking::View view, double width_guess)
        : view_{view}, guess_{width_guess}, width_{width_guess} {}

    // A blob's longer axis, and its upright box's height by width. Only of such as stand alone,
    // clear of the picture's edge.
    struct Alone {
        double length = 0;
        double aspect = 1;
    };
    void learn(const Alone& alone);

    [[nodiscard]] double width() const { return width_; }
    // People are upright stripes: the camera looks from the side. Else it looks down on them. Until
    // that is decided they are taken for upright.
    [[nodiscard]] bool from_side() const {
        if (view_ != tracking::View::Learnt) return view_ == tracking::View::Side;
        return !decided() || aspect_ > kFromSide;
    }

    // Enough was seen to tell the one from the other.
    [[nodiscard]] bool decided() const {
        return view_ != tracking::View::Learnt || seen_ >= kSeenEnough;
    }

private:
    static constexpr int kSeenEnough = 60;
    static constexpr double kFromSide = 2.3;

    tracking::View view_;
    double guess_;
    double width_;
    double aspect_ = kFromSide - 0.2;
    int seen_ = 0;
};

}  // namespace aisle::camera
