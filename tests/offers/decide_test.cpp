#include <algorithm>
#include <random>

#include "agent/offers/pricing.hpp"
#include "judging.hpp"

namespace aisle::offers {
namespace {

using kit::at;

TEST(SpendTier, CountsASpendExactlyOnTheTier) {
    EXPECT_EQ(price_of(kTenOffHundred, basket_of({100'00})), Money::minor(10'00));
    EXPECT_EQ(price_of(kTenOffHundred, basket_of({99'99})), Money{});
}

TEST(SpendTier, TakesTheHighestTierThatWasReached) {
    const std::string tiers =
        R"({"type": "spend_tiers", "tiers": [[100, 10], [200, 30], [300, 60]], "max": 50})";
    EXPECT_EQ(price_of(tiers, basket_of({150, 100})), Money::minor(30));
    EXPECT_EQ(price_of(tiers, basket_of({1'000})), Money::minor(50));
}

TEST(SpendTier, CountsOnlyLinesOfItsScope) {
    const std::string snacks =
        R"({"type": "spend_tiers", "scope": {"cat": ["snack"], "sku": ["SKU3"]}, "tiers": [[100, 10]]})";
    Basket basket = basket_of({60, 500, 40});
    basket.lines[0].category = "snack";
    basket.lines[1].category = "drink";
    const auto decided = decide_basket({campaign("c", kBasket, snacks)}, basket);
    ASSERT_EQ(decided.wins.size(), 1U);
    const auto& shares = decided.wins.front().price.shares;
    ASSERT_EQ(shares.size(), 2U);
    EXPECT_EQ(shares[0].line, 1);
    EXPECT_EQ(shares[0].amount, Money::minor(6));
    EXPECT_EQ(shares[1].line, 3);
    EXPECT_EQ(shares[1].amount, Money::minor(4));
}

TEST(SpendTier, CountsWhatIsLeftAfterTheTillsOwnDiscounts) {
    Basket basket = basket_of({110'00});
    basket.lines[0].discount = Money::minor(10'01);
    EXPECT_EQ(reasons(decide_basket({campaign("c", kBasket, kTenOffHundred)}, basket)),
              Reasons{"below_first_tier"});
}

TEST(PercentOff, OfAHundredPercentLeavesExactlyNothing) {
    const Basket basket = basket_of({333, 333, 334, 1});
    EXPECT_EQ(price_of(R"({"type": "pct_off", "bp": 10000})", basket), Money::minor(1'001));
}

TEST(PercentOff, StopsAtItsMaximum) {
    EXPECT_EQ(price_of(R"({"type": "pct_off", "pct": 12.5, "max": 100})", basket_of({10'000})),
              Money::minor(100));
    EXPECT_EQ(price_of(R"({"type": "pct_off", "pct": 12.5})", basket_of({10'000})),
              Money::minor(1'250));
}

TEST(Gift, ComesWithEnoughSpendAndTakesNothingOff) {
    const std::string mug = R"({"type": "gift", "sku": "MUG", "min_spend": 100, "worth": 30})";
    const auto decided = decide_basket({campaign("c", kBasket, mug)}, basket_of({100}));
    ASSERT_EQ(decided.wins.size(), 1U);
    EXPECT_EQ(decided.wins.front().price.gift_sku, "MUG");
    EXPECT_EQ(decided.wins.front().price.off, Money{});
    EXPECT_EQ(decided.wins.front().price.worth, Money::minor(30));
    EXPECT_EQ(reasons(decide_basket({campaign("c", kBasket, mug)}, basket_of({99}))),
              Reasons{"below_first_tier"});
}

TEST(Stacking, PricesItemsBeforeTheOrder) {
    const std::string item =
        campaign("i", kBasket, R"({"type": "pct_off", "scope": {"sku": ["SKU1"]}, "bp": 5000})",
                 R"("stack": {"group": "item", "priority": 1})");
    const std::string order =
        campaign("o", kBasket, kTenOffHundred, R"("stack": {"group": "order", "priority": 99})");
    // 120 - 60 leaves 100 in the order only with the other line.
    const auto decided = decide_basket({item, order}, basket_of({120'00, 40'00}));
    EXPECT_EQ(reasons(decided), (Reasons{"chosen", "chosen"}));
    EXPECT_EQ(saved(decided), Money::minor(70'00));
    EXPECT_EQ(decided.wins.front().campaign, 0U);
    EXPECT_EQ(reasons(decide_basket({item, order}, basket_of({120'00}))),
              (Reasons{"chosen", "below_first_tier"}));
}

TEST(Stacking, LetsAnExclusiveCampaignWinAlone) {
    const auto first =
        campaign("a", kBasket, kTenPercent, R"("stack": {"exclusive": true, "priority": 9})");
    const auto second = campaign("b", kBasket, kTenOffHundred, R"("stack": {"priority": 1})");
    EXPECT_EQ(reasons(decide_basket({first, second}, basket_of({200'00}))),
              (Reasons{"chosen", "exclusive"}));
}

TEST(Stacking, ShutsAnExclusiveCampaignOutBehindAnother) {
    const auto first =
        campaign("a", kBasket, kTenPercent, R"("stack": {"exclusive": true, "priority": 1})");
    const auto second = campaign("b", kBasket, kTenOffHundred, R"("stack": {"priority": 9})");
    EXPECT_EQ(reasons(decide_basket({first, second}, basket_of({200'00}))),
              (Reasons{"exclusive", "chosen"}));
}

TEST(Stacking, KeepsTheSmallestLimitOfAGroup) {
    const auto several = [](const char* id, int most, int priority) {
        return campaign(id, kBasket, kTenPercent,
                        R"("stack": {"max_per_order": )" + std::to_string(most) +
                            R"(, "priority": )" + std::to_string(priority) + "}");
    };
    const auto basket = basket_of({100'00});
    EXPECT_EQ(reasons(decide_basket({several("a", 3, 3), several("b", 2, 2), several("c", 3, 1)},
                                    basket)),
              (Reasons{"chosen", "chosen", "order_limit"}));
    EXPECT_EQ(reasons(decide_basket({several("a", 1, 3), several("b", 2, 2)}, basket)),
              (Reasons{"chosen", "order_limit"}));
}

TEST(Stacking, HasNothingLeftAfterEverythingWasTaken) {
    const auto all = campaign("a", kBasket, R"({"type": "pct_off", "bp": 10000})",
                              R"("stack": {"group": "item"})");
    const auto more = campaign("b", kBasket, kTenPercent);
    EXPECT_EQ(reasons(decide_basket({all, more}, basket_of({500}))),
              (Reasons{"chosen", "nothing_left"}));
}

TEST(Decide, GivesOneReasonToEachCandidate) {
    conditions::Facts customer;
    customer.set("cust.tags", conditions::to_list({"staff"}));
    Basket basket = basket_of({500});
    basket.member = kAda;
    const std::vector<std::string> campaigns{
        campaign("a", kBasket, kTenPercent, R"("window": {"to": "2026-01-01"})"),
        campaign("b", kBasket, kTenPercent, R"("when": {"basket.total_minor": {"$gt": 500}})"),
        campaign("c", kBasket, kTenPercent, R"("when": {"ctx.rain": true})"),
        campaign("d", kBasket, kTenPercent, R"("audience": {"segments": ["vip"]})"),
        campaign("e", kBasket, kTenPercent, R"("audience": {"exclude": ["staff"]})"),
        campaign("f", kBasket, kTenPercent, R"("audience": {"consent": ["marketing.personal"]})"),
        campaign("g", kBasket, R"({"type": "pct_off", "scope": {"sku": ["X"]}, "bp": 1})"),
        campaign("h", kBasket, kTenOffHundred),
        campaign("i", kBasket, kTenPercent, R"("limits": {"budget_fen": 49})"),
        campaign("j", kBasket, kTenPercent, R"("limits": {"quiet": ["00:00", "24:00"]})")};
    const auto decided = decide_basket(campaigns, basket, customer);
    EXPECT_EQ(reasons(decided), (Reasons{"outside_window", "condition_false", "condition_unknown",
                                         "not_in_audience", "not_in_audience", "no_consent",
                                         "scope_empty", "below_first_tier", "budget", "chosen"}));
    EXPECT_EQ(decided.decision.counts.at("not_in_audience"), 2);
    EXPECT_EQ(decided.decision.winner, CampaignId{"j"});
    EXPECT_EQ(decided.decision.nearest.size(), 8U);
    EXPECT_EQ(decided.decision.nearest.front().reason, "budget");
}

TEST(Decide, AsksForAMemberWhereTheCampaignIsPersonal) {
    const auto personal =
        campaign("c", kBasket, kTenPercent, R"("audience": {"segments": ["vip"]})");
    EXPECT_EQ(reasons(decide_basket({personal}, basket_of({500}))), Reasons{"no_member"});
}

TEST(Decide, GivesTheSameBytesForTheSameQuestion) {
    const std::vector<std::string> campaigns{campaign("a", kBasket, kTenPercent),
                                             campaign("b", kBasket, kTenOffHundred)};
    const auto one = decide_basket(campaigns, basket_of({200'00, 7}));
    const auto two = decide_basket(campaigns, basket_of({200'00, 7}));
    EXPECT_EQ(one.decision.context, two.decision.context);
    EXPECT_EQ(one.decision.campaign_set, two.decision.campaign_set);
    EXPECT_EQ(reasons(one), reasons(two));
}

// A random basket of up to eight lines, with discounts of the till and lines that are equal.
Basket random_basket(std::mt19937_64& random) {
    Basket basket{.key = "b"};
    const int lines = 1 + static_cast<int>(random() % 8);
    for (int n = 1; n <= lines; ++n) {
        BasketLine line{.n = n, .sku = "SKU" + std::to_string(random() % 4), .qty_milli = 1000};
        line.category = random() % 2 ? "snack" : "drink";
        line.gross = Money::minor(static_cast<std::int64_t>(random() % 3'000));
        if (random() % 3 == 0) line.discount = Money::minor(line.gross.minor() / 3);
        basket.lines.push_back(std::move(line));
    }
    return basket;
}

const std::vector<std::string> kMixed{
    campaign("a", kBasket, R"({"type": "pct_off", "scope": {"cat": ["snack"]}, "bp": 3333})",
             R"("stack": {"group": "item", "priority": 5, "max_per_order": 2})"),
    campaign("b", kBasket, R"({"type": "pct_off", "scope": {"sku": ["SKU1"]}, "bp": 1700})",
             R"("stack": {"group": "item", "priority": 4, "max_per_order": 2})"),
    campaign("c", kBasket, R"({"type": "spend_tiers", "tiers": [[500, 77], [2000, 601]]})")};

// What each line's content is charged, whatever its number.
std::multimap<std::string, std::int64_t> charged(const Basket& basket, const Decided& decided) {
    std::map<int, Money> off;
    for (const Win& win : decided.wins)
        for (const LineShare& share : win.price.shares) off[share.line] += share.amount;
    std::multimap<std::string, std::int64_t> all;
    for (const BasketLine& line : basket.lines)
        all.emplace(line.sku + line.category + std::to_string(line.net().minor()),
                    off[line.n].minor());
    return all;
}

std::vector<std::pair<std::string, std::int64_t>> sorted(
    const std::multimap<std::string, std::int64_t>& map) {
    std::vector<std::pair<std::string, std::int64_t>> all(map.begin(), map.end());
    std::ranges::sort(all);
    return all;
}

TEST(Baskets, ShareEveryDiscountOutToTheLastFenWhateverTheOrderOfEntry) {
    const auto set = set_of(kMixed);
    std::mt19937_64 random{20260612};
    const NothingGranted ledger;
    for (int i = 0; i < 5'000; ++i) {
        Basket basket = random_basket(random);
        Ask ask{.trigger = TriggerKind::Basket,
                .at = at(),
                .unit = "b",
                .asked = true,
                .basket = &basket};
        const Decided decided = decide(*set, ask, ledger);
        std::map<int, Money> off;
        for (const Win& win : decided.wins) {
            Money sum;
            for (const LineShare& share : win.price.shares)
                sum += share.amount, off[share.line] += share.amount;
            ASSERT_EQ(sum, win.price.off);
        }
        for (const BasketLine& line : basket.lines) {
            ASSERT_GE(off[line.n], Money{});
            ASSERT_LE(off[line.n], line.net());
        }
        Basket shuffled = basket;
        std::ranges::shuffle(shuffled.lines, random);
        for (int n = 1; BasketLine & line : shuffled.lines) line.n = n++;
        ask.basket = &shuffled;
        const Decided again = decide(*set, ask, ledger);
        ASSERT_EQ(sorted(charged(basket, decided)), sorted(charged(shuffled, again)))
            << "basket " << i;
    }
}

}  // namespace
}  // namespace aisle::offers
