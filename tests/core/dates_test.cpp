// Dates and instants at their edges. The table's numbers come from `date -u -d TEXT +%s`.
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <vector>

#include "agent/core/time.hpp"
#include "tests/kit/builders.hpp"

namespace aisle {
namespace {

struct Written {
    const char* text;
    std::int64_t ms;
};

constexpr std::array kInstants{
    Written{"1970-01-01T00:00:00.000Z", 0},
    Written{"1969-12-31T23:59:59.999Z", -1},
    Written{"1900-03-01T00:00:00.000Z", -2'203'891'200'000},
    Written{"2000-02-29T12:00:00.000Z", 951'825'600'000},
    Written{"2038-01-19T03:14:08.000Z", 2'147'483'648'000},
    Written{"2100-02-28T23:59:59.000Z", 4'107'542'399'000},
    Written{"2100-03-01T00:00:00.000Z", 4'107'542'400'000},
    Written{"9999-12-31T23:59:59.999Z", 253'402'300'799'999},
};

TEST(Rfc3339, PrintsEveryInstantAsTheCalendarHasIt) {
    for (const auto& [text, ms] : kInstants) {
        EXPECT_EQ(to_rfc3339(WallTime{milliseconds{ms}}), text);
    }
}

TEST(Rfc3339, ReadsEveryInstantAsTheCalendarHasIt) {
    for (const auto& [text, ms] : kInstants) {
        EXPECT_EQ(parse_rfc3339(text), WallTime{milliseconds{ms}}) << text;
    }
}

TEST(Rfc3339, ReadsBackWhatItHasPrinted) {
    std::mt19937_64 random{20261121};
    for (int i = 0; i < 20'000; ++i) {
        const auto ms = static_cast<std::int64_t>(random() % 253'402'300'800'000U);
        const WallTime time{milliseconds{ms}};
        ASSERT_EQ(parse_rfc3339(to_rfc3339(time)), time) << ms;
    }
}

TEST(Rfc3339, TakesSmallLettersAndASpace) {
    EXPECT_EQ(parse_rfc3339("2026-06-12t04:00:00z"), kit::kNoon);
    EXPECT_EQ(parse_rfc3339("2026-06-12 04:00:00Z"), kit::kNoon);
}

TEST(Rfc3339, CutsDecimalsRatherThanRoundingThem) {
    EXPECT_EQ(parse_rfc3339("2026-06-12T04:00:00.999999999Z"), kit::kNoon + milliseconds{999});
    EXPECT_EQ(parse_rfc3339("2026-06-12T04:00:00.0009Z"), kit::kNoon);
}

TEST(Rfc3339, ReadsEveryNumberOfDecimalsUpToNine) {
    std::string text = "2026-06-12T04:00:00.";
    for (int decimals = 1; decimals <= 9; ++decimals) {
        text += '5';
        const milliseconds expected{decimals == 1 ? 500 : decimals == 2 ? 550 : 555};
        EXPECT_EQ(parse_rfc3339(text + "Z"), kit::kNoon + expected) << decimals;
    }
    EXPECT_FALSE(parse_rfc3339(text + "5Z"));
}

TEST(Rfc3339, ReadsALeapSecondAsTheNextMinutesFirst) {
    EXPECT_EQ(parse_rfc3339("2016-12-31T23:59:60Z"), parse_rfc3339("2017-01-01T00:00:00Z"));
    EXPECT_FALSE(parse_rfc3339("2016-12-31T23:59:61Z"));
}

TEST(Rfc3339, MovesTheDateByItsOffset) {
    EXPECT_EQ(parse_rfc3339("2026-01-01T07:59:00+08:00"), parse_rfc3339("2025-12-31T23:59:00Z"));
    EXPECT_EQ(parse_rfc3339("2025-12-31T18:30:00-05:30"), parse_rfc3339("2026-01-01T00:00:00Z"));
    EXPECT_EQ(parse_rfc3339("2026-06-12T04:00:00-00:00"), kit::kNoon);
}

TEST(Rfc3339, TakesTheWidestOffsetsAndNoWider) {
    EXPECT_TRUE(parse_rfc3339("2026-06-12T04:00:00+23:59"));
    EXPECT_TRUE(parse_rfc3339("2026-06-12T04:00:00-23:59"));
    EXPECT_FALSE(parse_rfc3339("2026-06-12T04:00:00+08:60"));
    EXPECT_FALSE(parse_rfc3339("2026-06-12T04:00:00+0800"));
    EXPECT_FALSE(parse_rfc3339("2026-06-12T04:00:00+8:00"));
}

TEST(Rfc3339, RefusesEveryTruncation) {
    const std::string whole = "2026-06-12T04:00:00.250+08:00";
    ASSERT_TRUE(parse_rfc3339(whole));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(parse_rfc3339(whole.substr(0, size))) << size;
    }
}

TEST(Rfc3339, RefusesEveryLetterInADigitsPlace) {
    const std::string whole = "2026-06-12T04:00:00.250+08:00";
    for (std::size_t i = 0; i < whole.size(); ++i) {
        if (whole[i] < '0' || whole[i] > '9') continue;
        std::string broken = whole;
        broken[i] = 'O';
        EXPECT_FALSE(parse_rfc3339(broken)) << broken;
        broken[i] = ' ';
        EXPECT_FALSE(parse_rfc3339(broken)) << broken;
    }
}

TEST(Rfc3339, RefusesSpacesAroundIt) {
    EXPECT_FALSE(parse_rfc3339(" 2026-06-12T04:00:00Z"));
    EXPECT_FALSE(parse_rfc3339("2026-06-12T04:00:00Z "));
    EXPECT_FALSE(parse_rfc3339("2026-06-12T04:00:00 Z"));
}

TEST(Rfc3339, KeepsItselfFromAnyBytes) {
    std::mt19937_64 random{4};
    const std::string letters = "0123456789-:TZ+. ";
    for (int i = 0; i < 20'000; ++i) {
        std::string text(random() % 40, '0');
        for (char& c : text) c = letters[random() % letters.size()];
        const auto time = parse_rfc3339(text);
        if (time) {
            EXPECT_EQ(parse_rfc3339(to_rfc3339(*time)), time) << text;
        }
    }
}

TEST(Dates, KnowTheLeapYears) {
    for (const auto& [text, there] : {std::pair{"2000-02-29", true},
                                      {"1900-02-29", false},
                                      {"2100-02-29", false},
                                      {"2024-02-29", true},
                                      {"2026-02-29", false},
                                      {"2400-02-29", true}}) {
        EXPECT_EQ(parse_date(text).has_value(), there) << text;
    }
}

TEST(Dates, KnowTheLengthOfEachMonth) {
    constexpr std::array kLast{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (std::size_t month = 1; month <= 12; ++month) {
        const std::string begin =
            std::string{"2026-"} + (month < 10 ? "0" : "") + std::to_string(month) + "-";
        EXPECT_TRUE(parse_date(begin + std::to_string(kLast.at(month - 1))));
        EXPECT_FALSE(parse_date(begin + std::to_string(kLast.at(month - 1) + 1)));
        EXPECT_FALSE(parse_date(begin + "00"));
    }
}

TEST(Dates, RefuseWhatIsNotADateAlone) {
    for (const char* text : {"", "2026", "2026-06", "2026-00-01", "2026-13-01", "2026/06/12",
                             "26-06-12", "2026-06-12T", "2026-06-12 ", "-026-06-12", "2026-6-12"}) {
        EXPECT_FALSE(parse_date(text)) << text;
    }
}

TEST(Dates, ComeBackFromTheirTextOnEveryDayOfFourYears) {
    for (auto day = std::chrono::sys_days{*parse_date("2023-12-30")};
         day < std::chrono::sys_days{*parse_date("2028-01-02")}; day += std::chrono::days{1}) {
        const Date date{day};
        ASSERT_EQ(parse_date(to_text(date)), date) << to_text(date);
    }
}

TEST(ClockQualities, AreReadBackFromTheirNames) {
    for (const auto quality :
         {ClockQuality::None, ClockQuality::Rtc, ClockQuality::Ntp, ClockQuality::Hq}) {
        EXPECT_EQ(clock_quality_from(to_text(quality)), quality);
    }
}

TEST(ClockQualities, HaveTheNamesOfTheRecords) {
    EXPECT_EQ(to_text(ClockQuality::None), "none");
    EXPECT_EQ(to_text(ClockQuality::Rtc), "rtc");
    EXPECT_EQ(to_text(ClockQuality::Ntp), "ntp");
    EXPECT_EQ(to_text(ClockQuality::Hq), "hq");
}

TEST(ClockQualities, HaveNoOtherNames) {
    for (const char* text : {"", "NTP", "gps", "ntp ", "no"}) {
        EXPECT_FALSE(clock_quality_from(text)) << text;
    }
}

TEST(ClockQualities, RiseFromNothingToHeadquarters) {
    EXPECT_LT(ClockQuality::None, ClockQuality::Rtc);
    EXPECT_LT(ClockQuality::Rtc, ClockQuality::Ntp);
    EXPECT_LT(ClockQuality::Ntp, ClockQuality::Hq);
}

struct Cut {
    const char* local;  // in Shanghai
    int cut_min;
    const char* day;
};

TEST(BusinessDate, FollowsTheCut) {
    const kit::FixedZone zone;
    for (const auto& [local, cut_min, day] :
         {Cut{"2026-06-12T00:00:00", 0, "2026-06-12"}, Cut{"2026-06-12T00:00:00", 1, "2026-06-11"},
          Cut{"2026-06-12T00:00:59", 1, "2026-06-11"}, Cut{"2026-06-12T00:01:00", 1, "2026-06-12"},
          Cut{"2026-06-12T11:58:59", 719, "2026-06-11"},
          Cut{"2026-06-12T11:59:00", 719, "2026-06-12"},
          Cut{"2026-06-12T23:59:59", 240, "2026-06-12"},
          Cut{"2026-03-01T01:00:00", 240, "2026-02-28"},
          Cut{"2028-03-01T01:00:00", 240, "2028-02-29"},
          Cut{"2026-01-01T03:59:59", 240, "2025-12-31"}}) {
        const auto time = parse_rfc3339(std::string{local} + "+08:00");
        EXPECT_EQ(to_text(business_date(zone, *time, minutes{cut_min})), day) << local;
    }
}

TEST(BusinessDate, NeverGoesBackAsTimeGoesOn) {
    const kit::FixedZone zone{minutes{-210}};
    Date before = business_date(zone, kit::kNoon, minutes{240});
    for (int quarter = 1; quarter < 4 * 24 * 40; ++quarter) {
        const Date day = business_date(zone, kit::kNoon + quarter * minutes{15}, minutes{240});
        ASSERT_GE(std::chrono::sys_days{day}, std::chrono::sys_days{before});
        ASSERT_LE(std::chrono::sys_days{day} - std::chrono::sys_days{before}, std::chrono::days{1});
        before = day;
    }
}

}  // namespace
}  // namespace aisle
