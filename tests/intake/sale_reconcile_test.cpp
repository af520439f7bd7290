#include <gtest/gtest.h>

#include <random>

#include "readings.hpp"

namespace aisle::intake {
namespace {

Sale of_lines(const std::vector<std::int64_t>& grosses, std::int64_t total) {
    Sale draft = draft_of(total);
    draft.lines.clear();
    int n = 0;
    for (const auto gross : grosses) {
        draft.lines.push_back({.n = ++n,
                               .sku = "S" + std::to_string(n),
                               .qty_milli = gross < 0 ? -1000 : 1000,
                               .gross = yuan(gross),
                               .net = yuan(gross)});
    }
    return draft;
}

void take_off(Sale& draft, int line, std::int64_t amount) {
    draft.discounts.push_back({.line = line, .kind = "amount", .amount = yuan(amount)});
}

void add_tax(Sale& draft, std::int64_t amount, bool included) {
    draft.taxes.push_back({.code = "A", .amount = yuan(amount), .included = included});
}

Money discounted(const Sale& sale) {
    Money sum;
    for (const auto& line : sale.lines) sum += line.discount;
    return sum;
}

TEST(Reconcile, PassesOverASaleThatAddsUp) {
    Sale draft = of_lines({700, 300}, 1000);
    add_tax(draft, 115, true);
    take_off(draft, 1, 0);
    const Sale sale = good(draft);
    EXPECT_EQ(sale.reconciled, (Reconciled{.tenders = true, .lines = true, .off = Money{}}));
    EXPECT_TRUE(sale.lineage.rules.empty());
}

TEST(Reconcile, FindsTaxAndDiscountTogether) {
    Sale draft = of_lines({1000, 1000}, 2110);
    take_off(draft, 0, 10);
    add_tax(draft, 120, true);
    const Sale sale = good(draft);
    EXPECT_EQ(sale.reconciled.off, Money{});
    EXPECT_FALSE(sale.taxes[0].included);
    EXPECT_EQ(discounted(sale), yuan(10));
    EXPECT_TRUE(fired(sale, "tax_inclusion_by_sum"));
    EXPECT_TRUE(fired(sale, "basket_discount_split"));
}

TEST(Reconcile, TurnsATaxBackInWhereTheSumProvesIt) {
    Sale draft = of_lines({1000}, 1000);
    add_tax(draft, 60, false);
    const Sale sale = good(draft);
    EXPECT_TRUE(sale.taxes[0].included);
    EXPECT_EQ(sale.reconciled.off, Money{});
}

TEST(Reconcile, TurnsAllTaxesOrNone) {
    Sale draft = of_lines({1000}, 1060);
    add_tax(draft, 60, true);
    add_tax(draft, 30, true);
    const Sale sale = good(draft);
    EXPECT_TRUE(sale.taxes[0].included);
    EXPECT_TRUE(sale.taxes[1].included);
    EXPECT_EQ(sale.reconciled.off, yuan(60));
    EXPECT_FALSE(sale.reconciled.lines);
}

TEST(Reconcile, ChangesNothingThatItCannotProve) {
    Sale draft = of_lines({1000}, 500);
    take_off(draft, 0, 100);
    add_tax(draft, 60, true);
    const Sale sale = good(draft);
    EXPECT_EQ(sale.lines[0].discount, Money{});
    EXPECT_TRUE(sale.taxes[0].included);
    EXPECT_EQ(sale.reconciled.off, yuan(-500));
}

TEST(Reconcile, SplitsNoMoreThanTheLinesCost) {
    Sale draft = of_lines({1000}, -100);
    take_off(draft, 0, 1100);
    EXPECT_EQ(good(draft).lines[0].discount, Money{});
}

TEST(Reconcile, SplitsOverWhatIsPaidForOnly) {
    Sale draft = of_lines({1000, 1000, -300}, 1600);
    draft.lines[1].voided = true;
    draft.lines[0].gross = draft.lines[0].net = yuan(2000);
    take_off(draft, 0, 100);
    const Sale sale = good(draft);
    EXPECT_EQ(sale.lines[0].discount, yuan(100));
    EXPECT_EQ(sale.lines[1].discount, Money{});
    EXPECT_EQ(sale.lines[2].discount, Money{});
    EXPECT_EQ(sale.reconciled.off, Money{});
}

TEST(Reconcile, SplitsTheDiscountOfAReturnDownwards) {
    Sale draft = of_lines({-1000, -2000}, -2900);
    take_off(draft, 0, 100);
    const Sale sale = good(draft);
    EXPECT_EQ(sale.type, SaleType::Return);
    EXPECT_EQ(sale.discounts[0].amount, yuan(-100));
    EXPECT_EQ(sale.lines[0].discount, yuan(-33));
    EXPECT_EQ(sale.lines[1].discount, yuan(-67));
    EXPECT_EQ(sale.reconciled.off, Money{});
}

TEST(Reconcile, CountsRoundingToTheLines) {
    Sale draft = of_lines({998}, 1000);
    draft.rounding = yuan(2);
    EXPECT_EQ(good(draft).reconciled.off, Money{});
}

TEST(Reconcile, ToleratesOneUnitForEachLine) {
    for (const std::int64_t off : {-3, -2, 2, 3}) {
        const Sale sale = good(of_lines({500, 500}, 1000 + off));
        EXPECT_EQ(sale.reconciled.lines, off == 2 || off == -2) << off;
        EXPECT_EQ(sale.reconciled.off, yuan(off));
    }
}

TEST(Reconcile, ToleratesNothingInTenders) {
    Sale draft = of_lines({1000}, 1000);
    draft.tenders[0].amount = yuan(999);
    const Sale sale = good(draft);
    EXPECT_FALSE(sale.reconciled.tenders);
    EXPECT_TRUE(fired(sale, "recon_tender"));
}

TEST(Reconcile, BlamesNothingThatDoesNotCount) {
    for (const SaleStatus status : {SaleStatus::Suspended, SaleStatus::Cancelled,
                                    SaleStatus::PostVoided, SaleStatus::Training}) {
        Sale draft = of_lines({1000}, 50);
        draft.tenders.clear();
        draft.status = status;
        const Sale sale = good(draft);
        EXPECT_FALSE(sale.reconciled.lines);
        EXPECT_TRUE(sale.lineage.rules.empty());
    }
}

TEST(Reconcile, SplitsToTheUnitWhateverTheLines) {
    std::mt19937_64 random{20261121};
    for (int round = 0; round < 500; ++round) {
        std::vector<std::int64_t> grosses;
        std::int64_t sum = 0;
        for (std::uint64_t n = 1 + random() % 15; n > 0; --n) {
            grosses.push_back(static_cast<std::int64_t>(random() % 3000));
            sum += grosses.back();
        }
        const std::int64_t off = sum == 0 ? 0 : static_cast<std::int64_t>(random() % 10'000) % sum;
        Sale draft = of_lines(grosses, sum - off);
        take_off(draft, 0, off);
        const Sale sale = good(draft);
        EXPECT_EQ(sale.reconciled.off, Money{}) << round;
        EXPECT_EQ(discounted(sale), yuan(off)) << round;
        for (const auto& line : sale.lines) EXPECT_GE(line.net, Money{}) << round;
    }
}

TEST(LineNumbers, ThatAreMadeAnewKeepWhoMeansWhom) {
    Sale draft = of_lines({1000, 300, 300}, 900);
    draft.lines[0].n = 0;
    draft.lines[1].n = 7;
    draft.lines[1].voided = draft.lines[2].voided = true;
    draft.lines[2].n = 9;
    draft.lines[2].void_of = 7;
    draft.discounts.push_back({.line = 9, .kind = "amount", .amount = yuan(0)});
    const Sale sale = good(draft);
    EXPECT_TRUE(fired(sale, "lines_renumbered"));
    EXPECT_EQ(sale.lines[2].n, 3);
    EXPECT_EQ(sale.lines[2].void_of, 2);
    EXPECT_EQ(sale.discounts[0].line, 3);
}

TEST(LineNumbers, ThatWereToldTwiceMeanTheFirst) {
    Sale draft = of_lines({500, 300, 200}, 1000);
    draft.lines[0].n = 2;
    draft.lines[1].n = 2;
    draft.lines[2].n = 1;
    draft.lines[2].void_of = 2;
    draft.discounts.push_back({.line = 1, .kind = "amount", .amount = yuan(0)});
    const Sale sale = good(draft);
    EXPECT_EQ(sale.lines[2].void_of, 1);
    EXPECT_EQ(sale.discounts[0].line, 3);
}

TEST(LineNumbers, OfNoLineMeanNothing) {
    Sale draft = of_lines({500, 500}, 1000);
    draft.lines[0].n = -1;
    draft.lines[1].void_of = 5;
    EXPECT_EQ(good(draft).lines[1].void_of, 0);
}

TEST(LineNumbers, ThatAreGoodStay) {
    Sale draft = of_lines({500, 500}, 1000);
    draft.lines[0].n = 90;
    draft.lines[1].n = 12;
    const Sale sale = good(draft);
    EXPECT_EQ(sale.lines[0].n, 90);
    EXPECT_EQ(sale.lines[1].n, 12);
    EXPECT_FALSE(fired(sale, "lines_renumbered"));
}

struct TypeCase {
    SaleType told;
    std::int64_t gross;
    SaleType type;
};

TEST(SaleTypes, FollowTheLinesWhereTheyMay) {
    for (const auto& [told, gross, type] : {TypeCase{SaleType::Sale, 100, SaleType::Sale},
                                            TypeCase{SaleType::Sale, -100, SaleType::Return},
                                            TypeCase{SaleType::Return, 100, SaleType::Sale},
                                            TypeCase{SaleType::Exchange, -100, SaleType::Return},
                                            TypeCase{SaleType::Void, -100, SaleType::Void},
                                            TypeCase{SaleType::Control, 100, SaleType::Control}}) {
        Sale draft = of_lines({gross}, gross);
        draft.type = told;
        const Sale sale = good(draft);
        EXPECT_EQ(sale.type, type) << gross;
        EXPECT_EQ(fired(sale, "type_from_lines"), told != type);
    }
}

TEST(SaleTypes, AreNotJudgedByVoidedLines) {
    Sale draft = of_lines({1000, -200}, 1000);
    draft.lines[1].voided = true;
    EXPECT_EQ(good(draft).type, SaleType::Sale);
    draft.lines[0].voided = true;
    draft.type = SaleType::Exchange;
    EXPECT_EQ(good(draft).type, SaleType::Exchange) << "no line is left to tell";
}

TEST(SaleSigns, TurnANegativeChange) {
    Sale draft = of_lines({1000}, 1000);
    draft.tenders[0] = {.kind = TenderKind::Cash, .amount = yuan(2000), .change = yuan(-1000)};
    const Sale sale = good(draft);
    EXPECT_EQ(sale.tenders[0].change, yuan(1000));
    EXPECT_TRUE(fired(sale, "change_sign_turned"));
    EXPECT_TRUE(sale.reconciled.tenders);
}

TEST(SaleSigns, TurnADiscountEntryTheWayOfItsLine) {
    Sale draft = of_lines({1000, -400}, 600);
    take_off(draft, 1, -5);
    take_off(draft, 2, 5);
    take_off(draft, 1, 7);
    const Sale sale = good(draft);
    EXPECT_EQ(sale.discounts[0].amount, yuan(5));
    EXPECT_EQ(sale.discounts[1].amount, yuan(-5));
    EXPECT_EQ(sale.discounts[2].amount, yuan(7));
}

}  // namespace
}  // namespace aisle::intake
