// Money's arithmetic by property: sums, signs, rounding and the largest amounts.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include "agent/core/money.hpp"

namespace aisle {
namespace {

Money m(std::int64_t units) { return Money::minor(units); }
Money sum_of(const std::vector<Money>& parts) {
    return std::accumulate(parts.begin(), parts.end(), Money{});
}

TEST(Money, IsNothingAtFirst) { EXPECT_EQ(Money{}.minor(), 0); }

TEST(Money, AddsSubtractsAndMultiplies) {
    EXPECT_EQ(m(250) + m(-50), m(200));
    EXPECT_EQ(m(250) - m(300), m(-50));
    EXPECT_EQ(m(-5) * 3, m(-15));
    EXPECT_EQ(-m(7), m(-7));
}

TEST(Money, ChangesInPlace) {
    Money till = m(100);
    till += m(50);
    EXPECT_EQ(till, m(150));
    till -= m(200);
    EXPECT_EQ(till, m(-50));
}

TEST(Money, HasAMagnitudeWithoutASign) {
    EXPECT_EQ(m(-7).magnitude(), m(7));
    EXPECT_EQ(m(7).magnitude(), m(7));
    EXPECT_EQ(m(0).magnitude(), m(0));
}

TEST(Money, IsOrderedByItsAmount) {
    EXPECT_LT(m(-1), m(0));
    EXPECT_LT(m(0), m(1));
    EXPECT_GT(kMoneyMax, m(9'999'999'999'999));
}

TEST(Money, LeavesRoomForAHundredThousandLargestLines) {
    Money sum;
    for (int i = 0; i < 100'000; ++i) sum += kMoneyMax;
    EXPECT_EQ(sum, kMoneyMax * 100'000);
    EXPECT_GT(sum, kMoneyMax);
}

struct Share {
    std::int64_t amount;
    int basis_points;
    std::int64_t part;
};

TEST(PercentOf, RoundsToTheNearestUnit) {
    for (const auto& [amount, basis_points, part] :
         {Share{100, 2500, 25}, Share{99, 2500, 25}, Share{98, 2500, 25}, Share{97, 2500, 24},
          Share{1, 4999, 0}, Share{1, 5000, 1}, Share{-1, 4999, 0}, Share{-1, 5000, -1},
          Share{3, 5000, 2}, Share{-3, 5000, -2}, Share{12'345, 1, 1}, Share{4'999, 1, 0},
          Share{5'000, 1, 1}, Share{0, 10'000, 0}, Share{777, 0, 0}, Share{200, 15'000, 300}}) {
        EXPECT_EQ(percent_of(m(amount), BasisPoints{basis_points}), m(part))
            << amount << " at " << basis_points;
    }
}

TEST(PercentOf, IsNeverOffByMoreThanHalfAUnit) {
    std::mt19937_64 random{11};
    for (int i = 0; i < 20'000; ++i) {
        const auto amount = static_cast<std::int64_t>(random() % 2'000'001) - 1'000'000;
        const auto share = static_cast<std::int32_t>(random() % 10'001);
        const std::int64_t part = percent_of(m(amount), BasisPoints{share}).minor();
        ASSERT_LE(std::abs(part * 10'000 - amount * share), 5'000) << amount << " at " << share;
    }
}

TEST(PercentOf, IsTheSameForAReturnWithItsSignTurned) {
    std::mt19937_64 random{12};
    for (int i = 0; i < 20'000; ++i) {
        const Money amount = m(static_cast<std::int64_t>(random() % 100'000'000));
        const BasisPoints share{static_cast<std::int32_t>(random() % 10'001)};
        ASSERT_EQ(percent_of(-amount, share), -percent_of(amount, share));
    }
}

TEST(PercentOf, NeverExceedsTheAmount) {
    std::mt19937_64 random{13};
    for (int i = 0; i < 20'000; ++i) {
        const Money amount = m(static_cast<std::int64_t>(random() % 10'000'000'000'001));
        ASSERT_LE(percent_of(amount, BasisPoints{static_cast<std::int32_t>(random() % 10'001)}),
                  amount);
    }
}

TEST(BasisPoints, AreOrdered) {
    EXPECT_LT(BasisPoints{1}, BasisPoints{2});
    EXPECT_EQ(BasisPoints{2500}, BasisPoints{2500});
}

TEST(SplitByWeight, GivesAllToTheOnlyPart) {
    EXPECT_EQ(split_by_weight(m(41), std::vector{m(3)}), std::vector{m(41)});
    EXPECT_EQ(split_by_weight(m(-41), std::vector{m(0)}), std::vector{m(-41)});
}

TEST(SplitByWeight, SplitsNothingIntoNothings) {
    EXPECT_EQ(split_by_weight(m(0), std::vector{m(5), m(7)}), (std::vector{m(0), m(0)}));
}

TEST(SplitByWeight, GivesALineOfNoWeightNothing) {
    EXPECT_EQ(split_by_weight(m(99), std::vector{m(0), m(50), m(0), m(49)}),
              (std::vector{m(0), m(50), m(0), m(49)}));
}

TEST(SplitByWeight, GivesEveryPartItsWeightWhenAllIsTaken) {
    const std::vector weights{m(890), m(1), m(0), m(12'345), m(7)};
    EXPECT_EQ(split_by_weight(sum_of(weights), weights), weights);
}

TEST(SplitByWeight, SurvivesTheLargestAmounts) {
    const std::vector weights{kMoneyMax, kMoneyMax, kMoneyMax};
    EXPECT_EQ(sum_of(split_by_weight(kMoneyMax, weights)), kMoneyMax);
    EXPECT_EQ(split_by_weight(kMoneyMax * 3, weights), weights);
}

TEST(SplitByWeight, StaysWithinAUnitOfTheExactShare) {
    std::mt19937_64 random{14};
    for (int round = 0; round < 5'000; ++round) {
        std::vector<Money> weights(1 + random() % 20);
        for (Money& weight : weights) weight = m(1 + static_cast<std::int64_t>(random() % 5'000));
        const std::int64_t sum = sum_of(weights).minor();
        const std::int64_t total = static_cast<std::int64_t>(random() % 100'000);
        const auto parts = split_by_weight(m(total), weights);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            ASSERT_LT(std::abs(parts[i].minor() * sum - total * weights[i].minor()), sum);
        }
    }
}

TEST(SplitByWeight, GivesAHeavierPartNoLess) {
    std::mt19937_64 random{15};
    for (int round = 0; round < 5'000; ++round) {
        std::vector<Money> weights(2 + random() % 12);
        for (Money& weight : weights) weight = m(static_cast<std::int64_t>(random() % 300));
        std::ranges::sort(weights, std::greater{});
        const auto parts = split_by_weight(m(static_cast<std::int64_t>(random() % 400)), weights);
        if (sum_of(weights) == Money{}) continue;
        ASSERT_TRUE(std::ranges::is_sorted(parts, std::greater{}));
    }
}

}  // namespace
}  // namespace aisle
