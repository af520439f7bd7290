// The simulated tills' documents, written out where a reader could misread them.
#include "drivers/simulated/poslog_writer.hpp"

#include <gtest/gtest.h>

#include "tests/kit/builders.hpp"

namespace aisle::simulated {
namespace {

std::string document_of(const Sale& sale) { return poslog_document(sale, "2026-06-12T12:00:00"); }

bool holds(const std::string& document, const std::string& part) {
    return document.find(part) != std::string::npos;
}

TEST(PoslogWriter, WritesAPlainSaleOut) {
    Sale sale = kit::sale_of(1234, 41);
    sale.lines[0].gtin = "6900000001011";
    sale.member = "620010000";
    EXPECT_EQ(document_of(sale),
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
              "<POSLog>\n<Transaction>\n"
              "<RetailStoreID>s-0001</RetailStoreID><WorkstationID>1</WorkstationID>"
              "<SequenceNumber>41</SequenceNumber><BusinessDayDate>2026-06-12</BusinessDayDate>"
              "<EndDateTime>2026-06-12T12:00:00</EndDateTime><CurrencyCode>CNY</CurrencyCode>"
              "<RetailTransaction>\n"
              "<LineItem><SequenceNumber>1</SequenceNumber><Sale>"
              "<POSIdentity POSIDType=\"GTIN\"><POSItemID>6900000001011</POSItemID></POSIdentity>"
              "<ItemID>SKU1</ItemID><Description>item</Description>"
              "<ExtendedAmount>12.34</ExtendedAmount><Quantity>1</Quantity></Sale></LineItem>\n"
              "<LineItem><Tender TenderType=\"Cash\" TypeCode=\"Sale\"><Amount>12.34</Amount>"
              "</Tender></LineItem>\n"
              "<Total TotalType=\"TransactionGrandAmount\">12.34</Total>\n"
              "<LoyaltyAccount><LoyaltyID>620010000</LoyaltyID></LoyaltyAccount>\n"
              "</RetailTransaction>\n</Transaction>\n</POSLog>\n");
}

TEST(PoslogWriter, NamesNoMemberWhereThereIsNone) {
    EXPECT_FALSE(holds(document_of(kit::sale_of(100)), "Loyalty"));
}

struct Amount {
    std::int64_t minor;
    int digits;
    const char* text;
};

TEST(PoslogWriter, WritesAmountsWithTheCurrencysDecimals) {
    for (const auto& [minor, digits, text] :
         {Amount{0, 2, "0.00"}, Amount{5, 2, "0.05"}, Amount{50, 2, "0.50"}, Amount{100, 2, "1.00"},
          Amount{-1234, 2, "-12.34"}, Amount{-5, 2, "-0.05"}, Amount{1234, 0, "1234"},
          Amount{0, 0, "0"}, Amount{1234, 3, "1.234"}, Amount{7, 3, "0.007"},
          Amount{10'000'000'000'000, 2, "100000000000.00"}}) {
        Sale sale = kit::sale_of(minor);
        sale.minor_digits = digits;
        EXPECT_TRUE(holds(document_of(sale), std::string{"GrandAmount\">"} + text + "</Total>"))
            << text;
    }
}

TEST(PoslogWriter, WritesWeightsInKilograms) {
    Sale sale = kit::sale_of(500);
    sale.lines[0].unit = "kg";
    sale.lines[0].qty_milli = 385;
    EXPECT_TRUE(holds(document_of(sale), "<Quantity UnitOfMeasureCode=\"KGM\">0.385</Quantity>"));
    sale.lines[0].qty_milli = 2000;
    EXPECT_TRUE(holds(document_of(sale), "<Quantity UnitOfMeasureCode=\"KGM\">2</Quantity>"));
}

TEST(PoslogWriter, FlagsTrainingAndCancelling) {
    Sale sale = kit::sale_of(100);
    EXPECT_TRUE(holds(document_of(sale), "<Transaction>\n"));
    sale.status = SaleStatus::Training;
    EXPECT_TRUE(holds(document_of(sale), "<Transaction TrainingModeFlag=\"true\">\n"));
    sale.status = SaleStatus::Cancelled;
    EXPECT_TRUE(holds(document_of(sale), "<Transaction CancelFlag=\"true\">\n"));
}

TEST(PoslogWriter, WritesAnOpenedDrawerAsAControl) {
    Sale sale = kit::sale_of(0);
    sale.type = SaleType::NoSale;
    const std::string document = document_of(sale);
    EXPECT_TRUE(holds(document, "<ControlTransaction><NoSale/></ControlTransaction>\n"));
    EXPECT_FALSE(holds(document, "RetailTransaction"));
}

// A return of 12.34 after 10 % off, as the tills keep it: everything negative.
Sale returned() {
    Sale sale = kit::sale_of(-1234);
    sale.type = SaleType::Return;
    SaleLine& line = sale.lines[0];
    line.kind = LineKind::Return;
    line.qty_milli = -1000;
    line.gross = Money::minor(-1371);
    line.discount = Money::minor(-137);
    sale.discounts = {{.line = 1, .offer = "T10", .kind = "percent", .amount = Money::minor(-137)}};
    return sale;
}

TEST(PoslogWriter, WritesAReturnInPositiveNumbersInsideItsElement) {
    const std::string document = document_of(returned());
    EXPECT_TRUE(holds(document, "<Return><POSIdentity"));
    EXPECT_TRUE(holds(document, "<ExtendedAmount>12.34</ExtendedAmount><Quantity>1</Quantity>"));
    EXPECT_TRUE(holds(document, "<Amount Action=\"Subtract\">1.37</Amount>"));
    EXPECT_TRUE(holds(document, "</Return></LineItem>"));
}

TEST(PoslogWriter, PaysAReturnBackAsARefund) {
    const std::string document = document_of(returned());
    EXPECT_TRUE(holds(document, "TypeCode=\"Refund\"><Amount>12.34</Amount>"));
    EXPECT_TRUE(holds(document, "GrandAmount\">-12.34</Total>"));
}

TEST(PoslogWriter, NamesThePromotionOfALinesDiscount) {
    Sale sale = kit::sale_of(90);
    sale.lines[0].discount = Money::minor(10);
    sale.discounts = {{.line = 2, .offer = "OTHER", .kind = "percent"},
                      {.line = 1, .offer = "T10", .kind = "percent", .amount = Money::minor(10)}};
    EXPECT_TRUE(holds(document_of(sale),
                      "<RetailPriceModifier MethodCode=\"PromotionalDeal\">"
                      "<Amount Action=\"Subtract\">0.10</Amount><PromotionID>T10</PromotionID>"
                      "</RetailPriceModifier>"));
}

TEST(PoslogWriter, HasAWordForEveryTender) {
    const std::vector<std::string> words{"Cash",      "CreditDebit", "Alipay",
                                         "WechatPay", "Voucher",     "GiftCard",
                                         "Points",    "Account",     "Other"};
    for (std::size_t i = 0; i < words.size(); ++i) {
        Sale sale = kit::sale_of(100);
        sale.tenders[0].kind = static_cast<TenderKind>(i);
        EXPECT_TRUE(holds(document_of(sale), "TenderType=\"" + words[i] + "\""));
    }
}

TEST(PoslogWriter, KeepsTextsFromBreakingTheDocumentApart) {
    Sale sale = kit::sale_of(100);
    sale.store = StoreId{"a&b"};
    sale.lines[0].text = "<Total>1</Total>";
    const std::string document = document_of(sale);
    EXPECT_TRUE(holds(document, "<RetailStoreID>a&amp;b</RetailStoreID>"));
    EXPECT_TRUE(holds(document, "<Description>&lt;Total>1&lt;/Total></Description>"));
}

}  // namespace
}  // namespace aisle::simulated
