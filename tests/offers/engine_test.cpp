#include "shop.hpp"

namespace aisle::offers {
namespace {

using kit::at;

TEST(Prompts, AreMadeOnceTheDwellIsReached) {
    Shop shop{{campaign("c", dwell("Z1", 30), kTenOffHundred)}};
    shop.commit(shop.engine->visit(visit_of("14", "Z1", at()), at()));
    EXPECT_TRUE(shop.tick(at(milliseconds{29'999})).offers.empty());
    const Effects effects = shop.tick(at(seconds{30}));
    ASSERT_EQ(effects.offers.size(), 1U);
    const Offer& offer = effects.offers.front();
    EXPECT_EQ(offer.eyes, "trolley 14");
    EXPECT_EQ(offer.zone, ZoneId{"Z1"});
    EXPECT_EQ(offer.value, Money::minor(10'00));
    EXPECT_EQ(offer.reasons.front().key, "dwell_s");
    EXPECT_EQ(offer.reasons.front().value, "30");
    EXPECT_EQ(offer.decision.campaign_set, shop.campaigns->digest());
    EXPECT_TRUE(shop.tick(at(seconds{40})).offers.empty());
}

TEST(Prompts, AreNotMadeForAVisitThatHasEnded) {
    Shop shop{{campaign("c", dwell("Z1", 30), kTenOffHundred)}};
    shop.commit(shop.engine->visit(visit_of("14", "Z1", at()), at()));
    shop.commit(shop.engine->visit(visit_of("14", "Z1", at(), false), at(seconds{20})));
    EXPECT_TRUE(shop.tick(at(seconds{60})).offers.empty());
    shop.tick(at(seconds{80}));
    EXPECT_TRUE(shop.disk.empty());
}

TEST(Prompts, IgnoreStaffTagsAndZonesWithoutCampaigns) {
    Shop shop{{campaign("c", dwell("Z1", 30), kTenOffHundred)}};
    ZoneVisit staff = visit_of("7", "Z1", at());
    staff.bearer = TagBearer::Staff;
    shop.commit(shop.engine->visit(staff, at()));
    shop.commit(shop.engine->visit(visit_of("14", "Z2", at()), at()));
    EXPECT_TRUE(shop.tick(at(seconds{60})).offers.empty());
    EXPECT_TRUE(shop.disk.empty());
}

TEST(Prompts, GiveEachDwellThresholdItsChance) {
    Shop shop{{campaign("a", dwell("Z1", 10), kTenOffHundred),
               campaign("b", dwell("Z1", 60), kTenPercent)}};
    shop.commit(shop.engine->visit(visit_of("14", "Z1", at()), at()));
    EXPECT_EQ(shop.tick(at(seconds{10})).offers.front().campaign, CampaignId{"a"});
    EXPECT_TRUE(shop.tick(at(seconds{59})).offers.empty());
    EXPECT_EQ(shop.tick(at(seconds{60})).offers.front().campaign, CampaignId{"b"});
}

TEST(Prompts, RearmATagAfterItsTime) {
    Shop shop{{campaign("c", dwell("Z1", 10, 600), kTenOffHundred, R"("delivery": {"ttl_s": 5})")}};
    const auto stay = [&](int from) {
        shop.commit(shop.engine->visit(visit_of("14", "Z1", at(seconds{from})), at(seconds{from})));
        const Effects effects = shop.tick(at(seconds{from + 10}));
        shop.commit(shop.engine->visit(visit_of("14", "Z1", at(), false), at(seconds{from + 11})));
        return reason_of(effects);
    };
    EXPECT_EQ(stay(0), "offered");
    EXPECT_EQ(stay(100), "rearm");
    EXPECT_EQ(stay(610), "offered");
}

TEST(Prompts, ChooseByPriorityAndSayWhyNotTheRest) {
    Shop shop{{campaign("a", kSeen, kTenPercent, R"("stack": {"priority": 1})"),
               campaign("b", kSeen, kTenOffHundred, R"("stack": {"priority": 2})")}};
    const Offer offer = shop.seen(at());
    EXPECT_EQ(offer.campaign, CampaignId{"b"});
    ASSERT_EQ(offer.decision.nearest.size(), 1U);
    EXPECT_EQ(offer.decision.nearest.front().reason, "lower_priority");
}

TEST(Prompts, KnowTheFactsOfCustomerAndShop) {
    Shop shop{{campaign("c", kSeen, kTenPercent,
                        R"("when": {"cust.lifecycle": "at_risk", "ctx.weather": "rain"})")}};
    EXPECT_EQ(reason_of(shop.see(at())), "condition_unknown");
    shop.around.shop.set("ctx.weather", std::string{"sun"});
    EXPECT_EQ(reason_of(shop.see(at())), "condition_false");
    shop.around.shop.set("ctx.weather", std::string{"rain"});
    const Offer offer = shop.seen(at());
    EXPECT_EQ(offer.tier, "gold");
    EXPECT_EQ(offer.lifecycle, "at_risk");
    EXPECT_NE(offer.decision.context.find("\"ctx.weather\":\"rain\""), std::string::npos);
}

TEST(Prompts, NeverReachAMemberWhoHasNotAgreed) {
    Shop shop{{campaign("c", kSeen, kTenPercent)}};
    shop.around.add_member(kAda, false);
    const Effects effects = shop.see(at());
    EXPECT_EQ(reason_of(effects), "no_consent");
    EXPECT_EQ(effects.withheld.front().context.find(kAda.value), std::string::npos);
    EXPECT_EQ(effects.withheld.front().context.find("gold"), std::string::npos);
}

TEST(Prompts, AnswerAMemberWhoChecksInWithoutThatConsent) {
    Shop shop{{campaign("c", kSeen, kTenPercent)}};
    shop.around.add_member(kAda, false);
    EXPECT_EQ(shop.seen(at(), true).member, kAda);
}

TEST(Prompts, TreatAVisitOfSomebodyWithoutConsentAsAnonymous) {
    Shop shop{{campaign("c", dwell("Z1", 5), kTenPercent)}};
    shop.around.add_member(kAda, false);
    ZoneVisit visit = visit_of("9", "Z1", at());
    visit.member = kAda;
    shop.commit(shop.engine->visit(visit, at()));
    const Effects effects = shop.tick(at(seconds{5}));
    ASSERT_EQ(effects.offers.size(), 1U);
    EXPECT_TRUE(effects.offers.front().member.empty());
    EXPECT_EQ(effects.exposures.front().subject.find(kAda.value), std::string::npos);
}

TEST(Prompts, StayAwayInQuietHoursUnlessSomebodyAsks) {
    Shop shop{{campaign("c", kSeen, kTenPercent, R"("limits": {"quiet": ["11:00", "13:00"]})")}};
    EXPECT_EQ(reason_of(shop.see(at())), "quiet_hours");  // noon
    EXPECT_EQ(reason_of(shop.see(at(), true)), "offered");
    Shop other{{campaign("c", kSeen, kTenPercent, R"("limits": {"quiet": ["11:00", "12:00"]})")}};
    EXPECT_EQ(reason_of(other.see(at())), "offered");
}

TEST(Prompts, FollowAFinishedSale) {
    Shop shop{{campaign("c", kAfterSale,
                        R"({"type": "gift", "sku": "MUG", "min_spend": 10000, "worth": 500})")}};
    EXPECT_EQ(reason_of(shop.sell(kit::sale_of(99'99), at())), "below_first_tier");
    const Effects effects = shop.sell(kit::sale_of(100'00, 2), at());
    ASSERT_EQ(effects.offers.size(), 1U);
    EXPECT_EQ(effects.offers.front().skus, std::vector<std::string>{"MUG"});
    EXPECT_EQ(effects.offers.front().till, TillId{"1"});
    EXPECT_EQ(effects.offers.front().value, Money::minor(5'00));
}

TEST(Prompts, DoNotFollowARevisionATrainingOrAReturn) {
    Shop shop{{campaign("c", kAfterSale, kTenPercent)}};
    const Sale sale = kit::sale_of(100'00);
    Sale training = sale, back = sale;
    training.status = SaleStatus::Training;
    back.type = SaleType::Return;
    EXPECT_TRUE(shop.sell(sale, at(), &sale).offers.empty());
    EXPECT_TRUE(shop.sell(training, at()).offers.empty());
    EXPECT_TRUE(shop.sell(back, at()).offers.empty());
}

// A shop with one live offer for Ada.
struct Offered : Shop {
    explicit Offered(
        const std::string& parts = R"("delivery": {"ttl_s": 60, "decline_reasons": ["busy"]})",
        const std::string& action = kTenOffHundred)
        : Shop{{campaign("c", kSeen, action, parts)}}, offer{seen(at())} {}
    Verdict step(OfferAction action, const std::string& by, seconds after = seconds{1},
                 const std::string& reason = "") {
        last = act(offer.id, action, by, at(after), reason);
        return last.verdict;
    }
    Offer offer;
    Acted last;
};

TEST(Life, GoesFromOfferedToRedeemedStepByStep) {
    Offered shop;
    EXPECT_EQ(shop.offer.state, OfferState::Offered);
    EXPECT_EQ(shop.step(OfferAction::Accept, "li"), Verdict::Done);
    EXPECT_EQ(shop.last.effects.offers.front().revision, 2);
    EXPECT_EQ(shop.last.effects.offers.front().by, "li");
    EXPECT_EQ(shop.step(OfferAction::Present, "li"), Verdict::Done);
    EXPECT_EQ(shop.step(OfferAction::Redeem, "li"), Verdict::Done);
    const Effects& effects = shop.last.effects;
    ASSERT_EQ(effects.redemptions.size(), 1U);
    EXPECT_EQ(effects.redemptions.front().proof, RedemptionProof::Staff);
    EXPECT_EQ(effects.redemptions.front().amount, Money::minor(10'00));
    EXPECT_EQ(effects.outcomes.front().state, OfferState::Redeemed);
    EXPECT_EQ(effects.offers.front().revision, 4);
    EXPECT_TRUE(shop.engine->live().empty());
}

TEST(Life, BelongsToWhoAcceptsFirst) {
    Offered shop;
    shop.step(OfferAction::Accept, "li");
    EXPECT_EQ(shop.step(OfferAction::Accept, "wang"), Verdict::Taken);
    EXPECT_EQ(shop.last.detail, "accepted by li");
    EXPECT_TRUE(shop.last.effects.offers.empty());
    EXPECT_EQ(shop.step(OfferAction::Decline, "wang", seconds{1}, "busy"), Verdict::Taken);
    EXPECT_EQ(shop.step(OfferAction::Accept, "li"), Verdict::Same);
}

TEST(Life, RefusesStepsThatDoNotFollow) {
    Offered shop;
    EXPECT_EQ(shop.step(OfferAction::Redeem, "li"), Verdict::Illegal);
    EXPECT_EQ(shop.step(OfferAction::Present, "li"), Verdict::Illegal);
    shop.step(OfferAction::Accept, "li");
    shop.step(OfferAction::Present, "li");
    EXPECT_EQ(shop.step(OfferAction::Accept, "li"), Verdict::Illegal);
}

TEST(Life, WantsAReasonFromTheCampaignsList) {
    Offered shop;
    EXPECT_EQ(shop.step(OfferAction::Decline, "li", seconds{1}, "rude"), Verdict::Illegal);
    EXPECT_EQ(shop.step(OfferAction::Decline, "li", seconds{1}, "busy"), Verdict::Done);
    EXPECT_EQ(shop.last.effects.offers.front().decline_reason, "busy");
    EXPECT_EQ(shop.step(OfferAction::Accept, "wang"), Verdict::Taken);
    EXPECT_EQ(shop.last.detail, "declined by li");
}

TEST(Life, EndsWithItsTime) {
    Offered shop;
    EXPECT_TRUE(shop.tick(at(milliseconds{59'999})).outcomes.empty());
    const Effects effects = shop.tick(at(seconds{60}));
    ASSERT_EQ(effects.outcomes.size(), 1U);
    EXPECT_EQ(effects.outcomes.front().state, OfferState::Expired);
    EXPECT_EQ(shop.step(OfferAction::Accept, "li", seconds{61}), Verdict::Expired);
}

TEST(Life, IsOverForAnActThatComesTooLateEvenBeforeTheTick) {
    Offered shop;
    EXPECT_EQ(shop.step(OfferAction::Accept, "li", seconds{60}), Verdict::Expired);
    EXPECT_EQ(shop.last.effects.outcomes.front().state, OfferState::Expired);
}

TEST(Life, KeepsAnAcceptedOfferForALateTillFileButNotForStaff) {
    Offered shop;
    shop.step(OfferAction::Accept, "li");
    EXPECT_TRUE(shop.tick(at(seconds{61})).outcomes.empty());
    EXPECT_TRUE(shop.engine->live().empty());
    EXPECT_EQ(shop.step(OfferAction::Redeem, "li", seconds{61}), Verdict::Expired);
    EXPECT_EQ(shop.tick(at(seconds{661})).outcomes.size(), 1U);
}

TEST(Life, StartsItsTimeAgainAfterARestartWithoutAGoodClock) {
    Offered shop;
    Stamp reboot = at(seconds{3'600});
    reboot.boot = 2;
    reboot.mono = MonoTime{seconds{5}};
    reboot.quality = ClockQuality::Rtc;
    auto engine = shop.restored();
    EXPECT_TRUE(engine->tick(reboot).outcomes.empty());
    reboot.mono += seconds{60};
    EXPECT_EQ(engine->tick(reboot).outcomes.size(), 1U);
    Stamp known = at(seconds{3'600});
    known.boot = 2;
    EXPECT_EQ(shop.restored()->tick(known).outcomes.size(), 1U);
}

TEST(Life, IsUnknownForAnIdThatNeverWas) {
    Offered shop;
    EXPECT_EQ(shop.act(OfferId{"x"}, OfferAction::Accept, "li", at()).verdict, Verdict::Unknown);
}

TEST(Live, ShowsTheNewestFirstAndNoReservations) {
    Shop shop{{campaign("a", kSeen, kTenPercent), campaign("b", kBasket, kTenPercent),
               campaign("c", dwell("Z1", 1), kTenPercent)}};
    shop.seen(at());
    shop.ask(basket_of({500}), at());
    shop.commit(shop.engine->visit(visit_of("1", "Z1", at()), at()));
    shop.tick(at(seconds{5}));
    const auto live = shop.engine->live();
    ASSERT_EQ(live.size(), 2U);
    EXPECT_EQ(live.front().campaign, CampaignId{"c"});
    EXPECT_NE(shop.engine->find(live.front().id), nullptr);
}

TEST(Load, KeepsOffersAndBudgetsOverANewSet) {
    Offered shop{R"("limits": {"budget_fen": 5000})"};
    shop.engine->load(set_of(
        {campaign("c", kSeen, kTenOffHundred, R"("version": 2, "limits": {"budget_fen": 1500})")}));
    EXPECT_EQ(shop.engine->live().size(), 1U);
    EXPECT_EQ(shop.status().version, 2);
    EXPECT_EQ(shop.status().left, Money::minor(5'00));
}

}  // namespace
}  // namespace aisle::offers
