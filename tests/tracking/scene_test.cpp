#include "drivers/tracking/scene.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace aisle::tracking {
namespace {

Line line_named(std::string name) {
    return {.name = std::move(name), .from = {0, 0}, .to = {0, 9}};
}

std::string fault_of(const Scene& scene) {
    const auto status = check(scene);
    return status ? "" : status.error().detail;
}

TEST(Scene, OfOneLineIsFine) { EXPECT_TRUE(check({{line_named("door")}})); }

TEST(Scene, WithNothingToLookAtIsRefused) {
    EXPECT_EQ(fault_of({}), "the scene has no [[line]] and no [[zone]]");
}

TEST(Scene, WithANameUsedTwiceIsRefused) {
    EXPECT_EQ(fault_of({{line_named("a"), line_named("a")}}), "two lines are named a");
}

TEST(Scene, WithANamelessLineIsRefused) {
    EXPECT_EQ(fault_of({{line_named("")}}), "a line has no name");
}

TEST(Scene, WithALineOfNoLengthIsRefused) {
    EXPECT_EQ(fault_of({{{.name = "dot", .from = {5, 5}, .to = {5, 6}}}}),
              "line dot has no length");
}

TEST(Scene, WithAPointThatIsNoNumberIsRefused) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(fault_of({{{.name = "x", .from = {nan, 5}, .to = {5, 6}}}}),
              "line x has a point that is not a number");
}

Scene gated(Gate gate) { return {.lines = {line_named("a"), line_named("b")}, .gates = {gate}}; }

TEST(Scene, WithAGateOfTwoLinesIsFine) {
    EXPECT_TRUE(check(gated({.name = "door", .outer = "a", .inner = "b"})));
}

TEST(Scene, WithAGateOfALineThatIsNotThereIsRefused) {
    EXPECT_EQ(fault_of(gated({.name = "door", .outer = "a", .inner = "c"})),
              "gate door names a line that is not there: c");
}

TEST(Scene, WithAGateOfOneLineIsRefused) {
    EXPECT_EQ(fault_of(gated({.name = "door", .outer = "a", .inner = "a"})),
              "gate door needs two different lines");
}

TEST(Scene, WithAGateNamedLikeALineIsRefused) {
    EXPECT_EQ(fault_of(gated({.name = "a", .outer = "a", .inner = "b"})), "two gates are named a");
}

TEST(Scene, WithAGateWithoutTimeIsRefused) {
    EXPECT_EQ(fault_of(gated({.name = "g", .outer = "a", .inner = "b", .within = seconds{0}})),
              "gate g: within_s must lie between 0 and 600");
}

Scene zoned(Zone zone) { return {.zones = {zone}}; }

TEST(Scene, OfOneZoneIsFine) {
    EXPECT_TRUE(check(zoned({.name = "till", .polygon = {{0, 0}, {9, 0}, {0, 9}}})));
}

TEST(Scene, WithAZoneOfTwoPointsIsRefused) {
    EXPECT_EQ(fault_of(zoned({.name = "z", .polygon = {{0, 0}, {9, 0}}})),
              "zone z needs 3 to 64 points");
}

TEST(Scene, WithAFlatZoneIsRefused) {
    EXPECT_EQ(fault_of(zoned({.name = "z", .polygon = {{0, 0}, {9, 0}, {20, 0}}})),
              "zone z has no area");
}

TEST(Scene, WithAZoneBeforeNoLineIsRefused) {
    EXPECT_EQ(fault_of(zoned({.name = "z", .polygon = {{0, 0}, {9, 0}, {0, 9}}, .before = "q"})),
              "zone z is before a line that is not there: q");
}

TEST(Scene, WithATurnThatTakesTooLongIsRefused) {
    Scene scene{{line_named("a")}};
    scene.uturn = seconds{601};
    EXPECT_EQ(fault_of(scene), "uturn_s must lie between 0 and 600");
}

TEST(Scene, TakesAPersonForAMeasureWhereItHasNone) {
    EXPECT_DOUBLE_EQ(metre_at({}, {.w = 50, .h = 170}), 100);
    Scene scene;
    scene.metre_px = 60;
    EXPECT_DOUBLE_EQ(metre_at(scene, {.w = 50, .h = 170}), 60);
}

TEST(Scene, WithTooManyLinesIsRefused) {
    Scene scene;
    for (std::size_t i = 0; i <= kLinesMax; ++i)
        scene.lines.push_back(line_named(std::to_string(i)));
    EXPECT_EQ(fault_of(scene), "the scene has more than 32 lines");
}

}  // namespace
}  // namespace aisle::tracking
