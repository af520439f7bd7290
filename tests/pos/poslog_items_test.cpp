#include <gtest/gtest.h>

#include "poslog_samples.hpp"

namespace aisle::pos {
namespace {

// The draft as the parser leaves it, before intake has touched it.
Sale draft_of(const std::string& retail, const std::string& profile = "generic") {
    const auto file = read(document(transaction(retail)), profile);
    EXPECT_EQ(file.sales.size(), 1U);
    return file.sales.empty() ? Sale{} : file.sales[0].draft;
}

SaleLine line_of(const std::string& retail, const std::string& profile = "generic") {
    const Sale draft = draft_of(retail, profile);
    EXPECT_FALSE(draft.lines.empty());
    return draft.lines.empty() ? SaleLine{} : draft.lines[0];
}

SaleLine bare(const std::string& inside, const std::string& attributes = {}) {
    return line_of(line_item("<Sale>" + inside + "</Sale>", attributes));
}

struct ItemCase {
    const char* name;
    LineKind kind;
    std::int64_t gross;  // of "3.00"
    SaleType type;
};
class PoslogItems : public testing::TestWithParam<ItemCase> {};

TEST_P(PoslogItems, HaveAKindAndASignOfTheirOwn) {
    const auto& [name, kind, gross, type] = GetParam();
    const Sale draft = draft_of(item(name, {.amount = "3.00"}));
    ASSERT_EQ(draft.lines.size(), 1U);
    EXPECT_EQ(draft.lines[0].kind, kind);
    EXPECT_EQ(draft.lines[0].gross, fen(gross));
    EXPECT_EQ(draft.lines[0].qty_milli, gross < 0 ? -1000 : 1000);
    EXPECT_EQ(draft.type, type);
}

TEST_P(PoslogItems, AddUpAfterIntakeWhicheverSignTheAmountHas) {
    const auto& [name, kind, gross, type] = GetParam();
    for (const char* amount : {"3.00", "-3.00"}) {
        if (gross > 0 && amount[0] == '-') continue;  // goods that go out at less than nothing
        const Sale sale = only_sale(item(name, {.amount = amount}));
        EXPECT_TRUE(sale.reconciled.lines) << amount;
        EXPECT_EQ(sale.total, fen(gross)) << amount;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Elements, PoslogItems,
    testing::Values(ItemCase{"Sale", LineKind::Sale, 300, SaleType::Sale},
                    ItemCase{"Return", LineKind::Return, -300, SaleType::Return},
                    ItemCase{"SaleForPickup", LineKind::Sale, 300, SaleType::Sale},
                    ItemCase{"SaleForDelivery", LineKind::Sale, 300, SaleType::Sale},
                    ItemCase{"ReturnForPickup", LineKind::Return, -300, SaleType::Return},
                    ItemCase{"ReturnForDelivery", LineKind::Return, -300, SaleType::Return},
                    ItemCase{"FuelSale", LineKind::Sale, 300, SaleType::Sale},
                    ItemCase{"Deposit", LineKind::Deposit, 300, SaleType::Sale},
                    ItemCase{"DepositRefund", LineKind::Deposit, -300, SaleType::Sale},
                    ItemCase{"Fee", LineKind::Fee, 300, SaleType::Sale},
                    ItemCase{"MiscellaneousFee", LineKind::Fee, 300, SaleType::Sale},
                    ItemCase{"GiftCertificate", LineKind::GiftCard, 300, SaleType::Sale},
                    ItemCase{"GiftCard", LineKind::GiftCard, 300, SaleType::Sale},
                    ItemCase{"Donation", LineKind::Donation, 300, SaleType::Sale}),
    [](const auto& each) { return std::string{each.param.name}; });

struct SignCase {
    const char* amount;
    const char* quantity;
    std::int64_t gross;
    std::int64_t qty_milli;
    LineKind kind;
};

// The amount tells which way the goods go; where it is nothing the quantity does.
TEST(PoslogSigns, LetTheQuantityFollowTheAmount) {
    for (const auto& [amount, quantity, gross, qty_milli, kind] :
         {SignCase{"2.00", "1", 200, 1000, LineKind::Sale},
          SignCase{"2.00", "-1", 200, 1000, LineKind::Sale},
          SignCase{"-2.00", "1", -200, -1000, LineKind::Return},
          SignCase{"-2.00", "-1", -200, -1000, LineKind::Return},
          SignCase{"0.00", "1", 0, 1000, LineKind::Sale},
          SignCase{"0.00", "-1", 0, -1000, LineKind::Return},
          SignCase{"0", "0", 0, 0, LineKind::Sale}}) {
        const auto line = line_of(sold({.amount = amount, .quantity = quantity}));
        EXPECT_EQ(line.gross, fen(gross)) << amount << " x " << quantity;
        EXPECT_EQ(line.qty_milli, qty_milli) << amount << " x " << quantity;
        EXPECT_EQ(line.kind, kind) << amount << " x " << quantity;
    }
}

TEST(PoslogSigns, TakeANegativeItemForADepositThatComesBack) {
    const auto line =
        line_of(line_item("<Sale ItemType=\"acs:NegativeItem\"><ItemID>B</ItemID>"
                          "<ExtendedAmount>2.00</ExtendedAmount><Quantity>1</Quantity></Sale>"));
    EXPECT_EQ(line.kind, LineKind::Deposit);
    EXPECT_EQ(line.gross, fen(-200));
}

TEST(PoslogQuantities, CountOneWhereNoneIsTold) {
    EXPECT_EQ(bare("<ItemID>A</ItemID><ExtendedAmount>1.00</ExtendedAmount>").qty_milli, 1000);
}

TEST(PoslogQuantities, AreReadFromTheUnitsAttributeToo) {
    EXPECT_EQ(
        bare("<ExtendedAmount>1.00</ExtendedAmount><Quantity Units=\"2.5\"></Quantity>").qty_milli,
        2500);
}

TEST(PoslogQuantities, AreTakenFromTheTextBeforeTheAttribute) {
    EXPECT_EQ(
        bare("<ExtendedAmount>1.00</ExtendedAmount><Quantity Units=\"2\">3</Quantity>").qty_milli,
        3000);
}

TEST(PoslogQuantities, AreRoundedToTheThousandth) {
    EXPECT_EQ(line_of(sold({.quantity = "0.6545"})).qty_milli, 655);
    EXPECT_EQ(line_of(sold({.quantity = "0.654499"})).qty_milli, 654);
}

struct UnitCase {
    const char* code;
    const char* unit;
};

TEST(PoslogUnits, AreOfTheListOrEach) {
    for (const auto& [code, unit] :
         {UnitCase{"KGM", "kg"}, UnitCase{"KG", "kg"}, UnitCase{"kg", "kg"}, UnitCase{"GRM", "g"},
          UnitCase{"LTR", "l"}, UnitCase{"MTR", "m"}, UnitCase{"LBR", "lb"}, UnitCase{"LB", "lb"},
          UnitCase{"lb", "lb"}, UnitCase{"EA", "ea"}, UnitCase{"furlong", "ea"},
          UnitCase{"", "ea"}}) {
        const std::string quantity =
            "<Quantity UnitOfMeasureCode=\"" + std::string{code} + "\">1</Quantity>";
        EXPECT_EQ(bare("<ExtendedAmount>1.00</ExtendedAmount>" + quantity).unit, unit) << code;
    }
}

TEST(PoslogUnits, AreKilogramsOfAWeightItemWithoutACode) {
    for (const char* name : {"weightItem", "acs:weightItem"}) {
        const auto line = bare("<ExtendedAmount>5.84</ExtendedAmount><Quantity>0.65</Quantity>",
                               " " + std::string{name} + "=\"true\"");
        EXPECT_EQ(line.unit, "kg") << name;
        EXPECT_EQ(line.qty_milli, 650) << name;
    }
}

std::string identity(const std::string& type, const std::string& code) {
    const std::string attribute = type.empty() ? "" : " POSIDType=\"" + type + "\"";
    return "<POSIdentity" + attribute + "><POSItemID>" + code + "</POSItemID></POSIdentity>" +
           "<ExtendedAmount>1.00</ExtendedAmount>";
}

TEST(PoslogCodes, AreArticleNumbersWhereTheirTypeSaysSo) {
    for (const char* type : {"GTIN", "EAN", "UPC", "UPCA", "EAN13"}) {
        const auto line = bare(identity(type, "4006381333931"));
        EXPECT_EQ(line.gtin, "4006381333931") << type;
        EXPECT_EQ(line.sku, "") << type;
    }
}

TEST(PoslogCodes, AreTheShopsOwnWhereTheirTypeSaysSomethingElse) {
    const auto line = bare(identity("PLU", "4006381333931"));
    EXPECT_EQ(line.gtin, "");
    EXPECT_EQ(line.sku, "4006381333931");
}

TEST(PoslogCodes, WithoutATypeAreArticleNumbersOfEightDigitsAndMore) {
    EXPECT_EQ(bare(identity("", "96385074")).gtin, "96385074");
    EXPECT_EQ(bare(identity("", "9638507")).sku, "9638507");
    EXPECT_EQ(bare(identity("", "9638507A")).sku, "9638507A");
}

TEST(PoslogCodes, NeverReplaceTheItemId) {
    const auto line = bare("<ItemID>S9</ItemID>" + identity("PLU", "123"));
    EXPECT_EQ(line.sku, "S9");
    EXPECT_EQ(line.gtin, "");
}

TEST(PoslogTexts, AreTheFirstDescriptionThatSaysSomething) {
    EXPECT_EQ(bare("<Description> </Description><LongDescription>black tea</LongDescription>"
                   "<Description>other</Description><ExtendedAmount>1.00</ExtendedAmount>")
                  .text,
              "black tea");
}

TEST(PoslogTexts, KeepWhatStandsInCdataAndEscapes) {
    EXPECT_EQ(
        bare("<Description><![CDATA[a<b]]></Description><ExtendedAmount>1</ExtendedAmount>").text,
        "a<b");
    EXPECT_EQ(bare("<Description>salt &amp; &#x8336;</Description>"
                   "<ExtendedAmount>1</ExtendedAmount>")
                  .text,
              "salt & 茶");
}

TEST(PoslogLines, KeepTheirNumbers) {
    const Sale draft = draft_of(sold({.n = "4"}) + sold({.n = "9"}));
    EXPECT_EQ(draft.lines.at(0).n, 4);
    EXPECT_EQ(draft.lines.at(1).n, 9);
}

TEST(PoslogLines, AreNumberedByTheirPlaceWhereTheyHaveNoGoodNumber) {
    for (const char* n : {"", "x", "-1", "1000001", "99999999999999999999"}) {
        const Sale draft = draft_of(sold({.n = "1"}) + sold({.n = n}));
        EXPECT_EQ(draft.lines.at(1).n, 2) << n;
    }
}

TEST(PoslogLines, OfOtherSortsAreNoGoods) {
    const Sale draft = draft_of(line_item("<CustomerSurvey>5</CustomerSurvey>") + sold() +
                                line_item("<LoyaltyRedemption/>"));
    EXPECT_EQ(draft.lines.size(), 1U);
    EXPECT_TRUE(draft.discounts.empty());
    EXPECT_TRUE(draft.tenders.empty());
}

TEST(PoslogAmounts, RefuseAQuantityThatIsNoNumber) {
    const auto file = read(document(transaction(sold({.quantity = "two"}))));
    ASSERT_EQ(file.rejects.size(), 1U);
    EXPECT_EQ(file.rejects[0].reason, "schema");
    EXPECT_EQ(file.rejects[0].detail, "Quantity: no decimal number");
}

TEST(PoslogAmounts, TakeTheGreatestAmountAndNoneAbove) {
    EXPECT_EQ(line_of(sold({.amount = "100000000000.00"})).gross, kMoneyMax);
    const auto file = read(document(transaction(sold({.amount = "100000000000.01"}))));
    ASSERT_EQ(file.rejects.size(), 1U);
    EXPECT_EQ(file.rejects[0].reason, "limit");
}

TEST(PoslogAmounts, TellTheFirstThingThatIsWrong) {
    const auto file = read(document(
        transaction(sold({.amount = "x"}) + sold({.amount = "1", .quantity = "y"}) + total("z"))));
    EXPECT_EQ(file.rejects.at(0).detail, "ExtendedAmount: no amount of this currency");
}

TEST(PoslogAmounts, HaveAsManyDecimalsAsTheCurrency) {
    auto settings = shop();
    settings.minor_digits = 0;
    const auto yen = read_till_file(settings, document(transaction(sold({.amount = "120.00"}))));
    EXPECT_EQ(yen.sales.at(0).draft.lines.at(0).gross, fen(120));
    EXPECT_EQ(yen.sales.at(0).draft.minor_digits, 0);
    settings.minor_digits = 3;
    const auto dinar = read_till_file(settings, document(transaction(sold({.amount = "1.234"}))));
    EXPECT_EQ(dinar.sales.at(0).draft.lines.at(0).gross, fen(1234));
}

}  // namespace
}  // namespace aisle::pos
