#include "agent/offers/returns.hpp"

#include "sales.hpp"

// Goods that come back to a shop whose offers were redeemed.
namespace aisle::offers {
namespace {

using kit::at;

Money fen(std::int64_t amount) { return Money::minor(amount); }

struct Bought {
    std::string sku;
    std::int64_t pieces;
    std::int64_t gross;
};

// A shop where this basket was asked about and paid as answered.
struct PaidShop : Shop {
    PaidShop(const std::string& action, const std::vector<Bought>& lines,
             const std::string& parts = "")
        : Shop{{campaign("c", kBasket, action, parts)}} {
        Basket basket{.key = "b1", .till = TillId{"2"}, .member = kAda, .lines = {}};
        for (int n = 0; const Bought& one : lines)
            basket.lines.push_back({.n = ++n,
                                    .sku = one.sku,
                                    .category = {},
                                    .brand = {},
                                    .qty_milli = one.pieces * 1'000,
                                    .gross = fen(one.gross)});
        answer = ask(basket, at()).answer;
        sale = of_ada(kit::sale_of(1, 7));
        sale.vendor_id = "b1";
        sale.lines.clear();
        for (const BasketLine& line : basket.lines) sell_line(line);
        paid = this->sell(sale, at(seconds{60}));
    }

    void sell_line(const BasketLine& line) {
        Money off;
        for (const PricedOffer& offer : answer.offers)
            for (const LineShare& share : offer.shares)
                if (share.line == line.n) off += share.amount;
        sale.lines.push_back({.n = line.n,
                              .sku = line.sku,
                              .qty_milli = line.qty_milli,
                              .gross = line.gross,
                              .discount = off,
                              .net = line.gross - off});
    }

    // The receipt of a return that names the basket.
    Effects brings(const std::vector<Bought>& lines, std::int64_t seq = 8) {
        Sale back = of_ada(kit::sale_of(1, seq));
        back.type = SaleType::Return;
        back.lines.clear();
        for (int n = 0; const Bought& one : lines)
            back.lines.push_back({.n = ++n,
                                  .sku = one.sku,
                                  .qty_milli = -one.pieces * 1'000,
                                  .gross = -fen(one.gross),
                                  .net = -fen(one.gross)});
        back.discounts.push_back({.line = 0, .offer = "b1", .kind = "amount", .amount = {}});
        back.till = TillId{"9"};
        return sell(back, at(seconds{120}));
    }
    Result<ReturnDecision> asks(const std::vector<ReturnedLine>& lines) const {
        return engine->returning({.paid = "b1", .till = TillId{"9"}, .lines = lines});
    }

