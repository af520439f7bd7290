// Gates, ways back and the two together.
#include <gtest/gtest.h>

#include "walkers.hpp"

namespace aisle::tracking {
namespace {

// In is to the left: over `outer` at 400 first, then over `inner` at 200.
Scene gated() {
    return {.lines = {{.name = "outer", .from = {400, 0}, .to = {400, 400}},
                      {.name = "inner", .from = {200, 0}, .to = {200, 400}}},
            .gates = {{.name = "door", .outer = "outer", .inner = "inner"}}};
}

Scene turning(milliseconds within) { return {.lines = {kDoor}, .uturn = within}; }

TEST(Gate, CountsWhoWentOverBothLines) {
    Walkers walkers{gated()};
    walkers.walk({500, 200}, {100, 200});
    ASSERT_EQ(walkers.crossings.size(), 1U);
    EXPECT_EQ(counting_name(walkers.watch().scene(), walkers.crossings[0].line), "door");
    EXPECT_EQ(walkers.crossings[0].direction, Direction::In);
}

TEST(Gate, CountsTheWayOut) {
    Walkers walkers{gated()};
    walkers.walk({100, 200}, {500, 200});
    ASSERT_EQ(walkers.crossings.size(), 1U);
    EXPECT_EQ(walkers.crossings[0].direction, Direction::Out);
}

TEST(Gate, CountsNobodyWhoTurnsBetweenTheLines) {
    Walkers walkers{gated()};
    walkers.walk({500, 200}, {300, 200});
    walkers.walk({300, 200}, {500, 200});
    EXPECT_TRUE(walkers.crossings.empty());
}

TEST(Gate, CountsWhoTurnsBetweenTheLinesAndThenGoesThrough) {
    Walkers walkers{gated()};
    walkers.walk({500, 200}, {300, 200});
    walkers.walk({300, 200}, {500, 200});
    walkers.walk({500, 200}, {100, 200});
    EXPECT_EQ(walkers.crossings.size(), 1U);
}

TEST(Gate, CountsNobodyWhoTakesTooLong) {
    Walkers walkers{gated()};
    walkers.walk({500, 200}, {300, 200});
    for (int i = 0; i < 120; ++i) walkers.frame({person_at({300, 200})});
    walkers.walk({300, 200}, {100, 200});
    EXPECT_TRUE(walkers.crossings.empty());
}

TEST(Gate, LeavesOtherLinesToCountAlone) {
    Scene scene = gated();
    scene.lines.push_back({.name = "aisle", .from = {300, 0}, .to = {300, 400}});
    Walkers walkers{scene};
    walkers.walk({500, 200}, {100, 200});
    ASSERT_EQ(walkers.crossings.size(), 2U);
    EXPECT_EQ(counting_name(scene, walkers.crossings[0].line), "aisle");
    EXPECT_TRUE(counts_alone(scene, 2));
    EXPECT_FALSE(counts_alone(scene, 0));
}

TEST(TurnBack, TakesBackWhoComesBackInTime) {
    Walkers walkers{turning(seconds{15})};
    walkers.walk({400, 200}, {200, 200});
    walkers.walk({200, 200}, {400, 200});
    ASSERT_EQ(walkers.crossings.size(), 1U);  // was told when it happened
    ASSERT_EQ(walkers.turn_backs.size(), 1U);
    EXPECT_EQ(walkers.turn_backs[0].first, Direction::In);
    EXPECT_EQ(walkers.turn_backs[0].first_at, walkers.crossings[0].at);
    EXPECT_GT(walkers.turn_backs[0].at, walkers.turn_backs[0].first_at);
}

TEST(TurnBack, LeavesAnOrdinaryVisitAlone) {
    Walkers walkers{turning(seconds{15})};
    walkers.walk({400, 200}, {200, 200});
    for (int i = 0; i < 160; ++i) walkers.frame({person_at({200, 200})});
    walkers.walk({200, 200}, {400, 200});
    EXPECT_EQ(walkers.crossings.size(), 2U);
    EXPECT_TRUE(walkers.turn_backs.empty());
}

TEST(TurnBack, CountsAThirdCrossingAfresh) {
    Walkers walkers{turning(seconds{60})};
    walkers.walk({400, 200}, {200, 200});
    walkers.walk({200, 200}, {400, 200});
    walkers.walk({400, 200}, {200, 200});
    EXPECT_EQ(walkers.crossings.size(), 2U);
    EXPECT_EQ(walkers.turn_backs.size(), 1U);
}

TEST(TurnBack, IsOffUnlessItIsSet) {
    Walkers walkers{turning(seconds{0})};
    walkers.walk({400, 200}, {200, 200});
    walkers.walk({200, 200}, {400, 200});
    EXPECT_EQ(walkers.crossings.size(), 2U);
    EXPECT_TRUE(walkers.turn_backs.empty());
}

TEST(TurnBack, IsAboutOnePersonOnly) {
    Walkers walkers{turning(seconds{15})};
    walkers.walk({400, 200}, {200, 200}, 1);
    walkers.wait(30);
    walkers.walk({200, 200}, {400, 200}, 2);
    EXPECT_EQ(walkers.crossings.size(), 2U);
    EXPECT_TRUE(walkers.turn_backs.empty());
}

TEST(TurnBack, WorksAtAGate) {
    Scene scene = gated();
    scene.uturn = seconds{15};
    Walkers walkers{scene};
    walkers.walk({500, 200}, {100, 200});
    walkers.walk({100, 200}, {500, 200});
    ASSERT_EQ(walkers.turn_backs.size(), 1U);
    EXPECT_EQ(counting_name(scene, walkers.turn_backs[0].line), "door");
}

}  // namespace
}  // namespace aisle::tracking
