#include "downlink_world.hpp"

// The chain's data reaches decisions, and is unknown once its time is over.
namespace aisle::app {
namespace {

using wire::Dataset;

wire::DatasetHeader snapshot(Dataset name, std::int64_t version) {
    return {.name = name, .version = version};
}
wire::DatasetHeader delta(Dataset name, std::int64_t version) {
    return {.name = name, .version = version, .base = version - 1};
}
std::string stock(const std::string& sku, int qty) {
    return R"({"sku":")" + sku + R"(","qty":)" + std::to_string(qty) + "}\n";
}

const std::string kWhileStocked =
    R"("experiment": {"holdout": 0}, "when": {"stock.SKU1": {"$gte": 5}})";

std::size_t offers(DownWorld& world) {
    static int n = 0;
    return world.shop.decide("b" + std::to_string(++n), 200'00).offers.size();
}

TEST(Datasets, AreUnknownThenTrueThenUnknownAgain) {
    DownWorld world{{campaign("c", kOnBasket, kWhileStocked)}};
    EXPECT_EQ(offers(world), 0U);
    world.data(snapshot(Dataset::Stock, 1), stock("SKU1", 7));
    EXPECT_EQ(offers(world), 1U);
    world.shop.clock.advance(std::chrono::hours{24});
    world.pass(seconds{2});
    EXPECT_EQ(offers(world), 0U);
    const auto over = records::data_state_from_json(world.shop.journal("data_state").back());
    EXPECT_EQ(over->state, "expired");
}

TEST(Datasets, ExpiredMeansUnknownAndNeverFalse) {
    DownWorld world{{campaign(
        "c", kOnBasket, R"("experiment": {"holdout": 0}, "when": {"stock.SKU1": {"$lt": 5}})")}};
    world.data(snapshot(Dataset::Stock, 1), stock("SKU1", 1));
    EXPECT_EQ(offers(world), 1U);
    world.shop.clock.advance(std::chrono::hours{24});
    world.pass(seconds{2});
    EXPECT_EQ(offers(world), 0U);
}

TEST(Datasets, AOneRowDeltaReachesTheNextDecision) {
    DownWorld world{{campaign("c", kOnBasket, kWhileStocked)}};
    world.data(snapshot(Dataset::Stock, 1), stock("SKU1", 1) + stock("SKU2", 9));
    EXPECT_EQ(offers(world), 0U);
    world.data(delta(Dataset::Stock, 2), stock("SKU1", 5));
    EXPECT_EQ(offers(world), 1U);
    world.data(delta(Dataset::Stock, 3), "{\"key\":\"SKU1\",\"gone\":true}\n");
    EXPECT_EQ(offers(world), 0U);
}

TEST(Datasets, OfManyRowsLetATillThroughBetweenTheirSteps) {
    DownWorld world;
    std::string rows;
    for (int i = 0; i < 3'000; ++i) rows += stock("SKU" + std::to_string(i), i);
    auto header = snapshot(Dataset::Stock, 1);
    header.store = "s-0001";
    header.valid_until = world.shop.clock.now().wall + std::chrono::hours{24};
    header.n = 3'000;
    header.sha256 = wire::rows_digest(std::vector<std::string>{rows});
    world.down->message(
        {.store = StoreId{"s-0001"}, .channel = wire::Channel::DownData},
        wire::seal(wire::Purpose::Data, hq_key(), wire::header_line(header) + "\n" + rows));
    std::size_t there = 0;
    bool answered = false;
    world.shop.desk.decide({.basket = {.key = "b", .till = TillId{"1"}}}, [&](const auto&) {
        answered = true;
        there = world.shop.journal("fact").size();
    });
    world.shop.settle();
    world.pass(seconds{2});
    EXPECT_TRUE(answered);
    EXPECT_LT(there, 1'000U);
    EXPECT_EQ(world.shop.journal("fact").size(), 3'000U);
    // What comes after it is not overtaken by it.
    world.data(delta(Dataset::Stock, 2), stock("SKU7", 99));
    EXPECT_EQ(world.shop.journal("fact").size(), 3'001U);
}

TEST(Datasets, SurviveARestart) {
    const Folder folder;
    {
        DownWorld world{{}, &folder};
        world.data(snapshot(Dataset::Stock, 1), stock("SKU1", 7));
        world.data(snapshot(Dataset::Products, 4),
                   R"({"sku":"A","category":"snack","price":500,"cost":300})"
                   "\n");
    }
    DownWorld world{{campaign("c", kOnBasket, kWhileStocked)}, &folder, kit::at(seconds{60})};
    EXPECT_EQ(offers(world), 1U);
    ASSERT_NE(world.shop.engines->known_product("A"), nullptr);
    EXPECT_EQ(world.shop.engines->known_product("A")->cost, Money::minor(300));
    EXPECT_EQ(world.down->datasets().size(), 2U);
}

TEST(Datasets, OfMembersBringTagsTiersAndScores) {
    DownWorld world;
    world.data(snapshot(Dataset::Members, 1),
               R"({"member":"M1","segments":["seg-1"],"tier":"gold","scores":{"churn":12},)"
               R"("consent":{"marketing.personal":{"at":"2026-06-01T00:00:00Z","version":"v1"}}})"
               "\n");
    const MemberKey ada = world.shop.member("M1");
    const Stamp now = world.shop.clock.now();
    const auto facts = world.shop.engines->known_customer(ada, now);
    EXPECT_EQ(facts.text("cust.tier", now.wall), "gold");
    EXPECT_TRUE(facts.lists("cust.tags", "seg-1", now.wall));
    EXPECT_EQ(std::get<std::int64_t>(*facts.find("cust.score.churn", now.wall)), 12);
    EXPECT_TRUE(world.shop.engines->customers.consents(ada, kConsentMarketing));
    // HQ is not told again what it has said itself.
    EXPECT_TRUE(world.shop.journal("consent").empty());
    world.shop.clock.advance(std::chrono::hours{24});
    world.pass(seconds{2});
    const auto later = world.shop.engines->known_customer(ada, world.shop.clock.now());
    EXPECT_EQ(later.find("cust.tier", world.shop.clock.now().wall), nullptr);
    EXPECT_EQ(later.find("cust.score.churn", world.shop.clock.now().wall), nullptr);
}

TEST(Datasets, TakeThePlaceOfTheShopsOwnFile) {
    DownWorld world;
    world.shop.tell("members.jsonl", {MemberRow{.member = "M1", .tier = "silver"},
                                      MemberRow{.member = "M2", .tier = "silver"}});
    world.data(snapshot(Dataset::Members, 1), "{\"member\":\"M1\",\"tier\":\"gold\"}\n");
    const auto tier = [&](const char* raw) {
        return world.shop.engines->customers.card(world.shop.member(raw), world.shop.clock.now())
            .tier;
    };
    EXPECT_EQ(tier("M1"), "gold");
    EXPECT_EQ(tier("M2"), "");
    world.shop.tell("members.jsonl", {MemberRow{.member = "M1", .tier = "silver"}});
    EXPECT_EQ(tier("M1"), "gold");
}

TEST(Datasets, NeverPutARawMemberOnDisk) {
    const Folder folder;
    {
        DownWorld world{{}, &folder};
        world.data(snapshot(Dataset::Members, 1),
                   "{\"member\":\"13800138000\",\"tier\":\"gold\"}\n");
        EXPECT_TRUE(world.shop.engines->customers
                        .card(world.shop.member("13800138000"), world.shop.clock.now())
                        .known);
    }
    for (const auto& entry : std::filesystem::directory_iterator{folder.path()}) {
        if (!entry.is_regular_file()) continue;
        EXPECT_EQ(bytes_of(entry.path()).find("13800138000"), std::string::npos) << entry.path();
    }
}

TEST(Datasets, AskForASnapshotWhereADeltaDoesNotFit) {
    DownWorld world;
    world.data(delta(Dataset::Stock, 5), stock("SKU1", 7));
    const auto refused = records::data_state_from_json(world.shop.journal("data_state").back());
    EXPECT_EQ(refused->reason, "base");
    EXPECT_EQ(refused->held, 0);
}

TEST(Datasets, ShowTheirAge) {
    DownWorld world;
    world.data(snapshot(Dataset::Stock, 1), stock("SKU1", 7));
    world.pass(seconds{100});
    EXPECT_NE(world.shop.metrics->text().find("aisle_dataset_age_seconds{name=\"stock\"} 10"),
              std::string::npos);
    EXPECT_NE(world.down->status_json().find("\"age_s\":10"), std::string::npos)
        << world.down->status_json();
}

TEST(ChainFacts, TellsWhatHoldsNowOfManyTimes) {
    ChainFacts chain;
    const auto rain = [&](const char* value, int from_h, int to_h) {
        chain.set(Dataset::Weather, {.key = "ctx.weather",
                                     .value = std::string{value},
                                     .valid_from = kit::kNoon + std::chrono::hours{from_h},
                                     .valid_to = kit::kNoon + std::chrono::hours{to_h}});
    };
    rain("rain", 0, 1);
    rain("sun", 1, 2);
    const auto set =
        campaigns_of({campaign("c", kOnBasket, R"("when": {"ctx.weather": {"$eq": "rain"}})")});
    const auto at = [&](int minutes_on) {
        conditions::Facts facts;
        const WallTime now = kit::kNoon + minutes{minutes_on};
        chain.add_to(facts, *set, now);
        return std::string{facts.text("ctx.weather", now)};
    };
    EXPECT_EQ(at(-1), "");
    EXPECT_EQ(at(0), "rain");
    EXPECT_EQ(at(60), "sun");
    EXPECT_EQ(at(120), "");
    chain.gone(Dataset::Weather, "ctx.weather|" + to_rfc3339(kit::kNoon + std::chrono::hours{1}));
    EXPECT_EQ(at(60), "");
    EXPECT_EQ(at(0), "rain");
}

}  // namespace
}  // namespace aisle::app
