#include <numeric>
#include <set>

#include "judging.hpp"

// Every reason of the closed list, each reached through the engine as a shop would.
namespace aisle::offers {
namespace {

using kit::at;

// Why the one campaign with these parts was not shown to Ada, who has walked in.
std::string told_ada(const std::string& parts, const std::string& action = kTenOffHundred) {
    Shop shop{{campaign("c", kSeen, action, parts)}};
    return reason_of(shop.see(at()));
}

// Why a basket of 50.00 got nothing from the one campaign.
std::string told_basket(const std::string& action, const std::string& parts = "") {
    Shop shop{{campaign("c", kBasket, action, parts)}};
    return reason_of(shop.ask(basket_of({50'00}), at()).effects);
}

// How often each reason was given to these campaigns when Ada walked in.
std::map<std::string, std::int32_t> counts(const std::vector<std::string>& campaigns) {
    Shop shop{campaigns};
    const Effects effects = shop.see(at());
    return effects.offers.empty() ? effects.withheld.front().counts
                                  : effects.offers.front().decision.counts;
}

TEST(Reasons, HaveOneTextEachAndComeBackFromIt) {
    std::set<std::string_view> texts;
    for (std::size_t i = 0; i < kReasons; ++i) {
        const auto reason = static_cast<Reason>(i);
        EXPECT_EQ(reason_from(to_text(reason)), reason);
        texts.insert(to_text(reason));
    }
    EXPECT_EQ(texts.size(), kReasons);
    EXPECT_FALSE(reason_from("because"));
    EXPECT_FALSE(reason_from(""));
}

TEST(Reasons, WinOnlyFromControlOn) {
    for (std::size_t i = 0; i < kReasons; ++i) {
        const auto reason = static_cast<Reason>(i);
        const bool winner = reason == Reason::Control || reason == Reason::Holdout ||
                            reason == Reason::HoldoutEntitled || reason == Reason::Chosen;
        EXPECT_EQ(wins(reason), winner) << to_text(reason);
    }
}

TEST(Reasons, SayDwellTooShortOfACampaignThatWaitsLonger) {
    Shop shop{{campaign("a", dwell("Z1", 10), kTenOffHundred),
               campaign("b", dwell("Z1", 60), kTenOffHundred)}};
    shop.commit(shop.engine->visit(visit_of("14", "Z1", at()), at()));
    const Effects effects = shop.tick(at(seconds{10}));
    ASSERT_EQ(effects.offers.size(), 1U);
    EXPECT_EQ(effects.offers.front().decision.counts.at("dwell_too_short"), 1);
}

TEST(Reasons, SayOutsideWindowBeforeTheFirstDay) {
    EXPECT_EQ(told_ada(R"("window": {"from": "2026-06-13"})"), "outside_window");
}

TEST(Reasons, SayQuietHoursWhenNobodyHasAsked) {
    EXPECT_EQ(told_ada(R"("limits": {"quiet": ["11:59", "12:01"]})"), "quiet_hours");
}

TEST(Reasons, SayNoMemberWhereATrolleyComesToAPersonalCampaign) {
    Shop shop{{campaign("c", dwell("Z1", 5), kTenOffHundred,
                        R"("audience": {"consent": ["marketing.personal"]})")}};
    shop.commit(shop.engine->visit(visit_of("14", "Z1", at()), at()));
    EXPECT_EQ(reason_of(shop.tick(at(seconds{5}))), "no_member");
}

TEST(Reasons, SayNotInAudienceOfAnotherSegment) {
    EXPECT_EQ(told_ada(R"("audience": {"segments": ["students", "staff"]})"), "not_in_audience");
}

TEST(Reasons, SayNotInAudienceOfAnExcludedTag) {
    EXPECT_EQ(told_ada(R"("audience": {"segments": ["vip"], "exclude": ["vip"]})"),
              "not_in_audience");
}

TEST(Reasons, SayNoConsentForAPurposeThatWasNotAgreedTo) {
    EXPECT_EQ(told_ada(R"("audience": {"consent": ["marketing.personal", "location.link"]})"),
              "no_consent");
}

TEST(Reasons, SayConditionFalseOfAKnownFact) {
    EXPECT_EQ(told_ada(R"("when": {"cust.tier": "silver"})"), "condition_false");
}

TEST(Reasons, SayConditionUnknownOfAFactThatNobodyTold) {
    EXPECT_EQ(told_ada(R"("when": {"ctx.weather": {"$ne": "rain"}})"), "condition_unknown");
}

TEST(Reasons, SayScopeEmptyWhereNoLineIsMeant) {
    EXPECT_EQ(told_basket(R"({"type": "pct_off", "scope": {"sku": ["SKU2"]}, "bp": 100})"),
              "scope_empty");
}

TEST(Reasons, SayBelowFirstTierOneFenShort) {
    EXPECT_EQ(told_basket(R"({"type": "spend_tiers", "tiers": [[5001, 1]]})"), "below_first_tier");
}

TEST(Reasons, SayRearmOfATagThatWasAskedShortlyBefore) {
    Shop shop{{campaign("c", dwell("Z1", 5, 600), kTenOffHundred, R"("delivery": {"ttl_s": 1})")}};
    shop.commit(shop.engine->visit(visit_of("14", "Z1", at()), at()));
    EXPECT_EQ(reason_of(shop.tick(at(seconds{5}))), "offered");
    shop.commit(shop.engine->visit(visit_of("14", "Z1", at(), false), at(seconds{6})));
    shop.commit(shop.engine->visit(visit_of("14", "Z1", at(seconds{80})), at(seconds{80})));
    EXPECT_EQ(reason_of(shop.tick(at(seconds{85}))), "rearm");
}

TEST(Reasons, SayDuplicateLiveToASecondBasketOfTheSameMember) {
    Shop shop{{campaign("c", kBasket, kTenPercent)}};
    Basket first = basket_of({500}, "b1"), second = basket_of({500}, "b2");
    first.member = second.member = kAda;
    EXPECT_EQ(reason_of(shop.ask(first, at()).effects), "offered");
    EXPECT_EQ(reason_of(shop.ask(second, at()).effects), "duplicate_live");
}

TEST(Reasons, SayCustomerCapOnceTheCapIsUsed) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred,
                        R"("limits": {"per_customer": [{"n": 1, "per": "P1D"}]})")}};
    shop.see(at());
    EXPECT_EQ(reason_of(shop.see(at(seconds{1}), true)), "customer_cap");
}

TEST(Reasons, SayCooldownAfterTheOfferIsGone) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred,
                        R"("limits": {"cooldown": "PT1H"}, "delivery": {"ttl_s": 1})")}};
    shop.see(at());
    shop.tick(at(seconds{2}));
    EXPECT_EQ(reason_of(shop.see(at(seconds{3}))), "cooldown");
}

