#include "drivers/simulated/body.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "drivers/simulated/fixed.hpp"

namespace aisle::simulated {
namespace {

Spot pixel(int x, int y) { return {x * kSub, y * kSub}; }

// Down the middle in four seconds, with a stop of two on the way.
Walker strolling() {
    Walker walker;
    walker.id = 1;
    walker.path = {{seconds{1}, pixel(160, 0)},
                   {seconds{3}, pixel(160, 120)},
                   {seconds{5}, pixel(160, 120)},
                   {seconds{7}, pixel(160, 240)}};
    return walker;
}

TEST(Walker, IsThereFromTheFirstWaypointToTheLast) {
    const Walker walker = strolling();
    EXPECT_FALSE(place_of(walker, milliseconds{999}));
    EXPECT_TRUE(place_of(walker, seconds{1}));
    EXPECT_TRUE(place_of(walker, seconds{7}));
    EXPECT_FALSE(place_of(walker, milliseconds{7001}));
    EXPECT_FALSE(extent_of(walker, milliseconds{999}));
    EXPECT_FALSE(place_of(Walker{}, seconds{1}));
}

TEST(Walker, WalksStraightBetweenWaypointsAndSwaysALittle) {
    const Walker walker = strolling();
    bool sways = false;
    for (milliseconds at{1000}; at < seconds{3}; at += milliseconds{50}) {
        const Spot spot = *place_of(walker, at);
        EXPECT_NEAR(spot.y, static_cast<int>(at.count() - 1000) * 120 * kSub / 2000, 1);
        EXPECT_NEAR(spot.x, 160 * kSub, 2 * kSub);
        sways = sways || spot.x != 160 * kSub;
    }
    EXPECT_TRUE(sways);
}

TEST(Walker, StandsWithinAPixel) {
    const Walker walker = strolling();
    for (milliseconds at{3000}; at < seconds{5}; at += milliseconds{50}) {
        const Spot spot = *place_of(walker, at);
        EXPECT_NEAR(spot.x, 160 * kSub, kSub);
        EXPECT_NEAR(spot.y, 120 * kSub, kSub);
    }
}

TEST(Walker, LooksWhereItWalksAndKeepsThatWhenItStands) {
    const Walker walker = strolling();
    EXPECT_EQ(heading_of(walker, seconds{2}), 64);  // downwards
    EXPECT_EQ(heading_of(walker, seconds{4}), 64);
    Walker back = strolling();
    back.path.back().spot = pixel(160, 0);
    EXPECT_EQ(heading_of(back, seconds{6}), 192);
}

TEST(Walker, MovesNothingOfAFigure) {
    Walker figure;
    figure.walks = false;
    figure.phase_turns = 40;
    figure.path = {{seconds{0}, pixel(100, 100)}, {seconds{60}, pixel(100, 100)}};
    for (milliseconds at{0}; at < seconds{60}; at += milliseconds{777}) {
        EXPECT_EQ(place_of(figure, at), pixel(100, 100));
        EXPECT_EQ(extent_of(figure, at), extent_of(figure, seconds{0}));
        EXPECT_EQ(heading_of(figure, at), 40);
    }
}

TEST(Body, SwingsItsFeet) {
    const Walker walker = strolling();
    int least = 1 << 20;
    int most = -least;
    for (milliseconds at{1000}; at < seconds{3}; at += milliseconds{40}) {
        const Spot spot = *place_of(walker, at);
        const int ahead = body_of(walker, spot, at)[0].shape.middle.y - spot.y;
        least = std::min(least, ahead);
        most = std::max(most, ahead);
    }
    EXPECT_GT(most - least, walker.radius * kSub / 2);
}

TEST(Body, LeansOutwardsWithItsHeight) {
    Walker walker = strolling();
    const Spot at_left = pixel(40, 120);
    const auto body = body_of(walker, at_left, seconds{4});
    const int feet = (body[0].shape.middle.x + body[1].shape.middle.x) / 2;
    EXPECT_GT(feet, at_left.x);
    EXPECT_LT(body[5].shape.middle.x, at_left.x);
}

TEST(Body, LiesInItsExtent) {
    const Walker walker = strolling();
    for (milliseconds at{1000}; at <= seconds{7}; at += milliseconds{83}) {
        const Extent extent = *extent_of(walker, at);
        for (const BodyPart& part : body_of(walker, *place_of(walker, at), at)) {
            const Spot half = half_box(part.shape);
            EXPECT_LE(extent.x * kSub, part.shape.middle.x - half.x);
            EXPECT_LE(extent.y * kSub, part.shape.middle.y - half.y);
            EXPECT_GE((extent.x + extent.w) * kSub, part.shape.middle.x + half.x);
            EXPECT_GE((extent.y + extent.h) * kSub, part.shape.middle.y + half.y);
        }
        EXPECT_LT(extent.w, 3 * walker.radius);
        EXPECT_LT(extent.h, 3 * walker.radius);
    }
}

TEST(Body, PushesATrolleyAheadAndCarriesABagBeside) {
    const Walker walker = strolling();
    const Spot spot = *place_of(walker, seconds{2});
    EXPECT_GT(trolley_of(walker, spot, seconds{2}).middle.y, spot.y + walker.radius * kSub);
    const Spot bag = bag_of(walker, spot, seconds{2}).middle;
    EXPECT_GT(std::abs(bag.x - spot.x), walker.radius * kSub);
}

}  // namespace
}  // namespace aisle::simulated
