#include "agent/core/time.hpp"

#include <gtest/gtest.h>

#include "tests/kit/builders.hpp"

namespace aisle {
namespace {

TEST(Rfc3339, PrintsUtcWithMilliseconds) {
    EXPECT_EQ(to_rfc3339(WallTime{milliseconds{0}}), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(to_rfc3339(WallTime{milliseconds{1'781'236'800'123}}), "2026-06-12T04:00:00.123Z");
}

TEST(Rfc3339, ReadsOffsetsAndDecimals) {
    EXPECT_EQ(parse_rfc3339("2026-06-12T12:00:00+08:00"), kit::kNoon);
    EXPECT_EQ(parse_rfc3339("2026-06-12T04:00:00Z"), kit::kNoon);
    EXPECT_EQ(parse_rfc3339("2026-06-12T04:00:00.1239Z"), kit::kNoon + milliseconds{123});
    EXPECT_EQ(parse_rfc3339("2026-06-11T23:00:00.5-05:00"), kit::kNoon + milliseconds{500});
}

TEST(Rfc3339, RefusesWhatIsNotATime) {
    for (const char* text :
         {"", "2026-06-12", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-06-12T24:00:00Z",
          "2026-06-12T04:00:00", "2026-06-12T04:00:00.Z", "2026-06-12T04:00:00Zx",
          "2026-06-12T04:00:00+24:00", "2026-06-12T04:0a:00Z"}) {
        EXPECT_FALSE(parse_rfc3339(text)) << text;
    }
}

TEST(Dates, RoundTrip) {
    EXPECT_EQ(to_text(*parse_date("2024-02-29")), "2024-02-29");
    EXPECT_FALSE(parse_date("2023-02-29"));
    EXPECT_FALSE(parse_date("2024-2-9"));
}

TEST(BusinessDate, BelongsToTheDayBeforeUntilTheCut) {
    const kit::FixedZone zone{minutes{480}};
    const auto at_three = *parse_rfc3339("2026-06-12T03:59:00+08:00");
    EXPECT_EQ(to_text(business_date(zone, at_three, minutes{240})), "2026-06-11");
    EXPECT_EQ(to_text(business_date(zone, at_three + minutes{1}, minutes{240})), "2026-06-12");
}

TEST(Deadlines, CountMonotonicTimeInTheSameBoot) {
    const Deadline deadline{.set = kit::at(), .wait = seconds{10}};
    Stamp now = kit::at(seconds{4});
    now.wall -= std::chrono::hours{5};  // the wall clock jumps; it must not matter
    EXPECT_EQ(remaining(deadline, now), seconds{6});
    EXPECT_TRUE(passed(deadline, kit::at(seconds{10})));
}

TEST(Deadlines, TrustTheWallInAnotherBootOnlyIfItIsGood) {
    const Deadline deadline{.set = kit::at(), .wait = seconds{60}};
    Stamp now{.boot = 2,
              .mono = MonoTime{seconds{5}},
              .wall = kit::kNoon + seconds{45},
              .quality = ClockQuality::Ntp};
    EXPECT_EQ(remaining(deadline, now), seconds{15});
    now.quality = ClockQuality::Rtc;
    EXPECT_EQ(remaining(deadline, now), seconds{60});
}

TEST(Deadlines, NeverGrowWhenTheWallWentBackwardsBetweenBoots) {
    const Deadline deadline{.set = kit::at(), .wait = seconds{60}};
    const Stamp now{.boot = 2,
                    .mono = MonoTime{},
                    .wall = kit::kNoon - seconds{600},
                    .quality = ClockQuality::Ntp};
    EXPECT_EQ(remaining(deadline, now), seconds{60});
}

}  // namespace
}  // namespace aisle
