#include "drivers/simulated/fixed.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace aisle::simulated {
namespace {

TEST(Fixed, KnowsTheSineOfEveryAngle) {
    for (int angle = -300; angle < 600; ++angle) {
        const double exact = std::sin(angle * 2 * std::numbers::pi / kTurn) * kUnit;
        ASSERT_NEAR(sine(angle), exact, 0.51) << angle;
        ASSERT_EQ(cosine(angle), sine(angle + kTurn / 4)) << angle;
    }
}

TEST(Fixed, TellsTheAngleOfAVectorWithinTwoDegrees) {
    for (int angle = 0; angle < kTurn; ++angle) {
        const int told = angle_of(cosine(angle), sine(angle));
        const int off = (told - angle + kTurn + kTurn / 2) % kTurn - kTurn / 2;
        ASSERT_LE(std::abs(off), 1) << angle;
    }
    EXPECT_EQ(angle_of(0, 0), 0);
}

TEST(Fixed, TakesTheWholePartOfARoot) {
    for (std::int64_t n = 0; n < 2000; ++n) {
        ASSERT_EQ(root_of(n * n), n);
        ASSERT_EQ(root_of(n * n + 2 * n), n) << "one below the next square";
    }
    EXPECT_EQ(root_of(-4), 0);
    EXPECT_EQ(root_of(std::int64_t{3'000'000'000} * 3'000'000'000), 3'000'000'000);
}

}  // namespace
}  // namespace aisle::simulated
