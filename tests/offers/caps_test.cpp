#include "sales.hpp"

// How often, to whom, and for how much: the limits of a campaign, one by one and on their edges.
namespace aisle::offers {
namespace {

using kit::at;
constexpr std::chrono::hours kHour{1};

std::string limits(const std::string& inner) {
    return R"("limits": {)" + inner + R"(}, "delivery": {"ttl_s": 10})";
}

// Why Ada was not offered the campaign then; every earlier offer has run out.
std::string told(Shop& shop, milliseconds when) {
    shop.tick(at(when));
    return reason_of(shop.see(at(when)));
}

TEST(Caps, EndOnTheMillisecond) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred,
                        limits(R"("per_customer": [{"n": 1, "per": "PT1H"}])"))}};
    EXPECT_EQ(told(shop, milliseconds{0}), "offered");
    EXPECT_EQ(told(shop, kHour - milliseconds{1}), "customer_cap");
    EXPECT_EQ(told(shop, kHour), "offered");
}

TEST(Caps, AreEachCampaignsOwn) {
    const auto once = limits(R"("per_customer": [{"n": 1, "per": "P1D"}])");
    Shop shop{
        {campaign("a", kSeen, kTenOffHundred, once), campaign("b", kSeen, kTenOffHundred, once)}};
    EXPECT_EQ(told(shop, milliseconds{0}), "offered");
    EXPECT_EQ(told(shop, kHour), "offered");
    EXPECT_EQ(told(shop, 2 * kHour), "customer_cap");
}

TEST(Caps, AreEachCustomersOwn) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred,
                        limits(R"("per_customer": [{"n": 1, "per": "P1D"}])"))}};
    shop.around.add_member(MemberKey{"bea"});
    EXPECT_EQ(told(shop, milliseconds{0}), "offered");
    EXPECT_EQ(reason_of(shop.commit(shop.engine->member_seen(MemberKey{"bea"}, false, at()))),
              "offered");
}

TEST(Caps, CountAnOfferThatWasDeclined) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred,
                        limits(R"("per_customer": [{"n": 1, "per": "P1D"}])"))}};
    const Offer offer = shop.seen(at());
    shop.act(offer.id, OfferAction::Decline, "li", at());
    EXPECT_EQ(told(shop, kHour), "customer_cap");
}

TEST(Caps, HoldForWhoAsksToo) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred,
                        limits(R"("per_customer": [{"n": 1, "per": "P1D"}])"))}};
    shop.seen(at());
    shop.tick(at(kHour));
    EXPECT_EQ(reason_of(shop.see(at(kHour), true)), "customer_cap");
}

TEST(Caps, StartAgainAfterARestartWithoutAGoodClock) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred,
                        limits(R"("per_customer": [{"n": 1, "per": "PT1H"}])"))}};
    shop.seen(at());
    shop.tick(at(seconds{10}));
    Stamp lost = at(24 * kHour);
    lost.boot = 2;
    lost.mono = MonoTime{seconds{5}};
    lost.quality = ClockQuality::Rtc;
    shop.engine = shop.restored();
    shop.tick(lost);
    EXPECT_EQ(reason_of(shop.see(lost)), "customer_cap");
    lost.mono += kHour;
    shop.tick(lost);
    EXPECT_EQ(reason_of(shop.see(lost)), "offered");
}

TEST(Caps, StopOneSubjectAtSixtyFourGrantsOfAllCampaigns) {
    std::vector<std::string> campaigns;
    for (int i = 0; i < 66; ++i)
        campaigns.push_back(campaign("c" + std::to_string(100 + i), kSeen, kTenOffHundred,
                                     limits(R"("cooldown": "P1D")")));
    Shop shop{campaigns};
    for (int i = 0; i < 64; ++i)
        ASSERT_EQ(reason_of(shop.see(at(milliseconds{i}))), "offered") << i;
    EXPECT_EQ(shop.see(at(seconds{1})).withheld.front().counts.at("customer_cap"), 2);
}

TEST(Cooldowns, EndOnTheMillisecond) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, limits(R"("cooldown": "PT1H")"))}};
    EXPECT_EQ(told(shop, milliseconds{0}), "offered");
    EXPECT_EQ(told(shop, kHour - milliseconds{1}), "cooldown");
    EXPECT_EQ(told(shop, kHour), "offered");
}

TEST(Cooldowns, AreNamedBehindACap) {
    Shop shop{
        {campaign("c", kSeen, kTenOffHundred,
                  limits(R"("cooldown": "PT2H", "per_customer": [{"n": 1, "per": "PT1H"}])"))}};
    EXPECT_EQ(told(shop, milliseconds{0}), "offered");
    EXPECT_EQ(told(shop, kHour - milliseconds{1}), "customer_cap");
    EXPECT_EQ(told(shop, kHour), "cooldown");
}

