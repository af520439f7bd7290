#include "shop_world.hpp"

// What staff see of the campaigns and do with them, in a whole shop.
namespace aisle::app {
namespace {

staff::StopOutcome stop(ShopWorld& world, const std::string& id, bool stopped = true) {
    auto answer = staff::StopOutcome::NotNow;
    world.desk.stop_campaign({.campaign = CampaignId{id}, .by = "A3", .stop = stopped},
                             [&](staff::StopOutcome outcome) { answer = outcome; });
    world.settle();
    return answer;
}

void tick(ShopWorld& world) {
    world.pipeline.submit_inner(
        {.apply = [&](Turn& turn, std::span<const Found>) { world.floor.tick(turn); }});
    world.settle();
}

TEST(DeskCampaigns, TellsHowABudgetStands) {
    ShopWorld world{{campaign("c", kOnBasket,
                              R"("experiment": {"holdout": 0}, "limits": {"budget_fen": 5000})")}};
    world.decide("b1", 200'00);
    const auto all = world.desk.campaigns();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all.front().budget, Money::minor(5'000));
    EXPECT_EQ(all.front().reserved, Money::minor(1'000));
    EXPECT_EQ(all.front().left, Money::minor(4'000));
    EXPECT_EQ(all.front().state, "live");
    EXPECT_FALSE(all.front().compared);
}

TEST(DeskCampaigns, LeavesDraftsOut) {
    ShopWorld world{{campaign("c", kOnBasket, R"("state": "draft")"),
                     campaign("d", kOnBasket, R"("state": "paused")")}};
    const auto all = world.desk.campaigns();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all.front().state, "paused");
}

TEST(DeskCampaigns, SaysHowManyMoreHaveToBeObserved) {
    ShopWorld world{{campaign("c", kOnBasket, R"("experiment": {"holdout": 0.5})")}};
    for (int i = 0; i < 10; ++i) world.decide("b" + std::to_string(i), 200'00);
    const auto all = world.desk.campaigns();
    EXPECT_TRUE(all.front().compared);
    EXPECT_EQ(all.front().treated.exposed + all.front().withheld.exposed, 10);
    EXPECT_EQ(all.front().needed, 100);
}

TEST(DeskCampaigns, StopsACampaignOverARestartAndKeepsWhoDidIt) {
    const Folder folder;
    const std::vector<std::string> campaigns{campaign("c", kOnBasket)};
    {
        ShopWorld world{campaigns, &folder};
        EXPECT_EQ(stop(world, "c"), staff::StopOutcome::Done);
        EXPECT_EQ(stop(world, "c"), staff::StopOutcome::Same);
        EXPECT_EQ(stop(world, "x"), staff::StopOutcome::Unknown);
        EXPECT_TRUE(world.decide("b1", 200'00).offers.empty());
        const auto audit = world.journal("audit");
        ASSERT_EQ(audit.size(), 1U);
        EXPECT_NE(audit.front().find("campaign.stop"), std::string::npos);
        EXPECT_NE(audit.front().find("by A3"), std::string::npos);
    }
    ShopWorld again{campaigns, &folder};
    EXPECT_TRUE(again.decide("b2", 200'00).offers.empty());
    EXPECT_EQ(again.desk.campaigns().front().paused, "stopped_here");
    EXPECT_EQ(stop(again, "c", false), staff::StopOutcome::Done);
    EXPECT_EQ(again.decide("b3", 200'00).offers.size(), 1U);
}

TEST(DeskFunnel, CountsWhatTheDayHasBrought) {
    ShopWorld world{{campaign("c", kOnBasket), campaign("h", kOnBasket, kAllHeldOut)}};
    world.decide("b1", 200'00);
    world.decide("b2", 1'00);
    Sale sale = draft(200'00);
    sale.vendor_id = "b1";
    ASSERT_TRUE(world.sell(sale));
    const staff::FunnelNow funnel = world.desk.funnel();
    EXPECT_EQ(funnel.all.triggered, 2);
    EXPECT_EQ(funnel.all.eligible, 1);
    EXPECT_EQ(funnel.campaigns.at(CampaignId{"c"}).triggered, 2);
    EXPECT_EQ(funnel.campaigns.at(CampaignId{"c"}).offered, 1);
    EXPECT_EQ(funnel.campaigns.at(CampaignId{"c"}).accepted, 1);
    EXPECT_EQ(funnel.campaigns.at(CampaignId{"c"}).redeemed, 1);
}

TEST(DeskFunnel, IsThereAfterARestart) {
    const Folder folder;
    const std::vector<std::string> campaigns{campaign("c", kOnBasket)};
    {
        ShopWorld world{campaigns, &folder};
        world.decide("b1", 200'00);
        tick(world);
    }
    const ShopWorld again{campaigns, &folder};
    EXPECT_EQ(again.desk.funnel().all.triggered, 1);
    EXPECT_EQ(again.desk.funnel().campaigns.at(CampaignId{"c"}).offered, 1);
}

TEST(DeskFunnel, BeginsAnewEachDay) {
    ShopWorld world{{campaign("c", kOnBasket)}};
    world.decide("b1", 200'00);
    world.clock.advance(std::chrono::hours{24});
    EXPECT_EQ(world.desk.funnel().all.triggered, 0);
    world.decide("b2", 200'00);
    EXPECT_EQ(world.desk.funnel().all.triggered, 1);
}

TEST(Funnel, BeginsAtNoughtWhereItsRowCannotBeRead) {
    Funnel funnel;
    const StateChange bad{std::string{kFunnelRoom}, "today",
                          R"({"date": "2026-06-12", "all": [1]})"};
    funnel.restore({&bad, 1});
    EXPECT_EQ(funnel.now().all.triggered, 0);
}

TEST(CheckIn, SaysWhyNot) {
    ShopWorld world{{campaign("c", kOnSeen, R"("experiment": {"holdout": 0},
                                              "when": {"cust.tier": "gold"})")}};
    std::vector<CampaignVerdict> why_not;
    world.desk.check_in({.member = "m1", .by = "A3"}, [&](const Result<staff::CheckedIn>& found) {
        if (found) why_not = found->why_not;
    });
    world.settle();
    ASSERT_EQ(why_not.size(), 1U);
    EXPECT_EQ(why_not.front().campaign.value, "c");
}

}  // namespace
}  // namespace aisle::app
