#include "drivers/tracking/zone_watch.hpp"

#include <gtest/gtest.h>

#include "walkers.hpp"

namespace aisle::tracking {
namespace {

std::vector<Point> box(double x0, double x1) { return {{x0, 0}, {x1, 0}, {x1, 400}, {x0, 400}}; }

Scene two_zones() {
    return {.lines = {{.name = "door", .from = {600, 0}, .to = {600, 400}}},
            .zones = {{.name = "dairy", .polygon = box(100, 250)},
                      {.name = "wine", .polygon = box(300, 450)}}};
}

Scene queue_before(Point till) {
    Scene scene = two_zones();
    scene.zones = {{.name = "queue", .polygon = box(100, 400), .queue = true, .till = {till}}};
    return scene;
}

void stand(Walkers& walkers, Point where, int frames, std::int64_t id = 1) {
    for (int i = 0; i < frames; ++i) walkers.frame({person_at(where, id)});
}

TEST(ZoneWatch, TellsAStayOnceItIsOver) {
    Walkers walkers{two_zones()};
    walkers.walk({20, 200}, {180, 200});
    stand(walkers, {180, 200}, 100);
    EXPECT_TRUE(walkers.stays.empty());
    walkers.walk({180, 200}, {20, 200});
    ASSERT_EQ(walkers.stays.size(), 1U);
    EXPECT_EQ(walkers.stays[0].zone, 0U);
    const milliseconds dwell = walkers.stays[0].left - walkers.stays[0].entered;
    EXPECT_NEAR(static_cast<double>(dwell.count()), 10'900, 600);
}

TEST(ZoneWatch, IsNotFooledByJitterAtTheEdge) {
    Walkers walkers{two_zones()};
    stand(walkers, {180, 200}, 30);
    for (int i = 0; i < 50; ++i) walkers.frame({person_at({250.0 + (i % 2 ? 15 : -15), 200})});
    stand(walkers, {180, 200}, 30);
    EXPECT_TRUE(walkers.stays.empty());
}

TEST(ZoneWatch, IsNotFooledByOneFrameOutside) {
    Walkers walkers{two_zones()};
    stand(walkers, {180, 200}, 30);
    walkers.frame({person_at({20, 200})});
    stand(walkers, {180, 200}, 30);
    EXPECT_TRUE(walkers.stays.empty());
}

TEST(ZoneWatch, EndsTheStayOfOneWhoIsLostWhenHeWasLastSeen) {
    Walkers walkers{two_zones()};
    stand(walkers, {180, 200}, 50);
    const milliseconds last = walkers.now();
    walkers.wait(60);
    ASSERT_EQ(walkers.stays.size(), 1U);
    EXPECT_EQ(walkers.stays[0].left, last);
}

TEST(ZoneWatch, DoesNotTellAStepOnTheWayPast) {
    Walkers walkers{two_zones()};
    walkers.walk({20, 200}, {500, 200}, 1, 30);
    EXPECT_TRUE(walkers.stays.empty());
    EXPECT_EQ(walkers.watch().take_sums().ways.size(), 1U);
}

TEST(ZoneWatch, CountsTheWayFromOneZoneToTheNext) {
    Walkers walkers{two_zones()};
    walkers.walk({20, 200}, {500, 200});
    const SceneSums sums = walkers.watch().take_sums();
    EXPECT_EQ(sums.ways, (std::map<ZoneWatch::Way, std::int32_t>{{{0, 1}, 1}}));
    EXPECT_TRUE(walkers.watch().take_sums().ways.empty());
}

TEST(ZoneWatch, AddsUpPeopleOverTime) {
    Walkers walkers{two_zones()};
    for (int i = 0; i < 50; ++i) {
        walkers.frame(
            {person_at({180, 200}, 1), person_at({200, 200}, 2), person_at({350, 200}, 3)});
    }
    const SceneSums sums = walkers.watch().take_sums();
    EXPECT_EQ(sums.zones[0].peak, 2);
    EXPECT_NEAR(static_cast<double>(sums.zones[0].person_ms), 10'000, 400);
    EXPECT_EQ(sums.zones[1].peak, 1);
}

TEST(ZoneWatch, LeavesOutWhoIsNotConfirmedAndWhatIsNoPerson) {
    Walkers walkers{two_zones()};
    for (int i = 0; i < 50; ++i) {
        Track flicker = person_at({180, 200}, 1);
        flicker.confirmed = false;
        Track poster = person_at({200, 200}, 2);
        poster.masked = true;
        walkers.frame({flicker, poster});
    }
    walkers.wait(50);
    EXPECT_TRUE(walkers.stays.empty());
    EXPECT_EQ(walkers.watch().take_sums().zones[0].peak, 0);
}

TEST(ZoneWatch, CountsALateConfirmationFromTheFirstFrameOn) {
    Walkers walkers{two_zones()};
    for (int i = 0; i < 30; ++i) {
        Track track = person_at({180, 200}, 1);
        track.confirmed = i >= 20;
        walkers.frame({track});
    }
    walkers.wait(30);
    ASSERT_EQ(walkers.stays.size(), 1U);
    EXPECT_EQ(walkers.stays[0].entered, kFrame);
}

TEST(ZoneWatch, TellsWhoWasServedFromWhoGaveUp) {
    Walkers served{queue_before({450, 200})};
    served.walk({20, 200}, {500, 200}, 1, 10);
    ASSERT_EQ(served.stays.size(), 1U);
    EXPECT_TRUE(served.stays[0].served);

    Walkers gave_up{queue_before({450, 200})};
    gave_up.walk({20, 200}, {250, 200}, 1, 10);
    gave_up.walk({250, 200}, {20, 200}, 1, 10);
    ASSERT_EQ(gave_up.stays.size(), 1U);
    EXPECT_FALSE(gave_up.stays[0].served);
}

TEST(ZoneWatch, KnowsTheQueuesLengthNow) {
    Walkers walkers{queue_before({450, 200})};
    for (int i = 0; i < 5; ++i) {
        walkers.frame({person_at({180, 200}, 1), person_at({260, 200}, 2)});
    }
    EXPECT_EQ(walkers.watch().inside_now(0), 2);
}

TEST(FloorWatch, EndsEveryStayAtAGap) {
    Walkers walkers{two_zones()};
    stand(walkers, {180, 200}, 50);
    walkers.reset();
    ASSERT_EQ(walkers.stays.size(), 1U);
    EXPECT_EQ(walkers.watch().inside_now(0), 0);
}

TEST(FloorWatch, CountsPassersByOfADoor) {
    Scene scene = two_zones();
    scene.zones.push_back({.name = "street", .polygon = box(520, 640), .before = "door"});
    Walkers walkers{scene};
    walkers.walk({560, 20}, {560, 380}, 1, 10);  // along the door
    walkers.wait(30);
    walkers.walk({700, 200}, {480, 200}, 2, 10);  // through it
    walkers.wait(30);
    const SceneSums sums = walkers.watch().take_sums();
    EXPECT_EQ(sums.passers, (std::map<std::size_t, std::int32_t>{{0, 1}}));
}

TEST(FloorWatch, HeatsTheCellsWherePeopleAre) {
    Walkers walkers{two_zones()};
    stand(walkers, {639, 359}, 10);
    stand(walkers, {-50, -50}, 5, 2);
    const SceneSums sums = walkers.watch().take_sums();
    EXPECT_EQ(sums.heat.back(), 1000);
    EXPECT_EQ(sums.heat.front(), 500);
}

}  // namespace
}  // namespace aisle::tracking
