#include <boost/json.hpp>

#include "agent/offers/assignment.hpp"
#include "sales.hpp"

// Who is withheld, what is kept of it, and what they are due all the same.
namespace aisle::offers {
namespace {

using kit::at;

const std::string kEverybody = R"("experiment": {"holdout": 1.0})";
const std::string kAllControl = R"("experiment": {"holdout": 0, "arms": [["control", 1]]})";

TEST(Buckets, NestAsTheShareGrows) {
    Experiment small{.key = "e", .seed = "e", .holdout = "h"}, large = small;
    large.holdout_share = {2'000};
    int in_small = 0, in_large = 0;
    for (int i = 0; i < 20'000; ++i) {
        const std::string id = "m" + std::to_string(i);
        in_small += in_holdout(small, id);
        in_large += in_holdout(large, id);
        ASSERT_TRUE(!in_holdout(small, id) || in_holdout(large, id)) << id;
    }
    EXPECT_GT(in_large, 3 * in_small);
}

TEST(Buckets, OfTheWholeShareHoldEverybody) {
    const Experiment all{.key = "e", .seed = "e", .holdout = "h", .holdout_share = {10'000}};
    for (int i = 0; i < 2'000; ++i) ASSERT_TRUE(in_holdout(all, "m" + std::to_string(i)));
}

TEST(Buckets, OfTwoHoldoutsAreIndependent) {
    const Experiment one{.key = "e", .seed = "e", .holdout = "h1", .holdout_share = {5'000}};
    Experiment two = one;
    two.holdout = "h2";
    int both = 0;
    for (int i = 0; i < 20'000; ++i) {
        const std::string id = "m" + std::to_string(i);
        both += in_holdout(one, id) && in_holdout(two, id);
    }
    EXPECT_NEAR(both, 5'000, 400);
}

TEST(Buckets, HaveNoArmOutsideTheWeights) {
    const Experiment half{.key = "e", .seed = "e", .holdout = "h", .arms = {{"A", 0.5}}};
    int drawn = 0;
    for (int i = 0; i < 20'000; ++i) drawn += arm_of(half, "m" + std::to_string(i)) != nullptr;
    EXPECT_NEAR(drawn, 10'000, 400);
    EXPECT_EQ(arm_of({.key = "e", .seed = "e", .holdout = "h"}, "m1"), nullptr);
}

TEST(Buckets, DrawTheLastArmWhereTheWeightsAddUpToAHairBelowOne) {
    Experiment thirds{.key = "e", .seed = "e", .holdout = "h"};
    for (int i = 0; i < 10; ++i) thirds.arms.push_back({"arm" + std::to_string(i), 0.1});
    for (int i = 0; i < 20'000; ++i) ASSERT_NE(arm_of(thirds, "m" + std::to_string(i)), nullptr);
}

TEST(Ghosts, TakeNoMoneyNoCodeAndNoCard) {
    Shop shop{
        {campaign("c", kSeen, kTenOffHundred, kEverybody + R"(, "limits": {"budget_fen": 1000})")}};
    const Offer ghost = shop.seen(at());
    EXPECT_TRUE(ghost.ghost);
    EXPECT_TRUE(ghost.code.empty());
    EXPECT_EQ(shop.status().left, Money::minor(10'00));
    EXPECT_EQ(shop.status().offered, 0);
    EXPECT_EQ(shop.status().withheld, 1);
    EXPECT_EQ(shop.status().live, 0);
    EXPECT_TRUE(shop.engine->live().empty());
}

TEST(Ghosts, RunOutLikeOffers) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, kEverybody)}};
    shop.seen(at());
    const Effects effects = shop.tick(at(seconds{900}));
    ASSERT_EQ(effects.outcomes.size(), 1U);
    EXPECT_TRUE(effects.outcomes.front().ghost);
    EXPECT_EQ(effects.outcomes.front().state, OfferState::Expired);
}

TEST(Ghosts, CountAgainstTheCapsOfPromptsSoThatTheGroupsStayAlike) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred,
                        kEverybody + R"(, "limits": {"per_customer": [{"n": 1, "per": "P1D"}]})")}};
    shop.seen(at());
    shop.tick(at(seconds{900}));
    EXPECT_EQ(reason_of(shop.see(at(seconds{901}))), "customer_cap");
}

TEST(Ghosts, TakeThePlaceOfThePromptSoThatNoOtherIsShown) {
    Shop shop{{campaign("a", kSeen, kTenOffHundred, kEverybody + R"(, "stack": {"priority": 9})"),
               campaign("b", kSeen, kTenPercent)}};
    const Effects effects = shop.see(at());
    ASSERT_EQ(effects.offers.size(), 1U);
    EXPECT_TRUE(effects.offers.front().ghost);
    EXPECT_EQ(effects.offers.front().decision.counts.at("lower_priority"), 1);
}

TEST(Ghosts, CannotBeTakenUpByStaffUnderTheirId) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, kEverybody)}};
    const Offer ghost = shop.seen(at());
    for (const auto action : {OfferAction::Accept, OfferAction::Decline, OfferAction::Redeem})
        EXPECT_EQ(shop.act(ghost.id, action, "li", at()).verdict, Verdict::Unknown);
}

TEST(Ghosts, CannotBeRedeemedByASaleThatNamesThem) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, kEverybody)}};
    const Offer ghost = shop.seen(at());
    const Effects effects = shop.sell(naming(ghost.id.value, 10'00), at(seconds{60}));
    EXPECT_TRUE(effects.redemptions.empty());
    EXPECT_TRUE(effects.refusals.empty());
}

TEST(Ghosts, OfTheControlArmAreToldApartFromTheHoldout) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, kAllControl)}};
    const Effects effects = shop.see(at());
    EXPECT_TRUE(effects.offers.front().ghost);
    EXPECT_EQ(effects.exposures.front().arm, "control");
    EXPECT_EQ(effects.offers.front().decision.counts.at("control"), 1);
}

