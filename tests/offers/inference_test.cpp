#include "sales.hpp"

// Redemptions that nobody has told us of.
namespace aisle::offers {
namespace {

using kit::at;

const std::string kOneOff = R"({"type": "pct_off", "bp": 500, "max": 5000})";

struct Told : Shop {
    explicit Told(const std::string& action = kTenOffHundred, const std::string& parts = "")
        : Shop{{campaign("c", kSeen, action, parts)}}, offer{seen(at())} {}
    std::size_t redeemed_by(const Sale& sale) {
        return sell(sale, at(seconds{61})).redemptions.size();
    }
    Offer offer;
};

TEST(Amounts, MayBeOffByTheToleranceAndNotByAFenMore) {
    for (const std::int64_t off : {900, 1'000, 1'100})
        EXPECT_EQ(Told{}.redeemed_by(of_ada(discounted(200'00, off))), 1U) << off;
    for (const std::int64_t off : {899, 1'101, 1})
        EXPECT_EQ(Told{}.redeemed_by(of_ada(discounted(200'00, off))), 0U) << off;
}

TEST(Amounts, AreThoseThatTheCustomerReallyGot) {
    Told shop;
    const Effects effects = shop.sell(of_ada(discounted(200'00, 9'50)), at(seconds{61}));
    ASSERT_EQ(effects.redemptions.size(), 1U);
    EXPECT_EQ(effects.redemptions.front().amount, Money::minor(9'50));
}

TEST(Amounts, AreWhatThisReceiptWouldHaveGot) {
    // 5 % of 80.00 is 4.00, whatever the most was that the offer promised.
    EXPECT_EQ(Told{kOneOff}.redeemed_by(of_ada(discounted(80'00, 4'00))), 1U);
    EXPECT_EQ(Told{kOneOff}.redeemed_by(of_ada(discounted(80'00, 8'00))), 0U);
}

TEST(Amounts, OfSeveralDiscountsFitOneByOneOrTogether) {
    Sale sale = of_ada(discounted(200'00, 3'00));
    sale.discounts.push_back(
        {.line = 0, .offer = "", .kind = "amount", .amount = Money::minor(10'00)});
    EXPECT_EQ(Told{}.redeemed_by(sale), 1U);
    sale.discounts.back().amount = Money::minor(7'00);
    EXPECT_EQ(Told{}.redeemed_by(sale), 1U);
    sale.discounts.back().amount = Money::minor(4'00);
    sale.discounts.front().amount = Money::minor(2'00);
    EXPECT_EQ(Told{}.redeemed_by(sale), 0U);
}

TEST(Amounts, OfLinesCountWhereNoDiscountIsListed) {
    Sale sale = of_ada(discounted(200'00, 10'00));
    sale.discounts.clear();
    EXPECT_EQ(Told{}.redeemed_by(sale), 1U);
}

TEST(Amounts, OfVoidedLinesDoNotCount) {
    Sale sale = of_ada(discounted(200'00, 0));
    sale.discounts.clear();
    sale.lines.push_back({.n = 2,
                          .sku = "SKU2",
                          .gross = Money::minor(20'00),
                          .discount = Money::minor(10'00),
                          .net = Money::minor(10'00),
                          .voided = true});
    EXPECT_EQ(Told{}.redeemed_by(sale), 0U);
}

TEST(Amounts, ThatNameATillsPromotionProveNothing) {
    Sale sale = of_ada(naming("TILL-7", 10'00));
    EXPECT_EQ(Told{}.redeemed_by(sale), 0U);
}

TEST(Lines, ThatWereVoidedEarnNoTier) {
    Sale sale = of_ada(discounted(100'00, 10'00));
    sale.lines.front().voided = true;
    sale.lines.push_back({.n = 2, .sku = "SKU2", .gross = Money::minor(90'00), .net = {}});
    EXPECT_EQ(Told{}.redeemed_by(sale), 0U);
}

TEST(Lines, KnowTheirCategoryFromTheProducts) {
    const std::string tea =
        R"({"type": "pct_off", "scope": {"cat": ["tea"]}, "bp": 500, "max": 5000})";
    Told without{tea};
    EXPECT_EQ(without.redeemed_by(of_ada(discounted(200'00, 10'00))), 0U);
    Told with{tea};
    with.around.products["SKU1"] = {.sku = "SKU1", .gtin = {}, .category = "tea", .brand = {}};
    EXPECT_EQ(with.redeemed_by(of_ada(discounted(200'00, 10'00))), 1U);
}

TEST(Times, BeginWithTheOfferAndEndWithTheSlack) {
    const auto sold_at = [](milliseconds when) {
        Told shop;
        Sale sale = of_ada(discounted(200'00, 10'00));
        sale.ended_at = at(when).wall;
        return shop.redeemed_by(sale);
    };
    EXPECT_EQ(sold_at(milliseconds{-1}), 0U);
    EXPECT_EQ(sold_at(milliseconds{0}), 1U);
    EXPECT_EQ(sold_at(seconds{1'500} - milliseconds{1}), 1U);
    EXPECT_EQ(sold_at(seconds{1'500}), 0U);
}

TEST(Members, WhoWereSeenGoBeforeAnonymousOffers) {
    Shop shop{
        {campaign("a", dwell("Z1", 1), kTenOffHundred), campaign("b", kSeen, kTenOffHundred)}};
    shop.commit(shop.engine->visit(visit_of("14", "Z1", at()), at()));
    const Offer anonymous = shop.tick(at(seconds{1})).offers.front();
    shop.act(anonymous.id, OfferAction::Accept, "li", at(seconds{1}));
    shop.seen(at(seconds{2}));
    const Effects effects = shop.sell(of_ada(discounted(200'00, 10'00)), at(seconds{61}));
    ASSERT_EQ(effects.redemptions.size(), 1U);
    EXPECT_EQ(effects.redemptions.front().campaign, CampaignId{"b"});
}

TEST(Members, OfAnAnonymousOfferAreNobodyUntilStaffHaveTakenItUp) {
    Shop shop{{campaign("a", dwell("Z1", 1), kTenOffHundred)}};
    shop.commit(shop.engine->visit(visit_of("14", "Z1", at()), at()));
    const Offer offer = shop.tick(at(seconds{1})).offers.front();
    EXPECT_TRUE(shop.sell(discounted(200'00, 10'00), at(seconds{61})).redemptions.empty());
    shop.act(offer.id, OfferAction::Accept, "li", at(seconds{62}));
    EXPECT_EQ(shop.sell(discounted(200'00, 10'00, 2), at(seconds{63})).redemptions.size(), 1U);
}

TEST(Ghosts, AreNeverInferred) {
    Told shop{kTenOffHundred, R"("experiment": {"holdout": 1.0})"};
    EXPECT_TRUE(shop.offer.ghost);
    EXPECT_EQ(shop.redeemed_by(of_ada(discounted(200'00, 10'00))), 0U);
}

TEST(Baskets, AreNeverInferred) {
    Shop shop{{campaign("c", kBasket, kTenOffHundred)}};
    Basket basket = basket_of({200'00});
    basket.member = kAda;
    shop.ask(basket, at());
    EXPECT_TRUE(shop.sell(of_ada(discounted(200'00, 10'00)), at(seconds{61})).redemptions.empty());
}

TEST(Gifts, AreSeenOnlyWhereTheLineCostNothing) {
    const std::string mug = R"({"type": "gift", "sku": "MUG", "worth": 700})";
    const auto with_mug = [](std::int64_t paid) {
        Sale sale = of_ada(discounted(50'00, 0));
        sale.discounts.front().amount = Money::minor(7'00 - paid);
        sale.lines.push_back({.n = 2,
                              .sku = "MUG",
                              .gross = Money::minor(7'00),
                              .discount = Money::minor(7'00 - paid),
                              .net = Money::minor(paid)});
        return sale;
    };
    EXPECT_EQ(Told{mug}.redeemed_by(with_mug(0)), 1U);
    EXPECT_EQ(Told{mug}.redeemed_by(with_mug(1)), 0U);
}

TEST(Campaigns, ThatAreGoneInferNothing) {
    Told shop;
    shop.engine->load(set_of({campaign("d", kSeen, kTenOffHundred)}));
    EXPECT_EQ(shop.redeemed_by(of_ada(discounted(200'00, 10'00))), 0U);
}

TEST(Exchanges, ArePaidSalesToo) {
    Sale sale = of_ada(discounted(200'00, 10'00));
    sale.type = SaleType::Exchange;
    EXPECT_EQ(Told{}.redeemed_by(sale), 1U);
}

}  // namespace
}  // namespace aisle::offers
