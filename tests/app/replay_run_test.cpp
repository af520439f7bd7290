#include "agent/app/replay_run.hpp"

#include <boost/json.hpp>

#include "agent/app/campaign_shelf.hpp"
#include "shop_world.hpp"

// Decisions of a whole shop, made again from its own database.
namespace aisle::app {
namespace {

namespace json = boost::json;

struct Told {
    std::vector<std::string> lines;
    json::object summary;
};

Told replay_of(ShopWorld& world, const std::string& explain = {}) {
    Told told;
    SetLibrary sets{world.zone};
    EXPECT_TRUE(sets.add_shelf(*world.store));
    ReplayRun run{sets,
                  [&](const json::object& line) { told.lines.push_back(json::serialize(line)); }};
    run.explain(explain);
    const auto gaps =
        each_decision(*world.store, {}, [&](const DecisionRecord& one) { run.take(one); });
    EXPECT_TRUE(gaps);
    told.summary = run.summary(*gaps);
    return told;
}

std::int64_t number(const Told& told, std::string_view key) {
    return told.summary.at(key).to_number<std::int64_t>();
}

const std::string kCapped =
    R"("experiment": {"holdout": 0}, "limits": {"per_customer": [{"n": 1, "per": "P1D"}]})";

TEST(ReplayRun, FindsEveryDecisionTheSame) {
    ShopWorld world{{campaign("c", kOnBasket, kCapped), campaign("h", kOnBasket, kAllHeldOut)}};
    for (int i = 0; i < 5; ++i) world.decide("b" + std::to_string(i), 200'00);
    world.decide("small", 1'00);
    const Told told = replay_of(world);
    EXPECT_TRUE(told.lines.empty());
    EXPECT_EQ(number(told, "decisions"), 6);
    EXPECT_EQ(number(told, "considered"), 12);
    EXPECT_EQ(number(told, "different"), 0);
    EXPECT_EQ(number(told, "same"), number(told, "records"));
}

TEST(ReplayRun, FindsYesterdaysCampaignsOnTheShelf) {
    ShopWorld world{{campaign("c", kOnBasket)}};
    world.decide("b1", 200'00);
    world.engines->offers->load(campaigns_of({campaign("d", kOnBasket)}));
    world.decide("b2", 200'00);
    const Told told = replay_of(world);
    EXPECT_EQ(number(told, "decisions"), 2);
    EXPECT_EQ(number(told, "different"), 0);
    EXPECT_TRUE(told.summary.at("missing_sets").as_object().empty());
}

TEST(ReplayRun, ExplainsOneDecisionInFull) {
    ShopWorld world{{campaign("c", kOnBasket), campaign("d", kOnBasket)}};
    const BasketDecision made = world.decide("b1", 200'00);
    const Told told = replay_of(world, made.decision);
    ASSERT_EQ(told.lines.size(), 1U);
    const auto line = json::parse(told.lines.front());
    EXPECT_EQ(line.at("considered").as_array().size(), 2U);
    EXPECT_EQ(line.at("considered").at(1).at("reason").as_string(), "order_limit");
}

TEST(ReplayRun, SaysWhichSetIsMissing) {
    ShopWorld world{{campaign("c", kOnBasket)}};
    world.decide("b1", 200'00);
    SetLibrary none{world.zone};
    ReplayRun run{none, [](const json::object&) {}};
    const auto gaps =
        each_decision(*world.store, {}, [&](const DecisionRecord& one) { run.take(one); });
    EXPECT_FALSE(run.whole());
    const auto summary = run.summary(*gaps);
    EXPECT_EQ(summary.at("missing_sets").as_object().begin()->key(),
              world.engines->offers->campaigns().digest());
}

TEST(ReplayRun, NamesTheLineThatWasAltered) {
    ShopWorld world{{campaign("c", kOnBasket)}};
    world.decide("b1", 200'00);
    world.decide("b2", 200'00);
    std::string text;
    for (const std::string& body : world.journal("offer"))
        text += R"({"kind":"offer","event_id":"x","revision":1,"body":)" + body + "}\n";
    const auto at = text.rfind("\"gross\\\":20000");
    ASSERT_NE(at, std::string::npos) << text;
    text.replace(at, 14, "\"gross\\\":20001");
    text.replace(text.rfind("\"value\":1000"), 12, "\"value\":1001");
    SetLibrary sets{world.zone};
    ASSERT_TRUE(sets.add_shelf(*world.store));
    std::vector<json::object> lines;
    ReplayRun run{sets, [&](const json::object& line) { lines.push_back(line); }};
    ASSERT_TRUE(each_decision_of(text, {}, [&](const DecisionRecord& one) { run.take(one); }));
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines.front().at("record").at("row").as_string(), "line 2");
    EXPECT_EQ(lines.front().at("different").as_string(), "offer.value");
}

TEST(ReplayRun, LooksAtASpanOfTime) {
    ShopWorld world{{campaign("c", kOnBasket)}};
    world.decide("b1", 200'00);
    world.clock.advance(minutes{10});
    const WallTime between = world.clock.now().wall;
    world.decide("b2", 200'00);
    int n = 0;
    const auto count = [&](const DecisionRecord&) { ++n; };
    ASSERT_TRUE(each_decision(*world.store, {.from = between, .to = {}}, count));
    EXPECT_EQ(n, 1);
    ASSERT_TRUE(each_decision(*world.store, {.from = {}, .to = between}, count));
    EXPECT_EQ(n, 2);
}

TEST(ReplayRun, CountsWhatWasErasedAndWhatCannotBeRead) {
    int n = 0;
    const auto gaps = each_decision_of(
        "{\"kind\":\"offer\",\"body\":{\"erased\":true}}\n{\"kind\":\"offer\",\"body\":{\"x\":1}}"
        "\nrubbish\n"
        "{\"kind\":\"sale\",\"body\":{}}\n",
        {}, [&](const DecisionRecord&) { ++n; });
    ASSERT_TRUE(gaps);
    EXPECT_EQ(n, 0);
    EXPECT_EQ(gaps->erased, 1);
    EXPECT_EQ(gaps->unreadable.size(), 2U);
}

TEST(ReplayRun, GoesOnWhereSomebodyWasForgotten) {
    ShopWorld world{{campaign("c", kOnBasket)}};
    const MemberKey ada = world.member("ada");
    world.decide("b1", 200'00, "ada");
    world.decide("b2", 200'00);
    ASSERT_TRUE(world.store->erase({.member = ada.value}, 0));
    int n = 0;
    const auto gaps = each_decision(*world.store, {}, [&](const DecisionRecord&) { ++n; });
    ASSERT_TRUE(gaps);
    EXPECT_EQ(gaps->erased, 1);
    EXPECT_EQ(n, 1);
    EXPECT_TRUE(gaps->unreadable.empty());
}

TEST(CampaignShelf, KeepsASetInTheTransactionOfItsFirstDecision) {
    ShopWorld world{{campaign("c", kOnBasket)}};
    EXPECT_TRUE(world.store->read_state(kShelfTextRoom)->empty());
    world.decide("b1", 200'00);
    const auto rows = world.store->read_state(kShelfTextRoom);
    ASSERT_EQ(rows->size(), 1U);
    EXPECT_EQ(rows->front().bytes, world.engines->offers->campaigns().text());
}

offers::CampaignSet set_named(const std::string& id) {
    return offers::CampaignSet{*campaigns_of({campaign(id, kOnBasket)})};
}

TEST(CampaignShelf, WritesASetOnceAndItsLastUseOnceADay) {
    CampaignShelf shelf;
    const auto set = set_named("c");
    const auto rows_at = [&](std::int64_t s) {
        Turn turn{.now = kit::at(seconds{s})};
        shelf.used(turn, set);
        return turn.batch.state.size();
    };
    EXPECT_EQ(rows_at(0), 2U);
    EXPECT_EQ(rows_at(3'600), 0U);
    EXPECT_EQ(rows_at(25 * 3'600), 1U);
}

TEST(CampaignShelf, DropsASetWhoseDecisionsAreGone) {
    CampaignShelf shelf;
    shelf.keep(std::chrono::days{30});
    Turn first{.now = kit::at()};
    shelf.used(first, set_named("c"));
    Turn later{.now = kit::at(seconds{33 * 86400})};
    shelf.used(later, set_named("d"));
    EXPECT_EQ(shelf.size(), 1U);
    EXPECT_EQ(later.batch.state.size(), 4U);
}

TEST(CampaignShelf, MakesRoomForANewSet) {
    CampaignShelf shelf;
    std::vector<StateChange> rows;
    for (std::size_t i = 0; i < kSetsKept; ++i)
        rows.push_back({std::string{kShelfRoom}, "set" + std::to_string(i),
                        to_rfc3339(kit::at(seconds{i}).wall)});
    shelf.restore(rows);
    Turn turn{.now = kit::at(seconds{1000})};
    shelf.used(turn, set_named("c"));
    EXPECT_EQ(shelf.size(), kSetsKept);
    EXPECT_EQ(shelf.dropped(), 1);
    const bool oldest_gone = std::ranges::any_of(turn.batch.state, [](const StateChange& row) {
        return row.key == "set0" && row.bytes.empty();
    });
    EXPECT_TRUE(oldest_gone);
}

}  // namespace
}  // namespace aisle::app
