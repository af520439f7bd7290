#include "judging.hpp"

// Several campaigns at one basket.
namespace aisle::offers {
namespace {

struct StackOf {
    const char* group = "order";
    int priority = 0;
    int max_per_order = 9;
    bool exclusive = false;
};

std::string stacked(const std::string& id, const StackOf& stack,
                    const std::string& action = kTenPercent, const std::string& more = "") {
    return campaign(id, kBasket, action,
                    R"("stack": {"group": ")" + std::string{stack.group} + R"(", "priority": )" +
                        std::to_string(stack.priority) + R"(, "max_per_order": )" +
                        std::to_string(stack.max_per_order) + R"(, "exclusive": )" +
                        (stack.exclusive ? "true" : "false") + "}" + more);
}

std::vector<std::string> winners(const std::vector<std::string>& campaigns, const Basket& basket) {
    const auto set = set_of(campaigns);
    const Decided decided = decide_basket(campaigns, basket);
    std::vector<std::string> ids;
    for (const Win& win : decided.wins) ids.push_back(set->all()[win.campaign].id.value);
    return ids;
}
using Ids = std::vector<std::string>;

TEST(Priority, PutsTheGreaterFirstAndThenTheId) {
    EXPECT_EQ(winners({stacked("b", {.priority = 5}), stacked("a", {.priority = 5}),
                       stacked("c", {.priority = 6})},
                      basket_of({1'000})),
              (Ids{"c", "a", "b"}));
}

TEST(Priority, MayBeNegative) {
    EXPECT_EQ(winners({stacked("a", {.priority = -5}), stacked("b", {})}, basket_of({1'000})),
              (Ids{"b", "a"}));
}

TEST(Groups, LetItemsGoFirstWhateverTheirPriority) {
    EXPECT_EQ(winners({stacked("o", {.priority = 99}), stacked("i", {.group = "item"})},
                      basket_of({1'000})),
              (Ids{"i", "o"}));
}

TEST(Groups, TakeEachPercentOffWhatTheOneBeforeHasLeft) {
    const auto half = R"({"type": "pct_off", "bp": 5000})";
    EXPECT_EQ(
        saved(decide_basket({stacked("a", {}, half), stacked("b", {}, half)}, basket_of({1'000}))),
        Money::minor(750));
}

TEST(Groups, HaveTheirLimitsEachForItself) {
    EXPECT_EQ(winners({stacked("a", {.group = "item", .max_per_order = 1}),
                       stacked("b", {.group = "item", .max_per_order = 1}),
                       stacked("c", {.max_per_order = 1}), stacked("d", {.max_per_order = 1})},
                      basket_of({1'000})),
              (Ids{"a", "c"}));
}

TEST(OrderLimit, CountsOnlyWhoReallyGotSomething) {
    // The first is of the same group but has no line; it uses nothing of the limit.
    const auto none = R"({"type": "pct_off", "scope": {"sku": ["X"]}, "bp": 1000})";
    EXPECT_EQ(winners({stacked("a", {.priority = 9, .max_per_order = 1}, none),
                       stacked("b", {.max_per_order = 1})},
                      basket_of({1'000})),
              Ids{"b"});
}

TEST(OrderLimit, OfALaterCampaignHoldsToo) {
    EXPECT_EQ(reasons(decide_basket({stacked("a", {.priority = 3, .max_per_order = 5}),
                                     stacked("b", {.priority = 2, .max_per_order = 1})},
                                    basket_of({1'000}))),
              (Reasons{"chosen", "order_limit"}));
}

TEST(Exclusive, InTheItemGroupShutsTheOrderOut) {
    EXPECT_EQ(
        reasons(decide_basket(
            {stacked("a", {.group = "item", .priority = 9, .exclusive = true}), stacked("b", {})},
            basket_of({1'000}))),
        (Reasons{"chosen", "exclusive"}));
}

TEST(Exclusive, InTheOrderGroupGoesBeforeItemsOfLessPriority) {
    EXPECT_EQ(reasons(decide_basket({stacked("a", {.priority = 9, .exclusive = true}),
                                     stacked("b", {.group = "item"})},
                                    basket_of({1'000}))),
              (Reasons{"chosen", "exclusive"}));
}

TEST(Exclusive, ShutsNobodyOutWhereItCannotBeAfforded) {
    EXPECT_EQ(reasons(decide_basket({stacked("a", {.priority = 9, .exclusive = true}, kTenPercent,
                                             R"(, "limits": {"budget_fen": 1})"),
                                     stacked("b", {})},
                                    basket_of({1'000}))),
              (Reasons{"budget", "chosen"}));
}

TEST(Exclusive, ShutsNobodyOutWhereItsConditionIsFalse) {
    EXPECT_EQ(reasons(decide_basket({stacked("a", {.priority = 9, .exclusive = true}, kTenPercent,
                                             R"(, "when": {"basket.lines": 5})"),
                                     stacked("b", {})},
                                    basket_of({1'000}))),
              (Reasons{"condition_false", "chosen"}));
}

TEST(Exclusive, MeetsAnotherExclusive) {
    EXPECT_EQ(reasons(decide_basket({stacked("a", {.priority = 1, .exclusive = true}),
                                     stacked("b", {.priority = 2, .exclusive = true})},
                                    basket_of({1'000}))),
              (Reasons{"exclusive", "chosen"}));
}

TEST(Gifts, LeaveTheMoneyToTheOthers) {
    const auto mug = R"({"type": "gift", "sku": "MUG", "min_spend": 1000, "worth": 300})";
    const auto decided =
        decide_basket({stacked("a", {.group = "item"}, mug), stacked("b", {})}, basket_of({1'000}));
    EXPECT_EQ(reasons(decided), (Reasons{"chosen", "chosen"}));
    EXPECT_EQ(saved(decided), Money::minor(100));
}

TEST(Gifts, DoNotComeWhereAnotherHasTakenTheSpendBelowTheirMinimum) {
    const auto mug = R"({"type": "gift", "sku": "MUG", "min_spend": 1000})";
    EXPECT_EQ(reasons(decide_basket({stacked("a", {.group = "item"}), stacked("b", {}, mug)},
                                    basket_of({1'000}))),
              (Reasons{"chosen", "below_first_tier"}));
}

TEST(Percent, ThatRoundsToNothingIsNoOffer) {
    EXPECT_EQ(reasons(decide_basket({campaign("c", kBasket, R"({"type": "pct_off", "bp": 1})")},
                                    basket_of({4'999}))),
              Reasons{"nothing_left"});
    EXPECT_EQ(price_of(R"({"type": "pct_off", "bp": 1})", basket_of({5'000})), Money::minor(1));
}

TEST(BasketFacts, AreWhatTheConditionsSee) {
    Basket basket = basket_of({600, 400});
    basket.lines[0].category = "snack";
    basket.lines[1].discount = Money::minor(100);
    const std::vector<std::pair<const char*, const char*>> cases{
        {R"({"basket.total_minor": 900})", "chosen"},
        {R"({"basket.lines": 2})", "chosen"},
        {R"({"basket.skus": {"$all": ["SKU1", "SKU2"]}})", "chosen"},
        {R"({"basket.categories": ["snack"]})", "chosen"},
        {R"({"basket.categories": {"$in": ["drink"]}})", "condition_false"},
        {R"({"zone.id": "Z1"})", "condition_unknown"},
        {R"({"zone.dwell_s": {"$gte": 0}})", "condition_unknown"}};
    for (const auto& [when, wanted] : cases)
        EXPECT_EQ(
            reasons(decide_basket(
                {campaign("c", kBasket, kTenPercent, R"("when": )" + std::string{when})}, basket)),
            Reasons{wanted})
            << when;
}

TEST(BasketFacts, GiveWayToWhatIsToldFromOutside) {
    conditions::Facts told;
    told.set("basket.total_minor", std::int64_t{1});
    EXPECT_EQ(reasons(decide_basket(
                  {campaign("c", kBasket, kTenPercent, R"("when": {"basket.total_minor": 1})")},
                  basket_of({500}), told)),
              Reasons{"chosen"});
}

}  // namespace
}  // namespace aisle::offers
