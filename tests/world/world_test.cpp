#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/world/world.hpp"

namespace aisle::world {
namespace {

const std::string kCampaigns = std::string{AISLE_SOURCE_DIR} + "/config/campaigns";

std::string told(const Report& report) {
    std::ostringstream text;
    for (const std::string& fault : report.faults) text << fault << "\n";
    text << "again: world_driver --from-seed " << report.seed << " --count 1";
    return text.str();
}

Report live(std::uint64_t seed, milliseconds length, Tooth tooth = Tooth::None) {
    return run_world({.seed = seed,
                      .length = length,
                      .shops_max = 2,
                      .tooth = tooth,
                      .campaigns_dir = kCampaigns});
}

// Seeds that once failed come first: what was mended stays mended.
std::vector<std::uint64_t> kept_seeds() {
    std::vector<std::uint64_t> seeds;
    std::ifstream file{std::string{AISLE_SOURCE_DIR} + "/tests/world/seeds.txt"};
    for (std::string line; std::getline(file, line);) {
        if (!line.empty() && line.front() != '#') seeds.push_back(std::stoull(line));
    }
    return seeds;
}

class KeptSeed : public testing::TestWithParam<std::uint64_t> {};
TEST_P(KeptSeed, LeavesHqEqualToTheModel) {
    const Report report = live(GetParam(), std::chrono::hours{24});
    EXPECT_TRUE(report.faults.empty()) << told(report);
}
INSTANTIATE_TEST_SUITE_P(Seeds, KeptSeed, testing::ValuesIn(kept_seeds()));
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(KeptSeed);

class World : public testing::TestWithParam<std::uint64_t> {};
TEST_P(World, LeavesHqEqualToTheModel) {
    const Report report = live(GetParam(), std::chrono::hours{24});
    EXPECT_TRUE(report.faults.empty()) << told(report);
    EXPECT_GT(report.sales, 1'000);
    EXPECT_GT(report.rows_at_hq, report.sales);
}
INSTANTIATE_TEST_SUITE_P(Seeds, World, testing::Range<std::uint64_t>(1, 7));

TEST(WorldItself, LivesTheSameLifeTwiceUnderOneSeed) {
    const Report once = live(11, std::chrono::hours{4});
    const Report again = live(11, std::chrono::hours{4});
    EXPECT_EQ(once.hash, again.hash);
    EXPECT_EQ(once.tasks, again.tasks);
    EXPECT_NE(once.hash, live(12, std::chrono::hours{4}).hash);
}

// The comparison has teeth: each of these must be found.
TEST(WorldItself, FindsAnUplinkThatDeletesOnThePuback) {
    EXPECT_FALSE(live(3, std::chrono::hours{6}, Tooth::DeletesOnPuback).faults.empty());
}

TEST(WorldItself, FindsAnHqThatAnswersBeforeItsCommit) {
    EXPECT_FALSE(live(3, std::chrono::hours{6}, Tooth::HqAnswersEarly).faults.empty());
}

TEST(WorldItself, FindsADiskThatLies) {
    EXPECT_FALSE(live(3, std::chrono::hours{6}, Tooth::LyingDisk).faults.empty());
}

}  // namespace
}  // namespace aisle::world
