#include <gtest/gtest.h>

#include "agent/customers/customers.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::customers {
namespace {

const MemberKey kAda{"00000000000000000000000000000ada"};

TEST(Erasure, LeavesNothingOfAMember) {
    Customers customers{{}};
    (void)customers.member({.member = kAda.value, .tier = "gold"}, kit::at());
    const Effects effects = customers.erase(kAda);
    ASSERT_EQ(effects.state.size(), 1U);
    EXPECT_EQ(effects.state[0].key, kAda.value);
    EXPECT_TRUE(effects.state[0].bytes.empty());
    EXPECT_FALSE(customers.card(kAda, kit::at()).known);
    EXPECT_EQ(customers.size(), 0U);
    EXPECT_TRUE(customers.erase(kAda).state.empty());
    // The tick's way round must not stumble over the place.
    EXPECT_TRUE(customers.tick(kit::at()).state.empty());
}

TEST(Scores, AreFactsAndSurviveARestart) {
    Customers customers{{}};
    (void)customers.member({.member = kAda.value, .scores = {{"churn", 12}}}, kit::at());
    Customers again{{}};
    ASSERT_TRUE(again.restore(customers.rows()));
    const auto facts = again.facts(kAda, kit::at());
    const auto* const churn = facts.find("cust.score.churn", kit::kNoon);
    ASSERT_NE(churn, nullptr);
    EXPECT_EQ(std::get<std::int64_t>(*churn), 12);
    (void)again.member({.member = kAda.value}, kit::at());
    EXPECT_EQ(again.facts(kAda, kit::at()).find("cust.score.churn", kit::kNoon), nullptr);
}

}  // namespace
}  // namespace aisle::customers
