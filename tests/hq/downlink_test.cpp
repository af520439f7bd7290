#include "sync/hq/downlink.hpp"

#include <gtest/gtest.h>

#include "downlink_kit.hpp"

namespace aisle::hq {
namespace {

bool has(const runtime::HttpResponse& response, const std::string& text) {
    return response.body.find(text) != std::string::npos;
}

TEST(Downlink, BringsABundleToEveryShopRingByRing) {
    DownWorld world{20};
    world.start();
    ASSERT_EQ(world.roll_out(3, {{"soak_s", "30"}}).status, 200);
    world.run(seconds{10});
    EXPECT_EQ(world.with_bundle(3), 1);
    world.run(seconds{40});
    EXPECT_EQ(world.with_bundle(3), 2);
    world.run(seconds{90});
    EXPECT_EQ(world.with_bundle(3), 20);
    const auto shown = world.call("GET /api/v1/bundles");
    EXPECT_TRUE(has(shown, "\"state\":\"done\"")) << shown.body;
}

TEST(Downlink, HaltsABundleThatBreaksTheCanaryAndTakesItBack) {
    DownWorld world{20};
    world.start();
    for (auto& [name, shop] : world.shops) shop->mood = Mood::Refuses;
    world.shops.at("s-7")->mood = Mood::RollsBack;
    ASSERT_EQ(
        world.roll_out(3, {{"soak_s", "30"}, {"canaries", "s-7"}, {"roll_back", "true"}}).status,
        200);
    world.run(minutes{10});
    EXPECT_EQ(world.with_bundle(3), 0);
    const auto shown = world.call("GET /api/v1/bundles/{version}", {.wild = {{"version", "3"}}});
    EXPECT_TRUE(has(shown, "\"state\":\"halted\"")) << shown.body;
    EXPECT_TRUE(has(shown, "crash_loop"));
    EXPECT_TRUE(has(shown, "\"step\":\"waiting\""));
}

TEST(Downlink, TakesNoRepeatThatCrossedTheAnswerForARefusal) {
    DownWorld world{1};
    world.start();
    ASSERT_EQ(world.roll_out(3).status, 200);
    world.run(seconds{10});
    world.shops.at("s-1")->say(records::bundle_state_record({.version = 3,
                                                             .state = "refused",
                                                             .reason = "older",
                                                             .active = 3,
                                                             .at = world.clock.now()}));
    world.run(seconds{10});
    EXPECT_TRUE(has(world.call("GET /api/v1/bundles"), "\"healthy\":1"));
}

TEST(Downlink, TellsAShopThatRunsAHaltedBundleToGoBack) {
    DownWorld world{5};
    world.start();
    ASSERT_EQ(world.roll_out(3, {{"canaries", "s-2"}, {"roll_back", "true"}}).status, 200);
    world.run(seconds{10});
    ASSERT_EQ(
        world.call("POST /api/v1/bundles/{version}:halt", {.wild = {{"version", "3"}}}).status,
        200);
    world.run(seconds{20});
    EXPECT_EQ(world.shops.at("s-2")->done, std::vector<std::string>{"bundle_rollback"});
}

TEST(Downlink, RefusesABundleThatNobodyItKnowsHasSigned) {
    DownWorld world{2};
    world.start();
    const auto stranger = wire::signing_key("stranger", {});
    const auto payload = wire::to_json(wire::Bundle{.version = 3});
    const auto answer = world.call("POST /api/v1/bundles",
                                   {.body = wire::seal(wire::Purpose::Bundle, stranger, payload)});
    EXPECT_EQ(answer.status, 409);
    EXPECT_TRUE(has(answer, "unknown_key"));
    EXPECT_EQ(world.call("POST /api/v1/bundles", {.body = "no bundle"}).status, 409);
}

TEST(Downlink, GoesOnWhereItWasAfterARestartOfHq) {
    DownWorld world{20};
    world.start();
    ASSERT_EQ(world.roll_out(3, {{"soak_s", "60"}}).status, 200);
    world.run(seconds{40});
    const int before = world.with_bundle(3);
    world.kill_hq();
    world.start_hq();
    world.run(minutes{10});
    EXPECT_EQ(before, 1);
    EXPECT_EQ(world.with_bundle(3), 20);
    EXPECT_TRUE(has(world.call("GET /api/v1/bundles"), "\"state\":\"done\""));
}

TEST(Downlink, HasACommandDoneOnceOverABrokerThatLosesAndDoubles) {
    DownWorld world{3};
    world.start();
    world.broker.weather = {.lost_permille = 300, .doubled_permille = 200, .shuffled = 4};
    const auto answer =
        world.call("POST /api/v1/commands", {.body = R"({"stores":["s-1","s-3"],"type":"flush"})"});
    ASSERT_EQ(answer.status, 200) << answer.body;
    world.run(minutes{30});
    EXPECT_EQ(world.shops.at("s-1")->done, std::vector<std::string>{"flush"});
    EXPECT_EQ(world.shops.at("s-3")->done, std::vector<std::string>{"flush"});
    EXPECT_TRUE(world.shops.at("s-2")->done.empty());
    const auto listed = world.call("GET /api/v1/commands", {.query = {{"state", "done"}}});
    EXPECT_TRUE(has(listed, "\"store\":\"s-1\"")) << listed.body;
    EXPECT_TRUE(has(listed, "\"waiting\":0"));
}

TEST(Downlink, TakesACommandThatWasSignedElsewhere) {
    DownWorld world{1};
    world.start();
    const WallTime now = world.clock.now().wall;
    const auto payload = wire::to_json(wire::Command{.id = "by-hand",
                                                     .store = StoreId{"s-1"},
                                                     .issued = now,
                                                     .expires = now + seconds{600},
                                                     .args = wire::FlushArgs{}});
    const auto sealed = wire::seal(wire::Purpose::Command, world.key, payload);
    EXPECT_EQ(world.call("POST /api/v1/commands", {.body = sealed}).status, 200);
    EXPECT_EQ(world.call("POST /api/v1/commands", {.body = sealed}).status, 200);
    world.run(seconds{20});
    EXPECT_EQ(world.shops.at("s-1")->done.size(), 1U);
}

TEST(Downlink, RefusesCommandsThatShopsWouldRefuse) {
    DownWorld world{1};
    world.start();
    for (const char* body : {"", "{}", R"({"store":"s-1","type":"dance"})", R"({"type":"flush"})",
                             R"({"store":"s-1","type":"erase","args":{"members":["raw"]}})",
                             R"({"store":"s-1","type":"flush","valid_s":99999999})",
                             R"({"store":"No Store","type":"flush"})"})
        EXPECT_EQ(world.call("POST /api/v1/commands", {.body = body}).status, 400) << body;
}

TEST(Downlink, ErasesAMemberInEveryShopAndAtHq) {
    DownWorld world{2};
    world.start();
    const auto keys = StoreKeys::load(world.keys_dir);
    const auto name = keys->pseudonyms("s-1", "M-1").at(0);
    const std::string sale = R"({"total":900,"member":")" + name + R"("})";
    world.shops.at("s-1")->say({.kind = "sale", .at = world.clock.now(), .body = sale});
    world.shops.at("s-1")->say({.kind = "consent", .at = world.clock.now(), .body = sale});
    world.shops.at("s-2")->say({.kind = "sale", .at = world.clock.now(), .body = sale});
    world.run(seconds{5});
    const auto asked = world.call("POST /api/v1/erasures", {.body = R"({"member":"m 1"})"});
    ASSERT_EQ(asked.status, 200) << asked.body;
    world.run(seconds{60});
    const auto shown = world.call("GET /api/v1/erasures");
    EXPECT_TRUE(has(shown, "\"over\":true")) << shown.body;
    EXPECT_TRUE(has(shown, "\"rows_there\":4"));
    EXPECT_EQ(shown.body.find(name), std::string::npos);
    int named = 0;
    int receipts = 0;
    for (const auto& row : events_of(world.folder.file("hq.db"), Stream::Ledger)) {
        named += row.body.find(name) != std::string::npos ? 1 : 0;
        receipts += row.body == R"({"total":900,"member":""})" ? 1 : 0;
    }
    EXPECT_EQ(named, 1);  // another shop's record of the same digits is another person's
    EXPECT_EQ(receipts, 1);
}

TEST(Downlink, TakesBackAConsentInTheShopsThatKnowTheMember) {
    DownWorld world{2};
    world.start();
    const auto answer =
        world.call("POST /api/v1/consents:withdraw",
                   {.body = R"({"member":"M-1","stores":["s-2"],"purpose":"marketing.personal"})"});
    ASSERT_EQ(answer.status, 200) << answer.body;
    world.run(seconds{20});
    EXPECT_EQ(world.shops.at("s-2")->done, std::vector<std::string>{"consent_withdraw"});
    EXPECT_TRUE(world.shops.at("s-1")->done.empty());
}

TEST(Downlink, BringsADatasetDownAndThenItsDifference) {
    DownWorld world{3};
    world.start();
    std::string csv = "sku,price\n";
    for (int i = 0; i < 500; ++i) csv += "sku" + std::to_string(i) + ",100\n";
    const auto put =
        world.call("PUT /api/v1/datasets/{name}", {.headers = {{"content-type", "text/csv"}},
                                                   .wild = {{"name", "products"}},
                                                   .body = csv + ",no key\n"});
    ASSERT_EQ(put.status, 200) << put.body;
    EXPECT_TRUE(has(put, "\"rows\":500"));
    world.run(seconds{30});
    const auto patch =
        world.call("PATCH /api/v1/datasets/{name}",
                   {.wild = {{"name", "products"}}, .body = R"({"sku":"new","price":5})"});
    ASSERT_EQ(patch.status, 200) << patch.body;
    world.run(seconds{30});
    for (const auto& [name, shop] : world.shops) {
        EXPECT_EQ(shop->rows[wire::Dataset::Products].size(), 501U);
        EXPECT_EQ(shop->deltas, 1);
    }
    const auto bad =
        world.call("GET /api/v1/datasets/{name}/quarantine", {.wild = {{"name", "products"}}});
    EXPECT_TRUE(has(bad, "\"faults\":[]"));
}

TEST(Downlink, KeepsDatasetsOverARestart) {
    DownWorld world{1};
    world.start();
    ASSERT_EQ(world
                  .call("PUT /api/v1/datasets/{name}",
                        {.wild = {{"name", "members"}},
                         .body = "{\"member\":\"M-1\",\"tier\":\"gold\"}\n{\"tier\":\"?\"}"})
                  .status,
              200);
    world.run(seconds{30});
    const auto version = world.shops.at("s-1")->held.at(wire::Dataset::Members);
    world.kill_hq();
    world.start_hq();
    world.run(seconds{30});
    EXPECT_TRUE(has(world.call("GET /api/v1/datasets"), "\"shops_current\":1"));
    const auto shown = world.call("GET /api/v1/datasets/{name}", {.wild = {{"name", "members"}}});
    EXPECT_TRUE(has(shown, "\"version\":" + std::to_string(version))) << shown.body;
    EXPECT_TRUE(has(shown, "\"current\":true"));
    EXPECT_TRUE(
        has(world.call("GET /api/v1/datasets/{name}/quarantine", {.wild = {{"name", "members"}}}),
            "no member"));
}

TEST(Downlink, RefusesAnUnknownDatasetAndOneThatCannotBeUsed) {
    DownWorld world{1};
    world.start();
    EXPECT_EQ(world.call("PUT /api/v1/datasets/{name}", {.wild = {{"name", "horoscopes"}}}).status,
              404);
    const auto bad =
        world.call("PUT /api/v1/datasets/{name}", {.wild = {{"name", "weather"}}, .body = "sunny"});
    EXPECT_EQ(bad.status, 422);
    EXPECT_TRUE(has(bad, "\"line\":1")) << bad.body;
    EXPECT_EQ(world
                  .call("PUT /api/v1/datasets/{name}",
                        {.query = {{"valid_until", "soon"}}, .wild = {{"name", "weather"}}})
                  .status,
              400);
}

TEST(Downlink, LeasesABudgetAndShowsWhatASilentShopCanStillSpend) {
    DownWorld world{2};
    world.start();
    ASSERT_EQ(world
                  .call("PUT /api/v1/budgets/{campaign}",
                        {.wild = {{"campaign", "tea"}}, .body = R"({"total":10000})"})
                  .status,
              200);
    auto& shop = *world.shops.at("s-1");
    shop.tell_lease("lease_request", "tea", Money::minor(600));
    world.run(seconds{20});
    EXPECT_EQ(shop.granted, Money::minor(600));
    shop.spent = Money::minor(250);
    shop.tell_lease("lease_request", "tea", Money::minor(1));
    world.run(seconds{5});
    world.shops.at("s-1").reset();  // the line is cut: its will speaks
    world.shops.erase("s-1");
    const auto shown = world.call("GET /api/v1/budgets");
    EXPECT_TRUE(has(shown, "\"spent\":250,\"exposure\":351")) << shown.body;
}

TEST(Downlink, BooksALeaseOnceHoweverOftenHqRestarts) {
    DownWorld world{1};
    world.start();
    (void)world.call("PUT /api/v1/budgets/{campaign}",
                     {.wild = {{"campaign", "tea"}}, .body = R"({"total":10000})"});
    world.shops.at("s-1")->tell_lease("lease_request", "tea", Money::minor(600));
    world.run(seconds{20});
    for (int i = 0; i < 3; ++i) {
        world.kill_hq();
        world.start_hq();
        world.run(seconds{10});
    }
    EXPECT_TRUE(has(world.call("GET /api/v1/budgets"), "\"exposure\":600"));
    EXPECT_EQ(world.shops.at("s-1")->granted, Money::minor(600));
}

TEST(Downlink, AnswersThatAnotherOneDoesItWhileItHasNotTheLease) {
    DownWorld world{1};
    world.settings.active = false;
    world.start();
    EXPECT_EQ(world.call("GET /api/v1/bundles").status, 503);
    world.down->set_active(true);
    world.run(seconds{2});
    EXPECT_EQ(world.call("GET /api/v1/bundles").status, 200);
    world.down->set_active(false);
    EXPECT_EQ(world.roll_out(1).status, 503);
}

TEST(Downlink, ChangesNothingWithoutTheTokenWhereOneIsSet) {
    DownWorld world{1};
    world.settings.token_file = world.folder.file("token");
    ASSERT_TRUE(replace_file({world.settings.token_file, "open-sesame\n", 0600}));
    world.start();
    const runtime::HttpRequest flush{.body = R"({"store":"s-1","type":"flush"})"};
    EXPECT_EQ(world.call("POST /api/v1/commands", flush).status, 401);
    auto with_token = flush;
    with_token.headers["authorization"] = "Bearer open-sesame";
    EXPECT_EQ(world.call("POST /api/v1/commands", with_token).status, 200);
    EXPECT_EQ(world.call("GET /api/v1/commands").status, 200);
}

TEST(Downlink, WithoutASigningKeySaysHowToSign) {
    DownWorld world{1};
    world.settings.signing_key.clear();
    world.start();
    const auto answer =
        world.call("POST /api/v1/commands", {.body = R"({"store":"s-1","type":"flush"})"});
    EXPECT_EQ(answer.status, 409);
    EXPECT_TRUE(has(answer, "keys.signing_key") || has(answer, "signing key")) << answer.body;
    EXPECT_EQ(world.roll_out(2).status, 200);  // that is signed already
}

TEST(Downlink, ReadsDatasetsFromAFolderOnceTheyAreWholeAndOnceOnly) {
    DownWorld world{1};
    world.settings.datasets_dir = world.folder.file("in");
    std::filesystem::create_directory(world.settings.datasets_dir);
    ASSERT_TRUE(
        replace_file({world.settings.datasets_dir + "/stock.csv", "store,sku,qty\ns-1,a,4\n"}));
    world.start();
    world.run(minutes{1});
    EXPECT_EQ(world.shops.at("s-1")->rows[wire::Dataset::Stock].size(), 1U);
    const auto version = world.shops.at("s-1")->held.at(wire::Dataset::Stock);
    world.kill_hq();
    world.start_hq();
    world.run(minutes{1});
    EXPECT_EQ(world.shops.at("s-1")->held.at(wire::Dataset::Stock), version);
}

TEST(Downlink, FindsAMemberUnderEachKeyOfEachShop) {
    DownWorld world{2};
    world.start();
    const auto answer = world.call("POST /api/v1/members:relink", {.body = R"({"member":"M-1"})"});
    EXPECT_TRUE(has(answer, "\"store\":\"s-1\""));
    EXPECT_TRUE(has(answer, "\"store\":\"s-2\""));
    const auto keys = world.call("GET /api/v1/keys");
    EXPECT_EQ(keys.body.find(std::string(60, 'a')), std::string::npos);  // ids, never keys
}

TEST(Downlink, SendsTheMembersAnewToAShopWhoseKeyWasRotated) {
    DownWorld world{2};
    world.start();
    ASSERT_EQ(world
                  .call("PUT /api/v1/datasets/{name}",
                        {.wild = {{"name", "members"}}, .body = "{\"member\":\"M-1\"}"})
                  .status,
              200);
    world.run(seconds{70});
    auto keys = *StoreKeys::load(world.keys_dir);
    ASSERT_TRUE(keys.add("s-1", std::string(64, 'f'), world.clock.now().wall));
    ASSERT_TRUE(keys.save(world.keys_dir, "s-1"));
    world.run(minutes{2});
    const auto& rows = world.shops.at("s-1")->rows.at(wire::Dataset::Members);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows.begin()->first, pseudonym(*keys.current("s-1"), "M-1"));
    EXPECT_EQ(world.shops.at("s-2")->rows.at(wire::Dataset::Members).begin()->first,
              pseudonym(*keys.current("s-2"), "M-1"));
}

TEST(Downlink, ServesAPageThatLoadsNothingFromElsewhere) {
    DownWorld world{1};
    world.start();
    for (const char* path : {"GET /rollout", "GET /rollout.css", "GET /rollout.js"}) {
        const auto file = world.call(path);
        EXPECT_GT(file.body.size(), 100U);
        EXPECT_EQ(file.body.find("://"), std::string::npos);
    }
}

}  // namespace
}  // namespace aisle::hq
