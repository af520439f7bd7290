#include "downlink_world.hpp"

// Bundles in a whole shop: what runs decides, what is refused does not, and a crash costs nothing.
namespace aisle::app {
namespace {

using Words = std::vector<std::string>;

std::string half_price(const std::string& id) {
    return R"({"schema": 1, "id": ")" + id +
           R"(", "trigger": {"type": "basket"}, "experiment": {"holdout": 0},)"
           R"( "action": {"type": "pct_off", "bp": 6000}})";
}

void sell_some(DownWorld& world, int n) {
    for (int i = 0; i < n; ++i) EXPECT_TRUE(world.shop.sell(draft(50'00, 1 + i)));
}

TEST(Bundles, DecideOnceTheyAreActive) {
    DownWorld world;
    EXPECT_TRUE(world.shop.decide("b1", 200'00).offers.empty());
    world.bundle(bundle_of(3, {campaign("c", kOnBasket)}));
    EXPECT_EQ(world.states(), (Words{"received 3", "verified 3", "dry_run 3", "active 3"}));
    ASSERT_EQ(world.shop.decide("b2", 200'00).offers.size(), 1U);
    EXPECT_GT(world.announced, 0);
    world.pass(seconds{61});
    EXPECT_EQ(world.states().back(), "healthy 3");
    EXPECT_EQ(world.down->bundle_state(), "healthy");
}

TEST(Bundles, TakeThePlaceOfTheShopsOwnCampaigns) {
    DownWorld world{{campaign("own", kOnBasket)}};
    EXPECT_EQ(world.shop.decide("b1", 200'00).offers.at(0).campaign.value, "own");
    world.bundle(bundle_of(1, {campaign("hq", kOnBasket)}));
    EXPECT_EQ(world.shop.decide("b2", 200'00).offers.at(0).campaign.value, "hq");
    // Read again by people's wish, they wait for their turn.
    world.down->own_campaigns(campaigns_of({campaign("own", kOnBasket)}), nullptr);
    EXPECT_EQ(world.shop.decide("b3", 200'00).offers.at(0).campaign.value, "hq");
    world.command(wire::BundleRollbackArgs{.version = 1, .reason = "too dear"});
    EXPECT_EQ(world.result().status, "done");
    EXPECT_EQ(world.shop.decide("b4", 200'00).offers.at(0).campaign.value, "own");
}

TEST(Bundles, AreTriedOnTheLastDaysSalesFirst) {
    DownWorld world;
    sell_some(world, 30);
    world.bundle(bundle_of(1, {half_price("c")}));
    EXPECT_EQ(world.states().back(), "refused 1 guard");
    const auto tried = records::bundle_state_from_json(world.shop.journal("bundle_state").at(2));
    EXPECT_EQ(tried->figures.at("records"), 30);
    EXPECT_EQ(tried->figures.at("sum"), 30 * 50'00);
    EXPECT_EQ(tried->figures.at("discount"), 30 * 30'00);
    EXPECT_TRUE(world.shop.decide("b1", 200'00).offers.empty());
}

TEST(Bundles, AreNotTriedOnSalesOfEarlierDays) {
    DownWorld world;
    sell_some(world, 30);
    world.shop.clock.advance(std::chrono::hours{25});
    world.bundle(bundle_of(1, {half_price("c")}));
    EXPECT_EQ(world.states().back(), "active 1");
}

TEST(Bundles, WithFaultyCampaignsAreRefusedWithTheFaults) {
    DownWorld world;
    world.bundle(bundle_of(1, {R"({"schema": 1, "id": "c"})"}));
    ASSERT_EQ(world.states(), Words{"refused 1 campaigns"});
    const auto refused = records::bundle_state_from_json(world.shop.journal("bundle_state")[0]);
    EXPECT_NE(refused->detail.find("trigger"), std::string::npos) << refused->detail;
}

TEST(Bundles, SurviveARestart) {
    const Folder folder;
    {
        DownWorld world{{}, &folder};
        world.bundle(bundle_of(1, {campaign("c", kOnBasket)}));
        world.pass(seconds{61});
    }
    DownWorld world{{}, &folder, kit::at(seconds{100})};
    EXPECT_EQ(world.down->bundle_version(), 1);
    EXPECT_EQ(world.shop.decide("b1", 200'00).offers.size(), 1U);
}

TEST(Bundles, ThatCrashTheProgramAreLeftBehindAtTheThirdStart) {
    const Folder folder;
    {
        DownWorld world{{campaign("own", kOnBasket)}, &folder};
        world.bundle(bundle_of(1, {campaign("hq", kOnBasket)}));
    }
    for (int start = 1; start <= 2; ++start) {
        DownWorld world{{campaign("own", kOnBasket)}, &folder, kit::at(seconds{10 * start})};
        EXPECT_EQ(world.down->bundle_version(), 1) << start;
    }
    DownWorld world{{campaign("own", kOnBasket)}, &folder, kit::at(seconds{30})};
    EXPECT_EQ(world.down->bundle_version(), 0);
    EXPECT_EQ(world.states().back(), "rolled_back 1 crash_loop");
    EXPECT_EQ(world.shop.decide("b1", 200'00).offers.at(0).campaign.value, "own");
}

TEST(Bundles, ThatBreakTheirGuardOnTrialAreRolledBack) {
    DownWorld world;
    world.bundle(bundle_of(1, {half_price("c")}));
    EXPECT_EQ(world.states().back(), "active 1");
    for (int i = 0; i < 25; ++i) {
        const auto decision = world.shop.decide("b" + std::to_string(i), 100'00);
        Sale sale = draft(40'00, 100 + i);
        sale.vendor_id = "b" + std::to_string(i);
        sale.discounts.push_back({.line = 0,
                                  .offer = decision.offers.at(0).offer.value,
                                  .kind = "offer",
                                  .amount = Money::minor(60'00)});
        EXPECT_TRUE(world.shop.sell(sale));
    }
    world.pass(seconds{2});
    EXPECT_EQ(world.states().back().substr(0, 20), "rolled_back 1 guard:") << world.states().back();
    EXPECT_EQ(world.down->bundle_version(), 0);
}

TEST(Bundles, SetWhatHqMaySetAndGiveItBack) {
    DownWorld world;
    wire::Bundle bundle = bundle_of(1, {});
    bundle.settings = {{"retention.offers_days", 60}};
    world.bundle(bundle);
    EXPECT_EQ(world.applied.at("retention.offers_days"), 60);
    world.command(wire::BundleRollbackArgs{.version = 1, .reason = ""});
    EXPECT_TRUE(world.applied.empty());
}

TEST(Bundles, ThatWereTamperedWithAreCounted) {
    DownWorld world;
    std::string sealed = wire::seal(wire::Purpose::Bundle, hq_key(),
                                    wire::to_json(bundle_of(1, {campaign("c", kOnBasket)})));
    sealed[sealed.size() - 3] ^= 1;
    world.send(wire::Channel::DownBundle, sealed);
    EXPECT_EQ(world.states(), Words{"refused 0 tampered"});
    EXPECT_NE(
        world.shop.metrics->text().find(R"(aisle_downlink_refused_total{reason="tampered"} 1)"),
        std::string::npos);
}

struct Routes final : runtime::HttpRoutes {
    void on(std::string method, std::string pattern, runtime::HttpHandler handler) override {
        handlers[method + " " + pattern] = std::move(handler);
    }
    void on_websocket(std::string, runtime::WebSocketHandlers) override {}
    std::map<std::string, runtime::HttpHandler> handlers;
};

runtime::HttpResponse call(DownWorld& world, const std::string& route, const std::string& body,
                           bool local = true) {
    Routes routes;
    world.down->serve(routes);
    runtime::HttpResponse answer{.status = 0};
    routes.handlers.at(route)({.body = body, .local = local},
                              [&](runtime::HttpResponse said) { answer = std::move(said); });
    world.shop.settle();
    return answer;
}

TEST(Bundles, ComeFromAFileToo) {
    DownWorld world;
    const std::string sealed = wire::compress_sealed(wire::seal(
        wire::Purpose::Bundle, hq_key(), wire::to_json(bundle_of(5, {campaign("c", kOnBasket)}))));
    EXPECT_EQ(call(world, "POST /api/v1/bundles", sealed).status, 202);
    world.pass(seconds{1});
    EXPECT_EQ(world.down->bundle_version(), 5);
    EXPECT_NE(call(world, "GET /api/v1/bundles", "").body.find(R"("version":5)"),
              std::string::npos);
    EXPECT_EQ(call(world, "POST /api/v1/bundles", sealed.substr(1)).status, 422);
    EXPECT_EQ(call(world, "POST /api/v1/bundles:rollback", "").status, 200);
    EXPECT_EQ(world.down->bundle_version(), 0);
    EXPECT_EQ(call(world, "POST /api/v1/bundles:rollback", "").status, 409);
}

TEST(Bundles, AreNotHandedInOverTheNetwork) {
    DownWorld world;
    EXPECT_EQ(call(world, "POST /api/v1/bundles", "x", false).status, 403);
    EXPECT_EQ(call(world, "POST /api/v1/bundles:rollback", "", false).status, 403);
}

}  // namespace
}  // namespace aisle::app
