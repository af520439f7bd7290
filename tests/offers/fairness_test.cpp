#include "agent/offers/fairness.hpp"

#include <algorithm>
#include <random>

#include "judging.hpp"

namespace aisle::offers {
namespace {

using kit::at;

std::string chip(const Offer& offer, const std::string& key) {
    const auto found = std::ranges::find(offer.reasons, key, &ReasonChip::key);
    return found == offer.reasons.end() ? "" : found->value;
}

const std::string kForVips = R"("audience": {"segments": ["vip"]}, "stack": {"priority": 9})";

TEST(PersonalOffer, CarriesTheBestOneThatIsForEverybody) {
    Shop shop{{campaign("everybody", kBasket, kTenOffHundred),
               campaign("less", kBasket, kTenOffHundred, R"("stack": {"priority": -1})"),
               campaign("vips", kBasket, kTenPercent, kForVips)}};
    Basket basket = basket_of({200'00});
    basket.member = kAda;
    const Effects effects = shop.ask(basket, at()).effects;
    ASSERT_EQ(effects.offers.size(), 1U);
    EXPECT_EQ(effects.offers.front().campaign.value, "vips");
    EXPECT_EQ(chip(effects.offers.front(), "alternative"), "everybody");
}

TEST(PersonalOffer, SaysThatThereIsNone) {
    Shop shop{{campaign("vips", kBasket, kTenPercent, kForVips)}};
    Basket basket = basket_of({200'00});
    basket.member = kAda;
    EXPECT_EQ(chip(shop.ask(basket, at()).effects.offers.front(), "alternative"), "none");
}

TEST(PersonalOffer, DoesNotNameOneThatWasNotToBeHad) {
    Shop shop{{campaign("everybody", kBasket, R"({"type": "spend_tiers", "tiers": [[90000, 1]]})"),
               campaign("paid_out", kBasket, kTenOffHundred, R"("limits": {"budget_fen": 999})"),
               campaign("vips", kBasket, kTenPercent, kForVips)}};
    Basket basket = basket_of({200'00});
    basket.member = kAda;
    EXPECT_EQ(chip(shop.ask(basket, at()).effects.offers.front(), "alternative"), "none");
}

TEST(PersonalOffer, IsAlsoOneWhoseConditionLooksAtPeople) {
    Shop shop{{campaign("c", kBasket, kTenPercent, R"("when": {"$or": [{"cust.tier": "gold"}]})")}};
    Basket basket = basket_of({200'00});
    basket.member = kAda;
    EXPECT_EQ(chip(shop.ask(basket, at()).effects.offers.front(), "alternative"), "none");
}

TEST(OfferForEverybody, CarriesNoAlternative) {
    Shop shop{{campaign("c", kBasket, kTenPercent)}};
    EXPECT_EQ(chip(shop.ask(basket_of({200'00}), at()).effects.offers.front(), "alternative"), "");
}

TEST(FairnessWarnings, NamePersonalCampaignsWithNothingBesideThem) {
    const auto set =
        set_of({campaign("alone", kSeen, kTenPercent), campaign("everybody", kBasket, kTenPercent),
                campaign("vips", kBasket, kTenPercent, kForVips)});
    const auto warnings = fairness_warnings(*set);
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_EQ(warnings.front().file, "alone");
}

TEST(Loader, RefusesAConditionThatNamesOnePerson) {
    EXPECT_NE(fault_in(campaign("c", kBasket, kTenPercent, R"("when": {"cust.member": "x"})"))
                  .find("names one person"),
              std::string::npos);
    EXPECT_NE(fault_in(campaign("c", kBasket, kTenPercent,
                                R"("when": {"$and": [{"$not": {"cust.card": {"$in": ["x"]}}}]})"))
                  .find("names one person"),
              std::string::npos);
}

TEST(Loader, RefusesAPriceByLotThatIsNotOpen) {
    EXPECT_NE(fault_in(campaign("c", kBasket, kTenPercent,
                                R"("experiment": {"holdout": 0, "arms": [{"name": "a", "weight": 1,
                                   "action": {"type": "pct_off", "bp": 10, "max": 1}}]})")),
              "none");
}

// Members who are the same to the shop are charged the same, whoever they are and whatever lot they
// drew: holdouts and arms change who is told, and how.
TEST(SameSegment, GetsTheSamePrice) {
    std::mt19937 dice{11};
    const auto part = [&](std::uint32_t n) { return static_cast<std::int64_t>(dice() % n); };
    for (int round = 0; round < 60; ++round) {
        std::vector<std::string> campaigns;
        for (int n = 0; n < 8; ++n) {
            const std::string action = part(2) == 0 ? kTenOffHundred
                                                    : R"({"type": "pct_off", "max": 3000, "bp": )" +
                                                          std::to_string(100 + part(3'000)) + "}";
            std::string rest = R"("stack": {"priority": )" + std::to_string(part(5)) +
                               R"(, "group": ")" + (part(2) == 0 ? "item" : "order") + R"("})";
            if (part(2) == 0) rest += R"(, "audience": {"segments": ["vip"]})";
            if (part(2) == 0) rest += R"(, "when": {"cust.tier": {"$in": ["gold"]}})";
            rest += R"(, "experiment": {"holdout": 0.3, "global": 0.2, "arms":
                        [["control", 0.3], ["a", 0.4], {"name": "b", "weight": 0.3,
                          "titles": {"en": "b"}}]})";
            campaigns.push_back(campaign("c" + std::to_string(n), kBasket, action, rest));
        }
        Shop shop{campaigns};
        std::optional<Money> price;
        for (int person = 0; person < 12; ++person) {
            const MemberKey member{"person" + std::to_string(person)};
            shop.around.add_member(member);
            Basket basket = basket_of({70'00 + 10 * round, 90'00, 3'50}, "b" + member.value);
            basket.member = member;
            const Money saved = shop.ask(basket, at()).answer.saved;
            EXPECT_EQ(price.value_or(saved), saved);
            price = saved;
        }
    }
}

TEST(AnOffer, NeverRaisesAPriceAndNeverGoesBelowZero) {
    std::mt19937 dice{5};
    for (int round = 0; round < 300; ++round) {
        const auto one = static_cast<std::int64_t>(dice() % 20'000);
        const auto two = static_cast<std::int64_t>(dice() % 300);
        for (const std::string& action :
             {kTenOffHundred, kTenPercent, std::string{R"({"type": "pct_off", "bp": 10000})"}}) {
            const Money off = price_of(action, basket_of({one, two}));
            EXPECT_GE(off, Money{});
            EXPECT_LE(off, Money::minor(one + two));
        }
    }
}

Offer offer_to(const std::string& tier, std::int64_t value) {
    return {.campaign = CampaignId{"c"},
            .campaign_version = 1,
            .value = Money::minor(value),
            .trigger = TriggerKind::MemberSeen,
            .tier = tier};
}

TEST(Shares, CountWhoGotWhatBySegment) {
    Shares shares;
    shares.add(offer_to("gold", 10'00));
    shares.add(offer_to("gold", 10'00));
    shares.add(offer_to("", 10'00));
    ASSERT_EQ(shares.all().size(), 2U);
    EXPECT_EQ(shares.all().rbegin()->first.segment, "gold/-");
    EXPECT_EQ(shares.all().rbegin()->second.offers, 2);
    EXPECT_EQ(shares.all().rbegin()->second.value, Money::minor(20'00));
    EXPECT_TRUE(shares.unequal().empty());
}

TEST(Shares, NameASegmentThatWasPromisedAnotherPrice) {
    Shares shares;
    shares.add(offer_to("gold", 10'00));
    shares.add(offer_to("silver", 12'00));
    EXPECT_EQ(shares.unequal().size(), 1U);
}

TEST(Shares, AllowAPriceThatWasDrawnOpenly) {
    Shares shares;
    shares.add(offer_to("gold", 10'00));
    Offer drawn = offer_to("gold", 12'00);
    drawn.reasons.push_back({"price_by_lot", "b"});
    shares.add(drawn);
    EXPECT_TRUE(shares.unequal().empty());
}

TEST(Shares, LeaveGhostsOut) {
    Shares shares;
    Offer ghost = offer_to("gold", 10'00);
    ghost.ghost = true;
    shares.add(ghost);
    EXPECT_TRUE(shares.all().empty());
}

}  // namespace
}  // namespace aisle::offers
