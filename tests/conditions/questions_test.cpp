#include "judging.hpp"

// What several conditions ask alike is asked once a decision.
namespace aisle::conditions {
namespace {

Condition compiled(const char* text, Slots& slots) {
    auto made = Condition::compile(boost::json::parse(text), slots, "when");
    EXPECT_TRUE(made.has_value()) << text;
    return made ? *made : Condition{};
}

TEST(Question, HasOneNumberWhereverItIsAsked) {
    Slots slots;
    (void)compiled(R"({"a": {"$in": ["x", "y"]}})", slots);
    EXPECT_EQ(slots.questions(), 1U);
    (void)compiled(R"({"$or": [{"a": {"$in": ["x", "y"]}}, {"b": "x"}]})", slots);
    EXPECT_EQ(slots.questions(), 2U);
    (void)compiled(R"({"b": {"$in": ["x", "y"]}})", slots);
    EXPECT_EQ(slots.questions(), 3U) << "of another fact";
    (void)compiled(R"({"a": {"$nin": ["x", "y"]}})", slots);
    EXPECT_EQ(slots.questions(), 4U) << "another operator";
    (void)compiled(R"({"c": {"$gte": 5, "$lt": 9}})", slots);
    EXPECT_EQ(slots.questions(), 4U) << "numbers are compared each time";
}

TEST(Question, IsAskedAgainOnceFactsHaveBeenAdded) {
    Slots slots;
    const Condition one = compiled(R"({"a": "x"})", slots);
    const Condition other = compiled(R"({"a": "x", "b": "y"})", slots);
    Facts first, second;
    first.set("a", std::string{"x"});
    second.set("a", std::string{"z"});
    Bound bound{slots, kit::kNoon};
    EXPECT_EQ(one.test(bound), Truth::Unknown);
    bound.add(first);
    EXPECT_EQ(one.test(bound), Truth::True);
    EXPECT_EQ(one.test(bound), Truth::True) << "remembered";
    EXPECT_EQ(other.test(bound), Truth::Unknown);
    bound.add(second);
    EXPECT_EQ(one.test(bound), Truth::False);
    EXPECT_EQ(other.test(bound), Truth::False);
}

TEST(Question, MayBeSeenByNobodyWhoKnowsTheNumbers) {
    Slots early;
    const Condition one = compiled(R"({"a": "x"})", early);
    const Bound bound{early, kit::kNoon};
    const Condition late = compiled(R"({"a": {"$in": ["x", "q"]}})", early);
    EXPECT_EQ(late.test(bound), Truth::Unknown) << "numbered after the facts were laid out";
    EXPECT_EQ(one.test(bound), Truth::Unknown);
}

TEST(Bound, FillsGapsWithoutOverruling) {
    Slots slots;
    const Condition rain = compiled(R"({"weather": "rain", "hour": 5})", slots);
    Facts shop, clock;
    shop.set("weather", std::string{"rain"});
    clock.set("weather", std::string{"sun"});
    clock.set("hour", std::int64_t{5});
    Bound bound{slots, kit::kNoon};
    bound.add(shop);
    bound.add_missing(clock);
    EXPECT_EQ(rain.test(bound), Truth::True);
}

}  // namespace
}  // namespace aisle::conditions
