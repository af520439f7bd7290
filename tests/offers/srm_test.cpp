#include "agent/core/srm.hpp"

#include <gtest/gtest.h>

#include "experiment_runs.hpp"

namespace aisle::offers {
namespace {

RatioLook halves(std::int64_t a, std::int64_t b) {
    const std::array<RatioGroup, 2> groups{{{.weight = 0.5, .n = a}, {.weight = 0.5, .n = b}}};
    return look_at_ratio(groups);
}

TEST(ChiSquared, HasTheTailsOfTheTables) {
    EXPECT_NEAR(upper_tail({.statistic = 3.841459, .freedom = 1}), 0.05, 1e-6);
    EXPECT_NEAR(upper_tail({.statistic = 10.827566, .freedom = 1}), 0.001, 1e-7);
    EXPECT_NEAR(upper_tail({.statistic = 5.991465, .freedom = 2}), 0.05, 1e-6);
    EXPECT_NEAR(upper_tail({.statistic = 7.814728, .freedom = 3}), 0.05, 1e-6);
    EXPECT_NEAR(upper_tail({.statistic = 18.307038, .freedom = 10}), 0.05, 1e-6);
    EXPECT_NEAR(upper_tail({.statistic = 19.675138, .freedom = 11}), 0.05, 1e-6);
    EXPECT_EQ(upper_tail({.statistic = 0, .freedom = 1}), 1);
}

TEST(Ratio, SaysNothingBelowAHundredExposures) {
    EXPECT_FALSE(halves(99, 0).alarm);
    EXPECT_TRUE(halves(100, 0).alarm);
}

TEST(Ratio, IsFineWhereTheHalvesAreHalves) {
    const RatioLook look = halves(5'000, 5'000);
    EXPECT_FALSE(look.alarm);
    EXPECT_DOUBLE_EQ(look.p, 1);
    EXPECT_LT(look.evidence, 0);
}

TEST(Ratio, AlarmsBelowOneInAThousandAndNotAbove) {
    // At 10,000 exposures p = 0.001 lies 164.5 away from the half.
    EXPECT_FALSE(halves(5'164, 4'836).alarm);
    EXPECT_TRUE(halves(5'165, 4'835).alarm);
}

TEST(Ratio, AsksForMoreOfAnEarlyLook) {
    const RatioLook look = halves(554, 446);  // p < 0.001, but only after 1,000 exposures
    EXPECT_LT(look.p, 0.001);
    EXPECT_FALSE(look.alarm);
    EXPECT_TRUE(halves(570, 430).alarm);
}

TEST(Ratio, AsksForTheMartingaleBeyondThePlannedExposures) {
    EXPECT_LT(halves(500'000 + 1'700, 500'000 - 1'700).p, 0.001);
    EXPECT_FALSE(halves(500'000 + 1'700, 500'000 - 1'700).alarm);
    EXPECT_TRUE(halves(500'000 + 4'000, 500'000 - 4'000).alarm);
}

TEST(Ratio, FollowsTheWeights) {
    const std::array<RatioGroup, 3> right{
        {{.weight = 5, .n = 51}, {.weight = 15, .n = 148}, {.weight = 80, .n = 801}}};
    EXPECT_FALSE(look_at_ratio(right).alarm);
    const std::array<RatioGroup, 3> wrong{
        {{.weight = 80, .n = 51}, {.weight = 15, .n = 148}, {.weight = 5, .n = 801}}};
    EXPECT_TRUE(look_at_ratio(wrong).alarm);
}

TEST(Ratio, AlarmsAtSomebodyInAGroupWithoutWeight) {
    const std::array<RatioGroup, 3> groups{
        {{.weight = 1, .n = 500}, {.weight = 1, .n = 500}, {.weight = 0, .n = 1}}};
    EXPECT_TRUE(look_at_ratio(groups).alarm);
}

TEST(Ratio, LooksAtAHundredAndThenEachFiveHundred) {
    EXPECT_EQ(next_look(0), 100);
    EXPECT_EQ(next_look(99), 100);
    EXPECT_EQ(next_look(100), 500);
    EXPECT_EQ(next_look(500), 1'000);
    EXPECT_EQ(next_look(10'499), 10'500);
}

// The whole of it is experiments_driver: 1,000 seeds, and all the looks.
TEST(Ratio, FindsFiftyTwoToFortyEightWithinTenThousandExposures) {
    EXPECT_GE(alarms({.share = 0.52}, 100, 1), 70);
}

TEST(Ratio, IsQuietWhereAllIsWellHoweverOftenOneLooks) {
    EXPECT_LE(alarms({.share = 0.5}, 200, 1), 3);
}

TEST(Assignments, AreBalancedAndIndependent) {
    const AssignmentRuns runs = run_assignments(60, 2'000);
    EXPECT_EQ(runs.balance.runs, 60);
    EXPECT_LE(runs.balance.below_5_percent, 9);
    EXPECT_EQ(runs.balance.below_1_permille, 0);
    EXPECT_LE(runs.independence.below_5_percent, 9);
    EXPECT_EQ(runs.independence.below_1_permille, 0);
}

TEST(Assignments, ThatHangTogetherAreSeen) {
    EXPECT_LT(independence_p({{{400, 100}, {100, 400}}}), 1e-9);
    EXPECT_GT(independence_p({{{250, 250}, {250, 250}}}), 0.99);
}

}  // namespace
}  // namespace aisle::offers
