#include <boost/json.hpp>

#include "agent/app/trials.hpp"
#include "shop_world.hpp"

// What experiments and guardrails have to say, as it leaves the shop.
namespace aisle::app {
namespace {

const std::string kHalves = R"("experiment": {"holdout": 0, "arms": [["A", 0.5], ["B", 0.5]]})";

void tick(ShopWorld& world) {
    world.pipeline.submit_inner(
        {.apply = [&](Turn& turn, std::span<const Found>) { world.floor.tick(turn); }});
    world.settle();
}

TEST(TrialRecords, TellTheSumsOfAnHour) {
    ShopWorld world{{campaign("c", kOnBasket, kHalves)}};
    for (int i = 0; i < 10; ++i) world.decide("b" + std::to_string(i), 200'00);
    tick(world);
    EXPECT_TRUE(world.journal("experiment_sums").empty());
    world.clock.advance(std::chrono::hours{1});
    tick(world);
    tick(world);
    const auto rows = world.journal("experiment_sums");
    ASSERT_EQ(rows.size(), 1U);
    const auto body = boost::json::parse(rows.front());
    std::int64_t exposed = 0;
    for (const char* const arm : {"A", "B"}) {
        EXPECT_EQ(body.at("groups").at(arm).at("expected").as_double(), 0.5);
        exposed += body.at("groups").at(arm).at("exposed").as_int64();
    }
    EXPECT_EQ(exposed, 10);
    EXPECT_EQ(body.at("campaign").as_string(), "c");
    EXPECT_EQ(world.journal("experiment").size(), 10U);
}

TEST(TrialRecords, SayNothingWhereNothingIsDrawn) {
    ShopWorld world{{campaign("c", kOnBasket)}};
    world.decide("b1", 200'00);
    world.clock.advance(std::chrono::hours{2});
    tick(world);
    EXPECT_TRUE(world.journal("experiment_sums").empty());
}

TEST(TrialAlarms, GoIntoTheAudit) {
    ShopWorld world;
    offers::Effects effects;
    effects.alarms.push_back(
        {.campaign = CampaignId{"c"}, .kind = "guardrail.pause", .detail = "why", .at = {}});
    Audit audit;
    world.pipeline.submit_inner(
        {.apply = [&](Turn& turn, std::span<const Found>) { add_trials(turn, effects, audit); }});
    world.settle();
    const auto rows = world.journal("audit");
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_NE(rows.front().find("guardrail.pause"), std::string::npos);
    EXPECT_NE(rows.front().find("why"), std::string::npos);
}

}  // namespace
}  // namespace aisle::app
