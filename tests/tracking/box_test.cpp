#include "drivers/tracking/box.hpp"

#include <gtest/gtest.h>

namespace aisle::tracking {
namespace {

TEST(Boxes, OverlapIsOneWithThemselvesAndNothingWhenApart) {
    const Box box{.x = 10, .y = 10, .w = 20, .h = 40};
    EXPECT_DOUBLE_EQ(overlap(box, box), 1);
    EXPECT_DOUBLE_EQ(overlap(box, {.x = 30, .y = 10, .w = 20, .h = 40}), 0);
    EXPECT_DOUBLE_EQ(overlap(box, {.x = 20, .y = 10, .w = 20, .h = 40}), 1.0 / 3);
}

TEST(Boxes, StandALittleAboveTheirLowerEdge) {
    EXPECT_EQ(foot_point({.x = 10, .y = 100, .w = 20, .h = 40}), (Point{20, 138}));
}

}  // namespace
}  // namespace aisle::tracking
