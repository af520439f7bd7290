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

TEST(Scene, WithoutLinesIsRefused) { EXPECT_EQ(fault_of({}), "the scene has no [[line]]"); }

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

TEST(Scene, WithTooManyLinesIsRefused) {
    Scene scene;
    for (std::size_t i = 0; i <= kLinesMax; ++i)
        scene.lines.push_back(line_named(std::to_string(i)));
    EXPECT_EQ(fault_of(scene), "the scene has more than 32 lines");
}

}  // namespace
}  // namespace aisle::tracking
