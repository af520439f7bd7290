#include "agent/offers/pieces.hpp"

#include "judging.hpp"

// Actions that count pieces. Figures are worked out by hand.
namespace aisle::offers {
namespace {

Money fen(std::int64_t amount) { return Money::minor(amount); }

struct Piece {
    const char* sku;
    std::int64_t qty_milli;
    std::int64_t gross;
    const char* category = "";
};

Basket basket_with(const std::vector<Piece>& lines) {
    Basket basket{.key = "b1", .till = TillId{"2"}, .member = {}, .lines = {}};
    for (int n = 0; const Piece& one : lines)
        basket.lines.push_back({.n = ++n,
                                .sku = one.sku,
                                .category = one.category,
                                .brand = {},
                                .qty_milli = one.qty_milli,
                                .gross = fen(one.gross)});
    return basket;
}

std::string nth(const std::string& more, int n = 2, int bp = 5'000) {
    return R"({"type": "nth_item_pct", "n": )" + std::to_string(n) + R"(, "bp": )" +
           std::to_string(bp) + more + "}";
}

// Two dear ones, one in the middle, one cheap: 100, 100, 60, 10.
const std::vector<Piece> kMixed{{"A", 2'000, 200}, {"B", 1'000, 60}, {"C", 1'000, 10}};

TEST(NthItem, TakesTheCheapestAsOftenAsThereAreWholeCounts) {
    EXPECT_EQ(price_of(nth(""), basket_with(kMixed)), fen(35));     // half of 60 and 10
    EXPECT_EQ(price_of(nth("", 3), basket_with(kMixed)), fen(5));   // half of 10
    EXPECT_EQ(price_of(nth("", 5), basket_with(kMixed)), Money{});  // too few
    EXPECT_EQ(price_of(nth("", 4, 10'000), basket_with(kMixed)), fen(10));
}

TEST(NthItem, RankedTakesEachNthFromTheDearestDown) {
    // 100, 100, 60, 10: the second and the fourth.
    EXPECT_EQ(price_of(nth(R"(, "pick": "ranked")"), basket_with(kMixed)), fen(55));
    EXPECT_EQ(price_of(nth(R"(, "pick": "ranked")", 3), basket_with(kMixed)), fen(30));
}

TEST(NthItem, EachSkuIsCountedForItself) {
    EXPECT_EQ(price_of(nth(R"(, "each": "sku")"), basket_with(kMixed)), fen(50));
    // The same SKU on two lines is one count.
    EXPECT_EQ(
        price_of(nth(R"(, "each": "sku")"), basket_with({{"A", 1'000, 100}, {"A", 1'000, 80}})),
        fen(40));
}

TEST(NthItem, StopsAtItsTimesAndItsMaximum) {
    EXPECT_EQ(price_of(nth(R"(, "times": 1)"), basket_with(kMixed)), fen(5));
    EXPECT_EQ(price_of(nth(R"(, "max": 20)"), basket_with(kMixed)), fen(20));
}

TEST(NthItem, LeavesWeighedGoodsAlone) {
    EXPECT_EQ(price_of(nth(""), basket_with({{"A", 1'500, 300}, {"B", 1'000, 100}})), Money{});
    EXPECT_EQ(price_of(nth(""), basket_with({{"A", 1'500, 300}, {"B", 2'000, 100}})), fen(25));
}

TEST(NthItem, GivesItsShareToThePiecesThatAreReduced) {
    const auto set = set_of({campaign("c", kBasket, nth(""))});
    const Basket basket = basket_with(kMixed);
    const Priced made = price(set->all().front().action, Bill{basket.lines});
    ASSERT_EQ(made.price.shares.size(), 2U);
    EXPECT_EQ(made.price.shares[0].line, 2);
    EXPECT_EQ(made.price.shares[0].amount, fen(30));
    EXPECT_EQ(made.price.shares[1].amount, fen(5));
}

TEST(NthItem, OfAPriceThatDoesNotDivideRoundsAPieceDownAndAllPiecesExactly) {
    // Three for 1.00: one is 0.33 and three are 1.00.
    EXPECT_EQ(price_of(nth("", 3, 10'000), basket_with({{"A", 3'000, 100}})), fen(33));
    EXPECT_EQ(price_of(nth("", 2, 10'000), basket_with({{"A", 3'000, 100}, {"B", 3'000, 900}})),
              fen(100));
}

std::string bundle(const std::string& parts, int price, const std::string& more = "") {
    return R"({"type": "bundle_price", "price": )" + std::to_string(price) + R"(, "parts": [)" +
           parts + "]" + more + "}";
}
const std::string kTea = R"({"scope": {"cat": ["tea"]}, "n": 1})";
const std::string kCups = R"({"scope": {"sku": ["CUP"]}, "n": 2})";

TEST(Bundle, CostsItsPriceForEachWholeOne) {
    const auto set = bundle(kTea + ", " + kCups, 1'000);
    // Tea at 8.00 and two cups at 3.00: 14.00 for 10.00.
    EXPECT_EQ(price_of(set, basket_with({{"T", 1'000, 800, "tea"}, {"CUP", 2'000, 600}})),
              fen(400));
    EXPECT_EQ(price_of(set, basket_with({{"T", 2'000, 1'600, "tea"}, {"CUP", 5'000, 1'500}})),
              fen(800));
    EXPECT_EQ(price_of(set, basket_with({{"T", 2'000, 1'600, "tea"}, {"CUP", 1'000, 300}})),
              Money{});
}

TEST(Bundle, UsesTheDearestThatFit) {
    const auto set = bundle(kTea, 500);
    EXPECT_EQ(price_of(set, basket_with({{"T", 1'000, 800, "tea"}, {"U", 1'000, 900, "tea"}})),
              fen(300 + 400));
    EXPECT_EQ(price_of(bundle(kTea, 500, R"(, "times": 1)"),
                       basket_with({{"T", 1'000, 800, "tea"}, {"U", 1'000, 900, "tea"}})),
              fen(400));
}

TEST(Bundle, IsNotMadeWhereItWouldBeDearer) {
    const auto set = bundle(kTea, 500);
    EXPECT_EQ(price_of(set, basket_with({{"T", 3'000, 1'200, "tea"}})), Money{});
    // Of two dear and two cheap ones only the dear ones become bundles.
    EXPECT_EQ(price_of(set, basket_with({{"T", 2'000, 1'800, "tea"}, {"U", 2'000, 200, "tea"}})),
              fen(800));
}

TEST(Bundle, MayFillAPlaceWithWhatFitsAnother) {
    // A fits both parts, B only the second: one bundle of A and B, not two of A's.
    const auto set =
        bundle(R"({"scope": {"sku": ["A"]}, "n": 1}, {"scope": {"sku": ["A", "B"]}, "n": 1})", 100);
    EXPECT_EQ(price_of(set, basket_with({{"A", 1'000, 500}, {"B", 1'000, 300}})), fen(700));
    EXPECT_EQ(price_of(set, basket_with({{"A", 2'000, 1'000}, {"B", 2'000, 600}})), fen(1'400));
    EXPECT_EQ(price_of(set, basket_with({{"B", 4'000, 1'200}})), Money{});
}

TEST(Bundle, OfAThousandMillionPiecesIsCounted) {
    EXPECT_EQ(
        price_of(bundle(kCups, 150), basket_with({{"CUP", 1'000'000'000'000, 100'000'000'000}})),
        fen(100'000'000'000 - 500'000'000LL * 150));
}

std::string fixed(const std::string& more) {
    return R"({"type": "fixed_price", "price": 500)" + more + "}";
}

TEST(FixedPrice, IsOfEachPieceAndOfEachKilogram) {
    EXPECT_EQ(price_of(fixed(""), basket_with({{"A", 2'000, 1'600}})), fen(600));
    // 1.250 kg at 5.00 are 6.25.
    EXPECT_EQ(price_of(fixed(""), basket_with({{"A", 1'250, 1'000}})), fen(375));
}

TEST(FixedPrice, NeverMakesAnythingDearer) {
    EXPECT_EQ(price_of(fixed(""), basket_with({{"A", 1'000, 400}, {"B", 1'000, 700}})), fen(200));
}

TEST(FixedPrice, HoldsForSoManyPiecesOfAnOrderTheDearestFirst) {
    EXPECT_EQ(price_of(fixed(R"(, "pieces": 3)"),
                       basket_with({{"A", 2'000, 1'200}, {"B", 4'000, 3'200}})),
              fen(900));
    EXPECT_EQ(price_of(fixed(R"(, "pieces": 3)"), basket_with({{"A", 1'500, 1'200}})), Money{});
}

TEST(FixedPrice, MayBeNothing) {
    EXPECT_EQ(price_of(R"({"type": "fixed_price", "price": 0})", basket_with({{"A", 3'000, 999}})),
              fen(999));
}

TEST(EverySave, CountsWholeSpendsAndStopsAtItsMaximum) {
    const auto action = [](const std::string& max) {
        return R"({"type": "every_x_save_y", "every": 10000, "save": 1500)" + max + "}";
    };
    for (const auto& [spend, off] :
         {std::pair{9'999, 0}, {10'000, 1'500}, {19'999, 1'500}, {20'000, 3'000}})
        EXPECT_EQ(price_of(action(""), basket_of({spend})), fen(off)) << spend;
    EXPECT_EQ(price_of(action(R"(, "max": 4000)"), basket_of({90'000})), fen(4'000));
}

TEST(FixedOff, WantsItsMinimumAndNeverMoreThanTheSpend) {
    const auto action = R"({"type": "fixed_off", "off": 2000, "min_spend": 1500})";
    EXPECT_EQ(price_of(action, basket_of({1'499})), Money{});
    EXPECT_EQ(price_of(action, basket_of({1'500})), fen(1'500));
    EXPECT_EQ(price_of(action, basket_of({2'500})), fen(2'000));
}

TEST(Points, AreExtraOnesOfWhatIsPaidInTheEnd) {
    Basket basket = basket_of({10'050});
    basket.member = kAda;
    const auto points =
        campaign("p", kBasket, R"({"type": "points_multiplier", "bp": 30000, "per": 100})");
    EXPECT_EQ(decide_basket({points}, basket).wins.front().price.points, 201);
    const Decided both = decide_basket({points, campaign("a", kBasket, kTenOffHundred)}, basket);
    ASSERT_EQ(both.wins.size(), 2U);
    EXPECT_EQ(both.wins.back().price.points, 181);  // of 90.50
}

TEST(Points, AreForMembers) {
    EXPECT_EQ(
        reasons(decide_basket(
            {campaign("p", kBasket, R"({"type": "points_multiplier", "bp": 20000, "per": 100})")},
            basket_of({10'000}))),
        Reasons{"no_member"});
}

TEST(Actions, SayWhatIsWrongWithThem) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {R"({"type": "every_x_save_y", "every": 100, "save": 101})",
         "action.save: must not be more than `every`"},
        {R"({"type": "every_x_save_y", "save": 1})", "action.every: is missing"},
        {R"({"type": "fixed_off"})", "action.off: is missing"},
        {R"({"type": "fixed_price"})", "action.price: is missing"},
        {R"({"type": "nth_item_pct", "bp": 1, "pick": "first"})",
         "action.pick: must be cheapest or ranked"},
        {R"({"type": "nth_item_pct", "bp": 1, "each": "line"})",
         "action.each: must be scope or sku"},
        {R"({"type": "bundle_price", "price": 1, "parts": []})",
         "action.parts: must be a list of 1 to 4 {scope, n}"},
        {R"({"type": "bundle_price", "price": 1, "parts": [{"n": 1, "x": 2}]})",
         "action.parts[0].x: is not a known field"},
        {R"({"type": "gift_choice", "skus": ["A"]})",
         "action.skus: must be 2 to 12 different SKUs"},
        {R"({"type": "gift_choice", "skus": ["A", "A"]})",
         "action.skus: must be 2 to 12 different SKUs"},
        {R"({"type": "points_multiplier", "bp": 20000})", "action.per: is missing"},
        {R"({"type": "coupon_issue", "campaign": "x", "valid": "soon"})",
         "action.valid: must be an ISO 8601 duration such as P14D"},
        {R"({"type": "coupon_issue", "campaign": "x", "valid": "P1D"})",
         "action.campaign: of c is no campaign with stack.group coupon"},
        {R"({"type": "service_task"})", "action.task: is missing"},
        {R"({"type": "service_task", "task": "t"})",
         "action.type: service_task is for people on the floor, not for baskets"}};
    for (const auto& [action, fault] : cases) {
        const std::string text = fault_in(campaign("c", kBasket, action));
        EXPECT_NE(text.find(fault), std::string::npos) << text;
    }
}

TEST(Actions, OfEveryKindHaveTheNameOfTheirFile) {
    const std::vector<std::string> actions{
        R"({"type": "every_x_save_y", "every": 2, "save": 1})",
        R"({"type": "fixed_off", "off": 1})",
        R"({"type": "fixed_price", "price": 1})",
        nth(""),
        bundle(kTea, 1),
        R"({"type": "gift_choice", "skus": ["A", "B"]})",
        R"({"type": "points_multiplier", "bp": 20000, "per": 1})",
        R"({"type": "message"})"};
    for (const std::string& text : actions) {
        const auto set = set_of({campaign("c", kBasket, text)});
        EXPECT_NE(text.find('"' + std::string{to_text(set->all().front().action)} + '"'),
                  std::string::npos)
            << text;
    }
}

}  // namespace
}  // namespace aisle::offers