TEST(Entitlement, GivesWhoAsksTheOfferOfTheControlArmToo) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, kAllControl)}};
    const Effects effects = shop.see(at(), true);
    EXPECT_FALSE(effects.offers.front().ghost);
    EXPECT_EQ(effects.exposures.front().arm, "control");
}

TEST(Entitlement, IsNotUsedUpByEarlierGhosts) {
    Shop shop{{campaign(
        "c", kSeen, kTenOffHundred,
        kEverybody +
            R"(, "limits": {"cooldown": "P1D", "per_customer": [{"n": 1, "per": "P1D"}]})")}};
    shop.seen(at());
    EXPECT_EQ(reason_of(shop.see(at(seconds{1}), true)), "offered");
}

TEST(Entitlement, EndsWithTheCapThatTheAnswerItselfUses) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred,
                        kEverybody + R"(, "limits": {"per_customer": [{"n": 1, "per": "P1D"}]})")}};
    shop.see(at(), true);
    shop.tick(at(seconds{900}));
    EXPECT_EQ(reason_of(shop.see(at(seconds{901}), true)), "customer_cap");
}

TEST(Entitlement, GivesABasketItsPriceAndSaysWhere) {
    Shop shop{{campaign("c", kBasket, kTenOffHundred, kEverybody)}};
    const auto asked = shop.ask(basket_of({200'00}), at());
    EXPECT_EQ(asked.answer.saved, Money::minor(10'00));
    EXPECT_EQ(asked.effects.exposures.front().arm, "holdout");
    EXPECT_FALSE(asked.effects.offers.front().ghost);
}

TEST(Exposures, NameTheExperimentTheSubjectAndTheArm) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred,
                        R"("experiment": {"key": "spring", "holdout": 0, "arms": [["A", 1]]})")}};
    const Effects effects = shop.see(at());
    ASSERT_EQ(effects.exposures.size(), 1U);
    EXPECT_EQ(effects.exposures.front().experiment, "spring");
    EXPECT_EQ(effects.exposures.front().subject, kAda.value);
    EXPECT_EQ(effects.exposures.front().arm, "A");
    EXPECT_EQ(effects.exposures.front().offer, effects.offers.front().id);
}

TEST(Exposures, SayTreatedWhereThereAreNoArms) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
    EXPECT_EQ(shop.see(at()).exposures.front().arm, "treated");
}

TEST(Exposures, OfAnAnonymousVisitGoByTheVisitAndNotByTheTag) {
    Shop shop{{campaign("c", dwell("Z1", 5), kTenOffHundred, R"("delivery": {"ttl_s": 1})")}};
    std::set<std::string> subjects;
    for (const int from : {0, 100}) {
        const Stamp entered = at(seconds{from});
        shop.commit(shop.engine->visit(visit_of("14", "Z1", entered), entered));
        subjects.insert(shop.tick(at(seconds{from + 5})).exposures.front().subject);
        shop.commit(
            shop.engine->visit(visit_of("14", "Z1", entered, false), at(seconds{from + 6})));
        shop.tick(at(seconds{from + 7}));
    }
    EXPECT_EQ(subjects.size(), 2U);
}

TEST(Privacy, LeavesNoTraceOfAMemberWhoHasNotAgreedInAnythingThatIsKept) {
    Shop shop{{campaign("c", dwell("Z1", 5), kTenOffHundred), campaign("d", kSeen, kTenOffHundred),
               campaign("e", kAfterSale, kTenPercent)}};
    shop.around.add_member(kAda, false);
    shop.see(at());
    const Effects after_sale = shop.sell(of_ada(kit::sale_of(100'00)), at());
    ZoneVisit visit = visit_of("9", "Z1", at());
    visit.member = kAda;
    shop.engine->visit(visit, at());
    const Effects effects = shop.tick(at(seconds{5}));
    for (const Effects* all : {&after_sale, &effects}) {
        for (const Offer& offer : all->offers) {
            EXPECT_TRUE(offer.member.empty());
            EXPECT_TRUE(offer.tier.empty());
            EXPECT_EQ(offer.decision.context.find(kAda.value), std::string::npos);
        }
        for (const Exposure& exposure : all->exposures)
            EXPECT_EQ(exposure.subject.find(kAda.value), std::string::npos);
    }
    EXPECT_FALSE(shop.disk.contains("subject/" + kAda.value));
}

TEST(Consent, ThatEndedBetweenTwoVisitsHoldsAtOnce) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred, R"("delivery": {"ttl_s": 1})")}};
    EXPECT_EQ(reason_of(shop.see(at())), "offered");
    shop.tick(at(seconds{2}));
    shop.around.add_member(kAda, false);
    EXPECT_EQ(reason_of(shop.see(at(seconds{3}))), "no_consent");
}

TEST(Contexts, HoldWhatIsNeededToDecideAgain) {
    Shop shop{{campaign("c", kSeen, kTenOffHundred)}};
    const auto context = boost::json::parse(shop.seen(at()).decision.context);
    EXPECT_EQ(context.at("now").as_string(), "2026-06-12T04:00:00.000Z");
    EXPECT_EQ(context.at("trigger").at("type").as_string(), "member_seen");
    EXPECT_EQ(context.at("member").as_string(), kAda.value);
    EXPECT_EQ(context.at("facts").at("cust.tier").as_string(), "gold");
    EXPECT_FALSE(context.as_object().contains("basket"));
}

}  // namespace
}  // namespace aisle::offers
