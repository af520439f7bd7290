#include "agent/footfall/confidence.hpp"

#include <gtest/gtest.h>

#include "shop.hpp"

namespace aisle::footfall {
namespace {

TEST(Confidence, IsWholeWhereNothingWasWrong) { EXPECT_EQ(confidence_permille({}), 1000); }

TEST(Confidence, FallsByTheShareThatWasNotSeen) {
    EXPECT_EQ(confidence_permille({.blind = seconds{15}}), 750);
    EXPECT_EQ(confidence_permille({.light = seconds{6}}), 900);
    EXPECT_EQ(confidence_permille({.blind = seconds{15}, .light = seconds{15}}), 500);
}

TEST(Confidence, FallsByTheShareOfLatePictures) {
    EXPECT_EQ(confidence_permille({.frames = 600, .late_frames = 60}), 900);
}

TEST(Confidence, MultipliesItsGrounds) {
    EXPECT_EQ(confidence_permille(
                  {.blind = seconds{30}, .frames = 10, .late_frames = 5, .accuracy_permille = 900}),
              225);
}

TEST(Confidence, IsNothingForAMinuteUnseen) {
    EXPECT_EQ(confidence_permille({.blind = seconds{60}}), 0);
    EXPECT_EQ(confidence_permille({.blind = seconds{90}}), 0);
}

TEST(Confidence, StaysWithinItsBoundsWhateverItIsTold) {
    EXPECT_EQ(confidence_permille({.frames = 0, .late_frames = 7}), 0);
    EXPECT_EQ(confidence_permille({.blind = seconds{-9}, .accuracy_permille = 4000}), 1000);
    EXPECT_EQ(confidence_permille({.span = seconds{0}}), 1000);
}

SceneMinute minute_at(const Shop& shop) {
    return {.camera = "cam",
            .from = shop.now().wall,
            .to = shop.now().wall + seconds{59},
            .doors = {kMain},
            .frames = 600};
}

TEST(FootfallQuality, ReachesTheMinutesReport) {
    Shop shop;
    shop.walk_in(1);
    SceneMinute minute = minute_at(shop);
    minute.late_frames = 60;
    minute.light = seconds{6};
    shop.apply(shop.engine.scene(minute));
    const auto reported = shop.pass(minutes_of_time(2));
    ASSERT_EQ(reported.size(), 1U);
    EXPECT_EQ(reported[0].late_frames, 60);
    EXPECT_EQ(reported[0].light_s, 6);
    EXPECT_EQ(reported[0].confidence_permille, 810);
}

TEST(FootfallQuality, DoesNotReportAMinuteInWhichNothingWasWrong) {
    Shop shop;
    shop.apply(shop.engine.scene(minute_at(shop)));
    EXPECT_TRUE(shop.pass(minutes_of_time(2)).empty());
}

TEST(FootfallQuality, TakesTheDoorsCommissionedAccuracyIn) {
    FootfallSettings settings = two_doors();
    settings.doors[0].accuracy_permille = 960;
    Shop shop{settings};
    shop.walk_in(1);
    EXPECT_EQ(shop.pass(minutes_of_time(2)).at(0).confidence_permille, 960);
}

TEST(FootfallQuality, CountsPassersByForTheCaptureRate) {
    Shop shop;
    shop.walk_in(3);
    SceneMinute minute = minute_at(shop);
    minute.passers = {{.door = kMain, .n = 9}};
    shop.apply(shop.engine.scene(minute));
    EXPECT_EQ(shop.today().doors.at(0).passers, 9);
    EXPECT_EQ(shop.today().hours.at(0).capture_permille, 250);
    EXPECT_EQ(shop.pass(minutes_of_time(2)).at(0).passers, 9);
}

TEST(FootfallQuality, RefusesAMinuteThatIsNone) {
    Shop shop;
    SceneMinute two = minute_at(shop);
    two.to += minutes{1};
    shop.apply(shop.engine.scene(two));
    SceneMinute negative = minute_at(shop);
    negative.heat = {{.cell = 3, .person_ms = -1}};
    shop.apply(shop.engine.scene(negative));
    SceneMinute outside = minute_at(shop);
    outside.heat = {{.cell = kHeatColumns * kHeatRows, .person_ms = 1}};
    shop.apply(shop.engine.scene(outside));
    EXPECT_EQ(shop.engine.refused().malformed, 3U);
}

}  // namespace
}  // namespace aisle::footfall
