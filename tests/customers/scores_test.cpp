#include "agent/customers/rfm.hpp"
#include "shopping.hpp"

namespace aisle::customers {
namespace {

Scores scored(std::int64_t days, std::int32_t purchases, std::int64_t spent) {
    return score({}, {.recency_days = days, .purchases = purchases, .spent = Money::minor(spent)});
}

TEST(Recency, HasTheWorseScoreExactlyOnACut) {
    const std::vector<std::pair<std::int64_t, std::int32_t>> cases{
        {0, 5},  {6, 5},  {7, 4},   {29, 4},  {30, 3},
        {59, 3}, {60, 2}, {119, 2}, {120, 1}, {100'000, 1}};
    for (const auto& [days, wanted] : cases) EXPECT_EQ(scored(days, 1, 1).recency, wanted) << days;
}

TEST(Frequency, HasPassedACutExactlyOnIt) {
    const std::vector<std::pair<std::int32_t, std::int32_t>> cases{
        {0, 1}, {1, 1}, {2, 2}, {3, 2}, {4, 3}, {7, 3}, {8, 4}, {15, 4}, {16, 5}, {9'999, 5}};
    for (const auto& [purchases, wanted] : cases)
        EXPECT_EQ(scored(0, purchases, 1).frequency, wanted) << purchases;
}

TEST(Monetary, HasPassedACutExactlyOnIt) {
    const std::vector<std::pair<std::int64_t, std::int32_t>> cases{
        {-500, 1},   {0, 1},        {99'99, 1},    {100'00, 2},   {499'99, 2},      {500'00, 3},
        {999'99, 3}, {1'000'00, 4}, {2'999'99, 4}, {3'000'00, 5}, {9'000'000'00, 5}};
    for (const auto& [spent, wanted] : cases)
        EXPECT_EQ(scored(0, 1, spent).monetary, wanted) << spent;
}

TEST(Scores, OfACustomerAreZeroBeforeTheFirstPurchase) {
    Customers customers = fresh();
    customers.member(row_of(), day(0));
    const auto card = customers.card(kAda, day(0));
    EXPECT_EQ(card.recency, 0);
    EXPECT_EQ(card.frequency, 0);
    EXPECT_EQ(card.monetary, 0);
}

TEST(Scores, FollowTheCustomerFromDayToDay) {
    const Customers customers = after_buying_on({0, 1, 2, 3});
    EXPECT_EQ(customers.card(kAda, day(9)).recency, 5);
    EXPECT_EQ(customers.card(kAda, day(10)).recency, 4);
    EXPECT_EQ(customers.card(kAda, day(10)).frequency, 3);
    EXPECT_EQ(customers.card(kAda, day(10)).monetary, 2);
}

TEST(Scores, FallWithAReturn) {
    Customers customers = fresh();
    customers.sale(nullptr, bought(500'00, 1, 0), day(0));
    EXPECT_EQ(customers.card(kAda, day(0)).monetary, 3);
    customers.sale(nullptr, returned(1, 2, 0), day(0));
    EXPECT_EQ(customers.card(kAda, day(0)).monetary, 2);
}

TEST(Facts, OfSomebodyWhoOnlyReturnedHaveNoFigures) {
    Customers customers = fresh();
    customers.sale(nullptr, returned(50'00, 1, 0), day(0));
    const auto facts = customers.facts(kAda, day(0));
    const auto now = day(0).wall;
    EXPECT_EQ(*facts.find("cust.known", now), conditions::Value{true});
    EXPECT_EQ(*facts.find("cust.purchases", now), conditions::Value{std::int64_t{0}});
    for (const char* key : {"cust.rfm.r", "cust.rfm.f", "cust.rfm.m", "cust.spent_minor",
                            "cust.average_minor", "cust.days_since_last", "cust.categories"})
        EXPECT_EQ(facts.find(key, now), nullptr) << key;
}

TEST(Facts, SayAverageAndCategoriesOfWhoHasBought) {
    Customers customers = fresh();
    customers.product({.sku = "SKU1", .gtin = {}, .category = "tea", .brand = {}});
    customers.sale(nullptr, bought(100, 1, 0), day(0));
    customers.sale(nullptr, bought(51, 2, 1), day(1));
    const auto facts = customers.facts(kAda, day(3));
    const auto now = day(3).wall;
    EXPECT_EQ(*facts.find("cust.spent_minor", now), conditions::Value{std::int64_t{151}});
    EXPECT_EQ(*facts.find("cust.average_minor", now), conditions::Value{std::int64_t{75}});
    EXPECT_EQ(*facts.find("cust.days_since_last", now), conditions::Value{std::int64_t{2}});
    EXPECT_TRUE(facts.lists("cust.categories", "tea", now));
}

TEST(Facts, LeaveOutATierThatNobodyHasGiven) {
    const auto facts = after_buying_on({0}).facts(kAda, day(0));
    EXPECT_EQ(facts.find("cust.tier", day(0).wall), nullptr);
    EXPECT_NE(facts.find("cust.tags", day(0).wall), nullptr);
}

TEST(Facts, OfAStrangerSayOnlyThatNobodyKnowsThemAndThatItIsTheirFirstOrder) {
    const auto facts = fresh().facts(MemberKey{"bea"}, day(0));
    ASSERT_EQ(facts.all().size(), 2U);
    EXPECT_EQ(*facts.find("cust.first_order", day(0).wall), conditions::Value{true});
    EXPECT_EQ(*facts.find("cust.known", day(0).wall), conditions::Value{false});
}

}  // namespace
}  // namespace aisle::customers
