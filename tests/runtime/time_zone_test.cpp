#include "agent/runtime/time_zone.hpp"

#include <gtest/gtest.h>

namespace aisle::runtime {
namespace {

std::unique_ptr<TimeZone> zone(const std::string& name) {
    return std::move(open_time_zone(name)).value();
}

WallTime utc(std::string_view text) { return *parse_rfc3339(text); }

std::string shown(const TimeZone& zone, std::string_view text) {
    const LocalTime local = zone.local(utc(text));
    char clock[16];
    std::snprintf(clock, sizeof clock, " %02d:%02d", local.minute_of_day / 60,
                  local.minute_of_day % 60);
    return to_text(local.date) + clock;
}

// The instant at which the wall shows this.
std::string instant(const TimeZone& zone, std::string_view date, milliseconds into_day) {
    return to_rfc3339(zone.instant(*parse_date(date), into_day));
}

TEST(TimeZone, IsNotThereForAnUnknownName) {
    for (const char* const name : {"Europe/Atlantis", "", "../../etc/passwd", "CET-1CEST"}) {
        EXPECT_EQ(open_time_zone(name).error().fault, Fault::Malformed) << name;
    }
}

TEST(TimeZone, ShowsShanghaiEightHoursAheadAllYear) {
    const auto shanghai = zone("Asia/Shanghai");
    EXPECT_EQ(shown(*shanghai, "2026-01-15T15:59:59.999Z"), "2026-01-15 23:59");
    EXPECT_EQ(shown(*shanghai, "2026-07-15T16:00:00Z"), "2026-07-16 00:00");
    EXPECT_EQ(instant(*shanghai, "2026-07-16", milliseconds{1}), "2026-07-15T16:00:00.001Z");
}

TEST(TimeZone, TellsWeekdayAndOffset) {
    const LocalTime local = zone("Asia/Shanghai")->local(utc("2026-06-12T20:00:00Z"));
    EXPECT_EQ(local.weekday, std::chrono::Saturday);
    EXPECT_EQ(local.utc_offset, std::chrono::hours{8});
    EXPECT_EQ(zone("America/New_York")->local(utc("2026-01-01T12:00:00Z")).utc_offset,
              -std::chrono::hours{5});
}

TEST(TimeZone, JumpsForwardInBerlinInSpring) {
    const auto berlin = zone("Europe/Berlin");
    EXPECT_EQ(shown(*berlin, "2026-03-29T00:59:59Z"), "2026-03-29 01:59");
    EXPECT_EQ(shown(*berlin, "2026-03-29T01:00:00Z"), "2026-03-29 03:00");
}

TEST(TimeZone, GivesASkippedTimeTheInstantOfTheJump) {
    const auto berlin = zone("Europe/Berlin");
    EXPECT_EQ(instant(*berlin, "2026-03-29", minutes{2 * 60 + 30}), "2026-03-29T01:00:00.000Z");
    EXPECT_EQ(instant(*berlin, "2026-03-29", minutes{2 * 60}), "2026-03-29T01:00:00.000Z");
    EXPECT_EQ(instant(*berlin, "2026-03-29", minutes{3 * 60}), "2026-03-29T01:00:00.000Z");
    EXPECT_EQ(instant(*berlin, "2026-03-29", minutes{1 * 60 + 59}), "2026-03-29T00:59:00.000Z");
    EXPECT_EQ(instant(*zone("America/New_York"), "2026-03-08", minutes{2 * 60 + 15}),
              "2026-03-08T07:00:00.000Z");
}

TEST(TimeZone, ShowsARepeatedHourTwice) {
    const auto berlin = zone("Europe/Berlin");
    EXPECT_EQ(shown(*berlin, "2026-10-25T00:30:00Z"), "2026-10-25 02:30");
    EXPECT_EQ(shown(*berlin, "2026-10-25T01:30:00Z"), "2026-10-25 02:30");
}

TEST(TimeZone, GivesARepeatedTimeItsEarlierInstant) {
    EXPECT_EQ(instant(*zone("Europe/Berlin"), "2026-10-25", minutes{2 * 60 + 30}),
              "2026-10-25T00:30:00.000Z");
    EXPECT_EQ(instant(*zone("America/New_York"), "2026-11-01", minutes{60 + 30}),
              "2026-11-01T05:30:00.000Z");
    EXPECT_EQ(instant(*zone("Europe/Berlin"), "2026-10-25", minutes{3 * 60}),
              "2026-10-25T02:00:00.000Z");
}

TEST(TimeZone, FindsItsWayBackFromEveryHourOfAYear) {
    for (const char* const name : {"Europe/Berlin", "Asia/Shanghai", "America/New_York"}) {
        const auto here = zone(name);
        int other = 0;
        for (WallTime at = utc("2026-01-01T00:00:00Z"); at < utc("2027-01-01T00:00:00Z");
             at += std::chrono::hours{1}) {
            const LocalTime local = here->local(at);
            other += here->instant(local.date, minutes{local.minute_of_day}) == at ? 0 : 1;
        }
        // Only the second pass of the repeated hour leads to the first.
        EXPECT_EQ(other, std::string_view{name} == "Asia/Shanghai" ? 0 : 1) << name;
    }
}

}  // namespace
}  // namespace aisle::runtime