TEST(Rearming, IsTheTagsAndNotTheZones) {
    Shop shop{{campaign("c", dwell("Z1", 5, 600), kTenOffHundred, R"("delivery": {"ttl_s": 1})")}};
    shop.commit(shop.engine->visit(visit_of("14", "Z1", at()), at()));
    shop.commit(shop.engine->visit(visit_of("15", "Z1", at()), at()));
    EXPECT_EQ(shop.tick(at(seconds{5})).offers.size(), 2U);
}

TEST(Rearming, DoesNotKeepFromAnsweringWhoAsks) {
    Shop shop{{campaign("c", R"({"type": "member_seen", "rearm_s": 600})", kTenOffHundred,
                        R"("delivery": {"ttl_s": 1})")}};
    shop.seen(at());
    shop.tick(at(seconds{2}));
    EXPECT_EQ(reason_of(shop.see(at(seconds{3}))), "rearm");
    EXPECT_EQ(reason_of(shop.see(at(seconds{3}), true)), "offered");
}

TEST(RedemptionLimits, AreFreedByAnOfferThatRunsOut) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, limits(R"("redemptions": 1)"))}};
    shop.around.add_member(MemberKey{"bea"});
    shop.seen(at());
    EXPECT_EQ(reason_of(shop.commit(shop.engine->member_seen(MemberKey{"bea"}, false, at()))),
              "redemptions");
    shop.tick(at(seconds{10}));
    EXPECT_EQ(
        reason_of(shop.commit(shop.engine->member_seen(MemberKey{"bea"}, false, at(seconds{10})))),
        "offered");
}

TEST(RedemptionLimits, AreUsedUpForGoodByRedemptions) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, limits(R"("redemptions": 1)"))}};
    const Offer offer = shop.seen(at());
    ASSERT_TRUE(shop.engine->redeem_code({.code = offer.code, .till = TillId{"1"}}, at()));
    EXPECT_EQ(told(shop, 24 * kHour), "redemptions");
}

