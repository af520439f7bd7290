#include "shop_world.hpp"

// Points, coupons and returns on the way from the till to the journal.
namespace aisle::app {
namespace {

std::string acting(const std::string& id, const std::string& action, const std::string& more = "") {
    return R"({"schema": 1, "id": ")" + id + R"(", "trigger": {"type": "basket"}, "action": )" +
           action + R"(, "experiment": {"holdout": 0})" + more + "}";
}
const std::string kPoints =
    acting("points", R"({"type": "points_multiplier", "bp": 20000, "per": 100})");
const std::string kTiers = acting("tiers", R"({"type": "fixed_off", "off": 1000})");
const std::string kIssue =
    acting("issue", R"({"type": "coupon_issue", "campaign": "later", "valid": "P14D"})");
const std::string kLater =
    acting("later", R"({"type": "fixed_off", "off": 500})", R"(, "stack": {"group": "coupon"})");

// Paid as it was decided: one line, this much off.
Sale paid(const std::string& basket, std::int64_t gross, std::int64_t off, std::int64_t seq,
          const std::string& member = {}) {
    Sale sale = draft(gross - off, seq, member);
    sale.vendor_id = basket;
    sale.lines.front().gross = Money::minor(gross);
    sale.lines.front().discount = Money::minor(off);
    return sale;
}

Sale returned(const std::string& basket, std::int64_t net, std::int64_t seq) {
    Sale sale = draft(-net, seq);
    sale.type = SaleType::Return;
    sale.lines.front().qty_milli = -1'000;
    sale.lines.front().gross = sale.lines.front().net = Money::minor(-net);
    sale.discounts.push_back({.line = 1, .offer = basket, .kind = "amount", .amount = {}});
    return sale;
}

TEST(Actions, PointsReachTheLedgerOnceWhateverTheTillSends) {
    ShopWorld world{{kPoints}};
    world.decide("b1", 5'000, "M1");
    const Sale sale = paid("b1", 5'000, 0, 1, "M1");
    EXPECT_TRUE(world.sell(sale));
    EXPECT_TRUE(world.sell(sale));
    ASSERT_EQ(world.journal("points").size(), 1U);
    EXPECT_NE(world.journal("points").front().find(R"("points":50)"), std::string::npos);
}

TEST(Actions, AReturnIsToldAndItsPointsAreTakenBack) {
    ShopWorld world{{kPoints, kTiers}};
    EXPECT_EQ(world.decide("b1", 5'000, "M1").saved, Money::minor(1'000));
    EXPECT_TRUE(world.sell(paid("b1", 5'000, 1'000, 1, "M1")));
    const auto asked = world.desk.returning(
        {.paid = "b1", .till = {}, .lines = {{.line = 1, .qty_milli = 1'000}}});
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->refund, Money::minor(4'000));
    EXPECT_TRUE(world.sell(returned("b1", 4'000, 2)));
    EXPECT_EQ(world.journal("redemption_return").size(), 2U);
    ASSERT_EQ(world.journal("points").size(), 2U);
    EXPECT_NE(world.journal("points").back().find(R"("points":0)"), std::string::npos);
}

TEST(Actions, ACouponOfOneVisitIsGoodForAnotherAndOnce) {
    ShopWorld world{{kIssue, kLater}};
    const std::string code = world.decide("b1", 5'000).offers.at(0).code;
    EXPECT_TRUE(world.sell(paid("b1", 5'000, 0, 1)));
    EXPECT_EQ(world.decide("b2", 5'000, {}, false).saved, Money{});
    Sale named = paid("", 5'000, 500, 2);
    named.discounts.push_back(
        {.line = 1, .offer = code, .kind = "coupon", .amount = Money::minor(500)});
    EXPECT_TRUE(world.sell(named));
    named.seq = 3;
    named.ended_at += seconds{1};
    EXPECT_TRUE(world.sell(named));
    EXPECT_EQ(world.journal("redemption").size(), 2U);  // the issue and its one use
    const auto audit = world.journal("audit");
    ASSERT_EQ(audit.size(), 1U);
    EXPECT_NE(audit.front().find("redemption.refuse"), std::string::npos);
}

}  // namespace
}  // namespace aisle::app
