#include "shopping.hpp"

namespace aisle::customers {
namespace {

const MemberKey kBea{"00000000000000000000000000000bea"};

TEST(TakeOver, CarriesAllThatIsKnownToTheNewName) {
    Customers customers = after_buying_on({1, 5});
    customers.member(row_of(granted_on(1)), day(2));
    const CustomerCard before = customers.card(kAda, day(6));

    customers.take_over(kAda, kBea, day(6));

    CustomerCard after = customers.card(kBea, day(6));
    EXPECT_EQ(after.purchases, before.purchases);
    EXPECT_EQ(after.spent, before.spent);
    EXPECT_EQ(after.tier, before.tier);
    EXPECT_TRUE(customers.consents(kBea, kConsentMarketing));
}

TEST(TakeOver, LeavesNothingUnderTheOldName) {
    Customers customers = after_buying_on({1});
    const Effects effects = customers.take_over(kAda, kBea, day(2));
    EXPECT_FALSE(customers.card(kAda, day(2)).known);
    ASSERT_EQ(effects.state.size(), 2U);
    EXPECT_EQ(effects.state[0].key, kAda.value);
    EXPECT_TRUE(effects.state[0].bytes.empty());
    EXPECT_EQ(effects.state[1].key, kBea.value);
}

TEST(TakeOver, OfSomebodyUnknownChangesNothing) {
    Customers customers = after_buying_on({1});
    const auto before = customers.rows();
    EXPECT_TRUE(customers.take_over(kBea, kAda, day(2)).state.empty());
    EXPECT_EQ(customers.rows().size(), before.size());
}

TEST(TakeOver, ToTheSameNameChangesNothing) {
    Customers customers = after_buying_on({1});
    EXPECT_TRUE(customers.take_over(kAda, kAda, day(2)).state.empty());
    EXPECT_TRUE(customers.card(kAda, day(2)).known);
}

TEST(TakeOver, PutsPurchasesOfBothNamesTogether) {
    Customers customers = after_buying_on({1, 3});
    customers.sale(nullptr, bought(50'00, 9, 4, kBea), day(4));
    customers.take_over(kAda, kBea, day(5));
    const CustomerCard card = customers.card(kBea, day(5));
    EXPECT_EQ(card.purchases, 3);
    EXPECT_EQ(card.spent, Money::minor(250'00));
    EXPECT_EQ(card.days_since_last, 1);
}

TEST(TakeOver, GivesWhatOneNameAloneWouldHaveGiven) {
    Customers apart = fresh();
    Customers whole = fresh();
    for (int i = 0; i < 60; ++i) {
        const MemberKey& who = i % 3 == 0 ? kBea : kAda;
        apart.sale(nullptr, bought(10'00 + i, i + 1, i, who), day(i));
        whole.sale(nullptr, bought(10'00 + i, i + 1, i, kBea), day(i));
    }
    apart.take_over(kAda, kBea, day(61));
    const CustomerCard a = apart.card(kBea, day(61));
    const CustomerCard b = whole.card(kBea, day(61));
    EXPECT_EQ(a.purchases, b.purchases);
    EXPECT_EQ(a.spent, b.spent);
    EXPECT_EQ(a.days_since_last, b.days_since_last);
    EXPECT_EQ(a.stage, b.stage);
    ASSERT_EQ(a.last.size(), b.last.size());
    EXPECT_EQ(a.last.front().total, b.last.front().total);
}

TEST(TakeOver, KeepsAWithdrawalThatIsLaterThanTheOtherNamesConsent) {
    Customers customers = fresh();
    customers.member(row_of(granted_on(1)), day(1));
    ConsentChange no = said(false, 3);
    no.member = kBea;
    customers.consent(no);
    customers.take_over(kAda, kBea, day(4));
    EXPECT_FALSE(customers.consents(kBea, kConsentMarketing));
}

TEST(TakeOver, IsWhatTheRowsGiveBackAfterARestart) {
    Customers customers = after_buying_on({1, 2, 3});
    customers.take_over(kAda, kBea, day(4));
    Customers restored = fresh();
    ASSERT_TRUE(restored.restore(customers.rows()));
    EXPECT_EQ(restored.rows().size(), 1U);
    EXPECT_EQ(restored.rows().front().bytes, customers.rows().front().bytes);
    // The walk through time finds the new name where the old one stood.
    EXPECT_EQ(restored.tick(day(400)).transitions.size(),
              customers.tick(day(400)).transitions.size());
}

}  // namespace
}  // namespace aisle::customers
