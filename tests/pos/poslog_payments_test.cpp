#include <gtest/gtest.h>

#include "poslog_samples.hpp"

namespace aisle::pos {
namespace {

struct TenderCase {
    const char* type;
    TenderKind kind;
};

TEST(PoslogTenderTypes, AreFoundHoweverTheyAreSpelt) {
    for (const auto& [type, kind] : {TenderCase{"Cash", TenderKind::Cash},
                                     TenderCase{"CASH", TenderKind::Cash},
                                     TenderCase{"Petty Cash", TenderKind::Cash},
                                     TenderCase{"GiftCard", TenderKind::GiftCard},
                                     TenderCase{"gift_card", TenderKind::GiftCard},
                                     TenderCase{"GiftCertificate", TenderKind::GiftCard},
                                     TenderCase{"Stored Value", TenderKind::GiftCard},
                                     TenderCase{"AliPay", TenderKind::Alipay},
                                     TenderCase{"WeChatPay", TenderKind::WechatPay},
                                     TenderCase{"Weixin", TenderKind::WechatPay},
                                     TenderCase{"BonusPoints", TenderKind::Points},
                                     TenderCase{"LoyaltyAccount", TenderKind::Points},
                                     TenderCase{"Credit", TenderKind::Card},
                                     TenderCase{"Debit", TenderKind::Card},
                                     TenderCase{"CreditDebit", TenderKind::Card},
                                     TenderCase{"PrepaidCard", TenderKind::Card},
                                     TenderCase{"AccountReceivable", TenderKind::Account},
                                     TenderCase{"CustomerAccount", TenderKind::Account},
                                     TenderCase{"Voucher", TenderKind::Voucher},
                                     TenderCase{"ManufacturerCoupon", TenderKind::Voucher},
                                     TenderCase{"Check", TenderKind::Other},
                                     TenderCase{"", TenderKind::Other}}) {
        const Sale sale = only_sale(sold() + paid("12.50", type) + total("12.50"));
        ASSERT_EQ(sale.tenders.size(), 1U) << type;
        EXPECT_EQ(sale.tenders[0].kind, kind) << type;
    }
}

TEST(PoslogTenderTypes, AreReadFromAnElementToo) {
    const Sale sale = only_sale(
        sold() +
        line_item("<Tender><TenderType>Alipay</TenderType><Amount>12.50</Amount></Tender>") +
        total("12.50"));
    EXPECT_EQ(sale.tenders.at(0).kind, TenderKind::Alipay);
}

std::string change_line(const std::string& amount) {
    return line_item("<TenderChange><Amount>" + amount + "</Amount></TenderChange>");
}

TEST(PoslogChange, GoesToTheCashThatCanHaveGivenIt) {
    const Sale sale = only_sale(sold() + paid("10.00") + paid("5.00", "CreditDebit") +
                                change_line("2.50") + total("12.50"));
    EXPECT_EQ(sale.tenders.at(0).change, fen(250));
    EXPECT_EQ(sale.tenders.at(1).change, Money{});
}

TEST(PoslogChange, PassesOverCashThatWasLess) {
    const Sale sale =
        only_sale(sold() + paid("20.00") + paid("0.50") + change_line("8.00") + total("12.50"));
    EXPECT_EQ(sale.tenders.at(0).change, fen(800));
    EXPECT_EQ(sale.tenders.at(1).change, Money{});
}

TEST(PoslogChange, GoesToTheLastTenderWhereThereIsNoCash) {
    const Sale sale = only_sale(sold() + paid("5.00", "Voucher") + paid("10.00", "Alipay") +
                                change_line("2.50") + total("12.50"));
    EXPECT_EQ(sale.tenders.at(1).change, fen(250));
}

TEST(PoslogChange, InSeveralStepsAddsUp) {
    const Sale sale = only_sale(sold() + paid("20.00") + change_line("-7.00") +
                                change_line("0.50") + total("12.50"));
    EXPECT_EQ(sale.tenders.at(0).change, fen(750));
    EXPECT_TRUE(sale.reconciled.tenders);
}

TEST(PoslogChange, BeforeAnyTenderIsRefused) {
    const auto file = read(document(transaction(sold() + change_line("1.00") + paid("13.50"))));
    ASSERT_EQ(file.rejects.size(), 1U);
    EXPECT_EQ(file.rejects[0].detail, "TenderChange: before any tender");
}

TEST(PoslogChange, OfANegativeTenderWithoutAnotherIsMoneyThatGoesBack) {
    const Sale sale =
        only_sale(item("Return", {.amount = "4.00"}) +
                  paid("-4.00", "Cash", "<TenderChange><Amount>-4.00</Amount></TenderChange>") +
                  total("-4.00"));
    ASSERT_EQ(sale.tenders.size(), 1U);
    EXPECT_EQ(sale.tenders[0].amount, fen(-400));
    EXPECT_EQ(sale.tenders[0].change, Money{});
    EXPECT_TRUE(sale.reconciled.tenders);
}

TEST(PoslogTenders, ThatGoBackInAnExchangeKeepTheirSign) {
    const Sale sale = only_sale(
        sold({.n = "1", .amount = "4.00"}) + item("Return", {.n = "2", .amount = "10.00"}) +
        line_item(
            "<Tender TenderType=\"Cash\" TypeCode=\"Refund\"><Amount>6.00</Amount></Tender>") +
        total("-6.00"));
    EXPECT_EQ(sale.type, SaleType::Exchange);
    EXPECT_EQ(sale.tenders.at(0).amount, fen(-600));
    EXPECT_TRUE(sale.reconciled.tenders);
}

TEST(PoslogTenders, OfAReturnPaidBackInTwoWaysAreBothTurned) {
    const Sale sale = only_sale(item("Return", {.amount = "10.00"}) + paid("4.00") +
                                paid("6.00", "GiftCard") + total("10.00"));
    EXPECT_EQ(sale.tenders.at(0).amount, fen(-400));
    EXPECT_EQ(sale.tenders.at(1).amount, fen(-600));
    EXPECT_EQ(sale.total, fen(-1000));
    EXPECT_TRUE(sale.reconciled.tenders);
}

TEST(PoslogTenders, RefuseAnAmountThatIsNoNumber) {
    for (const std::string& bad :
         {paid("1O.00"), paid("20.00", "Cash", "<TenderChange><Amount>x</Amount></TenderChange>"),
          paid("20.00", "Cash", "<Rounding>x</Rounding>"), change_line("x")}) {
        const auto file = read(document(transaction(sold() + paid("5.00") + bad)));
        ASSERT_EQ(file.rejects.size(), 1U) << bad;
        EXPECT_EQ(file.rejects[0].reason, "schema") << bad;
    }
}

std::string rounding(const std::string& amount, const std::string& direction) {
    const std::string attribute =
        direction.empty() ? "" : " RoundingDirection=\"" + direction + "\"";
    return line_item("<Tender><Rounding" + attribute + ">" + amount + "</Rounding></Tender>");
}

struct RoundingCase {
    const char* amount;
    const char* direction;
    std::int64_t rounding;
};

TEST(PoslogRounding, IsTurnedByItsDirection) {
    for (const auto& [amount, direction, wanted] :
         {RoundingCase{"0.02", "Up", 2}, RoundingCase{"-0.02", "Up", 2},
          RoundingCase{"0.02", "Down", -2}, RoundingCase{"-0.02", "Down", -2},
          RoundingCase{"0.02", "", 2}, RoundingCase{"-0.02", "", -2}}) {
        const Sale sale = only_sale(sold() + rounding(amount, direction));
        EXPECT_EQ(sale.rounding, fen(wanted)) << amount << direction;
        EXPECT_TRUE(sale.tenders.empty());
    }
}

TEST(PoslogRounding, DownIsTakenOffATotalThatStandsBeforeIt) {
    const Sale sale = only_sale(sold({.amount = "99.83"}) + paid("99.80") +
                                rounding("0.03", "Down") + total("99.83"));
    EXPECT_EQ(sale.total, fen(9980));
    EXPECT_EQ(sale.reconciled.off, Money{});
    EXPECT_TRUE(sale.reconciled.tenders);
}

TEST(PoslogRounding, IsNotTakenTwiceWhereTheTotalHasItAlready) {
    const Sale sale = only_sale(sold({.amount = "99.83"}) + paid("99.80") +
                                rounding("0.03", "Down") + total("99.80"));
    EXPECT_EQ(sale.total, fen(9980));
    EXPECT_EQ(sale.reconciled.off, Money{});
}

std::string tax(const std::string& inside, const std::string& attributes = {}) {
    return line_item("<Tax" + attributes + "><Amount>0.60</Amount>" + inside + "</Tax>");
}

struct TaxCase {
    const char* attributes;
    const char* inside;
    bool included;
};

TEST(PoslogTaxes, AreIncludedWhereAnyFlagOfThatNameSaysSo) {
    for (const auto& [attributes, inside, included] :
         {TaxCase{"", "", false}, TaxCase{" TaxIncludedInPriceFlag=\"true\"", "", true},
          TaxCase{" TaxIncludedInPriceFlag=\"false\"", "", false},
          TaxCase{" TaxIncluded=\"1\"", "", true},
          TaxCase{"", "<TaxIncludedInTaxableAmountFlag>true</TaxIncludedInTaxableAmountFlag>",
                  true},
          TaxCase{"", "<IncludedFlag>false</IncludedFlag>", false}}) {
        const auto file = read(document(transaction(sold() + tax(inside, attributes))));
        ASSERT_EQ(file.sales.size(), 1U);
        EXPECT_EQ(file.sales[0].draft.taxes.at(0).included, included) << attributes << inside;
    }
}

TEST(PoslogTaxes, TellTheirCodeRateAndBase) {
    const Sale sale = only_sale(
        sold() +
        tax("<TaxableAmount>10.00</TaxableAmount><Percent>6.25</Percent>", " TaxType=\"VAT\"") +
        total("13.10"));
    EXPECT_EQ(sale.taxes.at(0).code, "VAT");
    EXPECT_EQ(sale.taxes.at(0).rate_ppm, 62'500);
    EXPECT_EQ(sale.taxes.at(0).base, fen(1000));
    EXPECT_EQ(sale.taxes.at(0).amount, fen(60));
}

TEST(PoslogTaxes, OfAReturnAreNegativeHoweverTheyAreWritten) {
    const Sale sale = only_sale(item("Return", {.amount = "10.00"}) +
                                tax("<TaxableAmount>10.00</TaxableAmount>") + total("10.60"));
    EXPECT_EQ(sale.taxes.at(0).amount, fen(-60));
    EXPECT_EQ(sale.taxes.at(0).base, fen(-1000));
    EXPECT_EQ(sale.total, fen(-1060));
    EXPECT_EQ(sale.reconciled.off, Money{});
}

TEST(PoslogTaxes, RefuseAPercentageBeyondAThousand) {
    for (const char* percent : {"1000.0001", "-1000.0001", "999999999999999", "six"}) {
        const auto file = read(
            document(transaction(sold() + tax("<Percent>" + std::string{percent} + "</Percent>"))));
        ASSERT_EQ(file.rejects.size(), 1U) << percent;
        EXPECT_EQ(file.rejects[0].detail, "Tax/Percent: no percentage") << percent;
    }
    const auto most = read(document(transaction(sold() + tax("<Percent>1000</Percent>"))));
    EXPECT_EQ(most.sales.at(0).draft.taxes.at(0).rate_ppm, 10'000'000);
}

TEST(PoslogTaxes, OfSeveralRatesAllCount) {
    const Sale sale = only_sale(sold({.amount = "10.00"}) + tax("") + tax("") + total("11.20"));
    EXPECT_EQ(sale.taxes.size(), 2U);
    EXPECT_EQ(sale.reconciled.off, Money{});
}

std::string total_of(const std::string& type, const std::string& amount) {
    return "<Total TotalType=\"" + type + "\">" + amount + "</Total>";
}

TEST(PoslogTotals, AreTakenInTheirOrderAndNotInTheDocuments) {
    const std::vector<const char*> types{"TransactionGrandAmount", "TransactionPurchaseAmount",
                                         "TransactionTotalAmount", "TransactionNetAmount",
                                         "TransactionGrossAmount"};
    for (std::size_t first = 0; first < types.size(); ++first) {
        std::string totals;
        for (std::size_t i = types.size(); i-- > first;)
            totals += total_of(types[i], std::to_string(i) + ".00");
        const auto file = read(document(transaction(sold() + totals)));
        EXPECT_EQ(file.sales.at(0).draft.total, fen(static_cast<std::int64_t>(first) * 100))
            << types[first];
    }
}

TEST(PoslogTotals, OfOtherTypesAndEmptyOnesAreNone) {
    const Sale sale = only_sale(sold() + paid("12.50") + total_of("TransactionTaxAmount", "1.00") +
                                total_of("TransactionGrandAmount", " "));
    EXPECT_EQ(sale.total, fen(1250));
}

TEST(PoslogTotals, AreWhatWasTenderedWhereNoneIsTold) {
    const Sale sale = only_sale(sold() + paid("20.00") + change_line("7.49"));
    EXPECT_EQ(sale.total, fen(1251));
    EXPECT_EQ(sale.reconciled.off, fen(1));
}

TEST(PoslogTotals, AreWhatTheLinesComeToWhereNothingWasTendered) {
    const Sale sale = only_sale(sold({.amount = "10.00"}) + tax("") +
                                line_item("<Discount><Amount>1.00</Amount></Discount>"));
    EXPECT_EQ(sale.total, fen(960));
    EXPECT_EQ(sale.reconciled.off, Money{});
}

TEST(PoslogTotals, AreNeededWhereThereIsNothingElse) {
    const auto file = read(document(transaction("")));
    ASSERT_EQ(file.rejects.size(), 1U);
    EXPECT_EQ(file.rejects[0].detail, "neither lines nor tenders nor a total");
    EXPECT_EQ(read(document(transaction(total("0.00")))).sales.size(), 1U);
    EXPECT_EQ(read(document(transaction("", "1", " CancelFlag=\"true\""))).sales.size(), 1U);
}

TEST(PoslogTotals, RefuseAnAmountThatIsNoNumber) {
    const auto file = read(document(transaction(sold() + total("12,50"))));
    ASSERT_EQ(file.rejects.size(), 1U);
    EXPECT_EQ(file.rejects[0].detail, "Total: no amount of this currency");
}

}  // namespace
}  // namespace aisle::pos
