#include <gtest/gtest.h>

#include "tests/fault/power_cuts.hpp"
#include "tests/fault/synchronous.hpp"

namespace aisle::fault {
namespace {

constexpr std::uint64_t kFirstSeed = 1'000'000;

LifeSums lives(std::uint64_t from_seed, int count, const LifeSettings& settings = {}) {
    LifeSums sums;
    for (int i = 0; i < count; ++i) sums += live(from_seed + static_cast<unsigned>(i), settings);
    return sums;
}

// 2,000 cuts in eight parts, so that they run side by side.
class PowerCuts : public testing::TestWithParam<std::uint64_t> {};

TEST_P(PowerCuts, LoseNothingThatWasAcknowledgedAndLeaveNoBatchInParts) {
    const LifeSums sums = lives(kFirstSeed + GetParam() * 1'000, 32);
    EXPECT_EQ(sums.trouble, "");
    EXPECT_EQ(sums.lost, 0);
    EXPECT_EQ(sums.corrupt, 0);
    EXPECT_GE(sums.cuts, 250);
    EXPECT_GT(sums.acked_records, 1'000) << "cuts must meet work";
    EXPECT_GT(sums.cut_openings, 3) << "some cuts must meet a start";
}

INSTANTIATE_TEST_SUITE_P(Parts, PowerCuts, testing::Range<std::uint64_t>(0, 8));

TEST(PowerCutsOfOneSeed, AreTheSameTwice) {
    const LifeSums once = lives(kFirstSeed, 3);
    const LifeSums twice = lives(kFirstSeed, 3);
    EXPECT_EQ(once.acked_records, twice.acked_records);
    EXPECT_EQ(once.acked_steps, twice.acked_steps);
    EXPECT_EQ(once.cut_openings, twice.cut_openings);
}

// Teeth: with a store or a disk that does not keep its word the same lives must find losses.
TEST(PowerCutsHaveTeeth, WithSynchronousOff) {
    const Synchronous off{"OFF"};
    const LifeSums sums = lives(kFirstSeed, 40);
    EXPECT_GT(sums.broken, 20);
    EXPECT_GT(sums.lost, 0);
    EXPECT_GT(sums.corrupt, 0);
}

// NORMAL keeps the database whole and loses the last commits.
TEST(PowerCutsHaveTeeth, WithSynchronousNormal) {
    const Synchronous normal{"NORMAL"};
    const LifeSums sums = lives(kFirstSeed, 40);
    EXPECT_GT(sums.broken, 20);
    EXPECT_GT(sums.lost, 0);
}

TEST(PowerCutsHaveTeeth, WithADiskThatLiesAboutItsSyncs) {
    const LifeSums sums = lives(kFirstSeed, 40, {.lying = true});
    EXPECT_GT(sums.broken, 20);
    EXPECT_GT(sums.lost, 0);
}

}  // namespace
}  // namespace aisle::fault