TEST(Budgets, AreReservedAtTheMostAndSpentAtWhatItWas) {
    Shop shop{{campaign("c", kSeen, kTenPercent, limits(R"("budget_fen": 10000)"))}};
    const Offer offer = shop.seen(at());
    EXPECT_EQ(offer.value, Money::minor(5'000));
    EXPECT_EQ(shop.status().reserved, Money::minor(5'000));
    ASSERT_TRUE(shop.engine->redeem_code(
        {.code = offer.code, .till = TillId{"1"}, .amount = Money::minor(1'234)}, at()));
    EXPECT_EQ(shop.status().spent, Money::minor(1'234));
    EXPECT_EQ(shop.status().reserved, Money{});
    EXPECT_EQ(shop.status().left, Money::minor(8'766));
}

TEST(Budgets, GoDownToExactlyNothing) {
    Shop shop{{campaign("c", kBasket, kTenOffHundred, R"("limits": {"budget_fen": 3000})")}};
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(reason_of(shop.ask(basket_of({100'00}, "b" + std::to_string(i)), at()).effects),
                  "offered");
    EXPECT_EQ(shop.status().left, Money{});
    EXPECT_EQ(reason_of(shop.ask(basket_of({100'00}, "b9"), at()).effects), "budget");
}

TEST(Budgets, OfGiftsCountWhatTheGiftIsWorth) {
    Shop shop{{campaign("c", kBasket, R"({"type": "gift", "sku": "MUG", "worth": 700})",
                        R"("limits": {"budget_fen": 1399})")}};
    EXPECT_EQ(reason_of(shop.ask(basket_of({1}, "b1"), at()).effects), "offered");
    EXPECT_EQ(shop.status().left, Money::minor(699));
    EXPECT_EQ(reason_of(shop.ask(basket_of({1}, "b2"), at()).effects), "budget");
}

TEST(Budgets, ThatWereCutBelowWhatIsGoneHaveNothingLeft) {
    Shop shop{{campaign("c", kBasket, kTenOffHundred, R"("limits": {"budget_fen": 3000})")}};
    shop.ask(basket_of({100'00}, "b1"), at());
    shop.ask(basket_of({100'00}, "b2"), at());
    shop.engine->load(
        set_of({campaign("c", kBasket, kTenOffHundred, R"("limits": {"budget_fen": 1500})")}));
    EXPECT_EQ(shop.status().left, Money{});
    EXPECT_EQ(reason_of(shop.ask(basket_of({100'00}, "b3"), at()).effects), "budget");
}

TEST(Budgets, AreNotToldWhereThereIsNone) {
    Shop shop{{campaign("c", kBasket, kTenOffHundred)}};
    const auto asked = shop.ask(basket_of({100'00}), at());
    EXPECT_TRUE(asked.effects.budget.empty());
    EXPECT_FALSE(shop.status().budget);
    EXPECT_EQ(shop.status().reserved, Money::minor(10'00));
}

TEST(Budgets, LetATillTakeMoreOffWhereNoneIsSet) {
    Shop shop{{campaign("c", kBasket, kTenOffHundred)}};
    const auto asked = shop.ask(basket_of({200'00}), at()).answer;
    const Effects effects =
        shop.sell(naming(asked.offers.front().offer.value, 99'00), at(seconds{60}));
    EXPECT_EQ(effects.redemptions.front().amount, Money::minor(99'00));
    EXPECT_EQ(shop.status().spent, Money::minor(99'00));
}

TEST(Budgets, OfACampaignThatIsGoneAreStillNotOverspent) {
    Shop shop{{campaign("c", kBasket, kTenOffHundred, R"("limits": {"budget_fen": 1000})")}};
    const auto asked = shop.ask(basket_of({200'00}), at()).answer;
    shop.engine->load(set_of({campaign("d", kBasket, kTenPercent)}));
    const Effects effects =
        shop.sell(naming(asked.offers.front().offer.value, 99'00), at(seconds{60}));
    ASSERT_EQ(effects.redemptions.size(), 1U);
    EXPECT_EQ(effects.redemptions.front().amount, Money::minor(10'00));
}

TEST(Bounds, OfLiveOffersAreKept) {
    Shop shop{{campaign("c", kBasket, kTenPercent)}};
    for (std::size_t i = 0; i < kLiveMax; ++i)
        shop.engine->basket(basket_of({500}, "b" + std::to_string(i)), at());
    EXPECT_EQ(static_cast<std::size_t>(shop.status().live), kLiveMax);
    EXPECT_EQ(reason_of(shop.engine->basket(basket_of({500}, "one more"), at()).effects), "full");
    shop.engine->cancel_basket("b7", at());
    EXPECT_EQ(reason_of(shop.engine->basket(basket_of({500}, "one more"), at()).effects),
              "offered");
}

TEST(Bounds, OfVisitsAreKept) {
    Shop shop{{campaign("c", dwell("Z1", 5), kTenPercent)}};
    for (std::size_t i = 0; i < kVisitsMax; ++i)
        shop.engine->visit(visit_of(std::to_string(i), "Z1", at()), at());
    EXPECT_TRUE(shop.engine->visit(visit_of("late", "Z1", at()), at()).state.empty());
    shop.engine->visit(visit_of("7", "Z1", at(), false), at());
    EXPECT_EQ(shop.engine->visit(visit_of("late", "Z1", at()), at()).state.size(), 2U);
}

TEST(Visits, ThatAreToldTwiceAreFollowedOnce) {
    Shop shop{{campaign("c", dwell("Z1", 30), kTenOffHundred)}};
    shop.commit(shop.engine->visit(visit_of("14", "Z1", at()), at()));
    EXPECT_TRUE(
        shop.engine->visit(visit_of("14", "Z1", at(seconds{20})), at(seconds{20})).state.empty());
    EXPECT_EQ(shop.tick(at(seconds{30})).offers.size(), 1U);
}

TEST(Visits, OfOneTagInTwoZonesAreTwo) {
    Shop shop{{campaign("a", dwell("Z1", 5), kTenOffHundred),
               campaign("b", dwell("Z2", 10), kTenOffHundred)}};
    shop.commit(shop.engine->visit(visit_of("14", "Z1", at()), at()));
    shop.commit(shop.engine->visit(visit_of("14", "Z2", at()), at()));
    EXPECT_EQ(shop.tick(at(seconds{5})).offers.front().zone, ZoneId{"Z1"});
    EXPECT_EQ(shop.tick(at(seconds{10})).offers.front().zone, ZoneId{"Z2"});
}

TEST(Visits, AskForALateTickOnlyOnceWithAllThresholdsThatWerePassed) {
    Shop shop{{campaign("a", dwell("Z1", 5), kTenPercent),
               campaign("b", dwell("Z1", 50), kTenOffHundred, R"("stack": {"priority": 9})")}};
    shop.commit(shop.engine->visit(visit_of("14", "Z1", at()), at()));
    const Effects effects = shop.tick(at(seconds{70}));
    ASSERT_EQ(effects.offers.size(), 1U);
    EXPECT_EQ(effects.offers.front().campaign, CampaignId{"b"});
    EXPECT_EQ(effects.offers.front().decision.counts.at("lower_priority"), 1);
    EXPECT_TRUE(shop.tick(at(seconds{80})).offers.empty());
}

TEST(Visits, OfAMemberWhoHasAgreedGoByTheMember) {
    Shop shop{{campaign("c", dwell("Z1", 5), kTenOffHundred,
                        limits(R"("per_customer": [{"n": 1, "per": "P1D"}])"))}};
    for (const char* tag : {"7", "8"}) {
        ZoneVisit visit = visit_of(tag, "Z1", at());
        visit.member = kAda;
        shop.commit(shop.engine->visit(visit, at()));
    }
    const Effects effects = shop.tick(at(seconds{5}));
    ASSERT_EQ(effects.offers.size(), 1U);
    EXPECT_EQ(effects.offers.front().member, kAda);
    EXPECT_EQ(effects.withheld.front().counts.at("customer_cap"), 1);
}

}  // namespace
}  // namespace aisle::offers
