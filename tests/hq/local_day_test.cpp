#include "sync/hq/local_day.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace aisle::hq {
namespace {

// The zone is the process's, so each fact sets it.
Today day_in(const char* zone, const char* instant) {
    setenv("TZ", zone, 1);
    tzset();
    return local_day(*parse_rfc3339(instant));
}

TEST(LocalDay, IsTheOneOnHqsWall) {
    const auto day = day_in("Asia/Shanghai", "2026-06-11T17:30:00Z");
    EXPECT_EQ(to_text(day.date), "2026-06-12");
    EXPECT_EQ(to_rfc3339(day.from), "2026-06-11T16:00:00.000Z");
    EXPECT_EQ(to_rfc3339(day.to), "2026-06-12T16:00:00.000Z");
}

TEST(LocalDay, HasTwentyFiveHoursWhenTheClocksGoBack) {
    const auto day = day_in("Europe/Berlin", "2026-10-25T12:00:00Z");
    EXPECT_EQ(day.to - day.from, std::chrono::hours{25});
}

}  // namespace
}  // namespace aisle::hq
