#include "agent/offers/shop_context.hpp"

#include <random>

#include "judging.hpp"

// A decision that finds the shop's facts made ready and one that does not are the same.
namespace aisle::offers {
namespace {

using conditions::Facts;
using kit::at;

const std::vector<std::string>& campaigns() {
    static const std::vector<std::string> kAll = [] {
        const char* const conditions[] = {
            R"({"ctx.weather": "rain"})",
            R"({"ctx.weather": {"$in": ["rain", "snow"]}, "stock.SKU1": {"$gte": 3}})",
            R"({"ctx.hour": {"$gte": 5}, "cust.tier": {"$regex": "^g"}})",
            R"({"$or": [{"ctx.people.Z1": {"$lt": 0.3}}, {"cust.tags": "vip"}]})",
            R"({"ctx.only_then": {"$exists": true}})",
            R"({"$nor": [{"ctx.weather": "rain"}, {"trigger.value": {"$gt": 2}}]})"};
        std::vector<std::string> all;
        for (const char* const when : conditions)
            all.push_back(campaign("c-" + std::to_string(all.size()), kBasket, kTenOffHundred,
                                   R"("when": )" + std::string{when}));
        return all;
    }();
    return kAll;
}

// Facts that overlap, expire and begin; the odd double is one that text would lose.
Facts facts_of(std::mt19937& random, const std::vector<std::string>& keys) {
    Facts facts;
    for (const std::string& key : keys) {
        if (random() % 3 == 0) continue;
        const auto small = [&] { return static_cast<int>(random() % 6); };
        conditions::Fact fact{.key = key, .value = std::int64_t{small()}};
        if (random() % 3 == 0) fact.value = std::string{random() % 2 ? "rain" : "gold"};
        if (random() % 5 == 0) fact.value = 0.1 + 0.2 * small();
        if (random() % 6 == 0) fact.value = conditions::to_list({"vip", "new"});
        if (random() % 6 == 0) fact.valid_to = kit::kNoon + minutes{small() % 3 - 1};
        if (random() % 6 == 0) fact.valid_from = kit::kNoon + minutes{small() % 3 - 1};
        facts.set(std::move(fact));
    }
    return facts;
}

TEST(ShopContext, MakesNoDifferenceToAnyDecision) {
    std::mt19937 random{5};
    const auto set = set_of(campaigns());
    const Basket basket = basket_of({60'00, 90'00});
    int ready_ones = 0;
    for (int i = 0; i < 2'000; ++i) {
        const Facts shop = facts_of(random, {"ctx.hour", "ctx.only_then", "ctx.people.Z1",
                                             "ctx.weather", "stock.SKU1", "stock.SKU2"});
        const Facts event = facts_of(random, {"ctx.weather", "trigger.value"});
        const Facts customer = facts_of(
            random, i % 4 ? std::vector<std::string>{"cust.tags", "cust.tier"}
                          : std::vector<std::string>{"ctx.weather", "cust.tier", "stock.SKU2"});
        const ShopContext ready{*set, shop, kit::kNoon};
        Ask ask{.trigger = TriggerKind::Basket,
                .at = at(milliseconds{random() % 3 * 60'000}),
                .subject = "b",
                .unit = "b",
                .asked = true,
                .basket = &basket,
                .customer = &customer,
                .context = &shop,
                .event = i % 2 ? &event : nullptr};
        const Decided plain = decide(*set, ask, NothingGranted{});
        ask.ready = &ready;
        const Decided fast = decide(*set, ask, NothingGranted{});
        ready_ones += ready.holds(*set, &shop, ask.at.wall) ? 1 : 0;
        ASSERT_EQ(plain.decision.context, fast.decision.context) << i;
        ASSERT_EQ(reasons(plain), reasons(fast)) << i;
        ASSERT_EQ(saved(plain), saved(fast)) << i;
    }
    EXPECT_GT(ready_ones, 500);
    EXPECT_LT(ready_ones, 1'900);
}

TEST(ShopContext, HoldsUntilAFactBeginsOrEnds) {
    const auto set = set_of(campaigns());
    Facts shop;
    shop.set(conditions::Fact{.key = "ctx.weather",
                              .value = std::string{"rain"},
                              .valid_from = std::nullopt,
                              .valid_to = kit::kNoon + minutes{2}});
    shop.set(conditions::Fact{.key = "ctx.hour",
                              .value = std::int64_t{12},
                              .valid_from = kit::kNoon + minutes{1},
                              .valid_to = std::nullopt});
    const ShopContext ready{*set, shop, kit::kNoon};
    EXPECT_TRUE(ready.holds(*set, &shop, kit::kNoon));
    EXPECT_TRUE(ready.holds(*set, &shop, kit::kNoon + minutes{1} - milliseconds{1}));
    EXPECT_FALSE(ready.holds(*set, &shop, kit::kNoon + minutes{1}));
    EXPECT_FALSE(ready.holds(*set, &shop, kit::kNoon - milliseconds{1})) << "a clock set back";
}

TEST(ShopContext, IsOfOneSetAndItsFacts) {
    const auto set = set_of(campaigns()), other = set_of(campaigns());
    const Facts shop, elsewhere;
    const ShopContext ready{*set, shop, kit::kNoon};
    EXPECT_FALSE(ready.holds(*other, &shop, kit::kNoon));
    EXPECT_FALSE(ready.holds(*set, &elsewhere, kit::kNoon));
    EXPECT_FALSE(ready.holds(*set, nullptr, kit::kNoon));
}

TEST(ShopContext, GivesNoTextWhereTheCustomerTellsTheSameFact) {
    const auto set = set_of(campaigns());
    Facts shop, nobody, member, odd;
    shop.set("ctx.weather", std::string{"rain"});
    shop.set("stock.SKU1", std::int64_t{4});
    member.set("cust.tier", std::string{"gold"});
    odd.set("ctx.weather", std::string{"sun"});
    odd.set("cust.tier", std::string{"gold"});
    const ShopContext ready{*set, shop, kit::kNoon};
    ASSERT_TRUE(ready.text_beside(&member));
    EXPECT_EQ(ready.text_beside(&member)->facts, R"("ctx.weather":"rain","stock.SKU1":4)");
    EXPECT_TRUE(ready.text_beside(nullptr));
    EXPECT_TRUE(ready.text_beside(&nobody));
    EXPECT_FALSE(ready.text_beside(&odd));
}

}  // namespace
}  // namespace aisle::offers
