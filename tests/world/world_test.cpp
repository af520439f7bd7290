#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "agent/runtime/log.hpp"
#include "tests/world/world.hpp"

namespace aisle::world {
namespace {

const std::string kCampaigns = std::string{AISLE_SOURCE_DIR} + "/config/campaigns";

struct QuietLog final : testing::Environment {
    void SetUp() override { log::set_level(log::Level::Error); }
};
[[maybe_unused]] const auto* const kQuiet = testing::AddGlobalTestEnvironment(new QuietLog);

struct Life {
    std::uint64_t seed = 1;
    int hours = 24;
    int shops_min = 1;
    int shops_max = 1;
    Tooth tooth = Tooth::None;
    std::string only_fault = {};
};

Report live(const Life& life) {
    return run_world({.seed = life.seed,
                      .length = std::chrono::hours{life.hours},
                      .shops_min = life.shops_min,
                      .shops_max = life.shops_max,
                      .tooth = life.tooth,
                      .campaigns_dir = kCampaigns,
                      .only_fault = life.only_fault});
}

std::string told(const Life& life, const Report& report) {
    std::ostringstream text;
    for (const std::string& fault : report.faults) text << fault << "\n";
    text << "again: world_driver --count 1 --from-seed " << life.seed << " --hours " << life.hours
         << " --shops-min " << life.shops_min << " --shops-max " << life.shops_max;
    return text.str();
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
    const Life life{.seed = GetParam(), .shops_max = 3};  // as world_driver lives it
    const Report report = live(life);
    EXPECT_TRUE(report.faults.empty()) << told(life, report);
}
INSTANTIATE_TEST_SUITE_P(Seeds, KeptSeed, testing::ValuesIn(kept_seeds()));
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(KeptSeed);

// Eight days of a shop in all, in six worlds.
class World : public testing::TestWithParam<std::uint64_t> {};
TEST_P(World, LeavesHqEqualToTheModel) {
    const int shops = GetParam() <= 2 ? 2 : 1;
    const Life life{.seed = GetParam(), .shops_min = shops, .shops_max = shops};
    const Report report = live(life);
    EXPECT_TRUE(report.faults.empty()) << told(life, report);
    EXPECT_GT(report.sales, 1'000);
    EXPECT_GT(report.rows_at_hq, report.sales);
}
INSTANTIATE_TEST_SUITE_P(Seeds, World, testing::Range<std::uint64_t>(1, 7));

TEST(WorldItself, LivesTheSameLifeTwiceUnderOneSeed) {
    const Report once = live({.seed = 11, .hours = 4});
    const Report again = live({.seed = 11, .hours = 4});
    EXPECT_EQ(once.hash, again.hash);
    EXPECT_EQ(once.tasks, again.tasks);
    EXPECT_NE(once.hash, live({.seed = 12, .hours = 4}).hash);
}

// The comparison has teeth: each of these must be found, in a world that is good without it.
class Teeth : public testing::TestWithParam<Tooth> {};
TEST_P(Teeth, AreFound) {
    EXPECT_FALSE(live({.seed = 3, .hours = 6, .tooth = GetParam()}).faults.empty());
}
INSTANTIATE_TEST_SUITE_P(All, Teeth,
                         testing::Values(Tooth::DeletesOnPuback, Tooth::HqAnswersEarly,
                                         Tooth::LyingDisk, Tooth::HqSetBackUnsaid));

// HQ is put back to before a shop began another epoch, several times: what was acknowledged of the
// ended ones is declared, and it is the first batches' word that brings it about.
TEST(HqSetBackOverAnEpoch, IsToldWhatItHadOfEarlierEpochs) {
    Life life{.seed = 2, .hours = 6, .only_fault = "hq_restore_over_epoch"};
    const Report report = live(life);
    EXPECT_TRUE(report.faults.empty()) << told(life, report);
    EXPECT_GT(report.plagues.at("hq_restore_over_epoch"), 0);
    life.tooth = Tooth::EndedUnsaid;
    EXPECT_FALSE(live(life).faults.empty());
}

TEST(WorldItself, IsGoodWhereNothingBites) {
    const Life life{.seed = 3, .hours = 6};
    const Report report = live(life);
    EXPECT_TRUE(report.faults.empty()) << told(life, report);
}

}  // namespace
}  // namespace aisle::world