    BasketDecision answer;
    Sale sale;
    Effects paid;
};

const std::vector<Bought> kSixtyForty{{"A", 1, 6'000}, {"B", 1, 4'000}};
const std::string kBudget = R"("limits": {"budget_fen": 5000})";

TEST(Returns, TellTheTillWhatToPayOut) {
    PaidShop shop{kTenOffHundred, kSixtyForty};
    const auto decision = shop.asks({{.line = 2, .qty_milli = 1'000}});
    ASSERT_TRUE(decision);
    EXPECT_EQ(decision->refund, fen(3'600));
    ASSERT_EQ(decision->offers.size(), 1U);
    EXPECT_EQ(decision->offers.front().taken_back, fen(400));
    // The asking changes nothing.
    EXPECT_EQ(shop.asks({{.line = 2, .qty_milli = 1'000}})->refund, fen(3'600));
}

TEST(Returns, AskTheThresholdAgainWhereTheCampaignSaysSo) {
    PaidShop shop{kTenOffHundred, kSixtyForty, R"("returns": "recheck")"};
    EXPECT_EQ(shop.asks({{.line = 2, .qty_milli = 1'000}})->refund, fen(3'000));
    shop.brings({{"B", 1, 4'000}});
    EXPECT_EQ(shop.asks({{.line = 1, .qty_milli = 1'000}})->refund, fen(6'000));
}

TEST(Returns, RecheckLetsAKeptDiscountStand) {
    // 150.00 and 50.00 less 10.00: the 150.00 alone earn it still, so that the 50.00 come whole.
    PaidShop shop{kTenOffHundred, {{"A", 1, 15'000}, {"B", 1, 5'000}}, R"("returns": "recheck")"};
    EXPECT_EQ(shop.asks({{.line = 2, .qty_milli = 1'000}})->refund, fen(5'000));
}

TEST(Returns, KnowNothingOfOrdersWithoutOffers) {
    PaidShop shop{kTenOffHundred, {{"A", 1, 500}}};
    EXPECT_FALSE(shop.asks({{.line = 1, .qty_milli = 1'000}}));
}

TEST(Returns, RefuseWhatWasNotSoldOrIsBackAlready) {
    PaidShop shop{kTenOffHundred, kSixtyForty};
    EXPECT_FALSE(shop.asks({{.line = 3, .qty_milli = 1'000}}));
    EXPECT_FALSE(shop.asks({{.line = 1, .qty_milli = 1'001}}));
    EXPECT_FALSE(shop.asks({{.line = 1, .qty_milli = 600}, {.line = 1, .qty_milli = 600}}));
    shop.brings({{"A", 1, 6'000}});
    EXPECT_FALSE(shop.asks({{.line = 1, .qty_milli = 1}}));
}

TEST(Returns, AreToldWithWhatTheyTookBack) {
    PaidShop shop{kTenOffHundred, kSixtyForty};
    const Effects effects = shop.brings({{"B", 1, 4'000}});
    ASSERT_EQ(effects.returns.size(), 1U);
    const RedemptionReturn& told = effects.returns.front();
    EXPECT_EQ(told.amount, fen(400));
    EXPECT_EQ(told.left, fen(600));
    EXPECT_EQ(told.till, TillId{"9"});
    EXPECT_EQ(told.member, kAda);
    EXPECT_EQ(told.sale, shop.sale.sale);
    EXPECT_EQ(told.after, minutes{1});
    EXPECT_FALSE(told.whole);
    EXPECT_TRUE(shop.brings({{"A", 1, 6'000}}, 9).returns.front().whole);
}

TEST(Returns, GiveTheBudgetBackWithARecord) {
    PaidShop shop{kTenOffHundred, kSixtyForty, kBudget};
    EXPECT_EQ(shop.status().spent, fen(1'000));
    const Effects effects = shop.brings(kSixtyForty);
    EXPECT_EQ(shop.status().spent, Money{});
    EXPECT_EQ(shop.status().left, fen(5'000));
    EXPECT_EQ(shop.status().redemptions, 0);
    ASSERT_EQ(effects.budget.size(), 1U);
    EXPECT_EQ(effects.budget.front().move, "give_back");
    EXPECT_EQ(effects.budget.front().amount, fen(1'000));
    EXPECT_EQ(effects.budget.front().left, fen(5'000));
}

TEST(Returns, KeepTheBudgetWhereTheCampaignSaysSo) {
    PaidShop shop{kTenOffHundred, kSixtyForty, kBudget + R"(, "returns_budget": "keep")"};
    EXPECT_TRUE(shop.brings(kSixtyForty).budget.empty());
    EXPECT_EQ(shop.status().spent, fen(1'000));
}

TEST(Returns, InStepsGiveBackWhatAWholeOneDoes) {
    PaidShop shop{kTenOffHundred, {{"A", 7, 10'003}}, kBudget};
    for (int i = 0; i < 7; ++i) shop.brings({{"A", 1, 1'429}}, 10 + i);
    EXPECT_EQ(shop.status().spent, Money{});
    EXPECT_FALSE(shop.asks({{.line = 1, .qty_milli = 1}}));
}

TEST(Returns, TakePointsBack) {
    const auto points = R"({"type": "points_multiplier", "bp": 20000, "per": 100})";
    PaidShop shop{points, kSixtyForty};
    EXPECT_EQ(shop.paid.points.front().points, 100);
    EXPECT_EQ(shop.brings({{"B", 1, 4'000}}).points.front().points, 60);
    const Effects last = shop.brings({{"A", 1, 6'000}}, 9);
    EXPECT_EQ(last.points.front().points, 0);
    EXPECT_EQ(last.points.front().revision, 3);
    EXPECT_EQ(last.points.front().offer, shop.answer.offers.front().offer);
}

const std::string kMug = R"({"type": "gift", "sku": "MUG", "min_spend": 5000, "worth": 300})";

TEST(Returns, FlagAGiftThatIsKept) {
    PaidShop shop{kMug, kSixtyForty, kBudget};
    const Effects effects = shop.brings(kSixtyForty);
    ASSERT_EQ(effects.returns.size(), 1U);
    EXPECT_TRUE(effects.returns.front().gift_kept);
    EXPECT_EQ(effects.returns.front().gift_sku, "MUG");
    // What was given away is spent.
    EXPECT_EQ(shop.status().spent, fen(300));
}

TEST(Returns, FindNothingInAGiftThatCameBack) {
    PaidShop shop{kMug, {{"A", 1, 6'000}, {"MUG", 1, 0}}, kBudget};
    const Effects effects = shop.brings({{"A", 1, 6'000}, {"MUG", 1, 0}});
    EXPECT_FALSE(effects.returns.front().gift_kept);
    EXPECT_EQ(shop.status().spent, Money{});
}

TEST(Returns, TakeTheFlagBackWhenTheGiftComesLater) {
    PaidShop shop{kMug, {{"A", 1, 6'000}, {"MUG", 1, 0}}, kBudget};
    EXPECT_TRUE(shop.brings({{"A", 1, 6'000}}).returns.front().gift_kept);
    EXPECT_EQ(shop.status().redemptions, 1);
    const Effects later = shop.brings({{"MUG", 1, 0}}, 9);
    ASSERT_EQ(later.returns.size(), 1U);
    EXPECT_FALSE(later.returns.front().gift_kept);
    EXPECT_TRUE(later.returns.front().whole);
    EXPECT_EQ(shop.status().spent, Money{});
    EXPECT_EQ(shop.status().redemptions, 0);
}

TEST(Returns, AskForTheGiftWhenItsMinimumIsNotKept) {
    PaidShop shop{kMug, kSixtyForty, R"("returns": "recheck")"};
    EXPECT_EQ(shop.asks({{.line = 1, .qty_milli = 1'000}})->offers.front().gift_sku, "MUG");
    EXPECT_EQ(shop.asks({{.line = 2, .qty_milli = 1'000}})->offers.front().gift_sku, "");
}

TEST(Returns, AreRememberedOverARestart) {
    PaidShop shop{kTenOffHundred, kSixtyForty, kBudget};
    shop.brings({{"B", 1, 4'000}});
    shop.engine = shop.restored();
    EXPECT_EQ(shop.asks({{.line = 1, .qty_milli = 1'000}})->refund, fen(5'400));
    shop.brings({{"A", 1, 6'000}}, 9);
    EXPECT_EQ(shop.status().spent, Money{});
}

TEST(Returns, OfTheSameReceiptCountOnce) {
    PaidShop shop{kTenOffHundred, kSixtyForty, kBudget};
    shop.brings({{"B", 1, 4'000}});
    Sale again = of_ada(kit::sale_of(1, 8));
    again.type = SaleType::Return;
    EXPECT_TRUE(shop.sell(again, at(), &again).returns.empty());
    EXPECT_EQ(shop.status().spent, fen(600));
}

TEST(Returns, ForgetWhoWasErased) {
    PaidShop shop{kTenOffHundred, kSixtyForty};
    shop.commit(shop.engine->erase(kAda, at()));
    for (const auto& [key, bytes] : shop.disk)
        EXPECT_EQ(bytes.find(kAda.value), std::string::npos) << key;
    EXPECT_TRUE(shop.brings({{"B", 1, 4'000}}).returns.front().member.empty());
}

}  // namespace
}  // namespace aisle::offers
