#include <gtest/gtest.h>

#include "fakes.hpp"

// Campaigns over HTTP.
namespace aisle::staff {
namespace {

namespace json = boost::json;

CampaignNow running(const std::string& id) {
    return {.campaign = CampaignId{id}, .version = 3, .action = "gift", .state = "live"};
}

std::optional<runtime::HttpResponse> resume(Room& room, bool local) {
    return room.routes.send({.method = "POST",
                             .headers = {{"content-type", "application/json"}},
                             .body = R"({"by": "root"})",
                             .local = local},
                            "/api/v1/campaigns/c1:resume");
}

TEST(CampaignDesk, TellsBudgetAndGroups) {
    Room room;
    CampaignNow campaign = running("c1");
    campaign.budget = Money::minor(1'000);
    campaign.spent = Money::minor(300);
    campaign.reserved = Money::minor(200);
    campaign.left = Money::minor(500);
    campaign.compared = true;
    campaign.treated = {.exposed = 10, .observed = 8, .mean = Money::minor(70)};
    campaign.needed = 92;
    room.shop.running = {campaign, running("c2")};
    const auto body = json_in(room.routes.call("GET", "/api/v1/campaigns"));
    const auto& first = body.at("campaigns").at(0).as_object();
    EXPECT_EQ(first.at("budget").at("spent").as_int64(), 300);
    EXPECT_EQ(first.at("budget").at("left").as_int64(), 500);
    EXPECT_EQ(first.at("trial").at("treated").at("observed").as_int64(), 8);
    EXPECT_EQ(first.at("trial").at("needed").as_int64(), 92);
    EXPECT_TRUE(body.at("campaigns").at(1).at("budget").is_null());
    EXPECT_TRUE(body.at("campaigns").at(1).at("trial").is_null());
}

TEST(CampaignDesk, ShowsABoundedNumberAndSaysHowManyMore) {
    Room room;
    for (int i = 0; i < 503; ++i) room.shop.running.push_back(running("c" + std::to_string(i)));
    const auto body = json_in(room.routes.call("GET", "/api/v1/campaigns"));
    EXPECT_EQ(body.at("campaigns").as_array().size(), 500U);
    EXPECT_EQ(body.at("left_out").to_number<int>(), 3);
}

TEST(CampaignDesk, TellsTheFunnelOfTheDay) {
    Room room;
    room.shop.steps.business_date =
        Date{std::chrono::year{2026}, std::chrono::month{6}, std::chrono::day{12}};
    room.shop.steps.all.triggered = 40;
    room.shop.steps.campaigns[CampaignId{"c1"}].redeemed = 2;
    const auto body = json_in(room.routes.call("GET", "/api/v1/funnel"));
    EXPECT_EQ(body.at("business_date").as_string(), "2026-06-12");
    EXPECT_EQ(body.at("all").at("triggered").as_int64(), 40);
    EXPECT_EQ(body.at("campaigns").at("c1").at("redeemed").as_int64(), 2);
}

TEST(CampaignDesk, StopsACampaignInSomebodysName) {
    Room room;
    const auto response = room.routes.call("POST", "/api/v1/campaigns/c1:stop", R"({"by": "A3"})");
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    ASSERT_EQ(room.shop.stops.size(), 1U);
    EXPECT_EQ(room.shop.stops.front().campaign.value, "c1");
    EXPECT_EQ(room.shop.stops.front().by, "A3");
    EXPECT_TRUE(room.shop.stops.front().stop);
}

TEST(CampaignDesk, StopsNothingForNobody) {
    Room room;
    EXPECT_EQ(room.routes.call("POST", "/api/v1/campaigns/c1:stop", "{}")->status, 400);
    EXPECT_TRUE(room.shop.stops.empty());
}

TEST(CampaignDesk, SaysWhereACampaignIsUnknownOrTheShopIsFull) {
    Room room;
    room.shop.stop_answer = StopOutcome::Unknown;
    EXPECT_EQ(room.routes.call("POST", "/api/v1/campaigns/x:stop", R"({"by": "A3"})")->status, 404);
    room.shop.stop_answer = StopOutcome::NotNow;
    EXPECT_EQ(room.routes.call("POST", "/api/v1/campaigns/x:stop", R"({"by": "A3"})")->status, 503);
    room.shop.stop_answer = StopOutcome::Same;
    EXPECT_EQ(room.routes.call("POST", "/api/v1/campaigns/x:stop", R"({"by": "A3"})")->status, 200);
}

TEST(CampaignDesk, ResumesOnTheBoxItselfOnly) {
    Room room;
    EXPECT_EQ(resume(room, false)->status, 403);
    EXPECT_TRUE(room.shop.stops.empty());
    EXPECT_EQ(resume(room, true)->status, 200);
    ASSERT_EQ(room.shop.stops.size(), 1U);
    EXPECT_FALSE(room.shop.stops.front().stop);
}

TEST(CampaignDesk, SaysWhyNotOnACardAndAtACheckIn) {
    Room room;
    Offer offer = offer_of(1, room.now());
    offer.decision.nearest = {{CampaignId{"c9"}, "cooldown"}};
    room.staff.changed(offer);
    const auto cards = json_in(room.routes.call("GET", "/api/v1/offers"));
    EXPECT_EQ(cards.at("cards").at(0).at("why_not").at(0).at("reason").as_string(), "cooldown");
    room.shop.found = CheckedIn{};
    room.shop.found->why_not = {{CampaignId{"c8"}, "budget"}};
    const auto body = json_in(
        room.routes.call("POST", "/api/v1/checkins", R"({"member": "13800138000", "by": "A3"})"));
    EXPECT_EQ(body.at("why_not").at(0).at("campaign").as_string(), "c8");
}

}  // namespace
}  // namespace aisle::staff
