#include <gtest/gtest.h>

#include "poslog_samples.hpp"

namespace aisle::pos {
namespace {

std::string modifier(const std::string& amount, const std::string& action = {},
                     const std::string& name = "RetailPriceModifier") {
    const std::string attribute = action.empty() ? "" : " Action=\"" + action + "\"";
    return "<" + name + "><Amount" + attribute + ">" + amount + "</Amount></" + name + ">";
}

std::string reward(const std::string& amount, const std::string& attributes = {},
                   const std::string& category = "Monetary") {
    return "<LoyaltyReward" + attributes + "><PromotionID>R1</PromotionID><RewardCategory>" +
           category + "</RewardCategory><Amount>" + amount + "</Amount></LoyaltyReward>";
}
constexpr const char* kDetailed = " detailedData=\"true\"";

void expect_line(const Sale& sale, std::int64_t gross, std::int64_t discount) {
    ASSERT_FALSE(sale.lines.empty());
    EXPECT_EQ(sale.lines[0].gross, fen(gross));
    EXPECT_EQ(sale.lines[0].discount, fen(discount));
    EXPECT_EQ(sale.lines[0].net, fen(gross - discount));
    EXPECT_EQ(sale.reconciled.off, Money{});
}

struct ModifierCase {
    const char* amount;
    const char* action;
};

TEST(PoslogModifiers, TakeOffHoweverTheirSignIsWritten) {
    for (const auto& [amount, action] :
         {ModifierCase{"1.00", "Subtract"}, ModifierCase{"-1.00", "Subtract"},
          ModifierCase{"1.00", ""}, ModifierCase{"-1.00", ""}}) {
        expect_line(
            only_sale(sold({.amount = "9.00", .inside = modifier(amount, action)}) + total("9.00")),
            1000, 100);
    }
}

TEST(PoslogModifiers, ThatAddArePartOfThePrice) {
    expect_line(
        only_sale(sold({.amount = "11.00", .inside = modifier("1.00", "Add")}) + total("11.00")),
        1100, 0);
}

TEST(PoslogModifiers, ThatAddAndTakeOffAreAPriceAndADiscount) {
    const Sale sale = only_sale(
        sold({.amount = "10.50",
              .inside = "<RetailPriceModifier><Amount Action=\"Add\">1.00</Amount><ReasonCode>cup"
                        "</ReasonCode></RetailPriceModifier>" +
                        modifier("0.50", "Subtract")}) +
        total("10.50"));
    expect_line(sale, 1100, 50);
    EXPECT_EQ(sale.discounts.size(), 1U);
}

TEST(PoslogModifiers, OfALineWithoutANumberStayItsOwn) {
    const Sale sale =
        only_sale(sold({.n = "1", .amount = "5.00"}) +
                  sold({.n = "", .amount = "9.00", .inside = modifier("1.00")}) + total("14.00"));
    ASSERT_EQ(sale.discounts.size(), 1U);
    EXPECT_EQ(sale.discounts[0].line, 2);
    EXPECT_EQ(sale.lines.at(0).discount, Money{});
}

TEST(PoslogModifiers, OfOneLineAddUp) {
    expect_line(only_sale(sold({.amount = "7.00",
                                .inside = modifier("1.00") + modifier("2.00", "", "Discount")}) +
                          total("7.00")),
                1000, 300);
}

TEST(PoslogModifiers, OfAReturnAreNegative) {
    expect_line(
        only_sale(item("Return", {.amount = "9.00", .inside = modifier("1.00")}) + total("-9.00")),
        -1000, -100);
}

TEST(PoslogModifiers, AreOneEntryForEachPromotion) {
    const std::string same =
        "<RetailPriceModifier><Amount>1.00</Amount><PromotionID>P</PromotionID>"
        "</RetailPriceModifier>";
    const std::string other =
        "<RetailPriceModifier><Amount>0.50</Amount><ReasonCode>Q</ReasonCode>"
        "</RetailPriceModifier>";
    const Sale sale =
        only_sale(sold({.amount = "7.50", .inside = same + other + same}) + total("7.50"));
    ASSERT_EQ(sale.discounts.size(), 2U);
    EXPECT_EQ(sale.discounts[0].offer, "P");
    EXPECT_EQ(sale.discounts[0].amount, fen(200));
    EXPECT_EQ(sale.discounts[1].offer, "Q");
    EXPECT_EQ(sale.discounts[1].amount, fen(50));
}

TEST(PoslogModifiers, AreReadFromTheFirstAmountThatIsTold) {
    for (const char* name :
         {"ExtendedRewardAmount", "ExtendedDiscountAmount", "Amount", "ExtendedAmount"}) {
        const std::string inside =
            "<RetailPriceModifier>" + element(name, "1.00") + "</RetailPriceModifier>";
        const Sale sale = only_sale(sold({.amount = "9.00", .inside = inside}) + total("9.00"));
        EXPECT_EQ(sale.lines.at(0).discount, fen(100)) << name;
    }
}

TEST(PoslogModifiers, OfSeveralLinesMayAllStandAfterTheGross) {
    const Sale sale =
        only_sale(sold({.n = "1", .amount = "10.00", .inside = modifier("1.00")}) +
                  sold({.n = "2", .amount = "20.00", .inside = modifier("2.00")}) + total("27.00"));
    EXPECT_EQ(sale.lines.at(0).gross, fen(1000));
    EXPECT_EQ(sale.lines.at(1).net, fen(1800));
    EXPECT_EQ(sale.reconciled.off, Money{});
}

TEST(PoslogModifiers, StayOffTheExtendedAmountWhereNoReadingAddsUp) {
    const Sale sale =
        only_sale(sold({.amount = "10.00", .inside = modifier("1.00")}) + total("55.55"));
    EXPECT_EQ(sale.lines.at(0).net, fen(1000));
    EXPECT_FALSE(sale.reconciled.lines);
}

TEST(PoslogDiscountLines, ComeOffTheLineTheyLinkTo) {
    const Sale sale =
        only_sale(sold({.n = "1", .amount = "10.00"}) + sold({.n = "2", .amount = "20.00"}) +
                  line_item("<Discount><Amount>3.00</Amount><ItemLink>2</ItemLink></Discount>") +
                  total("27.00"));
    EXPECT_EQ(sale.lines.at(0).discount, Money{});
    EXPECT_EQ(sale.lines.at(1).discount, fen(300));
    EXPECT_EQ(sale.discounts.at(0).line, 2);
    EXPECT_EQ(sale.reconciled.off, Money{});
}

TEST(PoslogDiscountLines, LinkedToNoLineAreOfTheWholeSale) {
    const Sale sale =
        only_sale(sold({.amount = "10.00"}) +
                  line_item("<Discount><Amount>3.00</Amount><ItemLink>9</ItemLink></Discount>") +
                  total("7.00"));
    EXPECT_EQ(sale.discounts.at(0).line, 0);
    EXPECT_EQ(sale.lines.at(0).discount, fen(300));
}

TEST(PoslogDiscountLines, AreNotTakenTwiceWhereTheLineHasItsModifier) {
    const Sale sale =
        only_sale(sold({.amount = "9.00", .inside = modifier("1.00")}) +
                  line_item("<Discount><Amount>1.00</Amount><ItemLink>1</ItemLink></Discount>") +
                  total("9.00"));
    EXPECT_EQ(sale.lines.at(0).discount, fen(100));
    EXPECT_EQ(sale.reconciled.off, Money{});
}

TEST(PoslogDiscountLines, OfAReturnFollowTheGoods) {
    const Sale sale =
        only_sale(item("Return", {.amount = "10.00"}) +
                  line_item("<Discount><Amount>1.00</Amount><ItemLink>1</ItemLink></Discount>") +
                  total("-9.00"));
    EXPECT_EQ(sale.lines.at(0).discount, fen(-100));
    EXPECT_EQ(sale.lines.at(0).net, fen(-900));
    EXPECT_EQ(sale.discounts.at(0).amount, fen(-100));
}

struct KindCase {
    const char* element;
    const char* kind;
};

TEST(PoslogDiscountLines, AreToldApartByTheirKind) {
    for (const auto& [name, kind] :
         {KindCase{"Discount", "amount"}, KindCase{"Coupon", "coupon"},
          KindCase{"Rebate", "amount"}, KindCase{"LoyaltyReward", "loyalty"}}) {
        const Sale sale =
            only_sale(sold({.amount = "10.00"}) +
                      line_item("<" + std::string{name} +
                                "><Amount>1.00</Amount><CouponID>C7</CouponID></" + name + ">") +
                      total("9.00"));
        ASSERT_EQ(sale.discounts.size(), 1U) << name;
        EXPECT_EQ(sale.discounts[0].kind, kind);
        EXPECT_EQ(sale.discounts[0].offer, "C7");
    }
}

TEST(PoslogDiscountLines, ThatCancelOutLeaveNoEntry) {
    const std::string off = "<Discount><Amount>-1.00</Amount></Discount>";
    const std::string back = "<Discount><Amount>1.00</Amount></Discount>";
    const Sale sale = only_sale(
        sold({.amount = "10.00"}) + line_item(off) + line_item(back) + total("10.00"), "ncr");
    EXPECT_TRUE(sale.discounts.empty());
    EXPECT_EQ(sale.lines.at(0).discount, Money{});
}

TEST(PoslogRewards, InGenericCountHoweverTheyAreTold) {
    const Sale sale = only_sale(sold({.amount = "10.00"}) +
                                line_item(reward("1.00", "", "CustomOffer")) + total("9.00"));
    EXPECT_EQ(sale.lines.at(0).discount, fen(100));
}

struct RewardCase {
    const char* attributes;
    const char* category;
    bool counts;
};

TEST(PoslogRewards, InNcrCountOnlyDetailedMoney) {
    for (const auto& [attributes, category, counts] :
         {RewardCase{kDetailed, "Monetary", true}, RewardCase{"", "Monetary", false},
          RewardCase{kDetailed, "CustomOffer", false},
          RewardCase{" summarizedActivity=\"true\"", "Monetary", false},
          RewardCase{" detailedData=\"false\"", "Monetary", false}}) {
        const Sale sale =
            only_sale(sold({.amount = "10.00"}) + line_item(reward("-1.00", attributes, category)) +
                          total(counts ? "9.00" : "10.00"),
                      "ncr");
        EXPECT_EQ(sale.discounts.size(), counts ? 1U : 0U) << attributes << category;
        EXPECT_EQ(sale.reconciled.off, Money{}) << attributes << category;
    }
}

TEST(PoslogRewards, InNcrAreDetailedByAnElementToo) {
    const Sale sale = only_sale(
        sold({.amount = "10.00"}) +
            line_item("<LoyaltyReward><detailedData>true</detailedData><RewardCategory>Monetary"
                      "</RewardCategory><Amount>-1.00</Amount></LoyaltyReward>") +
            total("9.00"),
        "ncr");
    EXPECT_EQ(sale.lines.at(0).discount, fen(100));
}

TEST(PoslogRewards, InNcrThatWereTakenBackArePositive) {
    const Sale sale = only_sale(sold({.amount = "10.00"}) + line_item(reward("-1.00", kDetailed)) +
                                    line_item(reward("1.00", kDetailed)) +
                                    line_item(reward("-0.40", kDetailed)) + total("9.60"),
                                "ncr");
    ASSERT_EQ(sale.discounts.size(), 1U);
    EXPECT_EQ(sale.discounts[0].amount, fen(40));
    EXPECT_EQ(sale.reconciled.off, Money{});
}

TEST(PoslogRewards, InsideAnItemAreItsModifiers) {
    const Sale sale = only_sale(
        sold({.amount = "9.00", .inside = reward("-1.00", kDetailed)}) + total("9.00"), "ncr");
    EXPECT_EQ(sale.lines.at(0).gross, fen(1000));
    EXPECT_EQ(sale.discounts.at(0).kind, "loyalty");
    EXPECT_EQ(sale.discounts.at(0).offer, "R1");
}

TEST(PoslogRewards, InsideAnItemThatDoNotCountLeaveItAlone) {
    const Sale sale = only_sale(
        sold({.amount = "9.00", .inside = reward("-50", kDetailed, "Points")}) + total("9.00"),
        "ncr");
    EXPECT_EQ(sale.lines.at(0).gross, fen(900));
    EXPECT_TRUE(sale.discounts.empty());
}

TEST(PoslogRewards, OverTheWholeSaleAreSplitOverItsLines) {
    const Sale sale =
        only_sale(sold({.n = "1", .amount = "10.00"}) + sold({.n = "2", .amount = "20.00"}) +
                      sold({.n = "3", .amount = "30.00"}) + line_item(reward("-0.10", kDetailed)) +
                      total("59.90"),
                  "ncr");
    Money sum;
    for (const auto& line : sale.lines) sum += line.discount;
    EXPECT_EQ(sum, fen(10));
    EXPECT_EQ(sale.lines.at(2).discount, fen(5));
}

TEST(PoslogDiscounts, RefuseAnAmountThatIsNoNumber) {
    for (const std::string& retail :
         {sold({.inside = modifier("ten")}),
          sold() + line_item("<Discount><Amount>ten</Amount></Discount>"),
          sold() + line_item("<LoyaltyReward><Amount>ten</Amount></LoyaltyReward>")}) {
        const auto file = read(document(transaction(retail)));
        ASSERT_EQ(file.rejects.size(), 1U) << retail;
        EXPECT_EQ(file.rejects[0].reason, "schema");
    }
}

}  // namespace
}  // namespace aisle::pos
