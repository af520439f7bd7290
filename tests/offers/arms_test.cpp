#include <algorithm>
#include <set>

#include "sales.hpp"

// What an arm does otherwise: its words, its time, its price, whether it prompts at all.
namespace aisle::offers {
namespace {

using kit::at;

// A campaign of one arm with these parts.
std::string with_arm(const std::string& arm, const std::string& more = "",
                     const std::string& trigger = kSeen) {
    return campaign("c", trigger, kTenOffHundred,
                    R"("delivery": {"titles": {"en": "Ten off", "zh": "减十元"}, "ttl_s": 600},
                       "experiment": {"holdout": 0, "open_prices": true, "arms": [
                       {"name": "A", "weight": 1)" +
                        arm + "}]}" + more);
}

TEST(ArmWords, TakeThePlaceOfTheCampaignsInTheirLanguages) {
    Shop shop{{with_arm(R"(, "titles": {"en": "Save ten"})")}};
    const Offer offer = shop.seen(at());
    EXPECT_EQ(offer.title.at("en"), "Save ten");
    EXPECT_EQ(offer.title.at("zh"), "减十元");
}

TEST(ArmPrompt, IsWithheldWhereTheArmSaysSo) {
    Shop shop{{with_arm(R"(, "prompt": false)")}};
    const Effects effects = shop.see(at());
    EXPECT_TRUE(effects.offers.front().ghost);
    EXPECT_EQ(effects.exposures.front().arm, "A");
    EXPECT_FALSE(shop.see(at(seconds{1}), true).offers.front().ghost);
}

TEST(ArmPrice, IsAskedOfTheArmAndSaysThatItWasDrawn) {
    Shop shop{{with_arm(R"(, "action": )" + kTenPercent, "", kBasket)}};
    const BasketAnswer asked = shop.ask(basket_of({200'00}), at());
    EXPECT_EQ(asked.answer.saved, Money::minor(20'00));
    const auto& reasons = asked.effects.offers.front().reasons;
    EXPECT_TRUE(std::ranges::any_of(reasons, [](const ReasonChip& chip) {
        return chip.key == "price_by_lot" && chip.value == "A";
    }));
}

TEST(ArmPrice, ReachesWhatTheCampaignsOwnDoesNot) {
    Shop shop{{with_arm(R"(, "action": )" + kTenPercent, "", kBasket)}};
    EXPECT_EQ(shop.ask(basket_of({50'00}), at()).answer.saved, Money::minor(5'00));
}

TEST(ArmPrice, IsTheCampaignsForWhoIsWithheldAndAsks) {
    const std::string text = campaign(
        "c", kBasket, kTenOffHundred,
        R"("experiment": {"holdout": 1, "open_prices": true, "arms": [{"name": "A", "weight": 1,
           "action": )" +
            kTenPercent + "}]}");
    Shop shop{{text}};
    EXPECT_EQ(shop.ask(basket_of({200'00}), at()).answer.saved, Money::minor(10'00));
}

TEST(ArmPrice, IsWhatAKeyedDiscountIsComparedWith) {
    Shop shop{{with_arm(R"(, "action": )" + kTenPercent)}};
    const Offer offer = shop.seen(at());
    shop.act(offer.id, OfferAction::Accept, "li", at(seconds{1}));
    const Effects effects = shop.sell(of_ada(discounted(300'00, 30'00)), at(seconds{60}));
    ASSERT_EQ(effects.redemptions.size(), 1U);
    EXPECT_EQ(effects.redemptions.front().amount, Money::minor(30'00));
}

TEST(ArmDelay, ShowsThePromptLaterAndThenForItsWholeTime) {
    Shop shop{{with_arm(R"(, "delay_s": 60)")}};
    const Effects seen = shop.see(at());
    EXPECT_TRUE(seen.offers.empty());
    EXPECT_EQ(seen.exposures.size(), 1U);
    EXPECT_TRUE(shop.engine->live().empty());
    EXPECT_TRUE(shop.tick(at(seconds{59})).offers.empty());
    const Effects shown = shop.tick(at(seconds{60}));
    ASSERT_EQ(shown.offers.size(), 1U);
    EXPECT_EQ(shown.offers.front().revision, 1);
    EXPECT_EQ(shop.engine->live().size(), 1U);
    EXPECT_TRUE(shop.tick(at(seconds{659})).outcomes.empty());
    EXPECT_EQ(shop.tick(at(seconds{660})).outcomes.size(), 1U);
}

TEST(ArmDelay, CannotBeTakenUpBeforeItIsShown) {
    Shop shop{{with_arm(R"(, "delay_s": 60)")}};
    const OfferId id = shop.see(at()).exposures.front().offer;
    EXPECT_EQ(shop.act(id, OfferAction::Accept, "li", at(seconds{5})).verdict, Verdict::Unknown);
    const Effects sold = shop.sell(of_ada(discounted(200'00, 10'00)), at(seconds{60}));
    EXPECT_TRUE(sold.redemptions.empty());
}

TEST(ArmDelay, IsNotForWhoAsks) {
    Shop shop{{with_arm(R"(, "delay_s": 60)")}};
    EXPECT_EQ(shop.see(at(), true).offers.size(), 1U);
}

TEST(ArmDelay, EndsQuietlyWhenTheVisitIsOver) {
    Shop shop{{with_arm(R"(, "delay_s": 60)", "", dwell("Z1", 5))}};
    const ZoneVisit visit = visit_of("14", "Z1", at());
    shop.commit(shop.engine->visit(visit, at()));
    EXPECT_EQ(shop.tick(at(seconds{5})).exposures.size(), 1U);
    shop.commit(shop.engine->visit(visit_of("14", "Z1", at(), false), at(seconds{20})));
    const Effects after = shop.tick(at(seconds{21}));
    ASSERT_EQ(after.outcomes.size(), 1U);
    EXPECT_EQ(after.outcomes.front().state, OfferState::Expired);
    EXPECT_TRUE(shop.tick(at(seconds{90})).offers.empty());
}

TEST(ArmDelay, WaitsOnAfterARestart) {
    Shop shop{{with_arm(R"(, "delay_s": 60)")}};
    shop.see(at());
    const auto again = shop.restored();
    EXPECT_TRUE(again->live().empty());
    EXPECT_EQ(again->tick(at(seconds{61})).offers.size(), 1U);
}

TEST(StickyArm, StaysWithItsMemberThroughANewVersionAndARestart) {
    Shop shop{{with_arm("", R"(, "version": 1)")}};
    EXPECT_EQ(shop.see(at()).exposures.front().arm, "A");
    const std::string later = campaign("c", kSeen, kTenOffHundred,
                                       R"("version": 2, "experiment": {"holdout": 0, "arms": [
                                          {"name": "A", "weight": 0}, {"name": "B", "weight": 1}]})");
    shop.campaigns = set_of({later});
    auto again = shop.restored();
    again->tick(at(seconds{700}));
    EXPECT_EQ(again->member_seen(kAda, false, at(seconds{701})).exposures.front().arm, "A");
    const MemberKey other{"00000000000000000000000000000bea"};
    shop.around.add_member(other);
    EXPECT_EQ(again->member_seen(other, false, at(seconds{701})).exposures.front().arm, "B");
}

TEST(StickyArm, IsForgottenWithItsMember) {
    Shop shop{{with_arm("")}};
    shop.see(at());
    EXPECT_TRUE(shop.disk.contains("unit/" + kAda.value));
    shop.commit(shop.engine->erase(kAda, at(seconds{1})));
    for (const auto& [key, bytes] : shop.disk) {
        EXPECT_EQ(key.find(kAda.value), std::string::npos) << key;
        EXPECT_EQ(bytes.find(kAda.value), std::string::npos) << key;
    }
}

TEST(StickyArm, IsForgottenWhenItsMemberWithdrawsHisConsent) {
    Shop shop{{with_arm("")}};
    shop.see(at());
    shop.commit(shop.engine->consent_withdrawn(kAda, at(seconds{1})));
    EXPECT_FALSE(shop.disk.contains("unit/" + kAda.value));
}

TEST(StickyArm, GoesOverToTheNewNameOfAMember) {
    Shop shop{{with_arm("")}};
    shop.see(at());
    const MemberKey bea{"00000000000000000000000000000bea"};
    shop.commit(shop.engine->relink(kAda, bea, at(seconds{1})));
    EXPECT_TRUE(shop.disk.contains("unit/" + bea.value));
    EXPECT_FALSE(shop.disk.contains("unit/" + kAda.value));
}

TEST(GlobalHoldout, WithholdsThePromptAndNeverTheEntitlement) {
    const std::string all = R"("experiment": {"holdout": 0, "global": 1.0})";
    Shop shop{{campaign("c", kSeen, kTenOffHundred, all)}};
    const Effects effects = shop.see(at());
    EXPECT_TRUE(effects.offers.front().ghost);
    EXPECT_EQ(effects.exposures.front().arm, "global_holdout");
    EXPECT_EQ(effects.offers.front().decision.counts.at("holdout"), 1);
    EXPECT_FALSE(shop.see(at(seconds{1}), true).offers.front().ghost);
    Shop till{{campaign("c", kBasket, kTenOffHundred, all)}};
    EXPECT_EQ(till.ask(basket_of({200'00}), at()).answer.saved, Money::minor(10'00));
}

TEST(SwitchbackZone, GivesEverybodyInAStretchTheSameArm) {
    Shop shop{{campaign("c", dwell("Z1", 5), kTenOffHundred,
                        R"("delivery": {"ttl_s": 1}, "experiment": {"holdout": 0, "unit": "block",
                           "block_min": 30, "arms": [["A", 0.5], ["control", 0.5]]})")}};
    std::map<std::int64_t, std::set<std::string>> arms;
    std::set<std::string> all;
    for (int i = 0; i < 24; ++i) {
        const Stamp entered = at(minutes{10 * i});
        const std::string tag = std::to_string(i);
        shop.commit(shop.engine->visit(visit_of(tag, "Z1", entered), entered));
        const Effects effects = shop.tick(at(minutes{10 * i} + seconds{6}));
        ASSERT_EQ(effects.exposures.size(), 1U);
        shop.commit(shop.engine->visit(visit_of(tag, "Z1", entered, false),
                                       at(minutes{10 * i} + seconds{8})));
        const auto block = entered.wall.time_since_epoch() / minutes{30};
        arms[block].insert(effects.exposures.front().arm);
        all.insert(effects.exposures.front().arm);
    }
    for (const auto& [block, drawn] : arms) EXPECT_EQ(drawn.size(), 1U) << block;
    EXPECT_EQ(all.size(), 2U);
}

}  // namespace
}  // namespace aisle::offers
