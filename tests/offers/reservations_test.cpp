#include <algorithm>

#include "sales.hpp"

// The life of what a basket has been promised.
namespace aisle::offers {
namespace {

using kit::at;

// A shop with two campaigns that stack, 10 % on everything and 10.00 off 100.00, and one budget.
struct Counter : Shop {
    Counter()
        : Shop{{campaign("a", kBasket, kTenPercent, R"("stack": {"group": "item"})"),
                campaign("b", kBasket, kTenOffHundred, R"("limits": {"budget_fen": 3000})")}} {}
    BasketAnswer price(const std::string& key = "b1", seconds after = seconds{0}) {
        return ask(basket_of({200'00}, key), at(after));
    }
    [[nodiscard]] CampaignStatus budget() const { return engine->status().back(); }
};

std::vector<std::string> moves(const Effects& effects) {
    std::vector<std::string> all;
    for (const BudgetMove& move : effects.budget) all.push_back(move.move);
    return all;
}
using Moves = std::vector<std::string>;

TEST(Reservations, AnswerWithEveryOfferAndTheSum) {
    Counter shop;
    const auto asked = shop.price();
    ASSERT_EQ(asked.answer.offers.size(), 2U);
    EXPECT_EQ(asked.answer.offers[0].campaign, CampaignId{"a"});
    EXPECT_EQ(asked.answer.offers[0].amount, Money::minor(20'00));
    EXPECT_EQ(asked.answer.offers[1].amount, Money::minor(10'00));
    EXPECT_EQ(asked.answer.saved, Money::minor(30'00));
    EXPECT_EQ(asked.answer.decision.size(), 32U);
}

TEST(Reservations, NameTheDecisionThatTheirOffersKeep) {
    Counter shop;
    const auto asked = shop.price();
    for (const Offer& offer : asked.effects.offers) {
        EXPECT_EQ(offer.decision.id, asked.answer.decision);
        EXPECT_EQ(offer.basket, "b1");
        EXPECT_EQ(offer.expires.wait, minutes{15});
        EXPECT_EQ(offer.till, TillId{"2"});
        EXPECT_EQ(offer.eyes, "till 2");
    }
}

TEST(Reservations, AreNotShownToStaffNorTakenUpByThem) {
    Counter shop;
    const auto asked = shop.price();
    EXPECT_TRUE(shop.engine->live().empty());
    EXPECT_NE(shop.engine->find(asked.effects.offers.front().id), nullptr);
    EXPECT_TRUE(asked.effects.offers.front().decline_reasons.empty());
}

TEST(Reservations, SayWhyWhereThereIsNothing) {
    Shop shop{{campaign("c", kBasket, kTenOffHundred)}};
    const auto asked = shop.ask(basket_of({50}), at());
    EXPECT_TRUE(asked.answer.offers.empty());
    EXPECT_EQ(asked.answer.saved, Money{});
    ASSERT_EQ(asked.effects.withheld.size(), 1U);
    EXPECT_EQ(asked.effects.withheld.front().id, asked.answer.decision);
}

TEST(Reservations, OfAnEmptyBasketAreNone) {
    Counter shop;
    const auto asked = shop.ask(basket_of({}), at());
    EXPECT_TRUE(asked.answer.offers.empty());
    EXPECT_EQ(reason_of(asked.effects), "scope_empty");
}

TEST(Replacing, FreesTheOldBeforeItReservesTheNew) {
    Counter shop;
    shop.price();
    const auto again = shop.price("b1", seconds{5});
    EXPECT_EQ(moves(again.effects), (Moves{"release", "reserve"}));
    EXPECT_EQ(again.effects.budget.back().left, Money::minor(20'00));
    ASSERT_EQ(again.effects.outcomes.size(), 2U);
    EXPECT_EQ(again.effects.outcomes[0].reason, "replaced");
    EXPECT_EQ(again.effects.outcomes[0].state, OfferState::Declined);
}

TEST(Replacing, GivesTheSameAnswerToTheSameQuestionHoweverOften) {
    Counter shop;
    const auto first = shop.price().answer;
    for (int i = 1; i < 50; ++i) {
        const auto again = shop.price("b1", seconds{i}).answer;
        ASSERT_EQ(again.saved, first.saved);
        ASSERT_EQ(again.offers.size(), first.offers.size());
    }
    EXPECT_EQ(shop.budget().left, Money::minor(20'00));
    EXPECT_EQ(shop.budget().live, 1);
}

TEST(Replacing, MayGetLessForASmallerBasket) {
    Counter shop;
    shop.price();
    const auto again = shop.ask(basket_of({50'00}), at(seconds{1}));
    EXPECT_EQ(again.answer.saved, Money::minor(5'00));
    EXPECT_EQ(shop.budget().reserved, Money{});
}

TEST(Replacing, BeginsTheQuarterOfAnHourAgain) {
    Counter shop;
    shop.price();
    shop.price("b1", seconds{800});
    shop.tick(at(seconds{1'000}));
    EXPECT_EQ(shop.budget().live, 1);
    shop.tick(at(seconds{1'700}));
    EXPECT_EQ(shop.budget().live, 0);
}

TEST(Replacing, MakesTheOldCodesUseless) {
    Counter shop;
    const std::string code = shop.price().answer.offers.front().code;
    shop.price("b1", seconds{1});
    const auto used = shop.engine->redeem_code({.code = code, .till = TillId{"2"}}, at(seconds{2}));
    EXPECT_EQ(used.error().detail, "declined at 2026-06-12T04:00:01.000Z");
}

TEST(Cancelling, FreesEveryOfferOfTheBasketAndNoOther) {
    Counter shop;
    shop.price("b1");
    shop.price("b2");
    const Effects effects = shop.commit(shop.engine->cancel_basket("b1", at(seconds{1})));
    EXPECT_EQ(effects.outcomes.size(), 2U);
    for (const Outcome& outcome : effects.outcomes) EXPECT_EQ(outcome.by, "till");
    EXPECT_EQ(shop.budget().reserved, Money::minor(10'00));
}

TEST(Cancelling, OfWhatNeverWasDoesNothing) {
    Counter shop;
    shop.price("b1");
    const Effects effects = shop.commit(shop.engine->cancel_basket("b9", at()));
    EXPECT_TRUE(effects.outcomes.empty());
    EXPECT_TRUE(effects.state.empty());
}

TEST(Cancelling, TwiceDoesNothingMore) {
    Counter shop;
    shop.price("b1");
    shop.commit(shop.engine->cancel_basket("b1", at()));
    EXPECT_TRUE(shop.commit(shop.engine->cancel_basket("b1", at())).state.empty());
    EXPECT_EQ(shop.budget().left, Money::minor(30'00));
}

TEST(Expiry, EndsAReservationOnTheSecondAndNotAMillisecondBefore) {
    Counter shop;
    shop.price();
    EXPECT_TRUE(shop.tick(at(milliseconds{899'999})).outcomes.empty());
    const Effects effects = shop.tick(at(seconds{900}));
    ASSERT_EQ(effects.outcomes.size(), 2U);
    EXPECT_EQ(effects.outcomes.front().state, OfferState::Expired);
    EXPECT_EQ(moves(effects), Moves{"release"});
}

TEST(Expiry, IsAsLongAsTheShopHasSet) {
    Counter shop;
    Settings settings;
    settings.codes.key = "k";
    settings.reservation = seconds{30};
    shop.engine = *Engine::make(settings, shop.around);
    shop.engine->load(shop.campaigns);
    shop.price();
    EXPECT_TRUE(shop.tick(at(seconds{29})).outcomes.empty());
    EXPECT_EQ(shop.tick(at(seconds{30})).outcomes.size(), 2U);
}

TEST(Paying, RedeemsAllOfABasketThatTheSaleNames) {
    Counter shop;
    shop.price();
    const Effects effects = shop.sell(naming("b1", 30'00), at(seconds{60}));
    ASSERT_EQ(effects.redemptions.size(), 2U);
    Money sum;
    for (const Redemption& one : effects.redemptions) {
        EXPECT_EQ(one.proof, RedemptionProof::Basket);
        sum += one.amount;
    }
    EXPECT_EQ(sum, Money::minor(30'00));
}

TEST(Paying, RedeemsOneByOneWhereTheSaleNamesOffersAndBasket) {
    Counter shop;
    const auto asked = shop.price().answer;
    Sale sale = naming("b1", 0);
    sale.discounts.push_back({.line = 1,
                              .offer = asked.offers[1].offer.value,
                              .kind = "amount",
                              .amount = Money::minor(4'00)});
    const Effects effects = shop.sell(sale, at(seconds{60}));
    ASSERT_EQ(effects.redemptions.size(), 2U);
    for (const Redemption& one : effects.redemptions)
        EXPECT_EQ(one.amount,
                  one.campaign == CampaignId{"b"} ? Money::minor(4'00) : Money::minor(20'00));
}

TEST(Paying, LeavesWhatTheSaleDoesNotNameToExpire) {
    Counter shop;
    const auto asked = shop.price().answer;
    shop.sell(naming(asked.offers[0].offer.value, 20'00), at(seconds{60}));
    EXPECT_EQ(shop.budget().reserved, Money::minor(10'00));
    EXPECT_EQ(shop.tick(at(seconds{900})).outcomes.size(), 1U);
    EXPECT_EQ(shop.budget().reserved, Money{});
}

TEST(Paying, AddsUpADiscountThatStandsOnSeveralLines) {
    Counter shop;
    const std::string offer = shop.price().answer.offers[1].offer.value;
    Sale sale = naming(offer, 3'00);
    sale.discounts.push_back(
        {.line = 1, .offer = offer, .kind = "amount", .amount = Money::minor(2'00)});
    const Effects effects = shop.sell(sale, at(seconds{60}));
    ASSERT_EQ(effects.redemptions.size(), 1U);
    EXPECT_EQ(effects.redemptions.front().amount, Money::minor(5'00));
}

TEST(Paying, TooLateSaysThatTheOfferHasExpired) {
    Counter shop;
    const std::string offer = shop.price().answer.offers[0].offer.value;
    shop.tick(at(seconds{900}));
    const Effects effects = shop.sell(naming(offer, 20'00), at(seconds{901}));
    EXPECT_TRUE(effects.redemptions.empty());
    ASSERT_EQ(effects.refusals.size(), 1U);
    EXPECT_EQ(effects.refusals.front().reason, "expired at 2026-06-12T04:15:00.000Z");
    EXPECT_EQ(effects.refusals.front().code, offer);
    EXPECT_EQ(effects.refusals.front().till, TillId{"1"});
}

TEST(Paying, WithATillsOwnPromotionSaysNothing) {
    Counter shop;
    shop.price();
    const Effects effects = shop.sell(naming("TILL-PROMO-7", 5'00), at(seconds{60}));
    EXPECT_TRUE(effects.redemptions.empty());
    EXPECT_TRUE(effects.refusals.empty());
}

TEST(Paying, AReturnRedeemsNothing) {
    Counter shop;
    const std::string offer = shop.price().answer.offers[0].offer.value;
    Sale back = naming(offer, 20'00);
    back.type = SaleType::Return;
    EXPECT_TRUE(shop.sell(back, at(seconds{60})).state.empty());
}

TEST(Paying, WithARevisionRedeemsOnlyWhatIsNew) {
    Counter shop;
    const auto asked = shop.price().answer;
    const Sale first = naming(asked.offers[0].offer.value, 20'00);
    Sale second = first;
    second.revision = 2;
    second.discounts.push_back({.line = 1,
                                .offer = asked.offers[1].offer.value,
                                .kind = "amount",
                                .amount = Money::minor(10'00)});
    EXPECT_EQ(shop.sell(first, at(seconds{60})).redemptions.size(), 1U);
    const Effects effects = shop.sell(second, at(seconds{61}), &first);
    ASSERT_EQ(effects.redemptions.size(), 1U);
    EXPECT_EQ(effects.redemptions.front().campaign, CampaignId{"b"});
    EXPECT_TRUE(effects.refusals.empty());
}

TEST(Paying, OfASaleThatWasOnlySuspendedBeforeCountsInFull) {
    Counter shop;
    const Sale paid = naming(shop.price().answer.offers[0].offer.value, 20'00);
    Sale suspended = paid;
    suspended.status = SaleStatus::Suspended;
    EXPECT_TRUE(shop.sell(suspended, at(seconds{50})).redemptions.empty());
    EXPECT_EQ(shop.sell(paid, at(seconds{60}), &suspended).redemptions.size(), 1U);
}

TEST(Lines, KeepTheNumbersThatTheTillGaveThem) {
    Counter shop;
    Basket basket = basket_of({100'00, 100'00});
    basket.lines[0].n = 40;
    basket.lines[1].n = 12;
    const auto shares = shop.ask(basket, at()).answer.offers.front().shares;
    ASSERT_EQ(shares.size(), 2U);
    EXPECT_EQ(shares[0].line, 12);
    EXPECT_EQ(shares[1].line, 40);
}

TEST(Lines, AreNumberedAnewWhereTwoHaveTheSameNumber) {
    Counter shop;
    Basket basket = basket_of({100'00, 100'00, 100'00});
    for (BasketLine& line : basket.lines) line.n = 5;
    const auto shares = shop.ask(basket, at()).answer.offers.front().shares;
    ASSERT_EQ(shares.size(), 3U);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(shares[static_cast<std::size_t>(i)].line, i + 1);
}

TEST(Lines, KeepACategoryThatTheTillKnowsBetter) {
    Shop shop{{campaign("c", kBasket, kTenPercent, R"("when": {"basket.categories": ["tea"]})")}};
    shop.around.products["SKU1"] = {.sku = "SKU1", .gtin = {}, .category = "snack", .brand = {}};
    Basket basket = basket_of({500});
    basket.lines[0].category = "tea";
    EXPECT_EQ(shop.ask(basket, at()).answer.offers.size(), 1U);
}

}  // namespace
}  // namespace aisle::offers