TEST(Reasons, SayRedemptionsOfACampaignThatMayNotBeRedeemed) {
    EXPECT_EQ(told_ada(R"("limits": {"redemptions": 0})"), "redemptions");
}

TEST(Reasons, SayBudgetWhereItIsOneFenShort) {
    EXPECT_EQ(told_ada(R"("limits": {"budget_fen": 999})"), "budget");
    EXPECT_EQ(told_ada(R"("limits": {"budget_fen": 1000})"), "offered");
}

TEST(Reasons, SayNothingLeftWhereAnotherTookAll) {
    Shop shop{{campaign("a", kBasket, R"({"type": "pct_off", "bp": 10000})",
                        R"("stack": {"group": "item"})"),
               campaign("b", kBasket, kTenPercent)}};
    const auto asked = shop.ask(basket_of({500}), at());
    ASSERT_EQ(asked.answer.offers.size(), 1U);
    EXPECT_EQ(asked.effects.offers.front().decision.counts.at("nothing_left"), 1);
}

TEST(Reasons, SayFullWhereAsManyCardsAreOutAsTheCampaignAllows) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, R"("delivery": {"max_cards": 1})")}};
    shop.around.add_member(MemberKey{"bea"});
    shop.see(at());
    EXPECT_EQ(reason_of(shop.commit(shop.engine->member_seen(MemberKey{"bea"}, false, at()))),
              "full");
}

TEST(Reasons, SayLowerPriorityToAllBehindThePrompt) {
    const auto told = counts({campaign("a", kSeen, kTenPercent, R"("stack": {"priority": 3})"),
                              campaign("b", kSeen, kTenPercent, R"("stack": {"priority": 2})"),
                              campaign("c", kSeen, kTenPercent)});
    EXPECT_EQ(told.at("lower_priority"), 2);
}

TEST(Reasons, SayExclusiveBehindAPromptThatStandsAlone) {
    const auto told = counts({campaign("a", kSeen, kTenPercent, R"("stack": {"exclusive": true})"),
                              campaign("b", kSeen, kTenPercent)});
    EXPECT_EQ(told.at("exclusive"), 1);
}

TEST(Reasons, SayOrderLimitToTheSecondOfAGroupThatTakesOne) {
    Shop shop{{campaign("a", kBasket, kTenPercent), campaign("b", kBasket, kTenPercent)}};
    const auto asked = shop.ask(basket_of({500}), at());
    ASSERT_EQ(asked.effects.offers.size(), 1U);
    EXPECT_EQ(asked.effects.offers.front().decision.counts.at("order_limit"), 1);
}

TEST(Reasons, SayControlOfTheArmThatIsWithheld) {
    const auto told = counts(
        {campaign("c", kSeen, kTenPercent,
                  R"("experiment": {"holdout": 0, "arms": [["control", 1.0], ["A", 0.0]]})")});
    EXPECT_EQ(told.at("control"), 1);
}

