#include "agent/footfall/trust.hpp"

#include <gtest/gtest.h>

#include "shop.hpp"

namespace aisle::footfall {
namespace {

TEST(MeasuredAccuracy, IsInTheConfidenceOfTheMinutesThatFollow) {
    Shop shop;
    shop.walk_in(1);
    EXPECT_EQ(shop.pass(minutes_of_time(2)).at(0).confidence_permille, 1000);
    shop.engine.know_accuracy(kMain, 940);
    shop.walk_in(1);
    EXPECT_EQ(shop.pass(minutes_of_time(2)).at(0).confidence_permille, 940);
}

TEST(MeasuredAccuracy, HoldsForADoorThatIsNotConfigured) {
    Shop shop;
    shop.engine.know_accuracy(DoorId{"side"}, 800);
    shop.apply(shop.engine.crossing({.door = DoorId{"side"}, .at = shop.now().wall}));
    EXPECT_EQ(shop.pass(minutes_of_time(2)).at(0).confidence_permille, 800);
}

TEST(Trust, IsWholeForAQuietHour) {
    Shop shop;
    const auto all = shop.engine.trust(shop.now().wall);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].door, kMain);
    EXPECT_EQ(all[0].confidence_permille, 1000);
}

TEST(Trust, SaysWhatItLost) {
    Shop shop;
    const WallTime noon = shop.now().wall;
    shop.pass(minutes_of_time(30));
    shop.apply(shop.engine.blind({.door = kMain, .from = noon, .to = noon + minutes{6}}));
    shop.engine.know_accuracy(kMain, 900);
    const auto trust = shop.engine.trust(shop.now().wall).at(0);
    EXPECT_EQ(trust.blind_s, 360);
    EXPECT_EQ(trust.accuracy_permille, 900);
    EXPECT_EQ(trust.confidence_permille, 900 * 54 / 60);
}

TEST(Trust, ForgetsWhatIsMoreThanAnHourAgo) {
    Shop shop;
    const WallTime noon = shop.now().wall;
    shop.apply(shop.engine.blind({.door = kMain, .from = noon, .to = noon + minutes{6}}));
    shop.pass(minutes_of_time(70));
    EXPECT_EQ(shop.engine.trust(shop.now().wall).at(0).blind_s, 0);
}

}  // namespace
}  // namespace aisle::footfall
