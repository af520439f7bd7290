#include <set>

#include "sales.hpp"

namespace aisle::offers {
namespace {

using kit::at;

struct Prompted : Shop {
    explicit Prompted(const std::string& action = kTenOffHundred)
        : Shop{{campaign("c", kSeen, action)}}, offer{seen(at())} {}
    Offer offer;
};

TEST(Inference, SeesThatStaffHaveKeyedTheDiscount) {
    Prompted shop;
    const Effects effects = shop.sell(of_ada(discounted(200'00, 10'00)), at(seconds{61}));
    ASSERT_EQ(effects.redemptions.size(), 1U);
    EXPECT_EQ(effects.redemptions.front().proof, RedemptionProof::Inferred);
    EXPECT_EQ(effects.redemptions.front().amount, Money::minor(10'00));
    EXPECT_EQ(effects.redemptions.front().sale, kit::sale_of(1).sale);
    EXPECT_EQ(effects.offers.front().state, OfferState::Redeemed);
}

TEST(Inference, WantsTheAmountToAgree) {
    Prompted shop;
    EXPECT_TRUE(shop.sell(of_ada(discounted(200'00, 20'00)), at()).redemptions.empty());
    EXPECT_TRUE(shop.sell(of_ada(discounted(50'00, 10'00, 2)), at())
                    .redemptions.empty());  // below the tier
    EXPECT_EQ(shop.sell(of_ada(discounted(200'00, 10'50, 3)), at()).redemptions.size(),
              1U);  // within tolerance
}

TEST(Inference, WantsTheLinesToAgree) {
    Prompted other{R"({"type": "pct_off", "scope": {"sku": ["SKU9"]}, "bp": 500, "max": 5000})"};
    EXPECT_TRUE(other.sell(of_ada(discounted(200'00, 10'00)), at()).redemptions.empty());
    Prompted same{R"({"type": "pct_off", "scope": {"sku": ["SKU1"]}, "bp": 500, "max": 5000})"};
    EXPECT_EQ(same.sell(of_ada(discounted(200'00, 10'00)), at()).redemptions.size(), 1U);
}

TEST(Inference, WantsTheTimeToAgree) {
    Prompted shop;
    Sale early = of_ada(discounted(200'00, 10'00)), late = early;
    early.ended_at = at(seconds{-1}).wall;
    late.ended_at = at(seconds{900 + 600}).wall;
    EXPECT_TRUE(shop.sell(early, at()).redemptions.empty());
    EXPECT_TRUE(shop.sell(late, at()).redemptions.empty());
}

TEST(Inference, WantsTheMemberToAgree) {
    Prompted shop;
    Sale sale = discounted(200'00, 10'00);
    sale.member = "somebody else";
    EXPECT_TRUE(shop.sell(sale, at()).redemptions.empty());
    // Nobody was seen at the till: then staff must have taken the offer up.
    EXPECT_TRUE(shop.sell(discounted(200'00, 10'00, 2), at()).redemptions.empty());
    shop.act(shop.offer.id, OfferAction::Accept, "li", at());
    EXPECT_EQ(shop.sell(discounted(200'00, 10'00, 3), at()).redemptions.size(), 1U);
}

TEST(Inference, FindsAGiftThatWasGivenAway) {
    Prompted shop{R"({"type": "gift", "sku": "MUG", "min_spend": 100, "worth": 700})"};
    Sale sale = of_ada(discounted(50'00, 0));
    sale.discounts.front().amount = Money::minor(7'00);
    sale.lines.push_back({.n = 2,
                          .sku = "MUG",
                          .qty_milli = 1000,
                          .gross = Money::minor(7'00),
                          .discount = Money::minor(7'00)});
    const Effects effects = shop.sell(sale, at());
    ASSERT_EQ(effects.redemptions.size(), 1U);
    EXPECT_EQ(effects.redemptions.front().amount, Money::minor(7'00));
}

TEST(Inference, LetsOneDiscountProveOneOffer) {
    Shop shop{{campaign("a", kSeen, kTenOffHundred), campaign("b", kSeen, kTenOffHundred)}};
    shop.seen(at());
    EXPECT_EQ(shop.seen(at(seconds{1})).campaign, CampaignId{"b"});
    EXPECT_EQ(shop.sell(of_ada(discounted(200'00, 10'00)), at(seconds{61})).redemptions.size(), 1U);
    EXPECT_EQ(shop.engine->live().size(), 1U);
}

TEST(Inference, IsNotMadeTwiceForRevisionsOfASale) {
    Shop shop{{campaign("a", kSeen, kTenOffHundred), campaign("b", kSeen, kTenOffHundred)}};
    shop.seen(at());
    shop.seen(at(seconds{1}));
    const Sale sale = of_ada(discounted(200'00, 10'00));
    EXPECT_EQ(shop.sell(sale, at(seconds{61})).redemptions.size(), 1U);
    EXPECT_TRUE(shop.sell(sale, at(seconds{62}), &sale).redemptions.empty());
}

CodeUse use_of(const std::string& code, const std::string& till = "3") {
    return {.code = code, .till = TillId{till}, .by = "cashier"};
}

TEST(Code, IsGoodOnceAndThenNamesItsFirstUse) {
    Prompted shop;
    auto first = shop.engine->redeem_code(use_of(shop.offer.code), at(seconds{5}));
    ASSERT_TRUE(first);
    EXPECT_EQ(first->redemptions.front().proof, RedemptionProof::Code);
    const auto second = shop.engine->redeem_code(use_of(shop.offer.code, "4"), at(seconds{9}));
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().fault, Fault::Denied);
    EXPECT_EQ(second.error().detail, "used at 2026-06-12T04:00:05.000Z, till 3");
}

TEST(Code, IsRefusedSecondTimeEvenAfterARestart) {
    Prompted shop;
    shop.commit(*shop.engine->redeem_code(use_of(shop.offer.code), at()));
    const auto second = shop.restored()->redeem_code(use_of(shop.offer.code), at());
    ASSERT_FALSE(second);
    EXPECT_TRUE(second.error().detail.starts_with("used at"));
}

TEST(Code, IsRefusedWhenItIsWrongUnknownOrLate) {
    Prompted shop;
    EXPECT_EQ(shop.engine->redeem_code(use_of("123"), at()).error().detail,
              "not a code of this store");
    auto stranger = *Codes::make({.prefix = "299", .key = "a store's secret"});
    EXPECT_EQ(shop.engine->redeem_code(use_of(stranger.at(500)), at()).error().detail,
              "unknown code");
    EXPECT_EQ(shop.engine->redeem_code(use_of(shop.offer.code), at(seconds{900})).error().detail,
              "expired");
    shop.tick(at(seconds{900}));
    EXPECT_EQ(shop.engine->redeem_code(use_of(shop.offer.code), at(seconds{901})).error().detail,
              "expired at 2026-06-12T04:15:00.000Z");
}

TEST(Code, IsDifferentForEachLiveOffer) {
    Shop shop{{campaign("c", kBasket, kTenPercent)}};
    std::set<std::string> codes;
    for (int i = 0; i < 500; ++i)
        codes.insert(
            shop.ask(basket_of({500}, "b" + std::to_string(i)), at()).answer.offers.front().code);
    EXPECT_EQ(codes.size(), 500U);
}

TEST(Code, IsNotIssuedWhereTheCampaignWantsNone) {
    Shop shop{{campaign("c", kSeen, kTenPercent, R"("delivery": {"code": false})")}};
    EXPECT_EQ(shop.seen(at()).code, "");
}

TEST(Code, IsRedeemedByASaleThatNamesIt) {
    Prompted shop;
    const Effects effects = shop.sell(naming(shop.offer.code, 10'00), at(seconds{61}));
    ASSERT_EQ(effects.redemptions.size(), 1U);
    EXPECT_EQ(effects.redemptions.front().proof, RedemptionProof::Code);
}

TEST(Code, IsReportedWhenASecondSaleNamesItAndNotWhenARevisionDoes) {
    Prompted shop;
    const Sale sale = naming(shop.offer.code, 10'00);
    shop.sell(sale, at(seconds{61}));
    EXPECT_TRUE(shop.sell(sale, at(seconds{62}), &sale).refusals.empty());
    const Effects effects = shop.sell(naming(shop.offer.code, 10'00, 2), at(seconds{63}));
    EXPECT_TRUE(effects.redemptions.empty());
    ASSERT_EQ(effects.refusals.size(), 1U);
    EXPECT_TRUE(effects.refusals.front().reason.starts_with("used at"));
}

struct Till : Shop {
    Till() : Shop{{campaign("c", kBasket, kTenOffHundred, R"("limits": {"budget_fen": 2500})")}} {}
    BasketDecision price(const std::string& key, seconds after = seconds{0}) {
        return ask(basket_of({200'00}, key), at(after)).answer;
    }
};

TEST(Reservation, IsRedeemedByTheSaleThatNamesTheOffer) {
    Till shop;
    const auto answer = shop.price("b1");
    EXPECT_EQ(answer.saved, Money::minor(10'00));
    EXPECT_EQ(shop.status().reserved, Money::minor(10'00));
    const Effects effects =
        shop.sell(naming(answer.offers.front().offer.value, 10'00), at(seconds{60}));
    ASSERT_EQ(effects.redemptions.size(), 1U);
    EXPECT_EQ(effects.redemptions.front().proof, RedemptionProof::Basket);
    EXPECT_EQ(shop.status().spent, Money::minor(10'00));
    EXPECT_EQ(shop.status().reserved, Money{});
}

TEST(Reservation, IsRedeemedByTheSaleThatNamesTheBasket) {
    Till shop;
    shop.price("b1");
    EXPECT_EQ(shop.sell(naming("b1", 10'00), at(seconds{60})).redemptions.size(), 1U);
    shop.price("b2");
    Sale sale = kit::sale_of(190'00, 5);
    sale.vendor_id = "b2";
    EXPECT_EQ(shop.sell(sale, at(seconds{60})).redemptions.size(), 1U);
}

TEST(Reservation, IsReplacedWhenTheSameBasketAsksAgain) {
    Till shop;
    const auto first = shop.price("b1");
    for (int i = 0; i < 10; ++i) shop.price("b1");
    EXPECT_EQ(shop.status().reserved, Money::minor(10'00));
    EXPECT_EQ(shop.engine->find(first.offers.front().offer), nullptr);
}

TEST(Reservation, HoldsItsMoneyAgainstOtherBaskets) {
    Till shop;
    shop.price("b1");
    shop.price("b2");
    EXPECT_TRUE(shop.price("b3").offers.empty());
    EXPECT_EQ(shop.status().left, Money::minor(5'00));
}

TEST(Reservation, IsFreedByCancellingTheBasket) {
    Till shop;
    shop.price("b1");
    const Effects effects = shop.commit(shop.engine->cancel_basket("b1", at(seconds{1})));
    EXPECT_EQ(effects.outcomes.front().reason, "cancelled");
    EXPECT_EQ(shop.status().reserved, Money{});
    shop.price("b2");
    Sale cancelled = kit::sale_of(200'00);
    cancelled.vendor_id = "b2";
    cancelled.status = SaleStatus::Cancelled;
    shop.sell(cancelled, at(seconds{2}));
    EXPECT_EQ(shop.status().reserved, Money{});
}

TEST(Reservation, IsFreedAfterAQuarterOfAnHour) {
    Till shop;
    shop.price("b1");
    shop.tick(at(seconds{899}));
    EXPECT_EQ(shop.status().reserved, Money::minor(10'00));
    shop.tick(at(seconds{900}));
    EXPECT_EQ(shop.status().reserved, Money{});
}

TEST(Reservation, UsesNothingOfACapUnlessItIsPaid) {
    Shop shop{{campaign("c", kBasket, kTenOffHundred,
                        R"("limits": {"per_customer": [{"n": 1, "per": "P1D"}]})")}};
    Basket basket = basket_of({200'00}, "b1");
    basket.member = kAda;
    EXPECT_EQ(shop.ask(basket, at()).answer.offers.size(), 1U);
    EXPECT_EQ(shop.ask(basket, at(seconds{1})).answer.offers.size(), 1U);
    shop.commit(shop.engine->cancel_basket("b1", at(seconds{2})));
    basket.key = "b2";
    const auto second = shop.ask(basket, at(seconds{3})).answer;
    ASSERT_EQ(second.offers.size(), 1U);
    shop.sell(naming(second.offers.front().offer.value, 10'00), at(seconds{9}));
    basket.key = "b3";
    EXPECT_EQ(reason_of(shop.ask(basket, at(seconds{10})).effects), "customer_cap");
}

TEST(Reservation, NumbersLinesThatTheTillDidNotNumber) {
    Till shop;
    Basket basket = basket_of({100'00, 50'00, 50'00});
    for (BasketLine& line : basket.lines) line.n = 0;
    const auto answer = shop.ask(basket, at()).answer;
    ASSERT_EQ(answer.offers.size(), 1U);
    EXPECT_EQ(answer.offers.front().shares.size(), 3U);
}

TEST(Reservation, FillsInWhatTheTillDoesNotKnowOfAProduct) {
    Shop shop{{campaign("c", kBasket,
                        R"({"type": "pct_off", "scope": {"cat": ["snack"]}, "bp": 1000})")}};
    shop.around.products["SKU1"] = {.sku = "SKU1", .gtin = {}, .category = "snack", .brand = {}};
    EXPECT_EQ(shop.ask(basket_of({100, 100}), at()).answer.saved, Money::minor(10));
}

TEST(Redemption, NeverSpendsMoreThanWasReserved) {
    Till shop;
    const auto answer = shop.price("b1");
    const Effects effects =
        shop.sell(naming(answer.offers.front().offer.value, 99'00), at(seconds{60}));
    EXPECT_EQ(effects.redemptions.front().amount, Money::minor(10'00));
    EXPECT_EQ(shop.status().left, Money::minor(15'00));
}

TEST(Redemption, GivesBackWhatWasNotNeeded) {
    Till shop;
    const auto answer = shop.price("b1");
    const Effects effects =
        shop.sell(naming(answer.offers.front().offer.value, 4'00), at(seconds{60}));
    ASSERT_EQ(effects.budget.size(), 2U);
    EXPECT_EQ(effects.budget[0].move, "redeem");
    EXPECT_EQ(effects.budget[0].left, Money::minor(15'00));
    EXPECT_EQ(effects.budget[1].move, "release");
    EXPECT_EQ(effects.budget[1].amount, Money::minor(6'00));
    EXPECT_EQ(effects.budget[1].left, Money::minor(21'00));
}

}  // namespace
}  // namespace aisle::offers
