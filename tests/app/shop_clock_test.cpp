#include "agent/app/shop_clock.hpp"

#include <gtest/gtest.h>

#include "agent/runtime/inline_executor.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::app {
namespace {

constexpr milliseconds kMonth = std::chrono::days{30};

struct Machine {
    runtime::ManualClock clock{kit::at()};
    // The wall is wrong by so much, and nobody vouches for it.
    void unserved(milliseconds off) {
        Stamp now = clock.now();
        now.wall += off;
        now.quality = ClockQuality::Rtc;
        clock.set(now);
    }
    void served(WallTime right) {
        Stamp now = clock.now();
        now.wall = right;
        now.quality = ClockQuality::Ntp;
        clock.set(now);
    }
};

TEST(ShopClock, IsTheMachinesWhereItHasAServer) {
    Machine machine;
    ShopClock clock{machine.clock, 1};
    clock.begin({}, {});
    machine.clock.advance(seconds{5});
    EXPECT_EQ(clock.now(), machine.clock.now());
    EXPECT_FALSE(clock.look());
}

TEST(ShopClock, KnowsNoLaterTimeThanWhatWasWrittenWhileNobodyVouches) {
    Machine machine;
    machine.unserved(kMonth);
    ShopClock clock{machine.clock, 1};
    const WallTime written = kit::at().wall - seconds{90};
    clock.begin({}, written);
    EXPECT_EQ(clock.known_time(), written);
    clock.hear_hq(kit::at().wall, machine.clock.now(), milliseconds{20});
    EXPECT_EQ(clock.known_time(), kit::at().wall);
}

TEST(ShopClock, KnowsTheTimeOfAServer) {
    Machine machine;
    ShopClock clock{machine.clock, 1};
    clock.begin({}, {});
    EXPECT_EQ(clock.known_time(), machine.clock.now().wall);
}

TEST(ShopClock, DoesNotFollowAWallThatJumpsWithoutAServer) {
    Machine machine;
    machine.unserved(kMonth);
    ShopClock clock{machine.clock, 1};
    clock.begin({}, {});
    const WallTime before = clock.now().wall;
    machine.unserved(-2 * kMonth);
    machine.clock.advance(seconds{5});
    EXPECT_EQ(clock.now().wall, before + seconds{5});
    EXPECT_EQ(clock.now().quality, ClockQuality::Rtc);
}

TEST(ShopClock, NeverBeginsBelowTheLastWallThatWasWritten) {
    Machine machine;
    machine.unserved(-kMonth);
    ShopClock clock{machine.clock, 2};
    clock.begin({}, kit::kNoon);
    EXPECT_EQ(clock.now().wall, kit::kNoon);
}

TEST(ShopClock, TellsOnceWhatItsWallsWereWorthWhenAServerComes) {
    Machine machine;
    machine.unserved(kMonth);
    ShopClock clock{machine.clock, 1};
    clock.begin({}, {});
    const Stamp wrong = clock.now();
    machine.clock.advance(std::chrono::hours{8});
    machine.served(kit::kNoon + std::chrono::hours{8});
    const auto truth = clock.look();
    ASSERT_TRUE(truth);
    EXPECT_EQ(wrong.wall + truth->offset, kit::kNoon);
    EXPECT_EQ(truth->source, "ntp");
    EXPECT_EQ(truth->before, ClockQuality::Rtc);
    EXPECT_EQ(clock.now().wall, kit::kNoon + std::chrono::hours{8});
    EXPECT_FALSE(clock.look());
}

TEST(ShopClock, TakesHqsWordAsOfTheMomentItWasHeard) {
    Machine machine;
    machine.unserved(kMonth);
    ShopClock clock{machine.clock, 1};
    clock.begin({}, {});
    const Stamp heard = clock.now();
    machine.clock.advance(seconds{3});
    const auto truth = clock.hear_hq(kit::kNoon, heard, milliseconds{40});
    ASSERT_TRUE(truth);
    EXPECT_EQ(truth->offset, -kMonth);
    EXPECT_EQ(truth->error, milliseconds{40});
    EXPECT_EQ(clock.now().wall, kit::kNoon + seconds{3});
    EXPECT_EQ(clock.now().quality, ClockQuality::Hq);
}

TEST(ShopClock, SaysNothingMoreWhileHqAgrees) {
    Machine machine;
    machine.unserved(kMonth);
    ShopClock clock{machine.clock, 1};
    clock.begin({}, {});
    ASSERT_TRUE(clock.hear_hq(kit::kNoon, clock.now(), {}));
    EXPECT_FALSE(clock.hear_hq(clock.now().wall + seconds{1}, clock.now(), {}));
    EXPECT_TRUE(clock.hear_hq(clock.now().wall + seconds{9}, clock.now(), {}));
}

TEST(ShopClock, BelievesHqAgainstAServerThatIsFarOff) {
    Machine machine;
    machine.served(kit::kNoon + kMonth);
    ShopClock clock{machine.clock, 1};
    clock.begin({}, {});
    EXPECT_FALSE(clock.hear_hq(clock.now().wall + seconds{1}, clock.now(), {}));
    EXPECT_TRUE(clock.hear_hq(kit::kNoon, clock.now(), {}));
    EXPECT_EQ(clock.now().wall, kit::kNoon);
    EXPECT_FALSE(clock.look());
}

TEST(ShopClock, StaysOnItsCourseOverARestartInTheSameBoot) {
    Machine machine;
    machine.unserved(kMonth);
    ShopClock before{machine.clock, 4};
    before.begin({}, {});
    ASSERT_TRUE(before.hear_hq(kit::kNoon, before.now(), {}));
    machine.unserved(kMonth);
    ShopClock after{machine.clock, 4};
    const std::vector<StateChange> rows{before.course()};
    after.begin(rows, {});
    EXPECT_EQ(after.now(), before.now());
}

TEST(ShopClock, BeginsAnewInAnotherBoot) {
    Machine machine;
    machine.unserved(kMonth);
    ShopClock before{machine.clock, 4};
    before.begin({}, {});
    ASSERT_TRUE(before.hear_hq(kit::kNoon, before.now(), {}));
    ShopClock after{machine.clock, 5};
    const std::vector<StateChange> rows{before.course()};
    after.begin(rows, {});
    EXPECT_EQ(after.now().wall, machine.clock.now().wall);
    EXPECT_EQ(after.now().quality, ClockQuality::Rtc);
}

}  // namespace
}  // namespace aisle::app
