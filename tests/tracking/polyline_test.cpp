#include "drivers/tracking/polyline.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <random>

#include "drivers/tracking/polygon.hpp"

namespace aisle::tracking {
namespace {

// Down, then to the right: the right-hand side is the lower left of the bend.
const Line kBend{.name = "bend", .from = {100, 0}, .to = {300, 200}, .via = {{100, 200}}};
const std::vector<Point> kSquare{{0, 0}, {100, 0}, {100, 100}, {0, 100}};

TEST(Polyline, TellsTheOffsetOfAStraightLineBeyondItsEndsToo) {
    const Polyline line{{.name = "door", .from = {100, 0}, .to = {100, 200}}};
    EXPECT_DOUBLE_EQ(line.offset({70, 100}), 30);
    EXPECT_DOUBLE_EQ(line.offset({130, 100}), -30);
    EXPECT_DOUBLE_EQ(line.offset({70, 500}), 30);
}

TEST(Polyline, HasOneRightHandSideRoundABend) {
    const Polyline line{kBend};
    EXPECT_GT(line.offset({50, 100}), 0);
    EXPECT_GT(line.offset({200, 250}), 0);
    EXPECT_GT(line.offset({60, 240}), 0);  // outside the corner
    EXPECT_LT(line.offset({200, 100}), 0);
}

TEST(Polyline, MeasuresToTheCornerOutsideABend) {
    EXPECT_NEAR(Polyline{kBend}.offset({70, 240}), 50, 1e-9);
}

TEST(Polyline, KeepsItsSideOutsideASharpCorner) {
    const Polyline line{{.name = "v", .from = {0, 0}, .to = {200, 0}, .via = {{100, 300}}}};
    EXPECT_GT(line.offset({100, 340}), 0);
    EXPECT_GT(line.offset({40, 340}), 0);
    EXPECT_GT(line.offset({160, 340}), 0);
    EXPECT_LT(line.offset({100, 100}), 0);
}

TEST(Polyline, IsCrossedByAStepOverAnyOfItsSegments) {
    const Polyline line{kBend};
    EXPECT_TRUE(line.crossed_by({50, 100}, {150, 100}));
    EXPECT_TRUE(line.crossed_by({200, 100}, {200, 300}));
    EXPECT_FALSE(line.crossed_by({50, -50}, {150, -50}));   // over its extension
    EXPECT_FALSE(line.crossed_by({150, 50}, {250, 150}));   // within the bend
    EXPECT_FALSE(line.crossed_by({350, 100}, {350, 300}));  // past its end
}

TEST(Polyline, IsAsFarAsItsNearestPoint) {
    EXPECT_DOUBLE_EQ(Polyline{kBend}.distance_to({100, -30}), 30);
    EXPECT_DOUBLE_EQ(Polyline{kBend}.distance_to({200, 210}), 10);
}

// A step over the bent line turns its side over, and one that does not meet it does not, for points
// that stay in the box which the line cuts in two.
TEST(Polyline, SidesAgreeWithCrossingsWithinItsReach) {
    const Line line{.name = "cut", .from = {0, 200}, .to = {400, 200}, .via = {{200, 100}}};
    const Polyline shape{line};
    std::mt19937_64 random{7};
    const auto draw = [&] {
        return Point{static_cast<double>(random() % 3990) / 10 + 0.5,
                     static_cast<double>(random() % 3990) / 10 + 0.5};
    };
    for (int i = 0; i < 5000; ++i) {
        const Point a = draw();
        const Point b = draw();
        const bool over_once = shape.crossed_by(a, b);
        const bool other_side = (shape.offset(a) > 0) != (shape.offset(b) > 0);
        if (other_side) {
            EXPECT_TRUE(over_once) << a.x << ',' << a.y << " " << b.x << ',' << b.y;
        }
    }
}

TEST(Polygon, HasAnArea) {
    EXPECT_DOUBLE_EQ(area(kSquare), 10'000);
    EXPECT_DOUBLE_EQ(area(std::vector<Point>{{0, 0}, {10, 0}, {20, 0}}), 0);
}

TEST(Polygon, KnowsItsInside) {
    EXPECT_TRUE(inside(kSquare, {50, 50}));
    EXPECT_FALSE(inside(kSquare, {150, 50}));
    EXPECT_FALSE(inside(kSquare, {50, -1}));
}

TEST(Polygon, KnowsTheInsideOfANotch) {
    const std::vector<Point> notched{{0, 0}, {100, 0}, {100, 100}, {50, 30}, {0, 100}};
    EXPECT_TRUE(inside(notched, {50, 20}));
    EXPECT_FALSE(inside(notched, {50, 60}));
    EXPECT_TRUE(inside(notched, {10, 80}));
}

TEST(Polygon, GivesAPointOnASharedEdgeToOneOfTwo) {
    const std::vector<Point> right{{100, 0}, {200, 0}, {200, 100}, {100, 100}};
    for (double y = 0.5; y < 100; y += 1) {
        EXPECT_NE(inside(kSquare, {100, y}), inside(right, {100, y}));
    }
}

TEST(Polygon, MeasuresToItsEdgeFromBothSides) {
    EXPECT_DOUBLE_EQ(distance_to_edge(kSquare, {50, 90}), 10);
    EXPECT_DOUBLE_EQ(distance_to_edge(kSquare, {130, 140}), 50);
}

}  // namespace
}  // namespace aisle::tracking
