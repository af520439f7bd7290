#include <array>

#include "sales.hpp"

// Every step that an offer can be asked to make, from every state it can be in.
namespace aisle::offers {
namespace {

using kit::at;
using OA = OfferAction;
using OS = OfferState;

constexpr std::array kActions{OA::Accept, OA::Present, OA::Redeem, OA::Decline};

const char* name_of(OfferAction action) {
    constexpr std::array kNames{"accept", "present", "redeem", "decline"};
    return kNames[static_cast<std::size_t>(action)];
}

// One offer for Ada, brought into a state by "li".
struct In : Shop {
    explicit In(OfferState state)
        : Shop{{campaign("c", kSeen, kTenOffHundred, R"("limits": {"budget_fen": 5000})")}},
          offer{seen(at())} {
        if (state == OS::Expired) tick(at(seconds{900}));
        if (state == OS::Declined) step(OA::Decline);
        if (state == OS::Offered || state == OS::Declined || state == OS::Expired) return;
        step(OA::Accept);
        if (state == OS::Presented) step(OA::Present);
        if (state == OS::Redeemed) step(OA::Redeem);
    }
    Acted step(OfferAction action, const std::string& by = "li") {
        return act(offer.id, action, by, at(seconds{1}), "busy");
    }
    Offer offer;
};

struct Step {
    OfferState from;
    OfferAction action;
    Verdict same_person;
    Verdict other_person;
};

constexpr Step kSteps[] = {{OS::Offered, OA::Accept, Verdict::Done, Verdict::Done},
                           {OS::Offered, OA::Present, Verdict::Illegal, Verdict::Illegal},
                           {OS::Offered, OA::Redeem, Verdict::Illegal, Verdict::Illegal},
                           {OS::Offered, OA::Decline, Verdict::Done, Verdict::Done},
                           {OS::Accepted, OA::Accept, Verdict::Same, Verdict::Taken},
                           {OS::Accepted, OA::Present, Verdict::Done, Verdict::Taken},
                           {OS::Accepted, OA::Redeem, Verdict::Done, Verdict::Taken},
                           {OS::Accepted, OA::Decline, Verdict::Done, Verdict::Taken},
                           {OS::Presented, OA::Accept, Verdict::Illegal, Verdict::Taken},
                           {OS::Presented, OA::Present, Verdict::Same, Verdict::Taken},
                           {OS::Presented, OA::Redeem, Verdict::Done, Verdict::Taken},
                           {OS::Presented, OA::Decline, Verdict::Done, Verdict::Taken},
                           {OS::Redeemed, OA::Accept, Verdict::Illegal, Verdict::Taken},
                           {OS::Redeemed, OA::Present, Verdict::Illegal, Verdict::Taken},
                           {OS::Redeemed, OA::Redeem, Verdict::Same, Verdict::Taken},
                           {OS::Redeemed, OA::Decline, Verdict::Illegal, Verdict::Taken},
                           {OS::Declined, OA::Accept, Verdict::Illegal, Verdict::Taken},
                           {OS::Declined, OA::Present, Verdict::Illegal, Verdict::Taken},
                           {OS::Declined, OA::Redeem, Verdict::Illegal, Verdict::Taken},
                           {OS::Declined, OA::Decline, Verdict::Same, Verdict::Taken},
                           {OS::Expired, OA::Accept, Verdict::Expired, Verdict::Expired},
                           {OS::Expired, OA::Present, Verdict::Expired, Verdict::Expired},
                           {OS::Expired, OA::Redeem, Verdict::Expired, Verdict::Expired},
                           {OS::Expired, OA::Decline, Verdict::Expired, Verdict::Expired}};

TEST(Steps, HaveOneVerdictFromEachStateForWhoHasTheOffer) {
    for (const Step& step : kSteps)
        EXPECT_EQ(In{step.from}.step(step.action, "li").verdict, step.same_person)
            << name_of(step.action) << " from " << static_cast<int>(step.from);
}

TEST(Steps, HaveOneVerdictFromEachStateForSomebodyElse) {
    for (const Step& step : kSteps)
        EXPECT_EQ(In{step.from}.step(step.action, "wang").verdict, step.other_person)
            << name_of(step.action) << " from " << static_cast<int>(step.from);
}

TEST(Steps, ChangeNothingUnlessTheyAreDone) {
    for (const Step& step : kSteps) {
        In shop{step.from};
        const auto before = shop.disk;
        const Acted acted = shop.step(step.action, "wang");
        if (acted.verdict == Verdict::Done) continue;
        EXPECT_TRUE(acted.effects.state.empty());
        EXPECT_EQ(shop.disk, before);
        EXPECT_FALSE(acted.detail.empty()) << name_of(step.action);
    }
}

TEST(Steps, HaveTheSameVerdictAfterARestart) {
    for (const Step& step : kSteps) {
        In shop{step.from};
        shop.engine = shop.restored();
        EXPECT_EQ(shop.step(step.action, "li").verdict, step.same_person)
            << name_of(step.action) << " from " << static_cast<int>(step.from);
    }
}

TEST(Steps, AreUnknownOnAnOfferThatNeverWas) {
    for (const OfferAction action : kActions) {
        In shop{OS::Offered};
        const Acted acted = shop.act(OfferId{"nobody"}, action, "li", at());
        EXPECT_EQ(acted.verdict, Verdict::Unknown);
        EXPECT_EQ(acted.detail, "no such offer");
    }
}

TEST(Steps, SayWhoHasIt) {
    EXPECT_EQ(In{OS::Presented}.step(OA::Accept, "wang").detail, "presented by li");
    EXPECT_EQ(In{OS::Redeemed}.step(OA::Accept, "wang").detail, "redeemed by li");
    EXPECT_EQ(In{OS::Declined}.step(OA::Decline, "wang").detail, "declined by li");
}

TEST(Steps, GrowTheRevisionByOneEach) {
    In shop{OS::Offered};
    std::int32_t revision = 1;
    for (const OfferAction action : {OA::Accept, OA::Present, OA::Redeem}) {
        const Acted acted = shop.step(action);
        ASSERT_EQ(acted.effects.offers.size(), 1U);
        EXPECT_EQ(acted.effects.offers.front().revision, ++revision);
    }
}

TEST(Steps, TellAnOutcomeOnlyWhereTheOfferEnds) {
    EXPECT_TRUE(In{OS::Offered}.step(OA::Accept).effects.outcomes.empty());
    EXPECT_TRUE(In{OS::Accepted}.step(OA::Present).effects.outcomes.empty());
    EXPECT_EQ(In{OS::Accepted}.step(OA::Redeem).effects.outcomes.size(), 1U);
    EXPECT_EQ(In{OS::Presented}.step(OA::Decline).effects.outcomes.front().reason, "busy");
}

TEST(Steps, SpendTheMoneyWithTheRedemptionAndGiveItBackOtherwise) {
    In redeemed{OS::Redeemed};
    EXPECT_EQ(redeemed.status().spent, Money::minor(10'00));
    EXPECT_EQ(redeemed.status().redemptions, 1);
    In declined{OS::Declined};
    EXPECT_EQ(declined.status().left, Money::minor(50'00));
    EXPECT_EQ(declined.status().redemptions, 0);
    In accepted{OS::Accepted};
    EXPECT_EQ(accepted.status().reserved, Money::minor(10'00));
}

TEST(Verdicts, HaveTheNamesThatTheApiUses) {
    constexpr std::array kNames{"done", "same", "taken", "illegal", "expired", "unknown"};
    for (std::size_t i = 0; i < kNames.size(); ++i)
        EXPECT_EQ(to_text(static_cast<Verdict>(i)), kNames[i]);
}

TEST(Declining, TakesOnlyAReasonOfTheListThatStaffWereShown) {
    const auto with = [](const char* list) {
        return campaign("c", kSeen, kTenOffHundred,
                        R"("delivery": {"decline_reasons": )" + std::string{list} + "}");
    };
    Shop shop{{with(R"(["busy", "no_dog"])")}};
    const Offer offer = shop.seen(at());
    EXPECT_EQ(offer.decline_reasons, (std::vector<std::string>{"busy", "no_dog"}));
    // A new version of the campaign has another list; the card in the hand still has the old one.
    shop.engine->load(set_of({with(R"(["rain"])")}));
    EXPECT_EQ(shop.act(offer.id, OA::Decline, "li", at(), "rain").verdict, Verdict::Illegal);
    EXPECT_EQ(shop.act(offer.id, OA::Decline, "li", at(), "").verdict, Verdict::Illegal);
    EXPECT_EQ(shop.act(offer.id, OA::Decline, "li", at(), "no_dog").verdict, Verdict::Done);
}

TEST(Declining, TakesAnyReasonWhereTheCampaignHasNoList) {
    In shop{OS::Offered};
    EXPECT_EQ(shop.act(shop.offer.id, OA::Decline, "li", at(), "whatever").verdict, Verdict::Done);
}

TEST(Declining, KeepsItsListOverARestart) {
    Shop shop{
        {campaign("c", kSeen, kTenOffHundred, R"("delivery": {"decline_reasons": ["busy"]})")}};
    const Offer offer = shop.seen(at());
    const auto engine = shop.restored();
    EXPECT_EQ(engine->find(offer.id)->decline_reasons, offer.decline_reasons);
}

TEST(Expiry, CountsFromTheMomentTheOfferWasMadeAndNotFromItsAcceptance) {
    In shop{OS::Accepted};
    EXPECT_EQ(shop.act(shop.offer.id, OA::Present, "li", at(milliseconds{899'999})).verdict,
              Verdict::Done);
    EXPECT_EQ(shop.act(shop.offer.id, OA::Redeem, "li", at(seconds{900})).verdict,
              Verdict::Expired);
}

TEST(Expiry, LeavesAnAcceptedOfferToALateTillFile) {
    In shop{OS::Accepted};
    shop.tick(at(seconds{1'000}));
    Sale sale = of_ada(naming(shop.offer.id.value, 10'00));
    EXPECT_EQ(shop.sell(sale, at(seconds{1'200})).redemptions.size(), 1U);
}

TEST(Expiry, DoesNotLookAtTheWallClockWithinOneBoot) {
    In shop{OS::Offered};
    Stamp set_forward = at(seconds{10});
    set_forward.wall += std::chrono::hours{48};
    EXPECT_TRUE(shop.tick(set_forward).outcomes.empty());
    Stamp set_back = at(seconds{900});
    set_back.wall -= std::chrono::hours{48};
    EXPECT_EQ(shop.tick(set_back).outcomes.size(), 1U);
}

TEST(Expiry, NeedsTheWallClockInAnotherBoot) {
    In shop{OS::Offered};
    Stamp rebooted = at(seconds{899});
    rebooted.boot = 2;
    rebooted.mono = MonoTime{seconds{1}};
    EXPECT_TRUE(shop.restored()->tick(rebooted).outcomes.empty());
    rebooted.wall += seconds{1};
    EXPECT_EQ(shop.restored()->tick(rebooted).outcomes.size(), 1U);
}

TEST(Live, LeavesOutWhatHasRunOutEvenWhereItIsKept) {
    In shop{OS::Accepted};
    EXPECT_EQ(shop.engine->live().size(), 1U);
    shop.tick(at(seconds{900}));
    EXPECT_TRUE(shop.engine->live().empty());
    EXPECT_NE(shop.engine->find(shop.offer.id), nullptr);
}

TEST(Offers, SayWhyAndForWhom) {
    Shop shop{
        {campaign("c", kSeen, kTenOffHundred,
                  R"("version": 3, "delivery": {"titles": {"en": "10 off", "zh-CN": "减10"}})")}};
    const Offer offer = shop.seen(at());
    EXPECT_EQ(offer.campaign_version, 3);
    EXPECT_EQ(offer.title.at("zh-CN"), "减10");
    EXPECT_EQ(offer.action, "spend_tiers");
    EXPECT_EQ(offer.id.value.size(), 32U);
    std::vector<std::string> chips;
    for (const ReasonChip& chip : offer.reasons) chips.push_back(chip.key + "=" + chip.value);
    EXPECT_EQ(chips,
              (std::vector<std::string>{"lifecycle=at_risk", "tier=gold", "alternative=none"}));
}

TEST(Offers, WithoutATitleShowTheNameOfTheCampaign) {
    Shop shop{{campaign("spring", kSeen, kTenOffHundred)}};
    EXPECT_EQ(shop.seen(at()).title.at("en"), "spring");
}

TEST(Offers, AreRecognisedByTheSkusOfTheirScope) {
    Shop shop{
        {campaign("c", kSeen, R"({"type": "pct_off", "bp": 100, "scope": {"sku": ["A", "B"]}})")}};
    EXPECT_EQ(shop.seen(at()).skus, (std::vector<std::string>{"A", "B"}));
}

}  // namespace
}  // namespace aisle::offers
