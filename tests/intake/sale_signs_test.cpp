#include <gtest/gtest.h>

#include "readings.hpp"

namespace aisle::intake {
namespace {

TEST(SaleSigns, RefusesADiscountAboveTheGross) {
    Sale draft = draft_of(1000);
    draft.lines[0].discount = yuan(1001);
    draft.lines[0].net = yuan(-1);
    EXPECT_EQ(reason(draft), "signs");
}

TEST(SaleSigns, TurnsANegativeDiscountThatTheNetProves) {
    Sale draft = draft_of(900);
    draft.lines[0].gross = yuan(1000);
    draft.lines[0].discount = yuan(-100);
    draft.lines[0].net = yuan(900);
    const Sale sale = good(draft);
    EXPECT_EQ(sale.lines[0].discount, yuan(100));
    EXPECT_TRUE(fired(sale, "discount_sign_turned"));
}

TEST(SaleSigns, RefusesANegativeDiscountThatNothingProves) {
    Sale draft = draft_of(900);
    draft.lines[0].gross = yuan(1000);
    draft.lines[0].discount = yuan(-100);
    draft.lines[0].net = yuan(1000);
    EXPECT_EQ(reason(draft), "signs");
}

TEST(SaleSigns, RecomputesTheNet) {
    Sale draft = draft_of(900);
    draft.lines[0].gross = yuan(1000);
    draft.lines[0].discount = yuan(100);
    draft.lines[0].net = yuan(1000);
    const Sale sale = good(draft);
    EXPECT_EQ(sale.lines[0].net, yuan(900));
    EXPECT_TRUE(sale.reconciled.lines);
}

TEST(SaleSigns, LetsTheQuantityFollowTheAmount) {
    Sale draft = draft_of(-500);
    const Sale sale = good(draft);
    EXPECT_EQ(sale.lines[0].qty_milli, -1000);
    EXPECT_EQ(sale.lines[0].kind, LineKind::Return);
    EXPECT_EQ(sale.type, SaleType::Return);
}

TEST(SaleSigns, CallsGiveAndTakeAnExchange) {
    Sale draft = draft_of(1000);
    draft.lines.push_back({.n = 2,
                           .kind = LineKind::Return,
                           .sku = "B",
                           .qty_milli = -1000,
                           .gross = yuan(-400),
                           .net = yuan(-400)});
    draft.total = yuan(600);
    draft.tenders[0].amount = yuan(600);
    const Sale sale = good(draft);
    EXPECT_EQ(sale.type, SaleType::Exchange);
    EXPECT_TRUE(sale.reconciled.lines);
}

TEST(SaleSigns, RefusesAReturnAboveZero) {
    Sale draft = draft_of(1000);
    draft.lines[0].kind = LineKind::Return;
    EXPECT_EQ(reason(draft), "signs");
}

TEST(SaleSigns, LetsABottleRefundStayInASale) {
    Sale draft = draft_of(1000);
    draft.lines.push_back({.n = 2,
                           .kind = LineKind::Deposit,
                           .sku = "B",
                           .qty_milli = -1000,
                           .gross = yuan(-25),
                           .net = yuan(-25)});
    draft.total = yuan(975);
    draft.tenders[0].amount = yuan(975);
    EXPECT_EQ(good(draft).type, SaleType::Sale);
}

TEST(SaleSigns, NumbersLinesThatHaveNoNumbers) {
    Sale draft = draft_of(1000);
    draft.lines[0].n = 0;
    EXPECT_EQ(good(draft).lines[0].n, 1);
}

TEST(SaleSums, LeavesVoidedLinesOutOfTheSum) {
    Sale draft = draft_of(1000);
    draft.lines.push_back({.n = 2,
                           .sku = "B",
                           .qty_milli = 1000,
                           .gross = yuan(300),
                           .net = yuan(300),
                           .voided = true});
    const Sale sale = good(draft);
    EXPECT_EQ(sale.reconciled.off, yuan(0));
    EXPECT_EQ(sale.lines.size(), 2U);
}

TEST(SaleSums, TakesTheChangeOffTheTender) {
    Sale draft = draft_of(1738);
    draft.tenders[0] = {.kind = TenderKind::Cash, .amount = yuan(2000), .change = yuan(262)};
    EXPECT_TRUE(good(draft).reconciled.tenders);
    draft.tenders[0].change = yuan(261);
    EXPECT_FALSE(good(draft).reconciled.tenders);
}

TEST(SaleSums, AddsTaxThatIsNotIncluded) {
    Sale draft = draft_of(1000);
    draft.taxes.push_back({.code = "A",
                           .rate_ppm = 60'000,
                           .base = yuan(1000),
                           .amount = yuan(60),
                           .included = false});
    draft.total = yuan(1060);
    draft.tenders[0].amount = yuan(1060);
    EXPECT_EQ(good(draft).reconciled.off, yuan(0));
}

TEST(SaleSums, FindsByTheSumThatTheTaxWasNotIncluded) {
    Sale draft = draft_of(1000);
    draft.taxes.push_back({.code = "A", .amount = yuan(60), .included = true});
    draft.total = yuan(1060);
    draft.tenders[0].amount = yuan(1060);
    const Sale sale = good(draft);
    EXPECT_FALSE(sale.taxes[0].included);
    EXPECT_TRUE(fired(sale, "tax_inclusion_by_sum"));
}

TEST(SaleSums, SplitsABasketDiscountOverTheLinesToTheUnit) {
    Sale draft = draft_of(1000);
    draft.lines.push_back(
        {.n = 2, .sku = "B", .qty_milli = 1000, .gross = yuan(2000), .net = yuan(2000)});
    draft.discounts.push_back({.line = 0, .kind = "amount", .amount = yuan(100)});
    draft.total = yuan(2900);
    draft.tenders[0].amount = yuan(2900);
    const Sale sale = good(draft);
    EXPECT_EQ(sale.lines[0].discount, yuan(33));
    EXPECT_EQ(sale.lines[1].discount, yuan(67));
    EXPECT_EQ(sale.reconciled.off, yuan(0));
}

TEST(SaleSums, LeavesABasketDiscountAloneThatTheLinesHaveAlready) {
    Sale draft = draft_of(900);
    draft.lines[0].gross = yuan(1000);
    draft.lines[0].discount = yuan(100);
    draft.discounts.push_back({.line = 0, .kind = "amount", .amount = yuan(100)});
    EXPECT_EQ(good(draft).lines[0].discount, yuan(100));
}

TEST(SaleSums, ToleratesAUnitALineAndTellsIt) {
    Sale draft = draft_of(1000);
    draft.total = yuan(1001);
    draft.tenders[0].amount = yuan(1001);
    const Sale sale = good(draft);
    EXPECT_TRUE(sale.reconciled.lines);
    EXPECT_EQ(sale.reconciled.off, yuan(1));
}

TEST(SaleSums, KeepsASaleThatDoesNotAddUpAndFlagsIt) {
    Sale draft = draft_of(1000);
    draft.total = yuan(1500);
    draft.tenders[0].amount = yuan(1500);
    const Sale sale = good(draft);
    EXPECT_FALSE(sale.reconciled.lines);
    EXPECT_TRUE(sale.reconciled.tenders);
    EXPECT_TRUE(fired(sale, "recon_lines"));
}

}  // namespace
}  // namespace aisle::intake
