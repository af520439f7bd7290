#include "sync/mqtt/certificate.hpp"

#include <gtest/gtest.h>

namespace aisle::mqtt {
namespace {

WallTime wall(const char* text) { return *parse_rfc3339(text); }

const Validity kYear{wall("2026-01-01T00:00:00.000Z"), wall("2027-01-01T00:00:00.000Z")};

TEST(Certificate, CountsWholeDays) {
    EXPECT_EQ(days_left(kYear, wall("2026-12-31T00:00:00.000Z")), 1);
    EXPECT_EQ(days_left(kYear, wall("2026-12-31T00:00:01.000Z")), 0);
    EXPECT_EQ(days_left(kYear, wall("2027-01-01T00:00:01.000Z")), -1);
}

TEST(Certificate, IsAlarmingAtThirtyFourteenSevenAndOneDay) {
    EXPECT_EQ(alarm_at(31), std::nullopt);
    EXPECT_EQ(alarm_at(30), 30);
    EXPECT_EQ(alarm_at(15), 30);
    EXPECT_EQ(alarm_at(14), 14);
    EXPECT_EQ(alarm_at(7), 7);
    EXPECT_EQ(alarm_at(2), 7);
    EXPECT_EQ(alarm_at(1), 1);
    EXPECT_EQ(alarm_at(0), 1);
    EXPECT_EQ(alarm_at(-1), 0);
}

TEST(Certificate, IsJudgedByAClockThatAServerHasSet) {
    const auto now = wall("2001-01-01T00:00:00.000Z");
    for (const auto quality : {ClockQuality::Ntp, ClockQuality::Hq})
        EXPECT_EQ(judging_time({.wall = now, .quality = quality}, wall("2030-01-01T00:00:00.000Z"),
                               kYear),
                  now);
}

TEST(Certificate, IsElseJudgedByTheLatestTimeThatIsKnownToHaveBeen) {
    const Stamp unset{.wall = wall("1970-01-01T00:00:10.000Z"), .quality = ClockQuality::None};
    const auto known = wall("2090-01-01T00:00:00.000Z");
    EXPECT_EQ(judging_time(unset, known, kYear), known);
    EXPECT_GE(judging_time(unset, {}, kYear), kYear.from);
    const Stamp later{.wall = wall("2095-01-01T00:00:00.000Z"), .quality = ClockQuality::Rtc};
    EXPECT_EQ(judging_time(later, known, kYear), later.wall);
}

TEST(Certificate, OfThisProgramsOwnTimeIsAFloor) {
    const Stamp unset{.wall = WallTime{}, .quality = ClockQuality::None};
    EXPECT_GT(judging_time(unset, {}, std::nullopt), wall("2024-01-01T00:00:00.000Z"));
}

}  // namespace
}  // namespace aisle::mqtt
