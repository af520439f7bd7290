#include "agent/offers/pricing.hpp"

#include <algorithm>
#include <random>

#include "judging.hpp"

namespace aisle::offers {
namespace {

Money fen(std::int64_t amount) { return Money::minor(amount); }

PercentOff percent(std::int32_t points, std::optional<Money> max = {}, Scope scope = {}) {
    return {.scope = std::move(scope), .share = {points}, .max = max};
}

SpendTiers tiers(std::vector<Tier> all, Scope scope = {}) {
    const Money max = all.back().save;
    return {.scope = std::move(scope), .tiers = std::move(all), .max = max};
}

Priced priced(const Action& action, const Basket& basket) {
    return price(action, Bill{basket.lines});
}

// The shares in order of line; lines without one are left out.
std::vector<std::pair<int, std::int64_t>> shares(const Priced& made) {
    std::vector<std::pair<int, std::int64_t>> all;
    for (const LineShare& share : made.price.shares)
        all.emplace_back(share.line, share.amount.minor());
    return all;
}
using Shares = std::vector<std::pair<int, std::int64_t>>;

TEST(Bill, LeavesWhatTheTillsOwnDiscountsHaveNotTaken) {
    Basket basket = basket_of({100, 200});
    basket.lines[0].discount = fen(30);
    const Bill bill{basket.lines};
    EXPECT_EQ(bill.left, (std::vector{fen(70), fen(200)}));
}

TEST(Bill, NeverOwesTheCustomerForALine) {
    Basket basket = basket_of({100, -500});
    basket.lines[0].discount = fen(150);
    const Bill bill{basket.lines};
    EXPECT_EQ(bill.left, (std::vector{fen(0), fen(0)}));
    EXPECT_EQ(priced(percent(10'000), basket).reached, Reached::ScopeEmpty);
}

TEST(Bill, TakesSharesOffByTheNumberOfTheLine) {
    Basket basket = basket_of({100, 200});
    basket.lines[0].n = 7;
    Bill bill{basket.lines};
    bill.take(
        {.off = fen(40), .worth = {}, .shares = {{.line = 7, .amount = fen(40)}}, .gift_sku = {}});
    EXPECT_EQ(bill.left, (std::vector{fen(60), fen(200)}));
}

TEST(Scopes, MeanEverythingWhereNothingIsNamed) {
    EXPECT_TRUE(in_scope({}, {.sku = "S", .category = {}}));
}

TEST(Scopes, MeanACategoryOrASku) {
    const Scope scope{.categories = {"snack"}, .skus = {"S9"}};
    EXPECT_TRUE(in_scope(scope, {.sku = "S1", .category = "snack"}));
    EXPECT_TRUE(in_scope(scope, {.sku = "S9", .category = "drink"}));
    EXPECT_FALSE(in_scope(scope, {.sku = "S1", .category = "drink"}));
    EXPECT_FALSE(in_scope(scope, {.sku = "S1", .category = {}}));
}

TEST(Scopes, LeaveOutLinesThatAreFreeAlready) {
    Basket basket = basket_of({100, 100, 0});
    basket.lines[1].discount = fen(100);
    EXPECT_EQ(scope_lines({}, Bill{basket.lines}), std::vector<std::size_t>{0});
}

TEST(TierPricing, FindsTheTierOnAndAroundEachEdge) {
    const auto action = tiers({{fen(100), fen(10)}, {fen(200), fen(25)}, {fen(300), fen(45)}});
    const std::vector<std::pair<std::int64_t, std::int64_t>> cases{
        {100, 10}, {101, 10}, {199, 10}, {200, 25}, {299, 25}, {300, 45}, {1'000'000, 45}};
    for (const auto& [spend, off] : cases)
        EXPECT_EQ(priced(action, basket_of({spend})).price.off, fen(off)) << spend;
    EXPECT_EQ(priced(action, basket_of({99})).reached, Reached::BelowFirstTier);
}

TEST(TierPricing, AddsUpTheLinesThatItIsAbout) {
    const auto action = tiers({{fen(100), fen(10)}}, {.categories = {}, .skus = {"SKU1", "SKU3"}});
    EXPECT_EQ(priced(action, basket_of({60, 900, 40})).price.off, fen(10));
    EXPECT_EQ(priced(action, basket_of({60, 900, 39})).reached, Reached::BelowFirstTier);
}

TEST(TierPricing, GivesEachLineItsPartOfTheSpend) {
    const auto action = tiers({{fen(100), fen(10)}});
    EXPECT_EQ(shares(priced(action, basket_of({50, 30, 20}))), (Shares{{1, 5}, {2, 3}, {3, 2}}));
}

TEST(TierPricing, LeavesLinesWithoutAShareOut) {
    const auto action = tiers({{fen(1'000), fen(1)}});
    EXPECT_EQ(shares(priced(action, basket_of({1, 999, 1}))), (Shares{{2, 1}}));
}

TEST(TierPricing, GivesTheOddFenToTheLargestRemainder) {
    // 10 over 1/3 each: 3.33 each, and the first of equals gets the odd one.
    const auto action = tiers({{fen(90), fen(10)}});
    EXPECT_EQ(shares(priced(action, basket_of({30, 30, 30}))), (Shares{{1, 4}, {2, 3}, {3, 3}}));
    // 40, 35, 25 of 100: 4, 3.5, 2.5; the tie at .5 goes to the earlier.
    EXPECT_EQ(shares(priced(action, basket_of({40, 35, 25}))), (Shares{{1, 4}, {2, 4}, {3, 2}}));
}

TEST(TierPricing, StopsAtItsMaximum) {
    SpendTiers action = tiers({{fen(100), fen(10)}, {fen(200), fen(60)}});
    action.max = fen(40);
    EXPECT_EQ(priced(action, basket_of({200})).price.off, fen(40));
    EXPECT_EQ(priced(action, basket_of({150})).price.off, fen(10));
}

TEST(PercentPricing, RoundsHalfAwayFromZero) {
    const std::vector<std::array<std::int64_t, 3>> cases{
        {1, 5'000, 1},  {3, 5'000, 2},    {1, 4'999, 0},    {10, 1'500, 2},
        {10, 1'499, 1}, {333, 1'000, 33}, {335, 1'000, 34}, {1, 10'000, 1}};
    for (const auto& [spend, points, off] : cases)
        EXPECT_EQ(priced(percent(static_cast<std::int32_t>(points)), basket_of({spend})).price.off,
                  fen(off))
            << spend << " at " << points;
}

TEST(PercentPricing, IsTakenOfTheSumAndNotLineByLine) {
    // Line by line 5 % of 9 would be nothing three times.
    EXPECT_EQ(priced(percent(500), basket_of({9, 9, 9})).price.off, fen(1));
}

TEST(PercentPricing, LeavesExactlyNothingAtAHundredPercent) {
    Basket basket = basket_of({1, 333, 99'999, 7});
    basket.lines[1].discount = fen(13);
    const Priced made = priced(percent(10'000), basket);
    Bill bill{basket.lines};
    bill.take(made.price);
    for (const Money left : bill.left) EXPECT_EQ(left, Money{});
    EXPECT_EQ(made.price.off, fen(1 + 320 + 99'999 + 7));
}

TEST(PercentPricing, CountsTheTillsOwnDiscountsIn) {
    Basket basket = basket_of({200});
    basket.lines[0].discount = fen(100);
    EXPECT_EQ(priced(percent(1'000), basket).price.off, fen(10));
}

TEST(PercentPricing, HoldsForTheLargestAmounts) {
    const Priced made = priced(percent(3'333), basket_of({kMoneyMax.minor(), kMoneyMax.minor()}));
    EXPECT_EQ(made.price.off, fen(6'666'000'000'000));
    EXPECT_EQ(shares(made), (Shares{{1, 3'333'000'000'000}, {2, 3'333'000'000'000}}));
}

TEST(GiftPricing, CountsOnlySpendOfItsScope) {
    const Gift mug{.scope = {.categories = {"tea"}, .skus = {}},
                   .sku = "MUG",
                   .min_spend = fen(100),
                   .worth = fen(30)};
    Basket basket = basket_of({100, 500});
    EXPECT_EQ(priced(mug, basket).reached, Reached::ScopeEmpty);
    basket.lines[0].category = "tea";
    const Priced made = priced(mug, basket);
    EXPECT_EQ(made.reached, Reached::Yes);
    EXPECT_EQ(made.price.off, Money{});
    EXPECT_EQ(made.price.worth, fen(30));
    EXPECT_TRUE(made.price.shares.empty());
}

TEST(GiftPricing, WantsAtLeastOneLineEvenWithoutAMinimum) {
    const Gift mug{.scope = {}, .sku = "MUG", .min_spend = {}, .worth = {}};
    EXPECT_EQ(priced(mug, basket_of({})).reached, Reached::ScopeEmpty);
    EXPECT_EQ(priced(mug, basket_of({1})).reached, Reached::Yes);
}

TEST(Actions, SayTheMostThatTheyCanTakeOff) {
    EXPECT_EQ(most(tiers({{fen(100), fen(10)}, {fen(200), fen(25)}})), fen(25));
    EXPECT_EQ(most(percent(1'000, fen(500))), fen(500));
    EXPECT_FALSE(most(percent(1'000)));
    EXPECT_EQ(most(Gift{.scope = {}, .sku = "M", .min_spend = {}, .worth = fen(30)}), fen(30));
}

TEST(Actions, HaveTheNamesOfTheirFiles) {
    EXPECT_EQ(to_text(Action{tiers({{fen(1), fen(1)}})}), "spend_tiers");
    EXPECT_EQ(to_text(Action{percent(1)}), "pct_off");
    EXPECT_EQ(to_text(Action{Gift{}}), "gift");
}

TEST(Bps, OfEveryPercentageInAFileAreExact) {
    for (int points = 1; points <= 10'000; points += 13) {
        char pct[16];
        std::snprintf(pct, sizeof pct, "%d.%02d", points / 100, points % 100);
        const auto set = set_of(
            {campaign("c", kBasket, R"({"type": "pct_off", "pct": )" + std::string{pct} + "}")});
        ASSERT_EQ(std::get<PercentOff>(set->all().front().action).share.value, points) << pct;
    }
}

// A random action of any kind and scope.
Action random_action(std::mt19937_64& random) {
    Scope scope;
    if (random() % 2) scope.skus = {"SKU1", "SKU3"};
    const auto amount = [&] { return fen(1 + static_cast<std::int64_t>(random() % 3'000)); };
    switch (random() % 3) {
        case 0: {
            const Money spend = amount(), save = std::min(spend, amount());
            return tiers({{spend, save}, {spend + fen(500), save + fen(1)}}, scope);
        }
        case 1:
            return percent(1 + static_cast<std::int32_t>(random() % 10'000),
                           random() % 2 ? std::optional{amount()} : std::nullopt, scope);
        default:
            return Gift{.scope = scope, .sku = "MUG", .min_spend = amount(), .worth = amount()};
    }
}

Basket random_lines(std::mt19937_64& random) {
    Basket basket = basket_of({});
    for (int n = 1; n <= static_cast<int>(random() % 9); ++n) {
        BasketLine line{.n = n, .sku = "SKU" + std::to_string(random() % 5), .category = {}};
        line.gross = fen(static_cast<std::int64_t>(random() % 2'000) - 200);
        if (random() % 3 == 0) line.discount = fen(line.gross.minor() / 2);
        basket.lines.push_back(line);
    }
    return basket;
}

TEST(Pricing, SharesAddUpAndStayWithinTheirLinesForAnyActionAndBasket) {
    std::mt19937_64 random{77};
    int reached = 0;
    for (int i = 0; i < 20'000; ++i) {
        const Action action = random_action(random);
        const Basket basket = random_lines(random);
        const Bill bill{basket.lines};
        const Priced made = price(action, bill);
        Money sum;
        for (const LineShare& share : made.price.shares) {
            const auto index = static_cast<std::size_t>(share.line - 1);
            sum += share.amount;
            ASSERT_GT(share.amount, Money{});
            ASSERT_LE(share.amount, bill.left[index]);
            ASSERT_TRUE(in_scope(scope_of(action), basket.lines[index]));
        }
        ASSERT_EQ(sum, made.price.off);
        ASSERT_LE(made.price.worth, most(action).value_or(kMoneyMax));
        reached += made.reached == Reached::Yes;
    }
    EXPECT_GT(reached, 5'000);
}

TEST(Pricing, IsReachedExactlyWhereThereIsAPrice) {
    std::mt19937_64 random{78};
    for (int i = 0; i < 20'000; ++i) {
        const Action action = random_action(random);
        const Basket basket = random_lines(random);
        const Bill bill{basket.lines};
        ASSERT_EQ(reach(action, bill), price(action, bill).reached) << "case " << i;
    }
}

TEST(Pricing, NeverTakesMoreForLessSpend) {
    const auto action = tiers({{fen(500), fen(50)}, {fen(900), fen(200)}});
    Money before;
    for (std::int64_t spend = 1; spend < 1'200; ++spend) {
        const Money off = priced(action, basket_of({spend})).price.off;
        ASSERT_GE(off, before) << spend;
        before = off;
    }
}

}  // namespace
}  // namespace aisle::offers
