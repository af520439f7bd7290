#include "agent/offers/rare_counts.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace aisle::offers {
namespace {

TEST(RareCounts, OfNothingOrMoreAreCertain) { EXPECT_EQ(at_least(0, {.mean = 2}), 1); }

TEST(RareCounts, AreImpossibleWhereNoneAreExpected) { EXPECT_EQ(at_least(1, {.mean = 0}), 0); }

TEST(RareCounts, FollowPoissonWithoutSpread) {
    EXPECT_NEAR(at_least(1, {.mean = 2}), 1 - std::exp(-2.0), 1e-12);
    EXPECT_NEAR(at_least(3, {.mean = 2}), 1 - std::exp(-2.0) * (1 + 2 + 2), 1e-12);
}

TEST(RareCounts, KeepTheirDigitsFarOut) {
    // 10^30 e^-10 / 30! and what follows.
    EXPECT_NEAR(at_least(30, {.mean = 10}) / 2.5e-7, 1.0, 0.03);
    EXPECT_GT(at_least(200, {.mean = 10}), 0);
}

TEST(RareCounts, OfAGeometricAreItsPowers) {
    // spread 1 is geometric: P(X >= n) = (m / (1 + m))^n.
    EXPECT_NEAR(at_least(4, {.mean = 3, .spread = 1}), std::pow(0.75, 4), 1e-12);
}

TEST(RareCounts, AreLessRareTheMoreTheyScatter) {
    double before = 0;
    for (const double spread : {0.0, 0.1, 0.3, 1.0}) {
        const double p = at_least(20, {.mean = 5, .spread = spread});
        EXPECT_GT(p, before);
        before = p;
    }
}

}  // namespace
}  // namespace aisle::offers
