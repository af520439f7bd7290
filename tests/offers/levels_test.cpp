#include "judging.hpp"

// Levels, named groups and who stands beside whom.
namespace aisle::offers {
namespace {

std::string stacked(const std::string& id, const std::string& stack,
                    const std::string& action = kTenPercent) {
    return campaign(id, kBasket, action, R"("stack": {"max_per_order": 9)" + stack + "}");
}
const std::string kHello = R"({"type": "message"})";

Reasons told(const std::vector<std::string>& campaigns) {
    return reasons(decide_basket(campaigns, basket_of({1'000})));
}

TEST(Levels, AreOfTheActionWhereTheFileSaysNothing) {
    const auto group = [](const std::string& action) {
        return set_of({campaign("c", kBasket, action)})->all().front().stack.group;
    };
    EXPECT_EQ(group(kTenPercent), StackGroup::Order);
    EXPECT_EQ(group(R"({"type": "fixed_price", "price": 1})"), StackGroup::Item);
    EXPECT_EQ(group(R"({"type": "gift", "sku": "MUG"})"), StackGroup::Order);
    EXPECT_EQ(group(kHello), StackGroup::Points);
}

TEST(Levels, LetWordsAndPointsStandBesideEachOther) {
    EXPECT_EQ(told({campaign("a", kBasket, kHello), campaign("b", kBasket, kHello)}),
              (Reasons{"chosen", "chosen"}));
}

TEST(Levels, RefuseWhatDoesNotBelong) {
    EXPECT_NE(fault_in(stacked("c", R"(, "group": "points")")).find("stack.group: points is for"),
              std::string::npos);
    EXPECT_NE(fault_in(stacked("c", R"(, "group": "order")",
                               R"({"type": "points_multiplier", "bp": 20000, "per": 1})"))
                  .find("stack.group: must be points"),
              std::string::npos);
    EXPECT_NE(fault_in(campaign("c", kSeen, kTenPercent, R"("stack": {"group": "coupon"})"))
                  .find("stack.group: coupon is for baskets"),
              std::string::npos);
    EXPECT_NE(fault_in(stacked("c", R"(, "group": "all")")).find("stack.group: must be one of"),
              std::string::npos);
}

TEST(NamedExclusion, LetsTheFirstOfTheNameInAndLeavesOthersAlone) {
    EXPECT_EQ(told({stacked("a", R"(, "exclusive": "club", "priority": 1)"),
                    stacked("b", R"(, "exclusive": "club", "priority": 2)"),
                    stacked("c", R"(, "exclusive": "season")"), stacked("d", "")}),
              (Reasons{"exclusive", "chosen", "chosen", "chosen"}));
}

TEST(NamedExclusion, GoesOverLevels) {
    EXPECT_EQ(told({stacked("a", R"(, "exclusive": "club")"),
                    stacked("b", R"(, "exclusive": "club", "group": "item")")}),
              (Reasons{"exclusive", "chosen"}));
}

TEST(Joint, CampaignsStandOnlyBesideThoseTheyName) {
    EXPECT_EQ(told({stacked("a", R"(, "with": ["points"], "priority": 5)"), stacked("b", ""),
                    campaign("c", kBasket, kHello)}),
              (Reasons{"chosen", "exclusive", "chosen"}));
    EXPECT_EQ(told({stacked("a", R"(, "with": ["b"], "priority": 5)"), stacked("b", ""),
                    stacked("c", "")}),
              (Reasons{"chosen", "chosen", "exclusive"}));
}

TEST(Joint, AnExclusiveOneMayStillHaveCompany) {
    EXPECT_EQ(told({stacked("a", R"(, "exclusive": true, "with": ["points"], "priority": 5)"),
                    stacked("b", R"(, "group": "item")"), campaign("c", kBasket, kHello)}),
              (Reasons{"chosen", "exclusive", "chosen"}));
}

TEST(Joint, HoldsFromBothSides) {
    // The second would stand beside anybody, but the first does not want it.
    EXPECT_EQ(told({stacked("a", R"(, "with": ["item"], "group": "item", "priority": 5)"),
                    stacked("b", "")}),
              (Reasons{"chosen", "exclusive"}));
}

TEST(Stack, RefusesAnEmptyName) {
    EXPECT_NE(fault_in(stacked("c", R"(, "exclusive": "")"))
                  .find("stack.exclusive: must be true, false or the name of a group"),
              std::string::npos);
}

}  // namespace
}  // namespace aisle::offers
