#include "drivers/tracking/pushed_along.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "drivers/tracking/floor_watch.hpp"

namespace aisle::tracking {
namespace {

constexpr milliseconds kApart{100};
constexpr double kWide = 40;  // pixels, of a person from above

// As PeopleCounter gives what was seen from above: three shoulders high, standing in the middle.
Track from_above(std::int64_t id, Point middle, Point velocity_s) {
    const double tall = 3 * kWide;
    return {.id = id,
            .box = {.x = middle.x - kWide / 2,
                    .y = middle.y - kFootHeight * tall,
                    .w = kWide,
                    .h = tall},
            .confirmed = true,
            .velocity_s = velocity_s};
}

// Two who walk to the right over a line in the middle of the picture, the second one so much ahead
// and aside of the first, at speeds of their own.
struct Couple {
    Point offset;
    double speed = 60;  // pixels a second
    std::optional<double> other_speed;
    bool seen_from_above = true;
    double turns_back_at = 1e9;  // where they turn, pixels
};

std::vector<LineCrossing> crossings_of(const Couple& couple) {
    const Line door{.name = "door", .from = {300, 0}, .to = {300, 400}};
    FloorWatch watch{{.lines = {door}}};
    std::vector<LineCrossing> all;
    double one = 150;
    double other = 150 + couple.offset.x;
    double way = 1;
    for (int frame = 1; frame <= 120; ++frame) {
        if (one > couple.turns_back_at && way > 0) {
            way = -1;
            std::swap(one, other);  // what is pushed is ahead again
        }
        const double speeds[] = {way * couple.speed,
                                 way * couple.other_speed.value_or(couple.speed)};
        one += speeds[0] * 0.1;
        other += speeds[1] * 0.1;
        const std::vector<Track> tracks{
            from_above(1, {one, 200}, {speeds[0], 0}),
            from_above(2, {other, 200 + couple.offset.y}, {speeds[1], 0})};
        const auto events =
            watch.update(tracks, {.frame = frame, .at = frame * kApart, .elapsed = kApart},
                         {.width = 600, .height = 400, .from_above = couple.seen_from_above});
        all.insert(all.end(), events.crossings.begin(), events.crossings.end());
    }
    return all;
}

// That have walked together for ten pictures: somebody, and what he pushes.
PushedAlong two_side_by_side() {
    PushedAlong pushed;
    const std::vector<Track> tracks{from_above(1, {100, 200}, {60, 0}),
                                    from_above(2, {134, 200}, {60, 0})};
    for (int i = 0; i < 10; ++i) pushed.update(tracks, kApart);
    return pushed;
}

TEST(PushedAlong, CountsOneWhoPushesATrolleyOnce) {
    EXPECT_EQ(crossings_of({.offset = {0.85 * kWide, 0}}).size(), 1U);
}

TEST(PushedAlong, CountsOneWhoPullsASuitcaseOnce) {
    EXPECT_EQ(crossings_of({.offset = {-0.8 * kWide, 3}}).size(), 1U);
}

TEST(PushedAlong, CountsTwoInFileAtTheDistanceOfStrangers) {
    EXPECT_EQ(crossings_of({.offset = {1.3 * kWide, 0}}).size(), 2U);
}

TEST(PushedAlong, CountsTwoSideBySide) {
    EXPECT_EQ(crossings_of({.offset = {0, 0.8 * kWide}}).size(), 2U);
}

TEST(PushedAlong, CountsAChildHalfAPaceAheadAtTheHand) {
    EXPECT_EQ(crossings_of({.offset = {0.4 * kWide, 0.7 * kWide}}).size(), 2U);
}

TEST(PushedAlong, CountsOneWhoOvertakesAnother) {
    EXPECT_EQ(crossings_of({.offset = {-0.9 * kWide, 0}, .speed = 60, .other_speed = 120}).size(),
              2U);
}

TEST(PushedAlong, SaysNothingOfWhatIsSeenFromTheSide) {
    const Couple couple{.offset = {0.85 * kWide, 0}, .seen_from_above = false};
    EXPECT_EQ(crossings_of(couple).size(), 2U);
}

TEST(PushedAlong, CountsTheWayBackOnceToo) {
    const auto crossings = crossings_of({.offset = {0.85 * kWide, 0}, .turns_back_at = 360});
    ASSERT_EQ(crossings.size(), 2U);
    EXPECT_NE(crossings[0].direction, crossings[1].direction);
}

TEST(PushedAlong, ForgetsEverybodyAtAReset) {
    PushedAlong pushed = two_side_by_side();
    std::vector<LineCrossing> first{{.track = 2, .at = milliseconds{1000}}};
    pushed.take_from(first);
    pushed.reset();
    std::vector<LineCrossing> second{{.track = 1, .at = milliseconds{1300}}};
    pushed.take_from(second);
    EXPECT_EQ(second.size(), 1U);
}

TEST(PushedAlong, DoesNotWaitForeverForTheOtherHalf) {
    PushedAlong pushed = two_side_by_side();
    std::vector<LineCrossing> first{{.track = 2, .at = milliseconds{1000}}};
    pushed.take_from(first);
    std::vector<LineCrossing> much_later{{.track = 1, .at = milliseconds{9000}}};
    pushed.take_from(much_later);
    EXPECT_EQ(much_later.size(), 1U);
}

TEST(PushedAlong, KeepsTwoCrossingsInDifferentDirectionsApart) {
    PushedAlong pushed = two_side_by_side();
    std::vector<LineCrossing> crossings{
        {.direction = Direction::In, .track = 2, .at = milliseconds{1000}},
        {.direction = Direction::Out, .track = 1, .at = milliseconds{1300}}};
    pushed.take_from(crossings);
    EXPECT_EQ(crossings.size(), 2U);
}

}  // namespace
}  // namespace aisle::tracking
