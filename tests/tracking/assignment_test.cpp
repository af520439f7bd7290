#include "drivers/tracking/assignment.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace aisle::tracking {
namespace {

Costs costs_of(const std::vector<std::vector<double>>& rows) {
    Costs costs{{.rows = rows.size(), .columns = rows.empty() ? 0 : rows[0].size()}};
    for (std::size_t r = 0; r < rows.size(); ++r) {
        for (std::size_t c = 0; c < rows[r].size(); ++c) costs.at(r, c) = rows[r][c];
    }
    return costs;
}

double total(const Costs& costs, const std::vector<Pair>& pairs) {
    return std::accumulate(pairs.begin(), pairs.end(), 0.0, [&](double sum, const Pair& pair) {
        return sum + costs.at(pair.row, pair.column);
    });
}

// All permutations: the truth, for small squares.
double cheapest(const Costs& costs) {
    std::vector<std::size_t> column(costs.shape().rows);
    std::iota(column.begin(), column.end(), std::size_t{0});
    double best = Costs::kForbidden * 100;
    do {
        double sum = 0;
        for (std::size_t r = 0; r < column.size(); ++r) sum += costs.at(r, column[r]);
        best = std::min(best, sum);
    } while (std::ranges::next_permutation(column).found);
    return best;
}

TEST(Assignment, PrefersTheCheapestWholeToTheCheapestPair) {
    EXPECT_EQ(assign(costs_of({{1, 2}, {2, 9}})), (std::vector<Pair>{{0, 1}, {1, 0}}));
}

TEST(Assignment, LeavesOutForbiddenPairs) {
    EXPECT_EQ(assign(costs_of({{Costs::kForbidden, 1}, {Costs::kForbidden, 2}})),
              (std::vector<Pair>{{0, 1}}));
}

TEST(Assignment, TakesMoreRowsThanColumnsAndTheOtherWayRound) {
    EXPECT_EQ(assign(costs_of({{5}, {1}, {3}})), (std::vector<Pair>{{1, 0}}));
    EXPECT_EQ(assign(costs_of({{5, 1, 3}})), (std::vector<Pair>{{0, 1}}));
}

TEST(Assignment, OfNothingIsNothing) {
    EXPECT_TRUE(assign(Costs{{.rows = 0, .columns = 0}}).empty());
    EXPECT_TRUE(assign(Costs{{.rows = 3, .columns = 0}}).empty());
    EXPECT_TRUE(assign(Costs{{.rows = 0, .columns = 3}}).empty());
}

TEST(Assignment, IsAsCheapAsTheBestPermutation) {
    std::mt19937 random{7};
    for (int round = 0; round < 200; ++round) {
        const std::size_t size = 1 + random() % 6;
        Costs costs{{.rows = size, .columns = size}};
        for (std::size_t r = 0; r < size; ++r) {
            for (std::size_t c = 0; c < size; ++c)
                costs.at(r, c) = static_cast<double>(random() % 100);
        }
        const auto pairs = assign(costs);
        EXPECT_EQ(pairs.size(), size);
        EXPECT_DOUBLE_EQ(total(costs, pairs), cheapest(costs));
    }
}

}  // namespace
}  // namespace aisle::tracking
