#include "shop_world.hpp"

// What staff and tills ask of the shop.
namespace aisle::app {
namespace {

using staff::ActOutcome;

// One offer for a member who has checked in.
struct OneOffer : ShopWorld {
    OneOffer() : ShopWorld{{campaign("c", kOnSeen)}} {
        const auto offers = check_in("M1").offers;
        EXPECT_EQ(offers.size(), 1U);
        if (!offers.empty()) id = offers.front().id;
    }
    OfferId id;
};

TEST(Desk, GivesAnOfferToWhoeverAcceptsFirst) {
    OneOffer world;
    EXPECT_EQ(world.act(world.id, OfferAction::Accept, "s-2").outcome, ActOutcome::Done);
    const auto second = world.act(world.id, OfferAction::Accept, "s-3");
    EXPECT_EQ(second.outcome, ActOutcome::Taken);
    ASSERT_TRUE(second.offer);
    EXPECT_EQ(second.offer->by, "s-2");
}

TEST(Desk, JudgesTwoTapsOfOneMomentInTheirOrder) {
    OneOffer world;
    std::vector<std::string> outcomes;
    for (const char* by : {"s-2", "s-3", "s-4"}) {
        world.desk.act({.offer = world.id, .action = OfferAction::Accept, .by = by, .reason = {}},
                       [&outcomes, by](const staff::ActAnswer& answer) {
                           const bool done = answer.outcome == ActOutcome::Done;
                           outcomes.push_back(by + std::string{done ? " done" : " taken"});
                       });
    }
    world.settle();
    EXPECT_EQ(outcomes, (std::vector<std::string>{"s-2 done", "s-3 taken", "s-4 taken"}));
}

TEST(Desk, TakesTheSameTapTwiceForOne) {
    OneOffer world;
    EXPECT_EQ(world.act(world.id, OfferAction::Accept, "s-2").outcome, ActOutcome::Done);
    EXPECT_EQ(world.act(world.id, OfferAction::Accept, "s-2").outcome, ActOutcome::Done);
    EXPECT_EQ(world.journal("offer").size(), 2U);
}

TEST(Desk, RefusesAStepThatIsNotOpen) {
    OneOffer world;
    const auto answer = world.act(world.id, OfferAction::Redeem, "s-2");
    EXPECT_EQ(answer.outcome, ActOutcome::Taken);
    ASSERT_TRUE(answer.offer);
    EXPECT_EQ(answer.offer->state, OfferState::Offered);
}

TEST(Desk, ShowsHowAnOfferStandsAfterItsEnd) {
    OneOffer world;
    const auto declined = world.act(world.id, OfferAction::Decline, "s-2");
    EXPECT_EQ(declined.outcome, ActOutcome::Done);
    ASSERT_TRUE(declined.offer);
    EXPECT_EQ(declined.offer->state, OfferState::Declined);
}

TEST(Desk, SaysThatAnOfferIsOver) {
    OneOffer world;
    world.clock.advance(seconds{901});
    EXPECT_EQ(world.act(world.id, OfferAction::Accept, "s-2").outcome, ActOutcome::Over);
}

TEST(Desk, KnowsNoOfferThatNeverWas) {
    OneOffer world;
    const auto answer = world.act(OfferId{"nothing"}, OfferAction::Accept, "s-2");
    EXPECT_EQ(answer.outcome, ActOutcome::Unknown);
    EXPECT_FALSE(answer.offer);
}

TEST(Desk, AnswersATapOnlyAfterItsCommit) {
    OneOffer world;
    bool answered = false;
    world.desk.act({.offer = world.id, .action = OfferAction::Accept, .by = "s-2", .reason = {}},
                   [&](const auto&) { answered = true; });
    EXPECT_FALSE(answered);
    EXPECT_EQ(world.journal("offer").size(), 1U);
    world.settle();
    EXPECT_TRUE(answered);
    EXPECT_EQ(world.journal("offer").size(), 2U);
}

// The queue that takes nothing: a Pipeline whose bound is reached.
void fill(ShopWorld& world) {
    world.desk.act({.offer = OfferId{"x"}, .action = OfferAction::Accept, .by = "s", .reason = {}},
                   [](const auto&) {});
    for (std::int64_t seq = 1;
         world.readings.accept(reading_of(SaleReading{draft(1, seq), {}}), {}); ++seq) {
    }
}

TEST(Desk, SaysNotNowWhenTooMuchWaits) {
    ShopWorld world;
    fill(world);
    ActOutcome outcome = ActOutcome::Done;
    world.desk.act({.offer = OfferId{"x"}, .action = OfferAction::Accept, .by = "s", .reason = {}},
                   [&](const auto& answer) { outcome = answer.outcome; });
    EXPECT_EQ(outcome, ActOutcome::NotNow);
    Result<staff::CheckedIn> seen{unavailable("")};
    world.desk.check_in({.member = "M1", .by = "s"}, [&](auto answer) { seen = answer; });
    EXPECT_EQ(seen.error().fault, Fault::Full);
    Status agreed;
    world.desk.set_consent({.member = world.member("M1"), .purpose = "p", .granted = true},
                           [&](const Status& answer) { agreed = answer; });
    EXPECT_EQ(agreed.error().fault, Fault::Full);
    Result<BasketDecision> decided{unavailable("")};
    world.desk.decide({}, [&](const auto& answer) { decided = answer; });
    EXPECT_EQ(decided.error().fault, Fault::Full);
}

TEST(Desk, ChecksInSomebodyItHasNeverSeen) {
    ShopWorld world;
    const auto seen = world.check_in("M1");
    EXPECT_FALSE(seen.card.known);
    EXPECT_EQ(seen.card.member, world.member("M1"));
    EXPECT_TRUE(seen.offers.empty());
}

TEST(Desk, ShowsWhoHasCheckedIn) {
    ShopWorld world;
    EXPECT_TRUE(world.sell(draft(2500, 1, "M1")));
    const auto seen = world.check_in(" m-1 ");
    EXPECT_TRUE(seen.card.known);
    EXPECT_EQ(seen.card.spent, Money::minor(2500));
}

TEST(Desk, ShowsOnlyTheOffersOfWhoHasCheckedIn) {
    ShopWorld world{{campaign("c", kOnSeen)}};
    const auto one = world.check_in("M1").offers;
    const auto two = world.check_in("M2").offers;
    ASSERT_EQ(one.size(), 1U);
    ASSERT_EQ(two.size(), 1U);
    EXPECT_EQ(two.front().member, world.member("M2"));
}

TEST(Desk, ChecksNobodyInForAScanWithoutANumber) {
    ShopWorld world{{campaign("c", kOnSeen)}};
    for (const char* scan : {"", "  ", "--", " - "}) {
        std::optional<Result<staff::CheckedIn>> seen;
        world.desk.check_in({.member = scan, .by = "s"}, [&](auto answer) { seen = answer; });
        world.settle();
        ASSERT_TRUE(seen && !*seen) << scan;
        EXPECT_EQ(seen->error().fault, Fault::Malformed);
    }
    EXPECT_TRUE(world.announced.empty());
}

TEST(Desk, DatesAConsentByItsOwnClock) {
    ShopWorld world;
    std::optional<Status> answer;
    world.desk.set_consent({.member = world.member("M1"),
                            .purpose = std::string{kConsentMarketing},
                            .granted = true,
                            .version = "v1",
                            .by = "s-2",
                            .at = {.boot = 9, .mono = {}, .wall = {}, .quality = {}}},
                           [&](const Status& said) { answer = said; });
    world.settle();
    ASSERT_TRUE(answer && *answer);
    EXPECT_EQ(world.check_in("M1").card.consent.at(std::string{kConsentMarketing}).at, kit::kNoon);
}

TEST(Desk, StopsFollowingSomebodyWhoWithdraws) {
    ShopWorld world;
    const MemberKey ada = world.member("M1");
    world.agree(ada, kConsentLocation);
    world.tell("tags.jsonl",
               {TagRow{.tag = "t1", .bearer = TagBearer::Member, .label = "", .member = "M1"}});
    for (int i = 0; i < 6; ++i) {
        EXPECT_TRUE(world.readings.accept(reading_of(Sighting{.at = world.clock.now().mono,
                                                              .wall = world.clock.now().wall,
                                                              .tag = world.tag("t1"),
                                                              .scanner = "gw-shoes",
                                                              .rssi_dbm = -50}),
                                          {}));
        world.loop.advance(seconds{1});
    }
    ASSERT_EQ(world.engines->presence.open_visits().size(), 1U);
    world.agree(ada, kConsentLocation, false);
    EXPECT_TRUE(world.engines->presence.open_visits().empty());
    ASSERT_EQ(world.journal("zone_visit").size(), 1U);
    EXPECT_EQ(world.journal("zone_visit").front().find(ada.value), std::string::npos);
}

TEST(Desk, PricesABasketByItsCampaigns) {
    ShopWorld world{{campaign("c", kOnBasket)}};
    const auto decision = world.decide("b1", 15'000);
    EXPECT_EQ(decision.saved, Money::minor(1'000));
    ASSERT_EQ(decision.offers.size(), 1U);
    EXPECT_EQ(decision.offers[0].campaign, CampaignId{"c"});
    EXPECT_EQ(world.decide("b2", 9'999).saved, Money{});
}

TEST(Desk, KnowsTheMemberOfABasketByAPseudonym) {
    ShopWorld world{{campaign("c", kOnBasket,
                              R"("experiment": {"holdout": 0}, "when": {"cust.tier": "gold"})")}};
    world.tell("members.jsonl", {MemberRow{.member = "M1", .tags = {}, .tier = "gold"}});
    EXPECT_EQ(world.decide("b1", 15'000, "m-1").saved, Money::minor(1'000));
    EXPECT_EQ(world.decide("b2", 15'000, "M2").saved, Money{});
    EXPECT_EQ(world.decide("b3", 15'000).saved, Money{});
}

TEST(Desk, FreesWhatABasketHadReserved) {
    ShopWorld world{{campaign("c", kOnBasket,
                              R"("experiment": {"holdout": 0}, "limits": {"budget_fen": 1000})")}};
    EXPECT_EQ(world.decide("b1", 15'000).saved, Money::minor(1'000));
    EXPECT_EQ(world.decide("b2", 15'000).saved, Money{}) << "the budget is reserved";
    world.decide("b1", 15'000, "", true);
    EXPECT_EQ(world.decide("b2", 15'000).saved, Money::minor(1'000));
}

TEST(Desk, ShowsTheDaysFigures) {
    ShopWorld world{{campaign("c", kOnSeen)}};
    EXPECT_TRUE(world.take(reading_of(Crossing{.door = DoorId{"main"},
                                               .direction = Direction::In,
                                               .n = 4,
                                               .at = kit::kNoon,
                                               .mono = kit::at().mono})));
    EXPECT_TRUE(world.sell(draft(1000, 1)));
    EXPECT_TRUE(world.sell(draft(3000, 2)));
    const auto offers = world.check_in("M1").offers;
    for (const auto action : {OfferAction::Accept, OfferAction::Present, OfferAction::Redeem})
        world.act(offers.at(0).id, action, "s-2");
    const staff::Today today = world.desk.today();
    EXPECT_EQ(to_text(today.business_date), "2026-06-12");
    EXPECT_EQ(today.entries, 4);
    EXPECT_EQ(today.inside, 4);
    EXPECT_EQ(today.sales, 2);
    EXPECT_EQ(today.takings, Money::minor(4000));
    EXPECT_EQ(today.conversion_permille, 500);
    EXPECT_EQ(today.offers_made, 1);
    EXPECT_EQ(today.offers_redeemed, 1);
}

TEST(Desk, KnowsNoConversionBeforeAnybodyHasComeIn) {
    ShopWorld world;
    EXPECT_TRUE(world.sell(draft(1000)));
    EXPECT_FALSE(world.desk.today().conversion_permille);
}

TEST(Desk, ShowsItsSourcesAndWhatTheRootKnows) {
    ShopWorld world;
    world.outbox_rows = 17;
    EXPECT_TRUE(world.sell(draft(1000)));
    const staff::ShopStatus status = world.desk.status();
    EXPECT_EQ(status.outbox_rows, 17);
    ASSERT_EQ(status.sources.size(), 1U);
    EXPECT_EQ(status.sources[0].name, "till");
    EXPECT_EQ(status.sources[0].readings, 1);
    EXPECT_EQ(status.sources[0].last, kit::kNoon);
}

}  // namespace
}  // namespace aisle::app
