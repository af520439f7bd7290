#include "drivers/tracking/line_counter.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

namespace aisle::tracking {
namespace {

// Walking from its first to its second point is walking down the picture, so the right-hand side is
// the left of it.
const Line kUpright{.name = "door", .from = {100, 0}, .to = {100, 400}};

Track seen_at(Point foot, bool confirmed = true, std::int64_t id = 1) {
    const double h = 100;
    return {.id = id,
            .box = {.x = foot.x - 15, .y = foot.y - kFootHeight * h, .w = 30, .h = h},
            .confirmed = confirmed};
}

std::vector<LineCrossing> crossings_of(LineCounter& counter, const std::vector<Point>& path) {
    std::vector<LineCrossing> all;
    std::int64_t frame = 0;
    for (const Point foot : path) {
        const Track track = seen_at(foot);
        for (const auto& crossing : counter.update({&track, 1}, ++frame)) all.push_back(crossing);
    }
    return all;
}

std::vector<LineCrossing> crossings_of(const Line& line, const std::vector<Point>& path) {
    LineCounter counter{{{line}}};
    return crossings_of(counter, path);
}

std::vector<Point> along(const std::vector<double>& xs) {
    std::vector<Point> path;
    for (const double x : xs) path.push_back({x, 200});
    return path;
}

TEST(LineCounter, CountsIntoTheRightHandSideAsIn) {
    const auto crossings = crossings_of(kUpright, along({160, 130, 95, 60, 40}));
    ASSERT_EQ(crossings.size(), 1U);
    EXPECT_EQ(crossings[0].direction, Direction::In);
    EXPECT_EQ(crossings[0].frame, 4);
    EXPECT_EQ(crossings[0].track, 1);
}

TEST(LineCounter, CountsTheOtherWayAsOut) {
    EXPECT_EQ(crossings_of(kUpright, along({40, 60, 130, 160})).at(0).direction, Direction::Out);
}

TEST(LineCounter, TurnsRoundWithSwap) {
    Line line = kUpright;
    line.swap = true;
    EXPECT_EQ(crossings_of(line, along({160, 130, 60, 40})).at(0).direction, Direction::Out);
}

TEST(LineCounter, TurnsRoundWithTheOrderOfItsPoints) {
    const Line line{.name = "up", .from = {100, 400}, .to = {100, 0}};
    EXPECT_EQ(crossings_of(line, along({160, 130, 60, 40})).at(0).direction, Direction::Out);
}

TEST(LineCounter, CountsNothingForAFlickerToTheOtherSide) {
    EXPECT_TRUE(crossings_of(kUpright, along({160, 160, 160, 40, 160, 160, 160})).empty());
}

TEST(LineCounter, CountsNothingForJitterInsideTheBand) {
    std::vector<double> xs{150, 130};
    for (int i = 0; i < 200; ++i) xs.push_back(i % 2 == 0 ? 95 : 105);
    xs.push_back(130), xs.push_back(150);
    EXPECT_TRUE(crossings_of(kUpright, along(xs)).empty());
}

TEST(LineCounter, CountsOnceForAStopOnTheLine) {
    std::vector<double> xs{150, 130};
    for (int i = 0; i < 600; ++i)
        xs.push_back(100 + (i * 7) % 21 - 10);  // a minute at ten frames a second
    xs.push_back(70), xs.push_back(50);
    EXPECT_EQ(crossings_of(kUpright, along(xs)).size(), 1U);
}

TEST(LineCounter, CountsBothWaysOfOneWhoTurnsBack) {
    const auto crossings = crossings_of(kUpright, along({150, 60, 40, 40, 60, 140, 160}));
    ASSERT_EQ(crossings.size(), 2U);
    EXPECT_EQ(crossings[0].direction, Direction::In);
    EXPECT_EQ(crossings[1].direction, Direction::Out);
}

TEST(LineCounter, CountsNothingBesideTheSegment) {
    std::vector<Point> path;
    for (int x = 160; x >= 40; x -= 20) path.push_back({static_cast<double>(x), 450});
    EXPECT_TRUE(crossings_of(kUpright, path).empty());
}

TEST(LineCounter, CountsNothingForOneWhoGoesRoundTheEnd) {
    const std::vector<Point> path{{150, 350}, {150, 450}, {60, 450},
                                  {60, 420},  {60, 350},  {50, 300}};
    EXPECT_TRUE(crossings_of(kUpright, path).empty());
}

TEST(LineCounter, CountsALineAtThePicturesEdge) {
    const Line edge{.name = "edge", .from = {20, 0}, .to = {20, 400}};
    EXPECT_EQ(crossings_of(edge, along({60, 40, 20, 5, 2})).size(), 1U);
}

TEST(LineCounter, NeverCountsAnUnconfirmedTrack) {
    LineCounter counter{{{kUpright}}};
    std::int64_t frame = 0;
    for (const Point foot : along({160, 130, 60, 40, 20})) {
        const Track track = seen_at(foot, false);
        EXPECT_TRUE(counter.update({&track, 1}, ++frame).empty());
    }
}

TEST(LineCounter, ReplaysWhatWasCrossedBeforeTheConfirmation) {
    LineCounter counter{{{kUpright}}};
    std::int64_t frame = 0;
    for (const Point foot : along({160, 130, 60, 40})) {
        const Track track = seen_at(foot, false);
        counter.update({&track, 1}, ++frame);
    }
    const Track track = seen_at({20, 200});
    const auto crossings = counter.update({&track, 1}, ++frame);
    ASSERT_EQ(crossings.size(), 1U);
    EXPECT_EQ(crossings[0].frame, 3);
    EXPECT_TRUE(counter.update({&track, 1}, ++frame).empty());
}

TEST(LineCounter, LetsNoCoastingTrackCross) {
    LineCounter counter{{{kUpright}}};
    std::int64_t frame = 0;
    for (const Point foot : along({160, 130, 60, 40})) {
        Track track = seen_at(foot);
        track.seen = foot.x > 100;
        EXPECT_TRUE(counter.update({&track, 1}, ++frame).empty());
    }
}

TEST(LineCounter, ForgetsATrackThatHasGone) {
    LineCounter counter{{{kUpright}}};
    const Track before = seen_at({160, 200});
    counter.update({&before, 1}, 1);
    counter.update({}, 2);
    const Track after = seen_at({40, 200});
    EXPECT_TRUE(counter.update({&after, 1}, 3).empty());
    EXPECT_TRUE(counter.update({&after, 1}, 4).empty());
}

TEST(LineCounter, KnowsNoSidesAfterAReset) {
    LineCounter counter{{{kUpright}}};
    crossings_of(counter, along({160, 150}));
    counter.reset();
    EXPECT_TRUE(crossings_of(counter, along({60, 50, 40})).empty());
}

TEST(LineCounter, CountsTwoSideBySide) {
    LineCounter counter{{{kUpright}}};
    std::size_t counted = 0;
    std::int64_t frame = 0;
    for (const double x : {160.0, 130.0, 60.0, 40.0}) {
        const std::vector<Track> pair{seen_at({x, 150}), seen_at({x, 250}, true, 2)};
        counted += counter.update(pair, ++frame).size();
    }
    EXPECT_EQ(counted, 2U);
}

TEST(LineCounter, KeepsALineAndItsMirrorTogetherOnAnyWalk) {
    // Whatever a track does: at a line and its reverse the counts are the same with in and out
    // exchanged, and ins and outs of one track alternate.
    const Line mirror{.name = "mirror", .from = kUpright.to, .to = kUpright.from};
    for (unsigned seed = 0; seed < 50; ++seed) {
        std::mt19937 random{seed};
        std::vector<double> xs{120};
        for (int i = 0; i < 300; ++i)
            xs.push_back(xs.back() + static_cast<double>(random() % 41) - 20);
        const auto there = crossings_of(kUpright, along(xs));
        const auto back = crossings_of(mirror, along(xs));
        ASSERT_EQ(there.size(), back.size());
        for (std::size_t i = 0; i < there.size(); ++i) {
            ASSERT_NE(there[i].direction, back[i].direction);
            if (i > 0) {
                ASSERT_NE(there[i].direction, there[i - 1].direction);
            }
        }
    }
}

// Boxes of walkers with constant speed go through the tracker; the truth is the number of walkers.
struct Walkers {
    int in = 0;
    int out = 0;
    std::vector<std::vector<Box>> frames;
};

Walkers walkers_of(unsigned seed) {
    std::mt19937 random{seed};
    Walkers walkers{.frames = std::vector<std::vector<Box>>(400)};
    for (int i = 0; i < 20; ++i) {
        const bool in = random() % 2 == 0;
        ++(in ? walkers.in : walkers.out);
        const double speed = 5.0 + static_cast<double>(random() % 6);
        const double y =
            60.0 + 90.0 * (i % 4);  // lanes, so that they pass and do not hide each other
        const auto start = static_cast<std::size_t>(i / 4 * 70 + static_cast<int>(random() % 5));
        for (std::size_t f = start; f < 400; ++f) {
            const double x = speed * static_cast<double>(f - start);
            if (x > 300) break;
            walkers.frames[f].push_back({.x = in ? 300 - x : x, .y = y, .w = 28, .h = 80});
        }
    }
    return walkers;
}

TEST(LineCounter, CountsPerfectBoxesWithoutAFault) {
    const Line line{.name = "middle", .from = {160, 0}, .to = {160, 500}};
    for (unsigned seed = 0; seed < 20; ++seed) {
        const Walkers walkers = walkers_of(seed);
        Tracker tracker;
        LineCounter counter{{{line}}};
        int in = 0;
        int out = 0;
        std::int64_t frame = 0;
        for (const auto& boxes : walkers.frames) {
            const auto tracks = tracker.update(boxes, milliseconds{100});
            for (const auto& crossing : counter.update(tracks, ++frame)) {
                ++(crossing.direction == Direction::In ? in : out);
            }
        }
        EXPECT_EQ(in, walkers.in) << "seed " << seed;
        EXPECT_EQ(out, walkers.out) << "seed " << seed;
    }
}

}  // namespace
}  // namespace aisle::tracking
