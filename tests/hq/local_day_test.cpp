#include "sync/hq/local_day.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "agent/runtime/time_zone.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::hq {
namespace {

// The zone is the process's, so each fact sets it.
Today wall_in(const char* zone, const char* instant) {
    setenv("TZ", zone, 1);
    tzset();
    return local_day(*parse_rfc3339(instant));
}

TEST(LocalDay, IsTheOneOnHqsWall) {
    const auto day = wall_in("Asia/Shanghai", "2026-06-11T17:30:00Z");
    EXPECT_EQ(to_text(day.date), "2026-06-12");
    EXPECT_EQ(to_rfc3339(day.from), "2026-06-11T16:00:00.000Z");
    EXPECT_EQ(to_rfc3339(day.to), "2026-06-12T16:00:00.000Z");
}

TEST(LocalDay, HasTwentyFiveHoursWhenTheClocksGoBack) {
    const auto day = wall_in("Europe/Berlin", "2026-10-25T12:00:00Z");
    EXPECT_EQ(day.to - day.from, std::chrono::hours{25});
}

TEST(LocalDay, BeginsAndEndsAtMidnightItself) {
    const auto first = wall_in("Asia/Shanghai", "2026-06-11T16:00:00Z");
    EXPECT_EQ(to_text(first.date), "2026-06-12");
    const auto last = wall_in("Asia/Shanghai", "2026-06-12T15:59:59.999Z");
    EXPECT_EQ(last.date, first.date);
    EXPECT_EQ(last.from, first.from);
    EXPECT_EQ(last.to, first.to);
}

TEST(LocalDay, FollowsTheCalendarOverTheEndOfAYear) {
    const auto day = wall_in("UTC", "2026-12-31T23:59:00Z");
    EXPECT_EQ(to_text(day.date), "2026-12-31");
    EXPECT_EQ(to_rfc3339(day.to), "2027-01-01T00:00:00.000Z");
}

TEST(DayInAZone, IsTheSameAsTheMachinesInThatZone) {
    const auto zone = runtime::open_time_zone("Europe/Berlin");
    if (!zone) GTEST_SKIP() << "no tzdata here";
    // Midsummer, both changes of the clock, a leap day and New Year.
    for (const char* instant :
         {"2026-06-12T04:00:00Z", "2026-03-29T00:30:00Z", "2026-03-29T21:59:59Z",
          "2026-10-25T00:30:00Z", "2026-10-25T22:59:59Z", "2028-02-29T12:00:00Z",
          "2026-12-31T22:59:59Z", "2026-12-31T23:00:00Z"}) {
        const auto machine = wall_in("Europe/Berlin", instant);
        const auto named = day_in(**zone, *parse_rfc3339(instant));
        EXPECT_EQ(named.date, machine.date) << instant;
        EXPECT_EQ(named.from, machine.from) << instant;
        EXPECT_EQ(named.to, machine.to) << instant;
    }
}

TEST(DayInAZone, HasTwentyThreeHoursWhenTheClocksGoForward) {
    const auto zone = runtime::open_time_zone("Europe/Berlin");
    if (!zone) GTEST_SKIP() << "no tzdata here";
    const auto day = day_in(**zone, *parse_rfc3339("2026-03-29T12:00:00Z"));
    EXPECT_EQ(day.to - day.from, std::chrono::hours{23});
}

TEST(DayInAZone, DoesNotAskTheMachine) {
    setenv("TZ", "America/New_York", 1);
    tzset();
    const auto day = day_in(kit::FixedZone{}, *parse_rfc3339("2026-06-11T16:00:00Z"));
    EXPECT_EQ(to_text(day.date), "2026-06-12");
    EXPECT_EQ(to_rfc3339(day.from), "2026-06-11T16:00:00.000Z");
}

}  // namespace
}  // namespace aisle::hq
