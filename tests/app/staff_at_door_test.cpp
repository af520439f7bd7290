#include "agent/app/staff_at_door.hpp"

#include <gtest/gtest.h>

#include "tests/kit/builders.hpp"

namespace aisle::app {
namespace {

const DoorId kMain{"main"};
const ZoneId kEntrance{"entrance"};

WallTime after(int s) { return kit::kNoon + seconds{s}; }

Crossing crossing_at(int s, Direction direction = Direction::In) {
    return {.door = kMain, .direction = direction, .at = after(s)};
}

ZoneVisit opened(int s, ZoneId zone = kEntrance, TagBearer bearer = TagBearer::Staff) {
    return {.tag = TagKey{"t"}, .bearer = bearer, .zone = std::move(zone), .entered = after(s)};
}

ZoneVisit ended(int s, ZoneId zone = kEntrance) {
    ZoneVisit visit = opened(s - 60, std::move(zone));
    visit.left = after(s);
    visit.open = false;
    return visit;
}

struct Door {
    kit::FixedZone zone;
    StaffAtDoor staff{{.doors = {{kEntrance, kMain}}}, zone};
};

TEST(StaffAtDoor, KnowsATagThatComesFromOutsideAfterItsCrossing) {
    Door door;
    EXPECT_FALSE(door.staff.judge(crossing_at(0)).staff);
    const auto known = door.staff.visit(opened(8));
    ASSERT_EQ(known.size(), 1U);
    EXPECT_TRUE(known[0].staff);
    EXPECT_EQ(known[0].at, after(0));
}

TEST(StaffAtDoor, KnowsATagThatIsHeardBeforeItsCrossing) {
    Door door;
    EXPECT_TRUE(door.staff.visit(opened(0)).empty());
    EXPECT_TRUE(door.staff.judge(crossing_at(5)).staff);
    EXPECT_FALSE(door.staff.judge(crossing_at(6)).staff);  // one tag, one crossing
}

TEST(StaffAtDoor, TakesTheCrossingNearestInTime) {
    Door door;
    door.staff.judge(crossing_at(-25));
    door.staff.judge(crossing_at(-3));
    const auto known = door.staff.visit(opened(0));
    ASSERT_EQ(known.size(), 1U);
    EXPECT_EQ(known[0].at, after(-3));
}

TEST(StaffAtDoor, LeavesACustomerAloneWhoCrossedLongBefore) {
    Door door;
    door.staff.judge(crossing_at(-31));
    EXPECT_TRUE(door.staff.visit(opened(0)).empty());
}

TEST(StaffAtDoor, DoesNotCountStaffWhoOnlyWalkToTheDoor) {
    Door door;
    door.staff.visit(opened(-600, ZoneId{"dairy"}));
    door.staff.visit(ended(-5, ZoneId{"dairy"}));
    door.staff.judge(crossing_at(0));
    EXPECT_TRUE(door.staff.visit(opened(2)).empty());
}

TEST(StaffAtDoor, DoesNotTakeACustomersTag) {
    Door door;
    door.staff.judge(crossing_at(0));
    EXPECT_TRUE(door.staff.visit(opened(2, kEntrance, TagBearer::Member)).empty());
}

TEST(StaffAtDoor, KnowsWhoWentOutOnceHisTagHasBeenSilent) {
    Door door;
    door.staff.visit(opened(0));
    door.staff.judge(crossing_at(300, Direction::Out));
    door.staff.visit(ended(305));
    EXPECT_TRUE(door.staff.tick(after(400)).empty());
    const auto known = door.staff.tick(after(426));
    ASSERT_EQ(known.size(), 1U);
    EXPECT_EQ(known[0].direction, Direction::Out);
    EXPECT_TRUE(door.staff.tick(after(500)).empty());
}

TEST(StaffAtDoor, DoesNotTakeATagOutThatIsHeardElsewhereAgain) {
    Door door;
    door.staff.visit(opened(0));
    door.staff.judge(crossing_at(300, Direction::Out));
    door.staff.visit(ended(305));
    door.staff.visit(opened(330, ZoneId{"dairy"}));
    EXPECT_TRUE(door.staff.tick(after(430)).empty());
}

TEST(StaffAtDoor, NeverTakesTheOtherDirection) {
    Door door;
    door.staff.judge(crossing_at(0, Direction::Out));
    EXPECT_TRUE(door.staff.visit(opened(2)).empty());
}

TEST(StaffAtDoor, NeverTakesAnotherDoor) {
    Door door;
    Crossing other = crossing_at(0);
    other.door = DoorId{"back"};
    door.staff.judge(other);
    EXPECT_TRUE(door.staff.visit(opened(2)).empty());
}

TEST(StaffAtDoor, TakesEverybodyForStaffWhileTheShopIsClosed) {
    kit::FixedZone zone;
    const int noon = zone.local(kit::kNoon).minute_of_day;
    StaffAtDoor staff{{.opens = minutes{noon + 10}, .closes = minutes{noon + 60}}, zone};
    EXPECT_TRUE(staff.judge(crossing_at(0)).staff);
    EXPECT_FALSE(staff.judge(crossing_at(600)).staff);
    EXPECT_TRUE(staff.judge(crossing_at(3600)).staff);
}

TEST(StaffAtDoor, ForgetsATagsCrossingThatNeverCame) {
    Door door;
    door.staff.visit(opened(0));
    EXPECT_FALSE(door.staff.judge(crossing_at(60)).staff);
}

}  // namespace
}  // namespace aisle::app
