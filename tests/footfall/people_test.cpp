// Ways back, staff, groups and the day's drift.
#include <gtest/gtest.h>

#include "shop.hpp"

namespace aisle::footfall {
namespace {

Crossing at_main(const Shop& shop, Direction direction) {
    return {.door = kMain, .direction = direction, .at = shop.now().wall};
}

UTurn back_at_main(WallTime first_at, const Shop& shop) {
    return {.door = kMain, .first_at = first_at, .at = shop.now().wall};
}

TEST(FootfallUTurn, TakesTheFirstCrossingBack) {
    Shop shop;
    const WallTime then = shop.now().wall;
    shop.apply(shop.engine.crossing(at_main(shop, Direction::In)));
    shop.passed += seconds{10};
    shop.apply(shop.engine.u_turn(back_at_main(then, shop)));
    EXPECT_EQ(shop.today().entries, 0);
    EXPECT_EQ(shop.today().inside, 0);
    EXPECT_EQ(shop.today().groups, 0);
    EXPECT_EQ(shop.today().doors.at(0).uturns, 1);
}

TEST(FootfallUTurn, MendsAMinuteThatWasReported) {
    Shop shop;
    const WallTime then = shop.now().wall;
    shop.walk_in(2);
    shop.pass(minutes_of_time(2));
    shop.apply(shop.engine.u_turn(back_at_main(then, shop)));
    const auto again = shop.pass(seconds{10});
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].in, 1);
    EXPECT_EQ(again[0].uturns, 1);
    EXPECT_EQ(again[0].revision, 2);
}

TEST(FootfallUTurn, OfOneWhoLookedOutLeavesHimInside) {
    Shop shop;
    shop.walk_in(5);
    const WallTime then = shop.now().wall;
    shop.walk_out(1);
    UTurn back = back_at_main(then, shop);
    back.first = Direction::Out;
    shop.apply(shop.engine.u_turn(back));
    EXPECT_EQ(shop.today().inside, 5);
    EXPECT_EQ(shop.today().exits, 0);
}

TEST(FootfallUTurn, ThatEndsBeforeItBeganIsRefused) {
    Shop shop;
    shop.apply(shop.engine.u_turn(back_at_main(shop.now().wall + seconds{1}, shop)));
    EXPECT_EQ(shop.engine.refused().malformed, 1U);
}

TEST(FootfallStaff, AreInTheFigureAndKnownInIt) {
    Shop shop;
    shop.walk_in(4);
    Crossing staff = at_main(shop, Direction::In);
    staff.staff = true;
    shop.apply(shop.engine.crossing(staff));
    EXPECT_EQ(shop.today().entries, 5);
    EXPECT_EQ(shop.today().staff_entries, 1);
    const auto reported = shop.pass(minutes_of_time(2));
    EXPECT_EQ(reported.at(0).in, 5);
    EXPECT_EQ(reported.at(0).staff_in, 1);
}

TEST(FootfallStaff, DoNotSpoilConversion) {
    Shop shop;
    shop.walk_in(4);
    Crossing staff = at_main(shop, Direction::In);
    staff.staff = true;
    staff.n = 6;
    shop.apply(shop.engine.crossing(staff));
    shop.sell(kit::sale_of(100'00));
    EXPECT_EQ(shop.today().conversion_permille, 250);
}

TEST(FootfallGroups, CountPeopleWhoCameTogetherOnce) {
    Shop shop;
    shop.apply(shop.engine.crossing(at_main(shop, Direction::In)));
    Crossing companion = at_main(shop, Direction::In);
    companion.begins_group = false;
    shop.apply(shop.engine.crossing(companion));
    shop.apply(shop.engine.crossing(companion));
    EXPECT_EQ(shop.today().entries, 3);
    EXPECT_EQ(shop.today().groups, 1);
    shop.sell(kit::sale_of(100'00));
    EXPECT_EQ(shop.today().hours.at(0).group_conversion_permille, 1000);
    EXPECT_EQ(shop.today().hours.at(0).conversion_permille, 333);
}

TEST(FootfallGroups, AreNotCountedOnTheWayOut) {
    Shop shop;
    shop.apply(shop.engine.crossing(at_main(shop, Direction::Out)));
    EXPECT_EQ(shop.today().groups, 0);
}

TEST(FootfallDrift, IsReportedWhenTheDayIsOver) {
    Shop shop;
    shop.walk_in(10);
    shop.walk_out(7);
    std::vector<FootfallDay> days;
    for (int hour = 0; hour < 24; ++hour) {
        shop.passed += std::chrono::hours{1};
        const Effects effects = shop.engine.tick(shop.now());
        days.insert(days.end(), effects.days.begin(), effects.days.end());
        shop.apply(effects);
    }
    ASSERT_EQ(days.size(), 1U);
    EXPECT_EQ(days[0].in, 10);
    EXPECT_EQ(days[0].out, 7);
    EXPECT_EQ(days[0].drift, 3);
    EXPECT_EQ(shop.today().inside, 0);
}

TEST(FootfallDrift, IsHeldDownByThePeopleWhoAreSeen) {
    Shop shop;
    shop.walk_in(2);
    SceneMinute minute{.camera = "cam",
                       .from = shop.now().wall,
                       .to = shop.now().wall + seconds{30},
                       .loads = {{.zone = ZoneId{"dairy"}, .person_ms = 9, .peak = 6}}};
    shop.apply(shop.engine.scene(minute));
    EXPECT_EQ(shop.today().inside, 6);
    EXPECT_EQ(shop.today().raised, 1);
    minute.loads[0].peak = 3;
    shop.apply(shop.engine.scene(minute));
    EXPECT_EQ(shop.today().inside, 6);
    EXPECT_EQ(shop.today().raised, 1);
}

}  // namespace
}  // namespace aisle::footfall
