#include <set>

#include "agent/offers/pricing.hpp"
#include "agent/offers/returns.hpp"
#include "judging.hpp"
#include "sales.hpp"

// What users of other systems reported (reference: offers.md section 4), a test for each symptom.
// The numbers behind the names are those of the reports. Figures are worked out by hand.
namespace aisle::offers {
namespace {

Money fen(std::int64_t amount) { return Money::minor(amount); }

BasketLine line(int n, const std::string& sku, std::int64_t pieces, std::int64_t gross,
                const std::string& category = {}) {
    return {.n = n,
            .sku = sku,
            .category = category,
            .brand = {},
            .qty_milli = pieces * 1'000,
            .gross = fen(gross)};
}

Basket basket_with(std::vector<BasketLine> lines) {
    return {.key = "b1", .till = TillId{"2"}, .member = {}, .lines = std::move(lines)};
}

std::string action_of_type(const std::string& type, const std::string& rest = {}) {
    return R"({"type": ")" + type + '"' + (rest.empty() ? "" : ", " + rest) + "}";
}

std::string at_level(const std::string& id, const std::string& group, const std::string& action,
                     const std::string& more = {}) {
    return campaign(id, kBasket, action,
                    R"("stack": {"group": ")" + group + R"(", "max_per_order": 9)" + more + "}");
}

// What is left to pay of each line, in the order of the basket.
std::vector<std::int64_t> left_of(const Basket& basket, const Decided& decided) {
    Bill bill{basket.lines};
    for (const Win& win : decided.wins) bill.take(win.price);
    std::vector<std::int64_t> left;
    for (const Money amount : bill.left) left.push_back(amount.minor());
    return left;
}
using Left = std::vector<std::int64_t>;

// --- Order of stacking loses discount

TEST(ReportedStacking, Sylius13371ThirtyOffIsThirtyOffBesideAnItemDiscount) {
    // 100.00 with 10 % off its item and 30.00 off the order: 10.00 + 30.00, and not 25.00.
    const Decided decided =
        decide_basket({at_level("item", "item", action_of_type("pct_off", R"("bp": 1000)")),
                       at_level("order", "order", action_of_type("fixed_off", R"("off": 3000)"))},
                      basket_with({line(1, "A", 1, 10'000)}));
    EXPECT_EQ(saved(decided), fen(1'000 + 3'000));
}

TEST(ReportedStacking, Odoo63106TheTotalIsNeverNegative) {
    const Basket basket = basket_with({line(1, "A", 1, 2'000), line(2, "B", 1, 500)});
    const Decided decided =
        decide_basket({at_level("a", "order", action_of_type("fixed_off", R"("off": 2000)")),
                       at_level("b", "order", action_of_type("fixed_off", R"("off": 2000)")),
                       at_level("c", "order", action_of_type("fixed_off", R"("off": 2000)"))},
                      basket);
    EXPECT_EQ(left_of(basket, decided), (Left{0, 0}));
    EXPECT_EQ(saved(decided), fen(2'500));
    EXPECT_EQ(reasons(decided), (Reasons{"chosen", "chosen", "nothing_left"}));
}

TEST(ReportedStacking, Medusa15532And14899NoLineIsNegativeSoThatNoTaxBaseIs) {
    const Basket basket = basket_with({line(1, "A", 1, 300), line(2, "B", 1, 9'700)});
    const Decided decided = decide_basket(
        {at_level("a", "item",
                  action_of_type("fixed_off", R"("off": 500, "scope": {"sku": ["A"]})")),
         at_level("b", "order", action_of_type("fixed_off", R"("off": 5000)"))},
        basket);
    EXPECT_EQ(left_of(basket, decided), (Left{0, 4'700}));
}

TEST(ReportedStacking, WhatALineThatIsFreeCannotTakeMovesOnToTheOthers) {
    // Tmall: a part of the order that has reached nothing passes the rest on. 50.00 off 40.00, of
    // which 30.00 are free already, leaves nothing; 8.00 off goes to the only line with a price.
    const Basket basket = basket_with({line(1, "A", 1, 3'000), line(2, "B", 1, 1'000)});
    const Decided decided = decide_basket(
        {at_level("a", "item",
                  action_of_type("pct_off", R"("bp": 10000, "scope": {"sku": ["A"]})")),
         at_level("b", "order", action_of_type("fixed_off", R"("off": 800)"))},
        basket);
    EXPECT_EQ(left_of(basket, decided), (Left{0, 200}));
    EXPECT_EQ(saved(decided), fen(3'800));
}

TEST(ReportedStacking, TheOrderOfLinesAndOfFilesMakesNoDifference) {
    const std::vector<std::string> there{
        at_level("a", "item", action_of_type("pct_off", R"("bp": 3333)")),
        at_level("b", "order", action_of_type("spend_tiers", R"("tiers": [[100, 33]])")),
        at_level("c", "order", action_of_type("fixed_off", R"("off": 7)"))};
    const std::vector<std::string> back{there.rbegin(), there.rend()};
    Basket basket = basket_with({line(1, "A", 1, 101), line(2, "B", 1, 99), line(3, "C", 3, 50)});
    const Left first = left_of(basket, decide_basket(there, basket));
    EXPECT_EQ(left_of(basket, decide_basket(back, basket)), first);
    std::ranges::reverse(basket.lines);
    const Left turned = left_of(basket, decide_basket(there, basket));
    EXPECT_EQ((Left{turned.rbegin(), turned.rend()}), first);
}

TEST(ReportedStacking, KommerceCore29AndCubecart1997TheOrderSeesWhatItemsHaveLeft) {
    // 20.00 less half is 10.00: the tier at 15.00 is not reached any more.
    const Decided decided = decide_basket(
        {at_level("i", "item", action_of_type("pct_off", R"("bp": 5000)")),
         at_level("o", "order", action_of_type("spend_tiers", R"("tiers": [[1500, 300]])"))},
        basket_with({line(1, "A", 1, 2'000)}));
    EXPECT_EQ(saved(decided), fen(1'000));
    EXPECT_EQ(reasons(decided), (Reasons{"chosen", "below_first_tier"}));
}

// --- One-cent rounding

TEST(ReportedRounding, Odoo271032AHundredPercentLeavesNothing) {
    const Basket basket =
        basket_with({line(1, "A", 3, 999), line(2, "B", 1, 1), line(3, "C", 7, 3'331)});
    const Decided decided = decide_basket(
        {campaign("c", kBasket, action_of_type("pct_off", R"("bp": 10000)"))}, basket);
    EXPECT_EQ(left_of(basket, decided), (Left{0, 0, 0}));
}

TEST(ReportedRounding, Odoo240289TenAreTenAndNotNinePointOhNine) {
    // 10.00 off a price that includes 10 % of tax is 10.00, not 10.00 / 1.1.
    const Decided decided =
        decide_basket({campaign("c", kBasket, action_of_type("fixed_off", R"("off": 1000)"))},
                      basket_with({line(1, "A", 1, 5'500)}));
    EXPECT_EQ(saved(decided), fen(1'000));
}

TEST(ReportedRounding, Odoo156897And237624SharesComeToTheDiscountToTheCent) {
    // 10.00 over three lines of 9.99: 3.34 + 3.33 + 3.33.
    const Basket basket =
        basket_with({line(1, "A", 1, 999), line(2, "B", 1, 999), line(3, "C", 1, 999)});
    const Decided decided = decide_basket(
        {campaign("c", kBasket, action_of_type("fixed_off", R"("off": 1000)"))}, basket);
    EXPECT_EQ(left_of(basket, decided), (Left{665, 666, 666}));
}

TEST(ReportedRounding, Umbraco744AndDust15APercentageIsOfTheSumAndNotOfEachLine) {
    // 15 % of 3 x 0.33 is 0.1485: 0.15, where line by line 0.05 three times is the same but of
    // 3 x 0.37 is 0.1665: 0.17, and line by line 0.06 three times would be 0.18.
    const auto fifteen = action_of_type("pct_off", R"("bp": 1500)");
    EXPECT_EQ(price_of(fifteen, basket_of({33, 33, 33})), fen(15));
    EXPECT_EQ(price_of(fifteen, basket_of({37, 37, 37})), fen(17));
}

// --- Buy X get Y quantity

TEST(ReportedQuantity, Shopware8329SixThousandPiecesAreCountedAndNotExpanded) {
    // Every second at half price, 6,000 pieces of 1.50: 3,000 halves of 1.50.
    const auto half = action_of_type("nth_item_pct", R"("n": 2, "bp": 5000)");
    EXPECT_EQ(price_of(half, basket_with({line(1, "A", 6'000, 900'000)})), fen(225'000));
    // A thousand million pieces take no longer.
    EXPECT_EQ(price_of(half, basket_with({line(1, "A", 1'000'000'000, 1'000'000'000'000)})),
              fen(250'000'000'000));
}

TEST(ReportedQuantity, Odoo215780ThreeOfBuyTwoGetOneAreOneFree) {
    const auto free_third = action_of_type("nth_item_pct", R"("n": 3, "bp": 10000)");
    for (const auto& [pieces, free] : {std::pair{2, 0}, {3, 1}, {5, 1}, {6, 2}, {7, 2}})
        EXPECT_EQ(price_of(free_third, basket_with({line(1, "A", pieces, pieces * 250)})),
                  fen(free * 250))
            << pieces;
}

TEST(ReportedQuantity, Odoo212107ThePiecesMayStandOnLinesOfTheirOwn) {
    const auto free_third = action_of_type("nth_item_pct", R"("n": 3, "bp": 10000)");
    const Basket apart = basket_with({line(1, "A", 1, 250), line(2, "A", 2, 500)});
    EXPECT_EQ(price_of(free_third, apart), fen(250));
}

TEST(ReportedQuantity, TheCheapestAreReducedSoThatNobodyPaysLessForMore) {
    const auto half = action_of_type("nth_item_pct", R"("n": 2, "bp": 5000)");
    // Four pieces, two reduced: the two of 1.00.
    EXPECT_EQ(price_of(half, basket_with({line(1, "A", 2, 2'000), line(2, "B", 2, 200)})),
              fen(100));
}

// --- Time zone and last day (the whole suite: windows_test.cpp)

TEST(ReportedTimeZone, EasyDigitalDownloads7492TheLastDayEndsAtTheStoresMidnight) {
    const auto set = set_of({campaign("c", kBasket, kTenPercent,
                                      R"("window": {"from": "2026-06-01", "to": "2026-06-18"})")});
    const Window& window = set->all().front().window;
    // Shanghai is eight hours east: its 19th of June begins at 16:00 UTC of the 18th.
    const auto at = [&](const char* utc) {
        const WallTime now = *parse_rfc3339(utc);
        return window.has(now, window.zone->local(now));
    };
    EXPECT_TRUE(at("2026-06-18T15:59:59.999Z"));
    EXPECT_FALSE(at("2026-06-18T16:00:00.000Z"));
    EXPECT_FALSE(at("2026-05-31T15:59:59.999Z"));
    EXPECT_TRUE(at("2026-05-31T16:00:00.000Z"));
}

TEST(ReportedTimeZone, Ubersystem3452LoadingAgainMovesNothing) {
    const auto text = campaign("c", kBasket, kTenPercent, R"("window": {"to": "2026-06-18"})");
    EXPECT_EQ(set_of({text})->all().front().window.to, set_of({text})->all().front().window.to);
    EXPECT_EQ(set_of({text})->digest(), set_of({text})->digest());
}

// --- Usage race and resends

TEST(ReportedRace, Saleor544AndVendure4660TwoTillsShareTheLastOne) {
    Shop shop{{campaign("c", kBasket, kTenOffHundred, R"("limits": {"redemptions": 1})")}};
    EXPECT_EQ(shop.ask(basket_of({10'000}, "b1"), kit::at()).answer.saved, fen(1'000));
    EXPECT_EQ(shop.ask(basket_of({10'000}, "b2"), kit::at()).answer.saved, Money{});
    // The first one leaves without paying.
    shop.commit(shop.engine->cancel_basket("b1", kit::at()));
    EXPECT_EQ(shop.ask(basket_of({10'000}, "b2"), kit::at()).answer.saved, fen(1'000));
}

TEST(ReportedResend, OcaPos185PointsAreKeyedByTheirOfferSoThatASecondSendingIsTheSame) {
    const auto points = action_of_type("points_multiplier", R"("bp": 20000, "per": 100)");
    Shop shop{{campaign("c", kBasket, points)}};
    Basket basket = basket_of({5'000}, "b1");
    basket.member = kAda;
    shop.ask(basket, kit::at());
    Sale sale = of_ada(kit::sale_of(5'000));
    sale.vendor_id = "b1";
    const Effects first = shop.sell(sale, kit::at());
    ASSERT_EQ(first.points.size(), 1U);
    EXPECT_EQ(first.points.front().points, 50);
    // The till did not hear the answer and sends the sale once more.
    EXPECT_TRUE(shop.sell(sale, kit::at(), &sale).points.empty());
    EXPECT_TRUE(shop.sell(sale, kit::at(seconds{5})).points.empty());
}

// --- Why (not) applied

TEST(ReportedWhy, Sylius11495EveryCandidateHasOneReason) {
    const Decided decided = decide_basket(
        {campaign("a", kBasket, kTenOffHundred), campaign("b", kBasket, kTenPercent),
         campaign("c", kBasket, kTenPercent, R"("when": {"cust.tier": "gold"})"),
         campaign("d", kBasket, R"({"type": "pct_off", "bp": 1, "scope": {"sku": ["X"]}})")},
        basket_of({500}));
    EXPECT_EQ(reasons(decided),
              (Reasons{"below_first_tier", "chosen", "condition_unknown", "scope_empty"}));
}

TEST(ReportedWhy, Solidus3644AGiftThatIsOutOfStockSaysSo) {
    const auto mug = R"({"type": "gift", "sku": "MUG"})";
    Shop shop{{campaign("c", kBasket, mug)}};
    shop.around.shop.set("stock.MUG", std::int64_t{0});
    const auto answer = shop.ask(basket_of({500}), kit::at());
    EXPECT_TRUE(answer.answer.offers.empty());
    EXPECT_EQ(reason_of(answer.effects), "out_of_stock");
}

// --- Partial return

PaidOrder hundred_less_ten(std::vector<Money> nets, std::vector<Money> shares) {
    PaidOrder order{.sale = SaleId{"s"}, .basket = {}, .lines = {}, .offers = {}};
    int n = 0;
    for (const Money net : nets) {
        ++n;
        order.lines.push_back({.n = n,
                               .sku = "S" + std::to_string(n),
                               .category = {},
                               .brand = {},
                               .qty_milli = 1'000,
                               .net = net});
    }
    order.offers.push_back({.offer = OfferId{"o"},
                            .campaign = {},
                            .arm = {},
                            .shares = std::move(shares),
                            .gift_sku = {}});
    return order;
}

TEST(ReportedReturns, PrestaShop25687And42502ALineGivesBackWhatWasPaidForIt) {
    // 100-10 on 60.00 and 40.00: paid 54.00 and 36.00.
    const PaidOrder order = hundred_less_ten({fen(5'400), fen(3'600)}, {fen(600), fen(400)});
    const std::vector<ReturnRule> share(1);
    const std::vector<ReturnedLine> back{{.line = 2, .qty_milli = 1'000}};
    const auto refund = refund_of(order, back, share);
    EXPECT_EQ(refund->total, fen(3'600));
    EXPECT_EQ(refund->offers.front().amount, fen(400));
}

TEST(ReportedReturns, Sonata177TheMinimumOrderIsAskedAgain) {
    // The same, but what is kept (60.00) does not earn the 10.00: of the 40.00 ten stay here.
    const Action tiers = SpendTiers{
        .scope = {}, .tiers = {{.spend = fen(10'000), .save = fen(1'000)}}, .max = fen(1'000)};
    const PaidOrder order = hundred_less_ten({fen(5'400), fen(3'600)}, {fen(600), fen(400)});
    const std::vector<ReturnRule> recheck{{.action = &tiers, .policy = ReturnPolicy::Recheck}};
    const std::vector<ReturnedLine> back{{.line = 2, .qty_milli = 1'000}};
    const auto refund = refund_of(order, back, recheck);
    EXPECT_EQ(refund->total, fen(3'000));
    EXPECT_EQ(refund->offers.front().amount, fen(1'000));
}

TEST(ReportedReturns, Solidus512StepsComeToExactlyWhatWasPaid) {
    // Seven pieces for 10.00 less 0.01: whatever the steps, 9.99 come back and no more.
    PaidOrder order = hundred_less_ten({fen(999)}, {fen(1)});
    order.lines.front().qty_milli = 7'000;
    const std::vector<ReturnRule> share(1);
    const std::vector<ReturnedLine> one{{.line = 1, .qty_milli = 1'000}};
    for (int i = 0; i < 7; ++i) settle(order, one, *refund_of(order, one, share));
    EXPECT_EQ(order.refunded, fen(999));
    EXPECT_EQ(order.offers.front().taken, fen(1));
    EXPECT_FALSE(refund_of(order, one, share));
}

// --- Missing fact

TEST(ReportedMissingFact, JsonRulesEngine22UnknownIsNotFalse) {
    const auto reason = [](const char* when) {
        return reasons(
            decide_basket({campaign("c", kBasket, kTenPercent, R"("when": )" + std::string{when})},
                          basket_of({500})));
    };
    EXPECT_EQ(reason(R"({"ctx.weather": "rain"})"), Reasons{"condition_unknown"});
    EXPECT_EQ(reason(R"({"ctx.weather": {"$ne": "rain"}})"), Reasons{"condition_unknown"});
    EXPECT_EQ(reason(R"({"ctx.weather": {"$exists": false}})"), Reasons{"chosen"});
}

}  // namespace
}  // namespace aisle::offers
