#include "drivers/tracking/companions.hpp"

#include <gtest/gtest.h>

#include "walkers.hpp"

namespace aisle::tracking {
namespace {

// Several people, each a little behind and beside the first; `apart` in metres.
struct Party {
    int people = 2;
    double apart = 0.6;
    double step = 8;  // pixels a frame: 0.8 m/s
};

std::vector<LineCrossing> walk_over(const Party& party, const Scene& scene = {.lines = {kDoor}}) {
    Walkers walkers{scene};
    for (double x = 560; x > 60; x -= party.step) {
        std::vector<Track> tracks;
        for (int i = 0; i < party.people; ++i) {
            Track track = person_at({x + 5.0 * i, 150 + 100 * party.apart * i}, i + 1);
            track.velocity_s = {-party.step * 10, 0};
            tracks.push_back(track);
        }
        walkers.frame(tracks);
    }
    return walkers.crossings;
}

int groups(const std::vector<LineCrossing>& crossings) {
    int n = 0;
    for (const LineCrossing& crossing : crossings) n += crossing.begins_group ? 1 : 0;
    return n;
}

TEST(Companions, CountPeopleWhoWalkTogetherAsOneGroup) {
    const auto crossings = walk_over({.people = 3});
    EXPECT_EQ(crossings.size(), 3U);
    EXPECT_EQ(groups(crossings), 1);
    EXPECT_TRUE(crossings[0].begins_group);
}

TEST(Companions, CountPeopleFarApartEachForThemselves) {
    EXPECT_EQ(groups(walk_over({.apart = 1.4})), 2);
}

TEST(Companions, NeedTwoSecondsTogether) {
    Walkers walkers{{.lines = {kDoor}}};
    for (double x = 340; x > 200; x -= 10) {  // from out of the door frame: 0.4 s to the line
        Track one = person_at({x, 150}, 1);
        Track other = person_at({x + 5, 200}, 2);
        one.velocity_s = other.velocity_s = {-100, 0};
        walkers.frame({one, other});
    }
    EXPECT_EQ(groups(walkers.crossings), 2);
}

TEST(Companions, AreNotMadeByStandingInAQueue) {
    Companions company{{.lines = {kDoor}}};
    for (int i = 0; i < 100; ++i) {
        company.update(std::vector{person_at({310, 150}, 1), person_at({310, 210}, 2)}, kFrame);
    }
    std::vector<LineCrossing> crossings{{.track = 1, .at = seconds{10}},
                                        {.track = 2, .at = seconds{11}}};
    company.mark(crossings);
    EXPECT_EQ(groups(crossings), 2);
}

TEST(Companions, AreNotPeopleWhoMeetHeadOn) {
    Companions company{{.lines = {kDoor}}};
    for (int i = 0; i < 40; ++i) {
        Track one = person_at({310, 150}, 1);
        Track other = person_at({310, 210}, 2);
        one.velocity_s = {-80, 0};
        other.velocity_s = {80, 0};
        company.update(std::vector{one, other}, kFrame);
    }
    std::vector<LineCrossing> crossings{{.track = 1, .at = seconds{4}},
                                        {.track = 2, .at = seconds{4}}};
    company.mark(crossings);
    EXPECT_EQ(groups(crossings), 2);
}

class TogetherFor : public ::testing::Test {
protected:
    TogetherFor() {
        for (int i = 0; i < 40; ++i) {
            Track one = person_at({310, 150}, 1);
            Track other = person_at({310, 210}, 2);
            one.velocity_s = other.velocity_s = {-80, 0};
            company.update(std::vector{one, other}, kFrame);
        }
    }
    Companions company{{.lines = {kDoor}}};
};

TEST_F(TogetherFor, ButCrossingLongAfterOneAnotherAreTwo) {
    std::vector<LineCrossing> crossings{{.track = 1, .at = seconds{4}},
                                        {.track = 2, .at = milliseconds{6001}}};
    company.mark(crossings);
    EXPECT_EQ(groups(crossings), 2);
}

TEST_F(TogetherFor, ButCrossingInOtherDirectionsAreTwo) {
    std::vector<LineCrossing> crossings{
        {.track = 1, .at = seconds{4}},
        {.direction = Direction::Out, .track = 2, .at = seconds{5}}};
    company.mark(crossings);
    EXPECT_EQ(groups(crossings), 2);
}

TEST_F(TogetherFor, AndCrossingOneAfterTheOtherAreOne) {
    std::vector<LineCrossing> crossings{{.track = 1, .at = seconds{4}}};
    company.mark(crossings);
    std::vector<LineCrossing> next{{.track = 2, .at = seconds{5}}};
    company.mark(next);
    EXPECT_TRUE(crossings[0].begins_group);
    EXPECT_FALSE(next[0].begins_group);
}

TEST(Companions, MeasureByTheScenesMetreWhereItHasOne) {
    EXPECT_EQ(groups(walk_over({.apart = 1.0})), 1);
    Scene scene{.lines = {kDoor}};
    scene.metre_px = 50;  // a camera above: what looks like a metre is two
    EXPECT_EQ(groups(walk_over({.apart = 1.0}, scene)), 2);
}

}  // namespace
}  // namespace aisle::tracking
