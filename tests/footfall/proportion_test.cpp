#include "agent/footfall/proportion.hpp"

#include <gtest/gtest.h>

namespace aisle::footfall {
namespace {

TEST(Permille, RoundsToTheNearest) {
    EXPECT_EQ(permille_of({2, 3}), 667);
    EXPECT_EQ(permille_of({1, 3}), 333);
    EXPECT_EQ(permille_of({0, 0}), 1000);
}

// 18 of 20: 0.6990 to 0.9721 by the formula; 97 of 100: 0.9155 to 0.9897.
TEST(WilsonRange, IsTheFormulaRoundedOutwards) {
    EXPECT_EQ(wilson_range({18, 20}), (PermilleRange{698, 973}));
    EXPECT_EQ(wilson_range({97, 100}), (PermilleRange{915, 990}));
}

TEST(WilsonRange, DoesNotShrinkToAPointWhereAllWereRight) {
    EXPECT_EQ(wilson_range({20, 20}), (PermilleRange{838, 1000}));
    EXPECT_EQ(wilson_range({0, 10}), (PermilleRange{0, 278}));
}

TEST(WilsonRange, KnowsNothingOfNothing) {
    EXPECT_EQ(wilson_range({0, 0}), (PermilleRange{0, 1000}));
}

TEST(WilsonRange, GrowsNarrowerWithMorePeople) {
    std::int32_t last = 1000;
    for (const std::int64_t n : {10, 40, 160, 640}) {
        const auto range = wilson_range({n * 9 / 10, n});
        EXPECT_LT(range.high - range.low, last) << n;
        EXPECT_LE(range.low, 900);
        EXPECT_GE(range.high, 900);
        last = range.high - range.low;
    }
}

TEST(NetRange, IsThatOfTwoPoissonCounts) {
    EXPECT_NEAR(net_range({4, 4}).low, -6.7445, 1e-3);
    EXPECT_NEAR(net_range({4, 4}).high, 6.7445, 1e-3);
    EXPECT_NEAR(net_range({9, 1}).low, 1.6793, 1e-3);
    EXPECT_NEAR(net_range({9, 1}).high, 16.1481, 1e-3);
}

TEST(NetRange, KeepsItsWidthWhereNothingWasWrong) {
    EXPECT_NEAR(net_range({0, 0}).low, -3.8415, 1e-3);
    EXPECT_NEAR(net_range({0, 0}).high, 3.8415, 1e-3);
}

}  // namespace
}  // namespace aisle::footfall
