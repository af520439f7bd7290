#include "drivers/tracking/motion_filter.hpp"

#include <gtest/gtest.h>

namespace aisle::tracking {
namespace {

Box walker_at(double x) { return {.x = x, .y = 100, .w = 30, .h = 80}; }

MotionFilter after_walking(int steps, double pixels_a_step) {
    MotionFilter filter{walker_at(0)};
    for (int i = 1; i <= steps; ++i) {
        filter.predict(0.1);
        filter.correct(walker_at(i * pixels_a_step));
    }
    return filter;
}

TEST(MotionFilter, BeginsWhereItWasTold) {
    const Box box = MotionFilter{walker_at(50)}.box();
    EXPECT_DOUBLE_EQ(box.x, 50);
    EXPECT_DOUBLE_EQ(box.y, 100);
    EXPECT_DOUBLE_EQ(box.w, 30);
    EXPECT_DOUBLE_EQ(box.h, 80);
}

TEST(MotionFilter, LearnsTheSpeed) {
    EXPECT_NEAR(after_walking(30, 5).velocity_s().x, 50, 2);
    EXPECT_NEAR(after_walking(30, 5).velocity_s().y, 0, 0.1);
}

TEST(MotionFilter, GoesOnWalkingWhenNothingIsSeen) {
    MotionFilter filter = after_walking(30, 5);
    filter.predict(1.0);
    EXPECT_NEAR(filter.box().x, 200, 5);
}

TEST(MotionFilter, BelievesANoisyPlaceLess) {
    MotionFilter sure = after_walking(10, 5);
    MotionFilter unsure = after_walking(10, 5);
    sure.correct(walker_at(100));
    unsure.correct(walker_at(100), 4);
    EXPECT_GT(sure.box().x, unsure.box().x + 5);
}

TEST(MotionFilter, NeverShrinksToNothing) {
    MotionFilter filter{{.x = 0, .y = 0, .w = 20, .h = 20}};
    for (int i = 0; i < 50; ++i) {
        filter.predict(0.5);
        filter.correct({.x = 0, .y = 0, .w = 0.1, .h = 0.1});
    }
    filter.predict(60);
    EXPECT_GE(filter.box().w, 2);
    EXPECT_GE(filter.box().h, 2);
}

}  // namespace
}  // namespace aisle::tracking
