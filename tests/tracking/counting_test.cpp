// From a detector's boxes to crossings, through tracker and lines: the classic ways in which
// counters count one person many times, or a stranger for him.
#include <gtest/gtest.h>

#include <random>

#include "drivers/tracking/floor_watch.hpp"
#include "drivers/tracking/tracker.hpp"

namespace aisle::tracking {
namespace {

constexpr milliseconds kApart{100};
constexpr double kTall = 100;
constexpr double kPictureWidth = 640;

// Upright in the picture; *in* is to the left.
Line door_at(double x) { return {.name = "door", .from = {x, 0}, .to = {x, 400}}; }

Box standing_at(double x, double y = 300) {
    return {.x = x - 15, .y = y - kFootHeight * kTall, .w = 30, .h = kTall, .score = 0.9};
}

// What a detector gives at the picture's edge: the part of the box that is inside.
Box in_picture(Box box) {
    const double right = std::min(box.x + box.w, kPictureWidth);
    box.x = std::max(0.0, box.x);
    box.w = right - box.x;
    return box;
}

class Counting {
public:
    explicit Counting(Line line) : watch_{{.lines = {std::move(line)}}} {}

    void frame(const std::vector<Box>& boxes) {
        now_ += kApart;
        const auto tracks = tracker_.update(boxes, kApart);
        const auto events =
            watch_.update(tracks, {.frame = ++frames_, .at = now_, .elapsed = kApart},
                          {.width = kPictureWidth, .height = 400});
        for (const LineCrossing& crossing : events.crossings) {
            ++(crossing.direction == Direction::In ? in : out);
        }
    }
    void walk(double from, double to, double step = 6) {
        const double way = from < to ? step : -step;
        for (double x = from; way > 0 ? x <= to : x >= to; x += way) frame({standing_at(x)});
    }
    void wait(int frames) {
        for (int i = 0; i < frames; ++i) frame({});
    }

    int in = 0;
    int out = 0;

private:
    Tracker tracker_;
    FloorWatch watch_;
    std::int64_t frames_ = 0;
    milliseconds now_{};
};

TEST(Counting, CountsAWalkThroughOnce) {
    Counting counting{door_at(300)};
    counting.walk(500, 100);
    EXPECT_EQ(counting.in, 1);
    EXPECT_EQ(counting.out, 0);
}

// supervision #2598: A A A B A A A was counted into A.
TEST(Counting, CountsNothingForOneBoxOnTheOtherSide) {
    Counting counting{door_at(300)};
    counting.walk(500, 330);
    for (int row = 0; row < 20; ++row) {
        for (const double x : {330, 330, 330, 270, 330, 330, 330}) counting.frame({standing_at(x)});
    }
    counting.walk(330, 500);
    EXPECT_EQ(counting.in + counting.out, 0);
}

// opendatacam #204: one that stood on the line was counted 15 times.
TEST(Counting, CountsOnceForAMinuteOnTheLineWithABoxThatTrembles) {
    Counting counting{door_at(300)};
    std::mt19937 chance{7};
    std::normal_distribution<double> tremble{0, 4};
    counting.walk(500, 300);
    for (int i = 0; i < 600; ++i) counting.frame({standing_at(300 + tremble(chance))});
    counting.walk(300, 100);
    EXPECT_EQ(counting.in, 1);
    EXPECT_EQ(counting.out, 0);
}

TEST(Counting, CountsOnceForAMinuteOnTheLineWithADetectorThatMissesHim) {
    Counting counting{door_at(300)};
    std::mt19937 chance{11};
    counting.walk(500, 300);
    for (int i = 0; i < 600; ++i) {
        if (chance() % 4 == 0)
            counting.frame({});
        else
            counting.frame({standing_at(300)});
    }
    counting.walk(300, 100);
    EXPECT_EQ(counting.in, 1);
    EXPECT_EQ(counting.out, 0);
}

TEST(Counting, CountsNobodyWhoStopsOnTheLineAndGoesBack) {
    Counting counting{door_at(300)};
    counting.walk(500, 304);
    for (int i = 0; i < 600; ++i) counting.frame({standing_at(304 - (i * 7) % 9)});
    counting.walk(304, 500);
    EXPECT_EQ(counting.in + counting.out, 0);
}

// supervision #1838: a line at the edge never counted, because no box was wholly beyond it.
TEST(Counting, CountsALineAtTheEdgeOfThePicture) {
    Counting counting{door_at(22)};
    for (double x = 300; x > -12; x -= 6) counting.frame({in_picture(standing_at(x))});
    EXPECT_EQ(counting.in, 1);
    counting.wait(30);
    for (double x = -10; x < 300; x += 6) counting.frame({in_picture(standing_at(x))});
    EXPECT_EQ(counting.out, 1);
}

TEST(Counting, TakesNobodyForOneWhoHasGoneElsewhere) {
    Counting counting{door_at(300)};
    counting.walk(500, 420);
    counting.wait(1);
    counting.walk(100, 40);
    counting.wait(40);
    counting.walk(200, 100);
    EXPECT_EQ(counting.in + counting.out, 0);
}

TEST(Counting, TakesTwoWhoChangePlacesAcrossTheLineForTwo) {
    Counting counting{door_at(300)};
    for (int i = 0; i <= 60; ++i) {
        counting.frame({standing_at(480 - 6.0 * i, 300), standing_at(120 + 6.0 * i, 330)});
    }
    EXPECT_EQ(counting.in, 1);
    EXPECT_EQ(counting.out, 1);
}

// One leaves on the far side of the line while another comes on the near one: no number may go
// over.
TEST(Counting, CountsNobodyWhenOneGoesAndAnotherComes) {
    Counting counting{door_at(300)};
    for (int i = 0; i <= 25; ++i) {
        const double leaves = 200 - 6.0 * i;
        std::vector<Box> boxes{standing_at(500 - 4.0 * i)};
        if (leaves > 60) boxes.push_back(standing_at(leaves));
        counting.frame(boxes);
    }
    EXPECT_EQ(counting.in + counting.out, 0);
}

}  // namespace
}  // namespace aisle::tracking
