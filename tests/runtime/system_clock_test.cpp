#include "agent/runtime/system_clock.hpp"

#include <gtest/gtest.h>
#include <time.h>

namespace aisle::runtime {
namespace {

TEST(SystemClock, CarriesItsBootNumber) { EXPECT_EQ(SystemClock{7}.now().boot, 7); }

TEST(SystemClock, NeverGoesBack) {
    const SystemClock clock{1};
    Stamp last = clock.now();
    for (int i = 0; i < 1000; ++i) {
        const Stamp next = clock.now();
        EXPECT_LE(last.mono, next.mono);
        last = next;
    }
}

TEST(SystemClock, CountsFromTheBootOfTheMachine) {
    timespec before{};
    clock_gettime(CLOCK_BOOTTIME, &before);
    const auto mono = SystemClock{1}.now().mono.time_since_epoch();
    timespec after{};
    clock_gettime(CLOCK_BOOTTIME, &after);
    EXPECT_GE(mono, seconds{before.tv_sec});
    EXPECT_LE(mono, seconds{after.tv_sec + 1});
}

TEST(SystemClock, ShowsTheMachinesWallTime) {
    const time_t before = time(nullptr);
    const auto wall = SystemClock{1}.now().wall.time_since_epoch();
    EXPECT_GE(wall, seconds{before - 1});
    EXPECT_LE(wall, seconds{time(nullptr) + 1});
}

TEST(SystemClock, IsOfTheBestQualityOnlyWhileHqConfirms) {
    SystemClock clock{1};
    const ClockQuality own = clock.now().quality;
    EXPECT_LT(own, ClockQuality::Hq);
    clock.confirm_by_hq(true);
    EXPECT_EQ(clock.now().quality, ClockQuality::Hq);
    clock.confirm_by_hq(false);
    EXPECT_EQ(clock.now().quality, own);
}

TEST(BootId, IsTheSameThroughoutABoot) {
    const std::string id = read_boot_id();
    EXPECT_EQ(id.size(), 36U);
    EXPECT_EQ(read_boot_id(), id);
}

}  // namespace
}  // namespace aisle::runtime
