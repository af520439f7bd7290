#include "agent/core/money.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

namespace aisle {
namespace {

Money m(std::int64_t units) { return Money::minor(units); }

TEST(PercentOf, RoundsHalfAwayFromZero) {
    EXPECT_EQ(percent_of(m(5), BasisPoints{5000}), m(3));
    EXPECT_EQ(percent_of(m(-5), BasisPoints{5000}), m(-3));
    EXPECT_EQ(percent_of(m(99), BasisPoints{10}), m(0));
}

TEST(PercentOf, GivesTheAmountItselfForAHundredPercent) {
    EXPECT_EQ(percent_of(m(12345), BasisPoints{10000}), m(12345));
}

TEST(PercentOf, SurvivesTheLargestAmount) {
    EXPECT_EQ(percent_of(kMoneyMax, BasisPoints{10000}), kMoneyMax);
}

TEST(SplitByWeight, GivesLeftOverUnitsToTheLargestRemainders) {
    const std::vector<Money> weights{m(333), m(333), m(334)};
    EXPECT_EQ(split_by_weight(m(100), weights), (std::vector{m(33), m(33), m(34)}));
}

TEST(SplitByWeight, BreaksTiesTowardsTheEarlierPart) {
    const std::vector<Money> weights{m(1), m(1), m(1)};
    EXPECT_EQ(split_by_weight(m(2), weights), (std::vector{m(1), m(1), m(0)}));
}

TEST(SplitByWeight, PutsEverythingOnTheFirstPartWhenNothingWeighs) {
    const std::vector<Money> weights{m(0), m(0)};
    EXPECT_EQ(split_by_weight(m(7), weights), (std::vector{m(7), m(0)}));
}

TEST(SplitByWeight, AddsUpAndNeverExceedsAWeightInRandomBaskets) {
    std::mt19937_64 random{20261121};
    for (int round = 0; round < 20'000; ++round) {
        std::vector<Money> weights(1 + random() % 60);
        for (Money& w : weights) w = m(static_cast<std::int64_t>(random() % 10'000));
        const Money sum = std::accumulate(weights.begin(), weights.end(), Money{});
        const Money total =
            m(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(sum.minor() + 1)));
        const auto parts = split_by_weight(total, weights);
        ASSERT_EQ(std::accumulate(parts.begin(), parts.end(), Money{}), total);
        for (std::size_t i = 0; i < parts.size() && sum != Money{}; ++i)
            ASSERT_LE(parts[i], weights[i]);
        const auto negative = split_by_weight(-total, weights);
        for (std::size_t i = 0; i < parts.size(); ++i) ASSERT_EQ(negative[i], -parts[i]);
    }
}

}  // namespace
}  // namespace aisle
