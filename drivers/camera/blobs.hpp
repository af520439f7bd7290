#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "drivers/camera/frame.hpp"
#include "drivers/camera/person_size.hpp"
#include "drivers/tracking/box.hpp"

namespace aisle::camera {

// A pixel of a blob.
struct Dot {
    std::int16_t x = 0;
    std::int16_t y = 0;
};

// The shape of some pixels: their middle, and how far they reach along the axis on which they reach
// farthest (from second moments, cut at both ends' fringes) and across it.
struct BlobShape {
    tracking::Point middle;
    tracking::Point axis;  // of length 1
    double length = 0;
    double breadth = 0;
    tracking::Box box;
};
BlobShape shape_of(std::span<const Dot> dots);

// The people in one blob that was seen from above: as many as go along its longer axis, parted
// where the pixels part best; and a grown one with a child at a waist between them. `width` of one
// person. At most kSplitMax.
inline constexpr int kSplitMax = 6;
struct Split {
    std::vector<std::vector<Dot>> parts;
    // False when only a waist speaks for two: bodies in the floor's colour have waists as well, so
    // the lesser part may prolong a track and not begin one.
    bool sure = true;
};
Split split_by_width(const std::vector<Dot>& dots, double width);

// The dots in as many parts as there are middles to begin with: each dot to the nearest middle,
// then the middles to their dots, a few rounds (Lloyd, IEEE Trans. Inf. Theory 28, 1982). Parts
// that have got nothing are left out.
std::vector<std::vector<Dot>> share_out(std::span<const Dot> dots,
                                        std::vector<tracking::Point> middles);

}  // namespace aisle::camera
