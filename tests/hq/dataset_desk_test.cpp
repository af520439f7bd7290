#include "sync/hq/dataset_desk.hpp"

#include <gtest/gtest.h>

#include "rollout_kit.hpp"

namespace aisle::hq {
namespace {

struct DataStage {
    explicit DataStage(DatasetLimits with = {}) : limits{with}, desk{with, seeded(1)} {}
    void load(std::int64_t version, seconds valid = seconds{86'400}) {
        DatasetTable table{.name = wire::Dataset::Weather, .version = version};
        table.valid_until = kit::kNoon + valid;
        desk.loaded(std::make_shared<const DatasetTable>(std::move(table)));
    }
    void seen(const std::string& store, const std::map<std::string, std::int64_t>& versions = {},
              bool alive = true) {
        rows.take(desk.seen(store, alive, versions, now()).state);
    }
    void report(const std::string& state, const std::string& reason, std::int64_t held) {
        rows.take(desk.reported({"s-1", "weather", state, reason, held}, now()).state);
    }
    std::vector<PackOrder> wait(seconds time) {
        std::vector<PackOrder> all;
        for (seconds s{0}; s < time; s += seconds{1}) {
            passed += seconds{1};
            for (const auto& order : desk.tick(now())) {
                desk.packed(order);
                all.push_back(order);
            }
        }
        return all;
    }
    [[nodiscard]] Stamp now() const { return kit::at(passed); }

    DatasetLimits limits;
    DatasetDesk desk;
    Rows rows;
    milliseconds passed{0};
};

TEST(DatasetDesk, SendsAllToAStoreThatHasNothing) {
    DataStage stage;
    stage.load(100);
    stage.seen("s-1");
    const auto orders = stage.wait(seconds{15});
    ASSERT_FALSE(orders.empty());
    EXPECT_EQ(orders[0].store, "s-1");
    EXPECT_FALSE(orders[0].base);
}

TEST(DatasetDesk, SendsADifferenceToAStoreThatHasAnEarlierVersion) {
    DataStage stage;
    stage.load(100);
    stage.seen("s-1", {{"weather", 90}});
    EXPECT_EQ(stage.wait(seconds{15}).at(0).base, 90);
}

TEST(DatasetDesk, SendsAllToAStoreThatHasLostAllItHad) {
    DataStage stage;
    stage.load(100);
    stage.seen("s-1", {{"weather", 100}});
    stage.wait(seconds{60});
    stage.seen("s-1", {});
    const auto orders = stage.wait(seconds{15 * 60});
    ASSERT_FALSE(orders.empty());
    EXPECT_FALSE(orders[0].base);
}

TEST(DatasetDesk, BelievesOfAnUntoldDatasetWhatItKnew) {
    DataStage stage;
    stage.load(100);
    stage.seen("s-1", {{"weather", 100}});
    stage.desk.seen("s-1", true, std::nullopt, stage.now());
    EXPECT_TRUE(stage.wait(seconds{15 * 60}).empty());
}

TEST(DatasetDesk, SendsNothingToAStoreThatIsUpToDate) {
    DataStage stage;
    stage.load(100);
    stage.seen("s-1", {{"weather", 100}});
    EXPECT_TRUE(stage.wait(seconds{60}).empty());
}

TEST(DatasetDesk, RepeatsWithGrowingWaitsUntilTheStoreHasIt) {
    DataStage stage;
    stage.load(100);
    stage.seen("s-1");
    const auto orders = stage.wait(seconds{3'600});
    EXPECT_GT(orders.size(), 3U);
    EXPECT_LT(orders.size(), 30U);
    stage.report("loaded", "", 100);
    EXPECT_TRUE(stage.wait(seconds{3'600}).empty());
}

TEST(DatasetDesk, SendsANewVersionAtOnceToThoseWhoAreThere) {
    DataStage stage;
    stage.load(100);
    stage.seen("s-1", {{"weather", 100}});
    stage.load(101);
    EXPECT_EQ(stage.wait(seconds{1}).size(), 1U);
}

TEST(DatasetDesk, SendsTheWholeAtOnceWhereADifferenceDidNotFit) {
    DataStage stage;
    stage.load(100);
    stage.seen("s-1", {{"weather", 90}});
    stage.wait(seconds{15});
    stage.report("refused", "base", 90);
    const auto orders = stage.wait(seconds{1});
    ASSERT_EQ(orders.size(), 1U);
    EXPECT_FALSE(orders[0].base);
}

TEST(DatasetDesk, ShowsWhyAStoreRefused) {
    DataStage stage;
    stage.load(100);
    stage.seen("s-1");
    stage.report("refused", "member_key", 0);
    EXPECT_EQ(stage.desk.stores().at("s-1").at(wire::Dataset::Weather).trouble, "member_key");
}

TEST(DatasetDesk, SendsNothingToAStoreThatIsAway) {
    DataStage stage;
    stage.load(100);
    stage.seen("s-1", {}, false);
    EXPECT_TRUE(stage.wait(seconds{600}).empty());
    stage.seen("s-1");
    EXPECT_FALSE(stage.wait(seconds{15}).empty());
}

TEST(DatasetDesk, SendsNothingThatHoldsNoMore) {
    DataStage stage;
    stage.load(100, seconds{10});
    stage.seen("s-1", {}, false);
    stage.wait(seconds{11});
    stage.seen("s-1");
    EXPECT_TRUE(stage.wait(seconds{600}).empty());
}

TEST(DatasetDesk, BoundsWhatIsPackedAtOnceAndStarvesNobody) {
    DataStage stage{{.orders_per_tick = 2}};
    stage.load(100);
    std::set<std::string> told;
    for (int i = 0; i < 30; ++i) stage.seen("s-" + std::to_string(i));
    for (int i = 0; i < 40; ++i) {
        const auto orders = stage.wait(seconds{1});
        EXPECT_LE(orders.size(), 2U);
        for (const auto& order : orders) told.insert(order.store);
    }
    EXPECT_EQ(told.size(), 30U);
}

TEST(DatasetDesk, WaitsWhileTooManyPacksAreOut) {
    DataStage stage{{.orders_out_max = 1}};
    stage.load(100);
    stage.seen("s-1", {{"weather", 1}});
    stage.seen("s-2", {{"weather", 1}});
    stage.passed += seconds{30};
    EXPECT_EQ(stage.desk.tick(stage.now()).size(), 1U);
    EXPECT_TRUE(stage.desk.tick(stage.now()).empty());
}

TEST(DatasetDesk, KnowsAfterARestartWhatTheStoresHave) {
    DataStage stage;
    stage.load(100);
    stage.seen("s-1", {{"weather", 90}});
    stage.report("refused", "digest", 90);
    const auto before = stage.desk.stores();
    DatasetDesk again{{}, seeded(2)};
    ASSERT_TRUE(again.restore(stage.rows.of(DatasetDesk::kRoom)));
    EXPECT_EQ(again.stores(), before);
    EXPECT_FALSE(again.restore({{DatasetDesk::kRoom, "s-1/dances", "{}"}}));
}

}  // namespace
}  // namespace aisle::hq
