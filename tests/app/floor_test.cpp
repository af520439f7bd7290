#include <set>

#include "agent/records/ledger_records.hpp"
#include "agent/records/names.hpp"
#include "agent/records/offer_records.hpp"
#include "shop_world.hpp"

// Where the engines meet: what becomes of a sale, a visit, a tap.
namespace aisle::app {
namespace {

std::string on_dwell(int min_s) {
    return R"({"type": "zone_dwell", "zone": "shoes", "min_s": )" + std::to_string(min_s) +
           R"(, "rearm_s": 0})";
}

// A trolley waits before the shoes; the engines tick each second as they do in the shop.
void linger(ShopWorld& world, int seconds_long, const std::string& raw = "t14",
            const std::string& scanner = "gw-shoes") {
    for (int i = 0; i < seconds_long; ++i) {
        EXPECT_TRUE(world.readings.accept(reading_of(Sighting{.at = world.clock.now().mono,
                                                              .wall = world.clock.now().wall,
                                                              .tag = world.tag(raw),
                                                              .scanner = scanner,
                                                              .rssi_dbm = -50}),
                                          {}));
        world.pipeline.submit_inner(
            {.apply = [&](Turn& turn, std::span<const Found>) { world.floor.tick(turn); }});
        world.loop.advance(seconds{1});
    }
    world.settle();
}

TagRow trolley_14() {
    return {.tag = "t14", .bearer = TagBearer::Trolley, .label = "trolley 14", .member = {}};
}

std::vector<std::string> states_of(ShopWorld& world) {
    std::vector<std::string> states;
    for (const std::string& body : world.journal("offer"))
        states.emplace_back(records::to_text(records::offer_from_json(body)->state));
    return states;
}
using States = std::vector<std::string>;

TEST(Floor, OffersToATrolleyThatLingers) {
    ShopWorld world{{campaign("c", on_dwell(10))}};
    world.tell("tags.jsonl", {trolley_14()});
    linger(world, 20);
    ASSERT_EQ(world.announced.size(), 1U);
    EXPECT_EQ(world.announced.front().eyes, "trolley 14");
    EXPECT_EQ(world.announced.front().zone, ZoneId{"shoes"});
    EXPECT_EQ(states_of(world), States{"offered"});
}

TEST(Floor, OffersNothingToATrolleyThatPassesBy) {
    ShopWorld world{{campaign("c", on_dwell(30))}};
    world.tell("tags.jsonl", {trolley_14()});
    linger(world, 6);
    linger(world, 60, "t14", "gw-bags");
    EXPECT_TRUE(world.announced.empty());
    EXPECT_EQ(world.journal("zone_visit").size(), 1U);
}

TEST(Floor, NeverAnnouncesAGhost) {
    ShopWorld world{{campaign("c", on_dwell(10), kAllHeldOut)}};
    world.tell("tags.jsonl", {trolley_14()});
    linger(world, 20);
    EXPECT_TRUE(world.announced.empty());
    EXPECT_TRUE(world.journal("offer").empty());
    EXPECT_EQ(world.journal("withheld").size(), 1U);
    EXPECT_EQ(world.journal("experiment").size(), 1U);
}

TEST(Floor, TellsOfAGhostOnceAlsoWhenItHasExpired) {
    ShopWorld world{{campaign("c", on_dwell(10), kAllHeldOut)}};
    world.tell("tags.jsonl", {trolley_14()});
    linger(world, 20);
    world.loop.advance(std::chrono::hours{1});
    world.heartbeat.start();
    world.settle();
    EXPECT_EQ(world.journal("withheld").size(), 1U);
    EXPECT_TRUE(world.journal("outcome").empty());
    EXPECT_TRUE(world.announced.empty());
}

TEST(Floor, KnowsNoGhostWhenStaffAskForIt) {
    ShopWorld world{{campaign("c", on_dwell(10), kAllHeldOut)}};
    world.tell("tags.jsonl", {trolley_14()});
    linger(world, 20);
    const auto rows = world.store->read(JournalQuery{.kind = "withheld", .event_id = {}});
    ASSERT_EQ(rows->size(), 1U);
    const OfferId ghost{rows->front().record.event_id};
    ASSERT_NE(world.engines->offers->find(ghost), nullptr);
    const auto answer = world.act(ghost, OfferAction::Accept, "s-2");
    EXPECT_EQ(answer.outcome, staff::ActOutcome::Unknown);
    EXPECT_FALSE(answer.offer) << "nobody may see it";
}

TEST(Floor, AnnouncesOnlyAfterTheCommit) {
    ShopWorld world{{campaign("c", kOnSeen)}};
    world.desk.check_in({.member = "M1", .by = "s-2"}, {[](const auto&) {}});
    EXPECT_TRUE(world.announced.empty());
    EXPECT_TRUE(world.journal("offer").empty());
    world.settle();
    EXPECT_EQ(world.announced.size(), 1U);
    EXPECT_EQ(world.journal("offer").size(), 1U);
}

TEST(Floor, KeepsAnOffersWholeLife) {
    ShopWorld world{{campaign("c", kOnSeen)}};
    const auto offers = world.check_in("M1").offers;
    ASSERT_EQ(offers.size(), 1U);
    for (const auto action : {OfferAction::Accept, OfferAction::Present, OfferAction::Redeem})
        EXPECT_EQ(world.act(offers[0].id, action, "s-2").outcome, staff::ActOutcome::Done);
    EXPECT_EQ(states_of(world), (States{"offered", "accepted", "presented", "redeemed"}));
    EXPECT_EQ(world.journal("exposure").size(), 1U);
    EXPECT_EQ(world.journal("outcome").size(), 1U);
    ASSERT_EQ(world.journal("redemption").size(), 1U);
    const auto redemption = records::redemption_from_json(world.journal("redemption").front());
    EXPECT_EQ(redemption->proof, RedemptionProof::Staff);
    EXPECT_EQ(redemption->member, world.member("M1"));
}

TEST(Floor, AnnouncesEachStep) {
    ShopWorld world{{campaign("c", kOnSeen)}};
    const auto offers = world.check_in("M1").offers;
    world.act(offers.at(0).id, OfferAction::Accept, "s-2");
    world.act(offers.at(0).id, OfferAction::Decline, "s-2");
    ASSERT_EQ(world.announced.size(), 3U);
    EXPECT_EQ(world.announced[1].state, OfferState::Accepted);
    EXPECT_EQ(world.announced[2].revision, 3);
}

TEST(Floor, WritesNoExposureForAPresentationThatIsRefused) {
    ShopWorld world{{campaign("c", kOnSeen)}};
    const auto offers = world.check_in("M1").offers;
    world.act(offers.at(0).id, OfferAction::Accept, "s-2");
    EXPECT_EQ(world.act(offers[0].id, OfferAction::Present, "s-3").outcome,
              staff::ActOutcome::Taken);
    EXPECT_TRUE(world.journal("exposure").empty());
}

TEST(Floor, EndsOffersWhenTheirTimeIsOver) {
    ShopWorld world{{campaign("c", kOnSeen)}};
    world.check_in("M1");
    world.heartbeat.start();
    world.loop.advance(seconds{898});
    world.settle();
    EXPECT_EQ(states_of(world), States{"offered"});
    world.loop.advance(seconds{10});
    world.settle();
    EXPECT_EQ(states_of(world), (States{"offered", "expired"}));
    EXPECT_EQ(world.journal("outcome").size(), 1U);
}

TEST(Floor, RedeemsByTheCodeOnTheReceipt) {
    ShopWorld world{{campaign("c", kOnSeen)}};
    const auto offers = world.check_in("M1").offers;
    ASSERT_FALSE(offers.at(0).code.empty());
    Sale sale = draft(9'000);
    sale.lines.front().gross = Money::minor(10'000);
    sale.lines.front().discount = Money::minor(1'000);
    sale.discounts.push_back(
        {.line = 1, .offer = offers[0].code, .kind = "coupon", .amount = Money::minor(1'000)});
    EXPECT_TRUE(world.sell(sale));
    ASSERT_EQ(world.journal("redemption").size(), 1U);
    const auto redemption = records::redemption_from_json(world.journal("redemption").front());
    EXPECT_EQ(redemption->proof, RedemptionProof::Code);
    EXPECT_EQ(redemption->amount, Money::minor(1'000));
}

TEST(Floor, RedeemsACodeOnceWhateverTheTillSends) {
    ShopWorld world{{campaign("c", kOnSeen)}};
    const std::string code = world.check_in("M1").offers.at(0).code;
    for (const std::int64_t seq : {1, 1, 2}) {
        Sale sale = draft(9'000, seq);
        sale.lines.front().gross = Money::minor(10'000);
        sale.lines.front().discount = Money::minor(1'000);
        sale.discounts.push_back(
            {.line = 1, .offer = code, .kind = "coupon", .amount = Money::minor(1'000)});
        EXPECT_TRUE(world.sell(sale));
    }
    EXPECT_EQ(world.journal("redemption").size(), 1U);
    EXPECT_EQ(world.journal("audit").size(), 1U) << "the second use";
}

TEST(Floor, MovesTheBudgetWithReservationReleaseAndRedemption) {
    ShopWorld world{{campaign("c", kOnBasket,
                              R"("experiment": {"holdout": 0}, "limits": {"budget_fen": 5000})")}};
    const auto moves = [&] {
        std::vector<std::string> all;
        for (const std::string& body : world.journal("budget"))
            all.push_back(records::budget_from_json(body)->move);
        return all;
    };
    EXPECT_EQ(world.decide("b1", 15'000).saved, Money::minor(1'000));
    EXPECT_EQ(moves(), States{"reserve"});
    world.decide("b1", 15'000, "", true);
    EXPECT_EQ(moves(), (States{"reserve", "release"}));
}

TEST(Floor, KeepsEveryConsentAndAuditsIt) {
    ShopWorld world;
    const MemberKey ada = world.member("M1");
    world.agree(ada, kConsentMarketing);
    world.clock.advance(seconds{1});
    world.agree(ada, kConsentMarketing, false);
    const auto rows = world.journal("consent");
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_TRUE(records::consent_from_json(rows[0])->granted);
    EXPECT_FALSE(records::consent_from_json(rows[1])->granted);
    EXPECT_FALSE(world.engines->customers.consents(ada, kConsentMarketing));
    EXPECT_EQ(world.journal("audit").size(), 2U);
}

TEST(Floor, ChainsTheAuditAcrossARestart) {
    const Folder folder;
    for (int i = 0; i < 2; ++i) {
        ShopWorld world{{}, &folder, kit::at(seconds{i})};
        world.agree(world.member("M1"), kConsentMarketing, i == 0);
    }
    ShopWorld world{{}, &folder};
    std::vector<std::int64_t> numbers;
    std::set<std::string> chains;
    for (const std::string& body : world.journal("audit")) {
        numbers.push_back(records::audit_from_json(body)->n);
        chains.insert(records::audit_from_json(body)->chain);
    }
    EXPECT_EQ(numbers, (std::vector<std::int64_t>{1, 2}));
    EXPECT_EQ(chains.size(), 2U);
}

TEST(Floor, WritesLifecycleTransitions) {
    ShopWorld world;
    EXPECT_TRUE(world.sell(draft(1000, 1, "M1")));
    EXPECT_TRUE(world.sell(draft(1000, 2, "M1")));
    const auto steps = world.journal("transition");
    ASSERT_EQ(steps.size(), 1U);
    EXPECT_EQ(records::transition_from_json(steps.front())->to, LifecycleStage::Active);
}

TEST(Floor, ReportsAMinuteOnceItIsOver) {
    ShopWorld world;
    EXPECT_TRUE(world.take(reading_of(Crossing{.door = DoorId{"main"},
                                               .direction = Direction::In,
                                               .n = 2,
                                               .at = kit::kNoon,
                                               .mono = kit::at().mono})));
    world.heartbeat.start();
    world.loop.advance(seconds{55});
    world.settle();
    EXPECT_TRUE(world.journal("footfall_minute").empty());
    world.loop.advance(seconds{20});
    world.settle();
    EXPECT_FALSE(world.journal("footfall_minute").empty());
    EXPECT_GT(world.woken[Stream::Footfall], 0U);
}

TEST(Floor, NamesTheMemberOfAVisitOnlyWithConsent) {
    for (const bool agreed : {false, true}) {
        ShopWorld world;
        if (agreed) world.agree(world.member("M1"), kConsentLocation);
        TagRow tag = trolley_14();
        tag.member = "M1";
        world.tell("tags.jsonl", {tag});
        linger(world, 6);
        linger(world, 20, "t14", "gw-bags");
        ASSERT_EQ(world.journal("zone_visit").size(), 1U);
        const bool named =
            world.journal("zone_visit").front().find(world.member("M1").value) != std::string::npos;
        EXPECT_EQ(named, agreed);
    }
}

}  // namespace
}  // namespace aisle::app
