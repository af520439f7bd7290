#include "shop_world.hpp"

// Members, products, tags and facts: what the chain tells the shop.
namespace aisle::app {
namespace {

MemberRow member_row(const std::string& raw, const std::string& tier = "gold") {
    return {.member = raw, .tags = {"vip"}, .tier = tier, .consent = {}};
}
MemberRow agreeing(const std::string& raw, std::string_view purpose) {
    MemberRow row = member_row(raw);
    row.consent[std::string{purpose}] = {.at = kit::kNoon, .version = "v1", .granted = true};
    return row;
}
ProductRow product(const std::string& sku, std::int64_t price = 100) {
    return {.sku = sku, .category = "snack", .brand = "b", .price = Money::minor(price)};
}
TagRow trolley(const std::string& raw, const std::string& member = {}) {
    return {.tag = raw, .bearer = TagBearer::Trolley, .label = "trolley " + raw, .member = member};
}
TagRow carried_by(const std::string& raw, const std::string& member) {
    return {.tag = raw, .bearer = TagBearer::Member, .label = "app", .member = member};
}

CustomerCard card(ShopWorld& world, const std::string& raw) {
    return world.engines->customers.card(world.member(raw), world.clock.now());
}
std::size_t state_rows(ShopWorld& world) { return world.store->read_state(kReferenceRoom)->size(); }

TEST(Reference, IsJournalledRowByRow) {
    ShopWorld world;
    world.tell("products.jsonl", {product("A"), product("B")});
    EXPECT_EQ(world.journal("product").size(), 2U);
    EXPECT_EQ(state_rows(world), 2U);
}

TEST(Reference, WritesNothingForRowsThatHaveNotChanged) {
    ShopWorld world;
    world.tell("products.jsonl", {product("A"), product("B")});
    world.tell("products.jsonl", {product("B"), product("A")});
    EXPECT_EQ(world.journal("product").size(), 2U);
}

TEST(Reference, JournalsARowThatHasChanged) {
    ShopWorld world;
    world.tell("products.jsonl", {product("A"), product("B")});
    world.tell("products.jsonl", {product("A", 200), product("B")});
    EXPECT_EQ(world.journal("product").size(), 3U);
    EXPECT_EQ(world.engines->customers.product("A")->price, Money::minor(200));
}

TEST(Reference, JournalsARowThatChangesBack) {
    ShopWorld world;
    for (const std::int64_t price : {100, 200, 100})
        world.tell("products.jsonl", {product("A", price)});
    EXPECT_EQ(world.journal("product").size(), 3U);
    EXPECT_TRUE(world.broken.empty()) << world.broken;
}

TEST(Reference, WithdrawsRowsThatTheFileNoLongerHas) {
    ShopWorld world;
    world.tell("products.jsonl", {product("A"), product("B")});
    world.tell("products.jsonl", {product("B")});
    EXPECT_EQ(world.engines->customers.product("A"), nullptr);
    EXPECT_NE(world.engines->customers.product("B"), nullptr);
    EXPECT_EQ(state_rows(world), 1U);
}

TEST(Reference, OfOneFileLeavesTheOthersAlone) {
    ShopWorld world;
    world.tell("products.jsonl", {product("A")});
    world.tell("members.jsonl", {member_row("M1")});
    world.tell("facts.jsonl", {});
    world.tell("tags.jsonl", {});
    EXPECT_NE(world.engines->customers.product("A"), nullptr);
    EXPECT_EQ(card(world, "M1").tier, "gold");
}

TEST(Reference, OfAMemberIsKnownUnderAPseudonym) {
    ShopWorld world;
    world.tell("members.jsonl", {member_row("M1", "silver")});
    EXPECT_EQ(card(world, "M1").tier, "silver");
    ASSERT_EQ(world.journal("member").size(), 1U);
    EXPECT_NE(world.journal("member").front().find(world.member("M1").value), std::string::npos);
}

TEST(Reference, OfAMemberThatHasGoneEndsTierAndConsent) {
    ShopWorld world;
    world.tell("members.jsonl", {agreeing("M1", kConsentMarketing), member_row("M2")});
    EXPECT_TRUE(world.engines->customers.consents(world.member("M1"), kConsentMarketing));
    world.tell("members.jsonl", {member_row("M2")});
    EXPECT_FALSE(world.engines->customers.consents(world.member("M1"), kConsentMarketing));
    EXPECT_EQ(card(world, "M1").tier, "");
}

TEST(Reference, ThatBringsARowBackAtOnceKeepsIt) {
    ShopWorld world;
    world.tell("products.jsonl", {product("A"), product("B")});
    const auto read = [&](std::vector<ReferenceRow> rows) {
        EXPECT_TRUE(world.readings.accept(
            reading_of(ReferenceReading{
                .source = "reference", .file = "products.jsonl", .rows = std::move(rows)}),
            {}));
    };
    world.room = 0;  // nothing commits between the two
    EXPECT_TRUE(world.readings.accept(reading_of(SaleReading{draft(1), {}}), {}));
    read({product("B")});
    read({product("A"), product("B")});
    world.room = 1'000'000;
    world.settle();
    EXPECT_EQ(state_rows(world), 2U);
    EXPECT_EQ(world.journal("product").size(), 3U);
}

TEST(Reference, KeepsItsDigestsAcrossARestart) {
    const Folder folder;
    {
        ShopWorld world{{}, &folder};
        world.tell("members.jsonl", {member_row("M1"), member_row("M2")});
    }
    ShopWorld world{{}, &folder};
    world.tell("members.jsonl", {member_row("M1"), member_row("M2", "silver")});
    EXPECT_EQ(world.journal("member").size(), 3U);
}

TEST(Reference, WithdrawsAfterARestartWhatWasKnownBefore) {
    const Folder folder;
    {
        ShopWorld world{{}, &folder};
        world.tell("members.jsonl", {agreeing("M1", kConsentMarketing), member_row("M2")});
    }
    ShopWorld world{{}, &folder};
    world.tell("members.jsonl", {member_row("M2")});
    EXPECT_FALSE(world.engines->customers.consents(world.member("M1"), kConsentMarketing));
}

TEST(Reference, OfProductsIsToldToTheEnginesAgainAfterARestart) {
    const Folder folder;
    {
        ShopWorld world{{}, &folder};
        world.tell("products.jsonl", {product("A")});
    }
    ShopWorld world{{}, &folder};
    EXPECT_EQ(world.engines->customers.product("A"), nullptr);
    world.tell("products.jsonl", {product("A")});
    EXPECT_NE(world.engines->customers.product("A"), nullptr);
    EXPECT_EQ(world.journal("product").size(), 1U);
}

TEST(Reference, OfManyRowsIsCutIntoBatches) {
    ShopWorld world;
    std::vector<ReferenceRow> rows;
    for (int i = 0; i < 1234; ++i) rows.emplace_back(product("S" + std::to_string(i)));
    world.tell("products.jsonl", rows);
    EXPECT_EQ(world.journal("product").size(), 1234U);
    EXPECT_EQ(state_rows(world), 1234U);
}

TEST(Reference, LeavesRowsWithoutAKeyOut) {
    ShopWorld world;
    world.tell("products.jsonl", {product("A"), product("")});
    EXPECT_EQ(world.journal("product").size(), 1U);
}

TEST(Reference, KeepsItsPositionWithTheRows) {
    ShopWorld world;
    EXPECT_TRUE(world.take(reading_of(
        ReferenceReading{.source = "r", .file = "products.jsonl", .rows = {product("A")}}, "m1")));
    EXPECT_EQ(world.store->positions("dir")->front().position, "m1");
}

TEST(Reference, EnrolsTagsByTheirRawIdInMemoryOnly) {
    ShopWorld world;
    world.tell("tags.jsonl", {trolley("aa01"), trolley("aa02")});
    EXPECT_EQ(world.enrolments, 1);
    EXPECT_EQ(
        world.engines->enrolled,
        (std::map<std::string, TagKey>{{"aa01", world.tag("aa01")}, {"aa02", world.tag("aa02")}}));
    EXPECT_EQ(world.journal("tag").size(), 2U);
}

TEST(Reference, TakesTagsFromTheListThatTheFileNoLongerHas) {
    ShopWorld world;
    world.tell("tags.jsonl", {trolley("aa01"), trolley("aa02")});
    world.tell("tags.jsonl", {trolley("aa02")});
    EXPECT_EQ(world.enrolments, 2);
    EXPECT_EQ(world.engines->enrolled.size(), 1U);
    EXPECT_EQ(world.engines->tags.size(), 1U);
}

TEST(Holders, CarryATrolleyWithoutAskingAnybody) {
    ShopWorld world;
    world.tell("tags.jsonl", {trolley("aa01")});
    const auto holders = world.engines->holders();
    ASSERT_EQ(holders.size(), 1U);
    EXPECT_EQ(holders.at(world.tag("aa01")).label, "trolley aa01");
}

TEST(Holders, AreFollowedByTheirOwnTagOnlyWithConsent) {
    ShopWorld world;
    world.tell("members.jsonl", {member_row("M1"), agreeing("M2", kConsentLocation)});
    world.tell("tags.jsonl", {carried_by("aa01", "M1"), carried_by("aa02", "M2")});
    const auto holders = world.engines->holders();
    ASSERT_EQ(holders.size(), 1U);
    EXPECT_EQ(holders.at(world.tag("aa02")).member, world.member("M2"));
}

TEST(Holders, OfATrolleyStayUnnamedWithoutConsent) {
    ShopWorld world;
    world.tell("members.jsonl", {member_row("M1")});
    world.tell("tags.jsonl", {trolley("aa01", "M1")});
    EXPECT_EQ(world.engines->holders().at(world.tag("aa01")).member, MemberKey{});
    world.agree(world.member("M1"), kConsentLocation);
    EXPECT_EQ(world.engines->holders().at(world.tag("aa01")).member, world.member("M1"));
}

TEST(Holders, WithConsentForMarketingAloneAreNotFollowed) {
    ShopWorld world;
    world.tell("members.jsonl", {agreeing("M1", kConsentMarketing)});
    world.tell("tags.jsonl", {carried_by("aa01", "M1")});
    EXPECT_TRUE(world.engines->holders().empty());
}

// Whether a campaign that asks for `when` speaks in a basket.
bool speaks(const std::vector<ReferenceRow>& facts, const std::string& when,
            milliseconds later = milliseconds{0}) {
    ShopWorld world{{campaign("c", kOnBasket, R"("experiment": {"holdout": 0}, "when": )" + when)}};
    world.tell("facts.jsonl", facts);
    world.loop.advance(later);
    return !world.decide("b1", 15'000).offers.empty();
}

TEST(Facts, HoldBetweenTheirTimesOnly) {
    const FactRow rain{.key = "ctx.weather",
                       .value = std::string{"rain"},
                       .valid_from = kit::kNoon + std::chrono::hours{1},
                       .valid_to = kit::kNoon + std::chrono::hours{2}};
    const std::string when = R"({"ctx.weather": "rain"})";
    EXPECT_FALSE(speaks({rain}, when));
    EXPECT_TRUE(speaks({rain}, when, std::chrono::minutes{61}));
    EXPECT_FALSE(speaks({rain}, when, std::chrono::minutes{121}));
}

TEST(Facts, WithoutTimesHoldAlways) {
    const FactRow rain{.key = "ctx.weather", .value = std::string{"rain"}};
    EXPECT_TRUE(speaks({rain}, R"({"ctx.weather": "rain"})"));
    EXPECT_FALSE(speaks({}, R"({"ctx.weather": "rain"})"));
}

TEST(Facts, OfTheNextFileReplaceThoseOfTheLast) {
    ShopWorld world;
    world.tell("facts.jsonl", {FactRow{.key = "a", .value = true}});
    world.tell("facts.jsonl", {FactRow{.key = "b", .value = true}});
    ASSERT_EQ(world.engines->facts.size(), 1U);
    EXPECT_EQ(world.engines->facts.front().key, "b");
}

TEST(Facts, TellHowManyAreInside) {
    ShopWorld world{{campaign("c", kOnBasket,
                              R"("experiment": {"holdout": 0}, )"
                              R"("when": {"ctx.occupancy": {"$gte": 2}})")}};
    EXPECT_TRUE(world.decide("b1", 15'000).offers.empty());
    EXPECT_TRUE(world.take(reading_of(Crossing{.door = DoorId{"main"},
                                               .direction = Direction::In,
                                               .n = 2,
                                               .at = kit::kNoon,
                                               .mono = kit::at().mono})));
    EXPECT_EQ(world.decide("b2", 15'000).offers.size(), 1U);
}

}  // namespace
}  // namespace aisle::app
