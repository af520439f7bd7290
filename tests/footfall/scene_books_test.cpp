// Zones, queues, ways and heat, hour by hour.
#include <gtest/gtest.h>

#include "shop.hpp"

namespace aisle::footfall {
namespace {

const ZoneId kDairy{"dairy"};
const ZoneId kWine{"wine"};

ZoneStay stay_of(const Shop& shop, seconds how_long, ZoneId zone = kDairy) {
    return {
        .zone = std::move(zone), .entered = shop.now().wall - how_long, .left = shop.now().wall};
}

SceneMinute minute_of_scene(const Shop& shop) {
    return {.camera = "cam", .from = shop.now().wall, .to = shop.now().wall + seconds{50}};
}

std::vector<FloorHour> hours_after(Shop& shop, milliseconds time) {
    shop.passed += time;
    const Effects effects = shop.engine.tick(shop.now());
    shop.apply(effects);
    return effects.hours;
}

TEST(SceneBooks, ReportAZonesHourOnceItIsOver) {
    Shop shop;
    for (const int s : {10, 20, 60}) shop.apply(shop.engine.stay(stay_of(shop, seconds{s})));
    SceneMinute minute = minute_of_scene(shop);
    minute.loads = {{.zone = kDairy, .person_ms = 90'000, .peak = 3}};
    shop.apply(shop.engine.scene(minute));
    EXPECT_TRUE(hours_after(shop, minutes{30}).empty());
    const auto hours = hours_after(shop, minutes{31});
    ASSERT_EQ(hours.size(), 1U);
    ASSERT_EQ(hours[0].zones.size(), 1U);
    EXPECT_EQ(hours[0].revision, 1);
    EXPECT_EQ(hours[0].zones[0].zone, kDairy);
    EXPECT_EQ(hours[0].zones[0].stays, 3);
    EXPECT_NEAR(static_cast<double>(hours[0].zones[0].p50.count()), 20, 2);
    EXPECT_EQ(hours[0].zones[0].person_ms, 90'000);
    EXPECT_EQ(hours[0].zones[0].peak, 3);
    EXPECT_TRUE(hours_after(shop, minutes{10}).empty());
}

TEST(SceneBooks, ReportAnHourAgainWhenAStayOfItComesLate) {
    Shop shop;
    ZoneStay late = stay_of(shop, seconds{10});
    shop.apply(shop.engine.stay(late));
    hours_after(shop, minutes{61});
    shop.apply(shop.engine.stay(late));
    const auto hours = hours_after(shop, seconds{1});
    ASSERT_EQ(hours.size(), 1U);
    EXPECT_EQ(hours[0].revision, 2);
    EXPECT_EQ(hours[0].zones.at(0).stays, 2);
}

TEST(SceneBooks, KnowHowLongAQueueMadePeopleWaitAndWhoGaveUp) {
    Shop shop;
    ZoneStay wait = stay_of(shop, seconds{120}, ZoneId{"queue"});
    wait.use = ZoneUse::Queue;
    shop.apply(shop.engine.stay(wait));
    wait.served = false;
    shop.apply(shop.engine.stay(wait));
    const ZoneFigures figures = shop.today().scenes.at(0);
    EXPECT_EQ(figures.use, ZoneUse::Queue);
    EXPECT_EQ(figures.stays, 2);
    EXPECT_EQ(figures.given_up, 1);
    EXPECT_NEAR(figures.p95_s, 120, 8);
}

TEST(SceneBooks, TellHqOnlyWaysThatManyTook) {
    Shop shop;
    SceneMinute minute = minute_of_scene(shop);
    minute.steps = {{.from = kDairy, .to = kWine, .n = kStepsMin},
                    {.from = kWine, .to = kDairy, .n = kStepsMin - 1}};
    shop.apply(shop.engine.scene(minute));
    const auto hours = hours_after(shop, minutes{61});
    ASSERT_EQ(hours.size(), 1U);
    EXPECT_EQ(hours[0].steps,
              (std::vector<ZoneStep>{{.from = kDairy, .to = kWine, .n = kStepsMin}}));
    EXPECT_EQ(shop.today().steps.size(), 2U);
}

TEST(SceneBooks, KeepTheNamesOfAWayApart) {
    EXPECT_EQ(step_from(step_name(ZoneId{"a:b"}, ZoneId{"c|d"}), 7),
              (ZoneStep{.from = ZoneId{"a:b"}, .to = ZoneId{"c|d"}, .n = 7}));
}

TEST(SceneBooks, AddUpTheDaysHeat) {
    Shop shop;
    SceneMinute minute = minute_of_scene(shop);
    minute.heat = {{.cell = 5, .person_ms = 100}, {.cell = 575, .person_ms = 7}};
    shop.apply(shop.engine.scene(minute));
    shop.passed += minutes{61};
    minute.from += minutes{61};
    minute.to += minutes{61};
    shop.apply(shop.engine.scene(minute));
    EXPECT_EQ(shop.engine.heat("cam", shop.now().wall), (HeatSums{{5, 200}, {575, 14}}));
    EXPECT_TRUE(shop.engine.heat("other", shop.now().wall).empty());
}

TEST(SceneBooks, RefuseAStayThatEndsBeforeItBegan) {
    Shop shop;
    shop.apply(shop.engine.stay(stay_of(shop, seconds{-5})));
    EXPECT_EQ(shop.engine.refused().malformed, 1U);
}

// What was kept gives the same figures and the same reports as what was lived through.
TEST(SceneBooks, AreTheSameAfterARestart) {
    Shop shop;
    shop.walk_in(3);
    shop.apply(shop.engine.stay(stay_of(shop, seconds{40})));
    ZoneStay wait = stay_of(shop, seconds{90}, ZoneId{"queue"});
    wait.use = ZoneUse::Queue;
    wait.served = false;
    shop.apply(shop.engine.stay(wait));
    SceneMinute minute = minute_of_scene(shop);
    minute.doors = {kMain};
    minute.frames = 500;
    minute.late_frames = 5;
    minute.loads = {{.zone = kDairy, .person_ms = 90'000, .peak = 9}};
    minute.steps = {{.from = kDairy, .to = kWine, .n = 6}};
    minute.passers = {{.door = kMain, .n = 2}};
    minute.heat = {{.cell = 5, .person_ms = 100}};
    shop.apply(shop.engine.scene(minute));
    shop.apply(shop.engine.u_turn({.door = kMain, .first_at = minute.from, .at = minute.to}));

    Shop again{two_doors(), shop.rows_now(), shop.passed};
    EXPECT_TRUE(again.restored);
    EXPECT_EQ(again.today(), shop.today());
    EXPECT_EQ(again.engine.heat("cam", again.now().wall), shop.engine.heat("cam", shop.now().wall));
    const auto before = hours_after(shop, minutes{61});
    const auto after = hours_after(again, minutes{61});
    ASSERT_EQ(before.size(), 1U);
    ASSERT_EQ(after.size(), 1U);
    EXPECT_EQ(after[0].zones.size(), before[0].zones.size());
    EXPECT_EQ(after[0].steps, before[0].steps);
}

TEST(SceneBooks, ForgetWhatIsTooOld) {
    Shop shop;
    shop.apply(shop.engine.stay(stay_of(shop, seconds{40})));
    for (int day = 0; day < 5; ++day) hours_after(shop, std::chrono::hours{24});
    for (const auto& [key, bytes] : shop.rows) {
        EXPECT_FALSE(key.starts_with("zone|")) << key;
        EXPECT_FALSE(key.starts_with("report|")) << key;
    }
}

}  // namespace
}  // namespace aisle::footfall
