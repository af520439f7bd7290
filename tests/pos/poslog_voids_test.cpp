#include <gtest/gtest.h>

#include "poslog_samples.hpp"

namespace aisle::pos {
namespace {

constexpr const char* kVoid = " VoidFlag=\"true\"";

Item taken_back(const std::string& n, const std::string& amount, const std::string& quantity) {
    return {.n = n, .amount = amount, .quantity = quantity, .line_attributes = kVoid};
}

Money counted(const Sale& sale) {
    Money sum;
    for (const auto& line : sale.lines) {
        if (!line.voided) sum += line.net;
    }
    return sum;
}

TEST(NegativeVoids, TakeBackTheNearestEqualLine) {
    const Sale sale =
        only_sale(sold({.n = "1", .amount = "2.79"}) + sold({.n = "2", .amount = "2.79"}) +
                      sold(taken_back("3", "-2.79", "-1")) + total("2.79"),
                  "ncr");
    EXPECT_FALSE(sale.lines.at(0).voided);
    EXPECT_TRUE(sale.lines.at(1).voided);
    EXPECT_EQ(sale.lines.at(2).void_of, 2);
}

TEST(NegativeVoids, TakeBackEachLineOnce) {
    const Sale sale =
        only_sale(sold({.n = "1", .amount = "2.79"}) + sold({.n = "2", .amount = "2.79"}) +
                      sold(taken_back("3", "-2.79", "-1")) + sold(taken_back("4", "-2.79", "-1")) +
                      sold({.n = "5", .amount = "1.00"}) + total("1.00"),
                  "ncr");
    EXPECT_EQ(sale.lines.at(2).void_of, 2);
    EXPECT_EQ(sale.lines.at(3).void_of, 1);
    EXPECT_EQ(counted(sale), fen(100));
    EXPECT_TRUE(sale.reconciled.lines);
}

TEST(NegativeVoids, NeverTakeBackAnotherArticle) {
    const Sale sale = only_sale(sold({.n = "1", .gtin = "96385074", .amount = "2.79"}) +
                                    sold(taken_back("2", "-2.79", "-1")) + total("2.79"),
                                "ncr");
    EXPECT_FALSE(sale.lines.at(0).voided);
    EXPECT_TRUE(sale.lines.at(1).voided);
    EXPECT_EQ(sale.lines.at(1).void_of, 0);
}

TEST(NegativeVoids, PreferTheEqualLineToANearerLargerOne) {
    const Sale sale = only_sale(sold({.n = "1", .amount = "2.00"}) +
                                    sold({.n = "2", .amount = "6.00", .quantity = "3"}) +
                                    sold(taken_back("3", "-2.00", "-1")) + total("6.00"),
                                "ncr");
    EXPECT_TRUE(sale.lines.at(0).voided);
    EXPECT_EQ(sale.lines.at(1).gross, fen(600));
    EXPECT_EQ(sale.lines.at(2).void_of, 1);
}

TEST(NegativeVoids, ShrinkALargerLineByAWeightToo) {
    const Sale sale = only_sale(sold({.n = "1", .amount = "9.00", .quantity = "1.5"}) +
                                    sold(taken_back("2", "-3.00", "-0.5")) + total("6.00"),
                                "ncr");
    EXPECT_EQ(sale.lines.at(0).qty_milli, 1000);
    EXPECT_EQ(sale.lines.at(0).net, fen(600));
    EXPECT_EQ(sale.lines.at(1).void_of, 1);
}

TEST(NegativeVoids, TakeNoMorePiecesThanALineHas) {
    const Sale sale = only_sale(sold({.n = "1", .amount = "6.00", .quantity = "1"}) +
                                    sold(taken_back("2", "-2.00", "-3")) + total("6.00"),
                                "ncr");
    EXPECT_EQ(sale.lines.at(0).qty_milli, 1000);
    EXPECT_EQ(sale.lines.at(0).gross, fen(600));
    EXPECT_TRUE(sale.reconciled.lines);
}

TEST(NegativeVoids, KeepTheLineThatTookBackPositive) {
    const Sale sale =
        only_sale(sold({.n = "1", .amount = "2.79"}) + sold(taken_back("2", "-2.79", "-1")) +
                      sold({.n = "3", .amount = "1.00"}) + total("1.00"),
                  "ncr");
    const SaleLine& line = sale.lines.at(1);
    EXPECT_EQ(line.kind, LineKind::Sale);
    EXPECT_EQ(line.qty_milli, 1000);
    EXPECT_EQ(line.net, fen(279));
}

TEST(NegativeVoids, LeaveNothingOfASaleThatWasTakenBackWhole) {
    const Sale sale = only_sale(
        sold({.n = "1", .amount = "2.79"}) + sold(taken_back("2", "-2.79", "-1")) + total("0.00"),
        "ncr");
    EXPECT_EQ(counted(sale), Money{});
    EXPECT_EQ(sale.type, SaleType::Sale);
    EXPECT_TRUE(sale.reconciled.lines);
}

TEST(NegativeVoids, FollowTheLinkWhereAFlaggedLineIsPositive) {
    const Sale sale = only_sale(sold({.n = "1", .amount = "5.00"}) +
                                    sold({.n = "2",
                                          .amount = "5.00",
                                          .line_attributes = kVoid,
                                          .inside = "<ItemLink>1</ItemLink>"}) +
                                    total("0.00"),
                                "ncr");
    EXPECT_TRUE(sale.lines.at(0).voided);
    EXPECT_EQ(sale.lines.at(1).void_of, 1);
}

TEST(FlaggedVoids, AreNoReturnsThoughTheyAreNegative) {
    const Sale sale =
        only_sale(sold({.n = "1"}) + sold(taken_back("2", "-2.79", "-1")) + total("12.50"));
    EXPECT_EQ(sale.type, SaleType::Sale);
    EXPECT_TRUE(sale.lines.at(1).voided);
    EXPECT_TRUE(sale.reconciled.lines);
}

TEST(FlaggedVoids, MayLinkToALineThatComesLater) {
    const Sale sale = only_sale(sold({.n = "1",
                                      .amount = "5.00",
                                      .line_attributes = kVoid,
                                      .inside = "<ItemLink>2</ItemLink>"}) +
                                sold({.n = "2", .amount = "5.00"}) + total("0.00"));
    EXPECT_TRUE(sale.lines.at(1).voided);
    EXPECT_EQ(sale.lines.at(0).void_of, 2);
}

TEST(FlaggedVoids, LinkedToNothingTakeOnlyThemselvesOut) {
    for (const char* link : {"7", "2", "0", "x"}) {
        const Sale sale =
            only_sale(sold({.n = "1"}) +
                      sold({.n = "2",
                            .amount = "5.00",
                            .line_attributes = kVoid,
                            .inside = "<ItemLink>" + std::string{link} + "</ItemLink>"}) +
                      total("12.50"));
        EXPECT_FALSE(sale.lines.at(0).voided) << link;
        EXPECT_TRUE(sale.lines.at(1).voided) << link;
        EXPECT_EQ(sale.lines.at(1).void_of, 0) << link;
        EXPECT_TRUE(sale.reconciled.lines) << link;
    }
}

TEST(FlaggedVoids, AreSeenOnTheItemAsWell) {
    const Sale sale = only_sale(
        line_item("<SequenceNumber>1</SequenceNumber><Sale VoidFlag=\"1\"><ItemID>A</ItemID>"
                  "<ExtendedAmount>5.00</ExtendedAmount></Sale>") +
        sold({.n = "2"}) + total("12.50"));
    EXPECT_TRUE(sale.lines.at(0).voided);
}

TEST(FlaggedVoids, TakeTheModifiersOfTheirLineWithThem) {
    const Sale sale = only_sale(
        sold({.n = "1",
              .amount = "5.00",
              .line_attributes = kVoid,
              .inside = "<RetailPriceModifier><Amount>1.00</Amount></RetailPriceModifier>"}) +
        sold({.n = "2"}) + total("12.50"));
    EXPECT_TRUE(sale.discounts.empty());
    EXPECT_EQ(sale.lines.at(0).discount, Money{});
}

TEST(FlaggedVoids, TakeTendersTaxesAndDiscountsOutToo) {
    const std::string tender = "<Tender TenderType=\"Cash\"><Amount>50.00</Amount></Tender>";
    const std::string tax = "<Tax><Amount>2.00</Amount></Tax>";
    const std::string discount = "<Discount><Amount>3.00</Amount></Discount>";
    const std::string change = "<TenderChange><Amount>4.00</Amount></TenderChange>";
    const Sale sale =
        only_sale(sold() + paid("12.50") + line_item(tender, kVoid) + line_item(tax, kVoid) +
                  line_item(discount, kVoid) + line_item(change, kVoid) + total("12.50"));
    ASSERT_EQ(sale.tenders.size(), 1U);
    EXPECT_EQ(sale.tenders[0].change, Money{});
    EXPECT_TRUE(sale.taxes.empty());
    EXPECT_TRUE(sale.discounts.empty());
    EXPECT_TRUE(sale.reconciled.tenders);
}

// Where voids are negative lines the flagged tender is itself the second, negative one.
TEST(NegativeVoids, LetANegativeFlaggedTenderTakeTheFirstOneBack) {
    const Sale sale = only_sale(
        sold() + paid("20.00") +
            line_item("<Tender TenderType=\"Cash\"><Amount>-20.00</Amount></Tender>", kVoid) +
            paid("12.50", "CreditDebit") + total("12.50"),
        "ncr");
    EXPECT_EQ(sale.tenders.size(), 3U);
    EXPECT_TRUE(sale.reconciled.tenders);
}

TEST(Voids, AreOnlyTrueWhereTheFlagSaysSo) {
    for (const char* flag : {"false", "0", "", "no"}) {
        const Sale sale = only_sale(
            sold({.line_attributes = " VoidFlag=\"" + std::string{flag} + "\""}) + total("12.50"));
        EXPECT_FALSE(sale.lines.at(0).voided) << flag;
    }
}

}  // namespace
}  // namespace aisle::pos
