#include "drivers/tracking/stitcher.hpp"

#include <gtest/gtest.h>

#include "walkers.hpp"

namespace aisle::tracking {
namespace {

const Scene kScene{.lines = {kDoor}};

Track coasting(Track track) {
    track.seen = false;
    return track;
}
Track fresh(Track track) {
    track.confirmed = false;
    return track;
}

std::vector<std::int64_t> numbers(std::span<const Track> tracks) {
    std::vector<std::int64_t> ids;
    for (const Track& track : tracks) ids.push_back(track.id);
    return ids;
}

using Ids = std::vector<std::int64_t>;

TEST(Stitcher, LeavesWholeTracksAlone) {
    Stitcher stitcher{kScene};
    for (double x = 400; x > 200; x -= 20) {
        const std::vector tracks{person_at({x, 200}, 1), person_at({x, 350}, 2)};
        EXPECT_EQ(numbers(stitcher.update(tracks, kFrame)), (Ids{1, 2}));
    }
}

TEST(Stitcher, GoesOnInATrackThatIsBornWhereOneWasLostAtTheLine) {
    Stitcher stitcher{kScene};
    stitcher.update(std::vector{person_at({330, 200}, 1)}, kFrame);
    stitcher.update({}, milliseconds{1000});
    EXPECT_EQ(numbers(stitcher.update(std::vector{fresh(person_at({290, 210}, 7))}, kFrame)),
              Ids{1});
    EXPECT_EQ(numbers(stitcher.update(std::vector{person_at({270, 210}, 7)}, kFrame)), Ids{1});
}

TEST(Stitcher, PassesALostTrackOnUnseenUntilItIsTooLate) {
    Stitcher stitcher{kScene};
    stitcher.update(std::vector{person_at({330, 200}, 1)}, kFrame);
    const auto held = stitcher.update({}, milliseconds{1900});
    ASSERT_EQ(held.size(), 1U);
    EXPECT_FALSE(held[0].seen);
    EXPECT_TRUE(stitcher.update({}, milliseconds{200}).empty());
}

TEST(Stitcher, DoesNotStitchTwoSecondsLater) {
    Stitcher stitcher{kScene};
    stitcher.update(std::vector{person_at({330, 200}, 1)}, kFrame);
    stitcher.update({}, milliseconds{2100});
    EXPECT_EQ(numbers(stitcher.update(std::vector{person_at({310, 200}, 7)}, kFrame)), Ids{7});
}

TEST(Stitcher, DoesNotStitchOverMoreThanAMetre) {
    Stitcher stitcher{kScene};
    stitcher.update(std::vector{person_at({350, 200}, 1)}, kFrame);
    stitcher.update({}, milliseconds{500});
    EXPECT_EQ(numbers(stitcher.update(std::vector{person_at({240, 200}, 7)}, kFrame)), (Ids{1, 7}));
}

TEST(Stitcher, DoesNotStitchFarFromEveryLine) {
    Stitcher stitcher{kScene};
    stitcher.update(std::vector{person_at({500, 200}, 1)}, kFrame);
    stitcher.update({}, milliseconds{500});
    EXPECT_EQ(numbers(stitcher.update(std::vector{person_at({510, 200}, 7)}, kFrame)), (Ids{1, 7}));
}

TEST(Stitcher, DoesNotTakeThePlaceOfOneWhoIsSeen) {
    Stitcher stitcher{kScene};
    stitcher.update(std::vector{person_at({310, 200}, 1)}, kFrame);
    const std::vector both{person_at({310, 200}, 1), person_at({330, 200}, 7)};
    EXPECT_EQ(numbers(stitcher.update(both, kFrame)), (Ids{1, 7}));
}

TEST(Stitcher, TakesThePlaceOfOneThatOnlyCoasts) {
    Stitcher stitcher{kScene};
    stitcher.update(std::vector{person_at({310, 200}, 1)}, kFrame);
    stitcher.update(std::vector{coasting(person_at({290, 200}, 1))}, milliseconds{400});
    const std::vector both{coasting(person_at({280, 200}, 1)), person_at({290, 200}, 7)};
    EXPECT_EQ(numbers(stitcher.update(both, kFrame)), Ids{1});
}

TEST(Stitcher, GivesOneThatIsFoundAgainANumberOfItsOwn) {
    Stitcher stitcher{kScene};
    stitcher.update(std::vector{person_at({310, 200}, 1)}, kFrame);
    stitcher.update(std::vector{coasting(person_at({290, 200}, 1))}, milliseconds{400});
    stitcher.update(std::vector{coasting(person_at({280, 200}, 1)), person_at({290, 200}, 7)},
                    kFrame);
    const auto ids = numbers(
        stitcher.update(std::vector{person_at({260, 200}, 1), person_at({285, 200}, 7)}, kFrame));
    ASSERT_EQ(ids.size(), 2U);
    EXPECT_EQ(ids[0], 1);
    EXPECT_GT(ids[1], 1'000'000);
}

TEST(Stitcher, FreesThePlaceWhenTheHeirWasAFlicker) {
    Stitcher stitcher{kScene};
    stitcher.update(std::vector{person_at({310, 200}, 1)}, kFrame);
    stitcher.update({}, milliseconds{300});
    stitcher.update(std::vector{fresh(person_at({305, 200}, 7))}, kFrame);
    stitcher.update({}, kFrame);
    EXPECT_EQ(numbers(stitcher.update(std::vector{person_at({290, 200}, 8)}, kFrame)), Ids{1});
}

TEST(Stitcher, GivesALostTrackOneHeirOnly) {
    Stitcher stitcher{kScene};
    stitcher.update(std::vector{person_at({310, 200}, 1)}, kFrame);
    stitcher.update({}, milliseconds{300});
    const std::vector two{person_at({305, 200}, 7), person_at({315, 220}, 8)};
    EXPECT_EQ(numbers(stitcher.update(two, kFrame)), (Ids{1, 8}));
}

TEST(Stitcher, CountsACrossingThatATrackersBreakWouldHaveSwallowed) {
    Walkers walkers{kScene};
    walkers.walk({400, 200}, {320, 200}, 1);
    walkers.wait(5);
    walkers.walk({280, 200}, {200, 200}, 2);
    ASSERT_EQ(walkers.crossings.size(), 1U);
    EXPECT_EQ(walkers.crossings[0].direction, Direction::In);
    EXPECT_EQ(walkers.crossings[0].track, 1);
}

}  // namespace
}  // namespace aisle::tracking
