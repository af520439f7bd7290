#include "agent/customers/lifecycle.hpp"
#include "shopping.hpp"

namespace aisle::customers {
namespace {

using LS = LifecycleStage;

LS stage_on(const Customers& customers, int on_day) {
    return customers.card(kAda, day(on_day)).stage;
}

LS stage_after(std::initializer_list<int> days, int on_day) {
    return stage_on(after_buying_on(days), on_day);
}

TEST(Stages, HaveTheNamesOfTheWire) {
    EXPECT_EQ(to_text(LS::New), "new");
    EXPECT_EQ(to_text(LS::Active), "active");
    EXPECT_EQ(to_text(LS::AtRisk), "at_risk");
    EXPECT_EQ(to_text(LS::Dormant), "dormant");
    EXPECT_EQ(to_text(LS::Lost), "lost");
    EXPECT_EQ(to_text(LS::WonBack), "won_back");
}

TEST(Stages, SinkFromNewOnTheSameDaysAsFromActive) {
    EXPECT_EQ(stage_after({0}, 29), LS::New);
    EXPECT_EQ(stage_after({0}, 30), LS::AtRisk);
    EXPECT_EQ(stage_after({0}, 59), LS::AtRisk);
    EXPECT_EQ(stage_after({0}, 60), LS::Dormant);
    EXPECT_EQ(stage_after({0}, 179), LS::Dormant);
    EXPECT_EQ(stage_after({0}, 180), LS::Lost);
}

TEST(Stages, CountWholeDaysToTheMillisecond) {
    const Customers customers = after_buying_on({0});
    Stamp almost = day(30);
    almost.wall -= milliseconds{1};
    EXPECT_EQ(customers.card(kAda, almost).stage, LS::New);
    EXPECT_EQ(customers.card(kAda, day(30)).stage, LS::AtRisk);
}

TEST(Stages, OfASecondPurchaseBeforeDormancyAreActive) {
    EXPECT_EQ(stage_after({0, 59}, 59), LS::Active);
    EXPECT_EQ(stage_after({0, 60}, 60), LS::WonBack);
}

TEST(Stages, StayWonBackThroughAWeakTime) {
    // Won back on 70, at risk from 100 on, and back on 105: the second purchase of three.
    EXPECT_EQ(stage_after({0, 1, 70}, 100), LS::AtRisk);
    EXPECT_EQ(stage_after({0, 1, 70, 105}, 106), LS::WonBack);
    EXPECT_EQ(stage_after({0, 1, 70, 105, 107}, 108), LS::Active);
}

TEST(Stages, BeginToCountAgainWhenACustomerIsWonBackTwice) {
    EXPECT_EQ(stage_after({0, 1, 70, 72, 140}, 141), LS::WonBack);
    EXPECT_EQ(stage_after({0, 1, 70, 72, 140, 141, 142}, 143), LS::Active);
}

TEST(Stages, GoByTheThresholdsOfTheShop) {
    Settings settings;
    settings.lifecycle = {.active_purchases = 1,
                          .at_risk_days = 5,
                          .dormant_days = 10,
                          .lost_days = 20,
                          .won_back_purchases = 1,
                          .hysteresis_days = 0};
    Customers customers{settings};
    customers.sale(nullptr, bought(100, 1, 0), day(0));
    EXPECT_EQ(stage_on(customers, 4), LS::Active);
    EXPECT_EQ(stage_on(customers, 5), LS::AtRisk);
    EXPECT_EQ(stage_on(customers, 10), LS::Dormant);
    EXPECT_EQ(stage_on(customers, 20), LS::Lost);
    customers.sale(nullptr, bought(100, 2, 21), day(21));
    EXPECT_EQ(stage_on(customers, 21), LS::WonBack);
    customers.sale(nullptr, bought(100, 3, 22), day(22));
    EXPECT_EQ(stage_on(customers, 22), LS::Active);
}

TEST(Transitions, AreToldForEachStageOnTheWayDown) {
    Customers customers = after_buying_on({0, 1});
    std::vector<LS> told;
    for (int on = 2; on < 200; ++on)
        for (const Transition& transition : customers.tick(day(on)).transitions)
            told.push_back(transition.to);
    EXPECT_EQ(told, (std::vector{LS::AtRisk, LS::Dormant, LS::Lost}));
}

TEST(Transitions, SayWhoFromWhereAndWhen) {
    Customers customers = after_buying_on({0, 1});
    const auto effects = customers.tick(day(61));
    ASSERT_EQ(effects.transitions.size(), 1U);
    EXPECT_EQ(effects.transitions.front().member, kAda);
    EXPECT_EQ(effects.transitions.front().from, LS::Active);
    EXPECT_EQ(effects.transitions.front().to, LS::Dormant);
    EXPECT_EQ(effects.transitions.front().at, day(61));
}

TEST(Transitions, ComeWithThePurchaseThatMakesThem) {
    Customers customers = after_buying_on({0});
    const auto effects = customers.sale(nullptr, bought(100, 2, 1), day(1));
    ASSERT_EQ(effects.transitions.size(), 1U);
    EXPECT_EQ(effects.transitions.front().to, LS::Active);
}

TEST(Transitions, AreNotToldAgainAfterARestart) {
    Customers customers = after_buying_on({0, 1});
    customers.tick(day(40));
    Customers restored = fresh();
    ASSERT_TRUE(restored.restore(customers.rows()));
    EXPECT_TRUE(restored.tick(day(40)).transitions.empty());
    EXPECT_EQ(restored.tick(day(70)).transitions.size(), 1U);
}

TEST(Transitions, OfNobodyAreNone) {
    Customers customers = fresh();
    EXPECT_TRUE(customers.tick(day(0)).transitions.empty());
}

TEST(Hysteresis, HoldsAStageForTwoDaysBelowItsThreshold) {
    const auto told_then_back_to = [](int ticked_on, int seen_on) {
        Customers customers = after_buying_on({0});
        customers.tick(day(ticked_on));
        return stage_on(customers, seen_on);
    };
    EXPECT_EQ(told_then_back_to(30, 29), LS::AtRisk);
    EXPECT_EQ(told_then_back_to(30, 28), LS::AtRisk);
    EXPECT_EQ(told_then_back_to(30, 27), LS::New);
    EXPECT_EQ(told_then_back_to(60, 58), LS::Dormant);
    EXPECT_EQ(told_then_back_to(60, 57), LS::AtRisk);
    EXPECT_EQ(told_then_back_to(180, 178), LS::Lost);
    EXPECT_EQ(told_then_back_to(180, 177), LS::Dormant);
}

TEST(Hysteresis, NeverHoldsAStageUp) {
    Customers customers = after_buying_on({0});
    customers.tick(day(29));
    EXPECT_EQ(stage_on(customers, 30), LS::AtRisk);
}

TEST(Hysteresis, IsForTimeAloneAndNotForAPurchase) {
    // A till's file comes late: the customer was here two days after the last purchase we knew of.
    Customers late = fresh(), in_order = fresh();
    late.sale(nullptr, bought(100, 1, 1), day(31));
    late.sale(nullptr, bought(100, 2, 3), day(31));
    in_order.sale(nullptr, bought(100, 2, 3), day(31));
    in_order.sale(nullptr, bought(100, 1, 1), day(31));
    EXPECT_EQ(stage_on(late, 31), LS::Active);
    EXPECT_EQ(stage_on(in_order, 31), LS::Active);
}

TEST(Hysteresis, EndsWithThePurchaseThatBringsACustomerBack) {
    Customers customers = after_buying_on({0, 1});
    customers.tick(day(40));
    const auto effects = customers.sale(nullptr, bought(100, 9, 40), day(40));
    ASSERT_EQ(effects.transitions.size(), 1U);
    EXPECT_EQ(effects.transitions.front().to, LS::Active);
}

TEST(Days, AreWholeAndNeverNegative) {
    EXPECT_EQ(whole_days(day(0).wall, day(0).wall), 0);
    EXPECT_EQ(whole_days(day(0).wall, day(1).wall - milliseconds{1}), 0);
    EXPECT_EQ(whole_days(day(0).wall, day(1).wall), 1);
    EXPECT_EQ(whole_days(day(5).wall, day(0).wall), 0);
}

TEST(Scan, GoesRoundAllCustomersInTurn) {
    Customers customers = fresh();
    const int n = static_cast<int>(kScanMax) + 10;
    for (int i = 0; i < n; ++i)
        customers.sale(nullptr, bought(100, i, 0, MemberKey{"m" + std::to_string(i)}), day(0));
    EXPECT_EQ(customers.tick(day(30)).transitions.size(), kScanMax);
    // The next goes on where this one has stopped, and round to the first.
    EXPECT_EQ(customers.tick(day(60)).transitions.size(), kScanMax);
    EXPECT_EQ(customers.card(MemberKey{"m0"}, day(60)).stage, LS::Dormant);
}

}  // namespace
}  // namespace aisle::customers
