#include "drivers/pos/poslog_parser.hpp"

#include <gtest/gtest.h>

#include "poslog_samples.hpp"

namespace aisle::pos {
namespace {

void expect_adds_up(const Sale& sale) {
    EXPECT_TRUE(sale.reconciled.lines) << sale.reconciled.off.minor();
    EXPECT_TRUE(sale.reconciled.tenders);
    EXPECT_EQ(sale.reconciled.off, Money{});
}

TEST(Poslog, ReadsASale) {
    const Sale sale = only_sale(sold() + paid("12.50") + total("12.50"));
    EXPECT_EQ(sale.key, "till|s-0001|3|2026-06-12|114");
    EXPECT_EQ(to_rfc3339(sale.ended_at), "2026-06-12T04:00:00.000Z");
    ASSERT_EQ(sale.lines.size(), 1U);
    EXPECT_EQ(sale.lines[0].gtin, "04006381333931");
    EXPECT_EQ(sale.lines[0].sku, "S4006381333931");
    EXPECT_EQ(sale.lines[0].text, "green tea");
    EXPECT_EQ(sale.lines[0].net, fen(1250));
    EXPECT_EQ(sale.tenders[0].kind, TenderKind::Cash);
    expect_adds_up(sale);
}

TEST(Poslog, FindsElementsWhateverTheirPrefix) {
    const auto file = read(
        "<p:POSLog xmlns:p=\"x\"><p:Transaction><p:RetailStoreID>s-0001</p:RetailStoreID>"
        "<p:WorkstationID>3</p:WorkstationID><p:SequenceNumber>9</p:SequenceNumber>"
        "<p:EndDateTime>2026-06-12T04:00:00Z</p:EndDateTime><p:RetailTransaction>"
        "<p:LineItem><p:Sale><p:ExtendedAmount>1.00</p:ExtendedAmount></p:Sale></p:LineItem>"
        "</p:RetailTransaction></p:Transaction></p:POSLog>");
    ASSERT_EQ(file.sales.size(), 1U);
    EXPECT_EQ(file.sales[0].draft.lines[0].net, fen(100));
}

TEST(Poslog, ReadsVersionSixHeaders) {
    const auto file = read(
        "<POSLog><Transaction><BusinessUnit><UnitID>s-0001</UnitID></BusinessUnit>"
        "<WorkstationID>3</WorkstationID><TransactionID>T-9</TransactionID><SequenceNumber>9</"
        "SequenceNumber>"
        "<POSLogDateTime>2026-06-12T12:00:00+08:00</POSLogDateTime><RetailTransaction>" +
        sold() + "</RetailTransaction></Transaction></POSLog>");
    ASSERT_EQ(file.sales.size(), 1U);
    EXPECT_EQ(file.sales[0].draft.store.value, "s-0001");
    EXPECT_EQ(file.sales[0].draft.seq, 9);
    EXPECT_EQ(file.sales[0].draft.vendor_id, "");
    EXPECT_EQ(file.sales[0].draft.ended_at, kit::kNoon);
}

TEST(Poslog, MakesAReturnNegativeHoweverItIsWritten) {
    for (const char* amount : {"4.89", "-4.89"}) {
        for (const char* back : {"4.89", "-4.89"}) {
            const Sale sale =
                only_sale(item("Return", {.amount = amount}) +
                          line_item("<Tender TenderType=\"Cash\" TypeCode=\"Refund\"><Amount>" +
                                    std::string{back} + "</Amount></Tender>") +
                          total("-4.89"));
            EXPECT_EQ(sale.type, SaleType::Return);
            EXPECT_EQ(sale.lines.at(0).net, fen(-489));
            EXPECT_EQ(sale.lines.at(0).qty_milli, -1000);
            EXPECT_EQ(sale.total, fen(-489));
            expect_adds_up(sale);
        }
    }
}

TEST(Poslog, TurnsAPositiveTotalOfAReturn) {
    const Sale sale = only_sale(item("Return", {.amount = "4.89"}) + paid("4.89") + total("4.89"));
    EXPECT_EQ(sale.total, fen(-489));
    expect_adds_up(sale);
}

TEST(Poslog, ReadsAnExchange) {
    const Sale sale =
        only_sale(sold({.n = "1", .amount = "10.00"}) +
                  item("Return", {.n = "2", .amount = "4.00"}) + paid("6.00") + total("6.00"));
    EXPECT_EQ(sale.type, SaleType::Exchange);
    expect_adds_up(sale);
}

TEST(PoslogVoids, TakeTheEqualLineBackWhereTheyAreNegative) {
    const Sale sale =
        only_sale(sold({.n = "1", .amount = "2.79"}) + sold({.n = "2", .gtin = "96385074"}) +
                      sold({.n = "3",
                            .amount = "-2.79",
                            .quantity = "-1",
                            .line_attributes = " VoidFlag=\"true\""}) +
                      paid("12.50") + total("12.50"),
                  "ncr");
    ASSERT_EQ(sale.lines.size(), 3U);
    EXPECT_TRUE(sale.lines[0].voided);
    EXPECT_FALSE(sale.lines[1].voided);
    EXPECT_TRUE(sale.lines[2].voided);
    EXPECT_EQ(sale.lines[2].void_of, 1);
    EXPECT_EQ(sale.lines[2].gross, fen(279));
    EXPECT_EQ(sale.type, SaleType::Sale);
    expect_adds_up(sale);
}

TEST(PoslogVoids, ShrinkALargerLineWhereOnlyAPartIsTakenBack) {
    const Sale sale = only_sale(sold({.n = "1", .amount = "6.00", .quantity = "3"}) +
                                    sold({.n = "2",
                                          .amount = "-2.00",
                                          .quantity = "-1",
                                          .line_attributes = " VoidFlag=\"true\""}) +
                                    paid("4.00") + total("4.00"),
                                "ncr");
    EXPECT_EQ(sale.lines.at(0).gross, fen(400));
    EXPECT_EQ(sale.lines.at(0).qty_milli, 2000);
    expect_adds_up(sale);
}

TEST(PoslogVoids, FollowTheItemLinkWhereTheyArePositive) {
    const Sale sale = only_sale(sold({.n = "1", .amount = "21"}) + sold({.n = "2"}) +
                                sold({.n = "3",
                                      .amount = "21",
                                      .line_attributes = " VoidFlag=\"true\"",
                                      .inside = "<ItemLink>1</ItemLink>"}) +
                                paid("12.50") + total("12.50"));
    EXPECT_TRUE(sale.lines.at(0).voided);
    EXPECT_TRUE(sale.lines.at(2).voided);
    EXPECT_EQ(sale.lines.at(2).void_of, 1);
    expect_adds_up(sale);
}

TEST(PoslogVoids, LeaveOutALineThatIsItselfFlagged) {
    const Sale sale =
        only_sale(sold({.n = "1", .amount = "21", .line_attributes = " VoidFlag=\"true\""}) +
                  sold({.n = "2"}) + paid("12.50") + total("12.50"));
    EXPECT_TRUE(sale.lines.at(0).voided);
    expect_adds_up(sale);
}

TEST(PoslogDiscounts, TakeTheExtendedAmountForTheNet) {
    const Sale sale =
        only_sale(sold({.amount = "9.00",
                        .inside = "<RetailPriceModifier><Amount Action=\"Subtract\">1.00</Amount>"
                                  "<PromotionID>P7</PromotionID></RetailPriceModifier>"}) +
                  paid("9.00") + total("9.00"));
    EXPECT_EQ(sale.lines.at(0).gross, fen(1000));
    EXPECT_EQ(sale.lines.at(0).discount, fen(100));
    EXPECT_EQ(sale.discounts.at(0).offer, "P7");
    EXPECT_EQ(sale.discounts.at(0).line, 1);
    expect_adds_up(sale);
}

TEST(PoslogDiscounts, TakeTheExtendedAmountForTheGrossWhereTheTotalProvesIt) {
    const Sale sale =
        only_sale(sold({.amount = "10.00",
                        .inside = "<RetailPriceModifier><Amount "
                                  "Action=\"Subtract\">1.00</Amount></RetailPriceModifier>"}) +
                  paid("9.00") + total("9.00"));
    EXPECT_EQ(sale.lines.at(0).gross, fen(1000));
    EXPECT_EQ(sale.lines.at(0).net, fen(900));
    expect_adds_up(sale);
}

TEST(PoslogDiscounts, SplitABasketDiscountOverTheLines) {
    const Sale sale = only_sale(
        sold({.n = "1", .amount = "10.00"}) + sold({.n = "2", .amount = "20.00"}) +
        line_item("<Discount><Amount>1.00</Amount></Discount>") + paid("29.00") + total("29.00"));
    EXPECT_EQ(sale.lines.at(0).discount, fen(33));
    EXPECT_EQ(sale.lines.at(1).discount, fen(67));
    expect_adds_up(sale);
}

// reference/pos.md section 0.2: the same reward is written twice, and some rewards are points.
TEST(PoslogDiscounts, CountARewardOnceAndNoPointsInNcr) {
    const std::string reward =
        "<PromotionID>5081</PromotionID><RewardCategory>Monetary</RewardCategory>"
        "<a:ExtendedRewardAmount>-0.35</a:ExtendedRewardAmount></LoyaltyReward>";
    const Sale sale = only_sale(
        sold({.amount = "10.00"}) + line_item("<LoyaltyReward detailedData=\"true\">" + reward) +
            line_item("<LoyaltyReward summarizedActivity=\"true\">" + reward) +
            line_item(
                "<LoyaltyReward detailedData=\"true\"><RewardCategory>CustomOffer</RewardCategory>"
                "<Amount>-50</Amount></LoyaltyReward>") +
            paid("9.65") + total("9.65"),
        "ncr");
    EXPECT_EQ(sale.lines.at(0).discount, fen(35));
    EXPECT_EQ(sale.discounts.size(), 1U);
    expect_adds_up(sale);
}

TEST(PoslogTenders, TakeASecondNegativeTenderForChange) {
    const Sale sale =
        only_sale(sold({.amount = "17.38"}) + paid("20.00") +
                      paid("-2.62", "Cash", "<TenderChange><Amount>-2.62</Amount></TenderChange>") +
                      total("17.38"),
                  "ncr");
    ASSERT_EQ(sale.tenders.size(), 1U);
    EXPECT_EQ(sale.tenders[0].amount, fen(2000));
    EXPECT_EQ(sale.tenders[0].change, fen(262));
    expect_adds_up(sale);
}

TEST(PoslogTenders, TakeChangeInsideTheTenderAndAsALine) {
    expect_adds_up(only_sale(
        sold() + paid("20.00", "Cash", "<TenderChange><Amount>7.50</Amount></TenderChange>") +
        total("12.50")));
    expect_adds_up(only_sale(sold() + paid("20.00") +
                             line_item("<TenderChange><Amount>7.50</Amount></TenderChange>") +
                             total("12.50")));
}

TEST(PoslogTenders, TellSeveralApart) {
    const Sale sale = only_sale(sold() + paid("2.00", "GiftCard") + paid("3.00", "CreditDebit") +
                                paid("1.50", "Alipay") + paid("1.00", "WeChat Pay") +
                                paid("5.00", "Manufacturer Coupon") + total("12.50"));
    ASSERT_EQ(sale.tenders.size(), 5U);
    EXPECT_EQ(sale.tenders[0].kind, TenderKind::GiftCard);
    EXPECT_EQ(sale.tenders[1].kind, TenderKind::Card);
    EXPECT_EQ(sale.tenders[2].kind, TenderKind::Alipay);
    EXPECT_EQ(sale.tenders[3].kind, TenderKind::WechatPay);
    EXPECT_EQ(sale.tenders[4].kind, TenderKind::Voucher);
    expect_adds_up(sale);
}

TEST(PoslogTenders, AddRoundingToATotalThatStandsBeforeIt) {
    const Sale sale = only_sale(
        sold({.amount = "99.88"}) + paid("100.00") +
        line_item("<Tender><Rounding RoundingDirection=\"Up\">0.12000</Rounding></Tender>") +
        total("99.88"));
    EXPECT_EQ(sale.rounding, fen(12));
    EXPECT_EQ(sale.total, fen(10000));
    expect_adds_up(sale);
}

TEST(PoslogTaxes, AreAddedWhereTheyAreNotIncluded) {
    const Sale sale =
        only_sale(sold({.amount = "10.00"}) +
                  line_item("<Tax TaxType=\"Sales\"><TaxableAmount>10.00</TaxableAmount>"
                            "<Amount>0.60</Amount><Percent>6.0</Percent></Tax>") +
                  paid("10.60") + total("10.60"));
    EXPECT_EQ(sale.taxes.at(0).rate_ppm, 60'000);
    EXPECT_FALSE(sale.taxes.at(0).included);
    expect_adds_up(sale);
}

TEST(PoslogTaxes, AreLeftInWhereTheDocumentSaysSo) {
    const Sale sale =
        only_sale(sold({.amount = "10.60"}) +
                  line_item("<Tax TaxIncludedInPriceFlag=\"true\"><Amount>0.60</Amount></Tax>") +
                  paid("10.60") + total("10.60"));
    EXPECT_TRUE(sale.taxes.at(0).included);
    expect_adds_up(sale);
}

TEST(Poslog, ReadsAWeightAndKeepsItsUnit) {
    const Sale sale =
        only_sale(line_item("<Sale><ItemID>P1</ItemID><ExtendedAmount>5.84</ExtendedAmount>"
                            "<Quantity UnitOfMeasureCode=\"KGM\">0.65</Quantity></Sale>") +
                  paid("5.84") + total("5.84"));
    EXPECT_EQ(sale.lines.at(0).qty_milli, 650);
    EXPECT_EQ(sale.lines.at(0).unit, "kg");
    EXPECT_EQ(sale.lines.at(0).net, fen(584));
}

TEST(Poslog, ReadsABottleRefundInsideASale) {
    const Sale sale = only_sale(
        sold() +
            line_item("<SequenceNumber>2</SequenceNumber><Sale "
                      "ItemType=\"a:NegativeItem\"><ItemID>B</ItemID>"
                      "<ExtendedAmount>-2.00</ExtendedAmount><Quantity>1</Quantity></Sale>") +
            paid("10.50") + total("10.50"),
        "ncr");
    EXPECT_EQ(sale.lines.at(1).kind, LineKind::Deposit);
    EXPECT_EQ(sale.lines.at(1).qty_milli, -1000);
    EXPECT_EQ(sale.type, SaleType::Sale);
    expect_adds_up(sale);
}

TEST(Poslog, FindsTheMemberAtAnyDepth) {
    const auto file = read(document(transaction(
        sold() + "<a:LoyaltyMembership><a:LoyaltyID>0078</a:LoyaltyID></a:LoyaltyMembership>")));
    EXPECT_EQ(file.sales.at(0).draft.member, "0078");
}

TEST(Poslog, TellsTrainingSuspendedAndCancelledApart) {
    const auto status = [](const std::string& attributes) {
        return read(document(transaction(sold(), "1", attributes))).sales.at(0).draft.status;
    };
    EXPECT_EQ(status(" TrainingModeFlag=\"true\""), SaleStatus::Training);
    EXPECT_EQ(status(" SuspendFlag=\"true\""), SaleStatus::Suspended);
    EXPECT_EQ(status(" CancelFlag=\"true\""), SaleStatus::Cancelled);
    EXPECT_EQ(status(" TransactionStatus=\"PostVoided\""), SaleStatus::PostVoided);
    EXPECT_EQ(status(""), SaleStatus::Completed);
}

TEST(Poslog, TellsNoSaleControlAndVoidApart) {
    const auto type = [](const std::string& body) {
        return read(document("<Transaction>" + header("1") + body + "</Transaction>"))
            .sales.at(0)
            .draft.type;
    };
    EXPECT_EQ(type("<ControlTransaction><NoSale/></ControlTransaction>"), SaleType::NoSale);
    EXPECT_EQ(type("<ControlTransaction><ApplicationEvent>CashDrawerOpen</ApplicationEvent></"
                   "ControlTransaction>"),
              SaleType::NoSale);
    EXPECT_EQ(type("<TenderControlTransaction/>"), SaleType::Control);
    EXPECT_EQ(type("<PostVoidTransaction/>"), SaleType::Void);
}

std::string refusal(const std::string& retail) {
    const auto file = read(document(transaction(retail)));
    return file.rejects.size() == 1 && file.sales.empty() ? file.rejects[0].detail : "accepted";
}

TEST(Poslog, RefusesAnAmountThatIsNoAmount) {
    EXPECT_EQ(refusal(sold({.amount = "1,50"})), "ExtendedAmount: no amount of this currency");
    EXPECT_EQ(refusal(sold({.amount = "1.505"})), "ExtendedAmount: no amount of this currency");
    EXPECT_EQ(refusal(sold({.amount = "--"})), "ExtendedAmount: no amount of this currency");
    EXPECT_EQ(refusal(sold({.amount = ""})), "ExtendedAmount: missing");
    EXPECT_EQ(refusal(sold({.amount = "999999999999.99"})), "ExtendedAmount: too large");
}

TEST(Poslog, RefusesATransactionOfNoSort) {
    const auto file = read(document("<Transaction>" + header("1") + "<Weather/></Transaction>"));
    EXPECT_EQ(file.rejects.at(0).reason, "unknown_type");
}

TEST(Poslog, RefusesElementsNestedTooDeep) {
    std::string deep;
    for (int i = 0; i < 100; ++i) deep += "<a>";
    for (int i = 0; i < 100; ++i) deep += "</a>";
    EXPECT_EQ(read(document(transaction(deep))).rejects.at(0).reason, "limit");
}

TEST(Poslog, RefusesAnEntityInsideARecord) {
    EXPECT_EQ(read(document(transaction("<!ENTITY a \"b\">" + sold()) + plain_sale("2")))
                  .rejects.at(0)
                  .reason,
              "doctype");
}

}  // namespace
}  // namespace aisle::pos