TEST(Reasons, SayHoldoutWhereEverybodyIsHeldOut) {
    const auto told =
        counts({campaign("c", kSeen, kTenPercent, R"("experiment": {"holdout": 1.0})")});
    EXPECT_EQ(told.at("holdout"), 1);
}

TEST(Reasons, SayHoldoutEntitledToWhoAsks) {
    Shop shop{{campaign("c", kSeen, kTenPercent, R"("experiment": {"holdout": 1.0})")}};
    const Offer offer = shop.seen(at(), true);
    EXPECT_FALSE(offer.ghost);
    EXPECT_EQ(offer.decision.counts.at("holdout_entitled"), 1);
}

TEST(Reasons, SayChosenOfThePromptThatIsShown) {
    EXPECT_EQ(counts({campaign("c", kSeen, kTenPercent)}).at("chosen"), 1);
}

// Each campaign is stopped by two gates; the one that comes first in the list names it.
TEST(Reasons, NameTheFirstGateThatIsShut) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {R"("window": {"to": "2026-01-01"}, "limits": {"quiet": ["00:00", "24:00"]})",
         "outside_window"},
        {R"("limits": {"quiet": ["00:00", "24:00"]}, "audience": {"segments": ["x"]})",
         "quiet_hours"},
        {R"("audience": {"segments": ["x"], "consent": ["y"]})", "not_in_audience"},
        {R"("audience": {"consent": ["y"]}, "when": {"cust.tier": "x"})", "no_consent"},
        {R"("when": {"cust.tier": "x", "ctx.snow": 1})", "condition_false"},
        {R"("when": {"ctx.snow": 1}, "limits": {"redemptions": 0})", "condition_unknown"},
        {R"("limits": {"redemptions": 0, "budget_fen": 0})", "redemptions"}};
    for (const auto& [parts, wanted] : cases) EXPECT_EQ(told_ada(parts), wanted) << parts;
}

TEST(Reasons, AreCountedOncePerCandidate) {
    std::vector<std::string> campaigns;
    for (int i = 0; i < 30; ++i) {
        const std::string id = "c" + std::to_string(10 + i);
        campaigns.push_back(campaign(id, kSeen, kTenPercent,
                                     i % 3 == 0   ? R"("when": {"cust.tier": "x"})"
                                     : i % 3 == 1 ? R"("when": {"ctx.snow": 1})"
                                                  : R"("state": "paused")"));
    }
    const auto told = counts(campaigns);
    const auto sum = std::accumulate(told.begin(), told.end(), 0,
                                     [](int all, const auto& one) { return all + one.second; });
    EXPECT_EQ(sum, 20);
    EXPECT_EQ(told.at("condition_false"), 10);
    EXPECT_EQ(told.at("condition_unknown"), 10);
}

TEST(Nearest, AreTheEightThatCameFurthestInOrderOfPriority) {
    std::vector<std::string> campaigns;
    for (int i = 0; i < 12; ++i)
        campaigns.push_back(campaign(
            "c" + std::to_string(10 + i), kSeen, kTenPercent,
            R"("when": {"cust.tier": "x"}, "stack": {"priority": )" + std::to_string(i) + "}"));
    campaigns.push_back(campaign("z", kSeen, kTenPercent, R"("limits": {"redemptions": 0})"));
    Shop shop{campaigns};
    const auto nearest = shop.see(at()).withheld.front().nearest;
    ASSERT_EQ(nearest.size(), 8U);
    EXPECT_EQ(nearest[0].campaign, CampaignId{"z"});
    EXPECT_EQ(nearest[0].reason, "redemptions");
    EXPECT_EQ(nearest[1].campaign, CampaignId{"c21"});
    EXPECT_EQ(nearest[7].campaign, CampaignId{"c15"});
}

TEST(Prompt, FallsBackToTheNextCampaignWhereTheFirstCannotBeAfforded) {
    Shop shop{{campaign("a", kSeen, kTenOffHundred,
                        R"("stack": {"priority": 9}, "limits": {"budget_fen": 10})"),
               campaign("b", kSeen, kTenPercent)}};
    const Offer offer = shop.seen(at());
    EXPECT_EQ(offer.campaign, CampaignId{"b"});
    EXPECT_EQ(offer.decision.counts.at("budget"), 1);
}

TEST(Decision, IsNotMadeWhereNoCampaignHasTheTrigger) {
    Shop shop{{campaign("c", kBasket, kTenPercent)}};
    const Effects effects = shop.see(at());
    EXPECT_TRUE(effects.withheld.empty());
    EXPECT_TRUE(effects.state.empty());
}

TEST(Decision, KeepsPausedDraftAndEndedCampaignsOutOfSight) {
    for (const char* state : {"draft", "paused", "ended"}) {
        Shop shop{{campaign("c", kSeen, kTenPercent, R"("state": ")" + std::string{state} + "\"")}};
        EXPECT_EQ(reason_of(shop.see(at())), "nothing considered") << state;
    }
}

}  // namespace
}  // namespace aisle::offers
