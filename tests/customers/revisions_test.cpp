#include <algorithm>
#include <random>

#include "shopping.hpp"

// Returns, revisions, and what is folded: the sums must always be those of the last word on each
// sale.
namespace aisle::customers {
namespace {

// `sale` and then its revision, applied by their difference.
Customers revised(const Sale& first, const Sale& second) {
    Customers customers = fresh();
    customers.sale(nullptr, first, day(0));
    customers.sale(&first, second, day(0));
    return customers;
}

CustomerCard card(const Customers& customers, int on_day = 0) {
    return customers.card(kAda, day(on_day));
}

TEST(Returns, LeaveRecencyAndTheLastPurchasesAlone) {
    Customers customers = after_buying_on({0});
    customers.sale(nullptr, returned(10'00, 2, 5), day(5));
    EXPECT_EQ(card(customers, 7).days_since_last, 7);
    EXPECT_EQ(card(customers, 7).last.size(), 1U);
    EXPECT_EQ(card(customers, 7).stage, LifecycleStage::New);
}

TEST(Returns, MayComeBeforeTheirSale) {
    Customers customers = fresh();
    customers.sale(nullptr, returned(30'00, 2, 1), day(1));
    EXPECT_EQ(card(customers).spent, Money::minor(-30'00));
    EXPECT_EQ(card(customers).days_since_last, -1);
    customers.sale(nullptr, bought(100'00, 1, 0), day(1));
    EXPECT_EQ(card(customers).spent, Money::minor(70'00));
    EXPECT_EQ(card(customers).purchases, 1);
}

TEST(Returns, DoNotTakeACategoryAway) {
    Customers customers = fresh();
    customers.product({.sku = "SKU1", .gtin = {}, .category = "tea", .brand = {}});
    customers.sale(nullptr, bought(100, 1, 0), day(0));
    customers.sale(nullptr, returned(100, 2, 1), day(1));
    EXPECT_EQ(card(customers).categories.at("tea"), 1);
}

TEST(Exchanges, ArePurchasesWhereTheCustomerPaidMore) {
    Sale more = bought(5'00, 1, 0), even = bought(0, 2, 0);
    more.type = even.type = SaleType::Exchange;
    Customers customers = fresh();
    customers.sale(nullptr, even, day(0));
    EXPECT_EQ(card(customers).purchases, 0);
    customers.sale(nullptr, more, day(0));
    EXPECT_EQ(card(customers).purchases, 1);
    EXPECT_EQ(card(customers).spent, Money::minor(5'00));
}

TEST(Sales, OfTypesAndStatesThatDoNotCountChangeNothing) {
    for (const SaleType type : {SaleType::Void, SaleType::NoSale, SaleType::Control}) {
        Customers customers = fresh();
        Sale sale = bought(100, 1, 0);
        sale.type = type;
        EXPECT_TRUE(customers.sale(nullptr, sale, day(0)).state.empty());
    }
    for (const SaleStatus status : {SaleStatus::Suspended, SaleStatus::Cancelled,
                                    SaleStatus::PostVoided, SaleStatus::Training}) {
        Customers customers = fresh();
        Sale sale = bought(100, 1, 0);
        sale.status = status;
        EXPECT_TRUE(customers.sale(nullptr, sale, day(0)).state.empty());
    }
}

TEST(Revisions, ThatLoseTheirMemberTakeTheSaleAway) {
    const Sale first = bought(100, 1, 0);
    Sale second = first;
    second.member.clear();
    const auto customers = revised(first, second);
    EXPECT_EQ(card(customers).purchases, 0);
    EXPECT_EQ(card(customers).spent, Money{});
    EXPECT_TRUE(card(customers).known);
}

TEST(Revisions, ThatFindTheirMemberBringTheSale) {
    Sale first = bought(100, 1, 0);
    first.member.clear();
    EXPECT_EQ(card(revised(first, bought(100, 1, 0))).purchases, 1);
}

TEST(Revisions, OfATrainingSaleThatWasRealAfterAllCountOnce) {
    Sale first = bought(100, 1, 0);
    first.status = SaleStatus::Training;
    EXPECT_EQ(card(revised(first, bought(100, 1, 0))).purchases, 1);
}

TEST(Revisions, ThatMoveASaleInTimeMoveIt) {
    const auto customers = revised(bought(100, 1, 0), bought(100, 1, 9));
    EXPECT_EQ(card(customers, 10).days_since_last, 1);
    EXPECT_EQ(card(customers, 10).last.size(), 1U);
}

TEST(Revisions, ThatMakeASaleAReturnTakeThePurchaseAway) {
    const auto customers = revised(bought(100, 1, 0), returned(100, 1, 0));
    EXPECT_EQ(card(customers).purchases, 0);
    EXPECT_EQ(card(customers).spent, Money::minor(-100));
}

TEST(Revisions, OfTheLastPurchaseGiveRecencyBackToTheOneBefore) {
    Customers customers = after_buying_on({0, 5});
    const Sale last = bought(100'00, 2, 5);
    Sale voided = last;
    voided.status = SaleStatus::PostVoided;
    customers.sale(&last, voided, day(6));
    EXPECT_EQ(card(customers, 6).days_since_last, 6);
    EXPECT_EQ(card(customers, 6).stage, LifecycleStage::New);
}

TEST(Revisions, OfOneTellTheRowOnlyOnce) {
    Customers customers = after_buying_on({0});
    const Sale first = bought(100'00, 1, 0);
    EXPECT_EQ(customers.sale(&first, bought(90'00, 1, 0), day(0)).state.size(), 1U);
}

TEST(SameInstant, SalesAreToldApartByTheirId) {
    Customers customers = fresh();
    const Sale one = bought(10, 1, 0), two = bought(20, 2, 0);
    customers.sale(nullptr, one, day(0));
    customers.sale(nullptr, two, day(0));
    Sale voided = one;
    voided.status = SaleStatus::PostVoided;
    customers.sale(&one, voided, day(0));
    EXPECT_EQ(card(customers).spent, Money::minor(20));
    EXPECT_EQ(card(customers).last.front().total, Money::minor(20));
}

TEST(LastPurchases, AreTheFiveNewestWhateverTheirOrder) {
    Customers customers = fresh();
    for (const int on : {4, 1, 6, 2, 7, 3, 5}) customers.sale(nullptr, bought(on, on, on), day(7));
    std::vector<std::int64_t> totals;
    for (const Purchase& purchase : card(customers, 7).last)
        totals.push_back(purchase.total.minor());
    EXPECT_EQ(totals, (std::vector<std::int64_t>{7, 6, 5, 4, 3}));
}

TEST(Lines, ThatWereVoidedOrVoidOthersAreNotCounted) {
    Sale sale = bought(100, 1, 0);
    sale.lines.push_back({.n = 2, .sku = "SKU2", .void_of = 1});
    sale.lines.push_back({.n = 3, .sku = "SKU3"});
    sale.lines.front().voided = true;
    Customers customers = fresh();
    customers.sale(nullptr, sale, day(0));
    EXPECT_EQ(card(customers).last.front().lines, 1);
}

TEST(Categories, AreCountedOncePerPurchase) {
    Customers customers = fresh();
    for (const char* sku : {"SKU1", "SKU2"})
        customers.product({.sku = sku, .gtin = {}, .category = "tea", .brand = {}});
    Sale sale = bought(100, 1, 0);
    sale.lines.push_back({.n = 2, .sku = "SKU2"});
    customers.sale(nullptr, sale, day(0));
    EXPECT_EQ(card(customers).categories.at("tea"), 1);
}

TEST(Categories, OfAProductThatIsGoneAreUnknown) {
    Customers customers = fresh();
    customers.product({.sku = "SKU1", .gtin = {}, .category = "tea", .brand = {}});
    customers.product_gone("SKU1");
    EXPECT_EQ(customers.product("SKU1"), nullptr);
    customers.sale(nullptr, bought(100, 1, 0), day(0));
    EXPECT_TRUE(card(customers).categories.empty());
}

TEST(Folding, KeepsTwentyFourAndThenTheSums) {
    Customers customers = fresh();
    const int n = static_cast<int>(kPurchasesKept);
    for (int i = 0; i < n; ++i) customers.sale(nullptr, bought(100, i, i), day(i));
    EXPECT_EQ(customers.rows().front().bytes.find("\"f\":"), std::string::npos);
    customers.sale(nullptr, bought(100, n, n), day(n));
    EXPECT_NE(customers.rows().front().bytes.find("\"f\":"), std::string::npos);
    EXPECT_EQ(card(customers, n).purchases, n + 1);
}

TEST(Folding, RemembersThatACustomerWasWonBack) {
    Customers customers = fresh();
    customers.sale(nullptr, bought(100, 1, 0), day(0));
    // Won back on day 100, and the rest of the three purchases only after that day was folded.
    customers.sale(nullptr, bought(100, 2, 100), day(100));
    for (int i = 0; i < 30; ++i) customers.sale(nullptr, returned(1, 10 + i, 101), day(101));
    EXPECT_EQ(card(customers, 101).stage, LifecycleStage::WonBack);
    customers.sale(nullptr, bought(100, 90, 102), day(102));
    EXPECT_EQ(card(customers, 102).stage, LifecycleStage::WonBack);
    customers.sale(nullptr, bought(100, 91, 103), day(103));
    EXPECT_EQ(card(customers, 103).stage, LifecycleStage::Active);
}

TEST(Folding, SurvivesARestart) {
    Customers customers = fresh();
    for (int i = 0; i < 60; ++i) customers.sale(nullptr, bought(100 + i, i, i), day(i));
    Customers restored = fresh();
    ASSERT_TRUE(restored.restore(customers.rows()));
    EXPECT_EQ(card(restored, 60).purchases, 60);
    EXPECT_EQ(card(restored, 60).spent, card(customers, 60).spent);
    EXPECT_EQ(restored.rows().front().bytes, customers.rows().front().bytes);
}

TEST(Restore, ThatFailsLeavesNothingOfWhatWasThere) {
    Customers customers = after_buying_on({0});
    const std::vector<StateChange> rows{{"customers", "0123456789abcdef", "{"}};
    const auto status = customers.restore(rows);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().detail, "a customer's row cannot be read: 01234567");
    EXPECT_EQ(customers.size(), 0U);
    EXPECT_TRUE(customers.rows().empty());
}

TEST(Restore, SkipsRowsThatHaveGone) {
    Customers customers = fresh();
    const std::vector<StateChange> rows{{"customers", "bea", ""}};
    EXPECT_TRUE(customers.restore(rows));
    EXPECT_EQ(customers.size(), 0U);
}

// Any order of the same sales, revisions folded in by their differences, gives the same figures.
TEST(Order, OfArrivalMakesNoDifference) {
    std::mt19937_64 random{4711};
    for (int round = 0; round < 60; ++round) {
        std::vector<Sale> sales;
        for (int i = 0; i < 20; ++i) {
            const int on = static_cast<int>(random() % 300);
            sales.push_back(random() % 5
                                ? bought(static_cast<std::int64_t>(random() % 9'000), i, on)
                                : returned(static_cast<std::int64_t>(random() % 900), i, on));
        }
        Customers one = fresh(), other = fresh();
        for (const Sale& sale : sales) one.sale(nullptr, sale, day(300));
        std::ranges::shuffle(sales, random);
        for (const Sale& sale : sales) other.sale(nullptr, sale, day(300));
        ASSERT_EQ(one.rows().front().bytes, other.rows().front().bytes) << "round " << round;
    }
}

}  // namespace
}  // namespace aisle::customers
