#include "drivers/tracking/tracker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace aisle::tracking {
namespace {

constexpr milliseconds kFrame{100};

Box person_at(double x, double y = 100) { return {.x = x, .y = y, .w = 30, .h = 80}; }

std::vector<Track> tracks_after(Tracker& tracker, const std::vector<std::vector<Box>>& frames) {
    std::span<const Track> tracks;
    for (const auto& boxes : frames) tracks = tracker.update(boxes, kFrame);
    return {tracks.begin(), tracks.end()};
}

std::vector<std::vector<Box>> walk(double from, double step, int frames) {
    std::vector<std::vector<Box>> all;
    for (int i = 0; i < frames; ++i) all.push_back({person_at(from + i * step)});
    return all;
}

TEST(Tracker, FollowsAWalkerUnderOneId) {
    Tracker tracker;
    const auto tracks = tracks_after(tracker, walk(0, 6, 40));
    ASSERT_EQ(tracks.size(), 1U);
    EXPECT_EQ(tracks[0].id, 1);
    EXPECT_TRUE(tracks[0].confirmed);
    EXPECT_NEAR(tracks[0].box.x, 39 * 6, 3);
}

TEST(Tracker, FollowsJumpsThatLeaveNoOverlap) {
    Tracker tracker;
    const auto tracks = tracks_after(tracker, walk(0, 35, 10));
    ASSERT_EQ(tracks.size(), 1U);
    EXPECT_EQ(tracks[0].id, 1);
}

TEST(Tracker, DoesNotConfirmWhatStandsStill) {
    Tracker tracker;
    const auto tracks = tracks_after(tracker, walk(50, 0, 200));
    ASSERT_EQ(tracks.size(), 1U);
    EXPECT_FALSE(tracks[0].confirmed);
}

TEST(Tracker, KeepsAWalkerConfirmedWhoThenStandsStill) {
    Tracker tracker;
    tracks_after(tracker, walk(0, 6, 30));
    EXPECT_TRUE(tracks_after(tracker, walk(180, 0, 100))[0].confirmed);
}

TEST(Tracker, CoastsForASecondAndAHalfAndNoLonger) {
    Tracker tracker;
    tracks_after(tracker, walk(0, 6, 20));
    const std::vector<std::vector<Box>> nothing(15);
    auto tracks = tracks_after(tracker, nothing);
    ASSERT_EQ(tracks.size(), 1U);
    EXPECT_FALSE(tracks[0].seen);
    EXPECT_TRUE(tracker.update({}, kFrame).empty());
}

TEST(Tracker, FindsACoastingWalkerAgain) {
    Tracker tracker;
    tracks_after(tracker, walk(0, 6, 20));
    tracks_after(tracker, std::vector<std::vector<Box>>(8));
    const auto tracks = tracks_after(tracker, walk(28 * 6, 6, 5));
    ASSERT_EQ(tracks.size(), 1U);
    EXPECT_EQ(tracks[0].id, 1);
    EXPECT_TRUE(tracks[0].seen);
}

TEST(Tracker, ForgetsAFlickerSoon) {
    Tracker tracker;
    tracks_after(tracker, {{person_at(0)}, {}, {}, {}});
    EXPECT_TRUE(tracker.update({}, kFrame).empty());
}

TEST(Tracker, KeepsTwoWhoMeetApart) {
    // Seen as one blob while they are closer than their width.
    Tracker tracker;
    std::vector<Track> tracks;
    for (int i = 0; i < 60; ++i) {
        const double a = 6.0 * i;
        const double b = 360 - 6.0 * i;
        std::vector<Box> boxes{person_at(a), person_at(b, 112)};
        if (std::abs(a - b) < 30) {
            const double left = std::min(a, b);
            boxes = {{.x = left, .y = 100, .w = std::abs(a - b) + 30, .h = 92}};
        }
        tracks = tracks_after(tracker, {boxes});
    }
    ASSERT_EQ(tracks.size(), 2U);
    EXPECT_EQ(tracks[0].id, 1);
    EXPECT_NEAR(tracks[0].box.x, 354, 10);
    EXPECT_NEAR(tracks[1].box.x, 6, 10);
}

TEST(Tracker, BeginsNoTrackWithAnUnsureBox) {
    Tracker tracker;
    Box unsure = person_at(0);
    unsure.score = 0.2;
    EXPECT_TRUE(tracks_after(tracker, {{unsure}}).empty());
}

TEST(Tracker, ProlongsATrackWithAnUnsureBox) {
    Tracker tracker;
    tracks_after(tracker, walk(0, 6, 10));
    Box unsure = person_at(60);
    unsure.score = 0.2;
    EXPECT_TRUE(tracks_after(tracker, {{unsure}})[0].seen);
}

TEST(Tracker, GivesNoIdTwiceAfterAReset) {
    Tracker tracker;
    tracks_after(tracker, walk(0, 6, 10));
    tracker.reset();
    EXPECT_EQ(tracks_after(tracker, walk(0, 6, 10))[0].id, 2);
}

TEST(Tracker, DropsAndCountsBoxesBeyondItsBound) {
    Tracker tracker;
    std::vector<Box> crowd;
    for (std::size_t i = 0; i < kBoxesMax + 5; ++i)
        crowd.push_back(person_at(100.0 * static_cast<double>(i)));
    EXPECT_EQ(tracks_after(tracker, {crowd}).size(), kBoxesMax);
    EXPECT_EQ(tracker.boxes_dropped(), 5U);
}

TEST(Tracker, IgnoresBoxesWithoutArea) {
    Tracker tracker;
    EXPECT_TRUE(tracks_after(tracker, {{{.x = 1, .y = 1, .w = 0, .h = 50}}}).empty());
}

std::vector<std::vector<Box>> random_frames(unsigned seed) {
    std::mt19937 random{seed};
    std::vector<std::vector<Box>> frames(120);
    for (auto& boxes : frames) {
        for (auto i = random() % 12; i > 0; --i) {
            boxes.push_back({.x = static_cast<double>(random() % 700),
                             .y = static_cast<double>(random() % 500),
                             .w = static_cast<double>(10 + random() % 60),
                             .h = static_cast<double>(20 + random() % 90),
                             .score = static_cast<double>(random() % 100) / 100});
        }
    }
    return frames;
}

TEST(Tracker, GivesTheSameTracksForTheSameBoxes) {
    const auto frames = random_frames(3);
    Tracker first;
    Tracker second;
    for (const auto& boxes : frames) {
        const auto a = first.update(boxes, kFrame);
        const auto b = second.update(boxes, kFrame);
        ASSERT_EQ(a.size(), b.size());
        for (std::size_t i = 0; i < a.size(); ++i) {
            ASSERT_EQ(a[i].id, b[i].id);
            ASSERT_EQ(a[i].box, b[i].box);
        }
    }
}

TEST(Tracker, KeepsIdsAscendingAndTracksBoundedWhateverComes) {
    for (unsigned seed = 0; seed < 10; ++seed) {
        Tracker tracker;
        for (const auto& boxes : random_frames(seed)) {
            const auto tracks = tracker.update(boxes, kFrame);
            ASSERT_LE(tracks.size(), kTracksMax);
            ASSERT_TRUE(std::ranges::is_sorted(tracks, {}, &Track::id));
        }
    }
}

}  // namespace
}  // namespace aisle::tracking
