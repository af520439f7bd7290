#include "shop.hpp"
#include "tests/kit/jumping_zone.hpp"

namespace aisle::offers {
namespace {

const kit::JumpingZone kBerlin = kit::berlin_2026();

// The window as a campaign in a zone with daylight saving has it.
Window window(const std::string& json) {
    const auto loaded =
        CampaignSet::load(files_of({campaign("c", kBasket, kTenPercent, R"("window": )" + json)}),
                          {.store = &kBerlin});
    if (!loaded) return ADD_FAILURE() << to_text(loaded.error().front()), Window{};
    return loaded->all().front().window;
}

bool open(const Window& window, const char* utc) {
    const auto at = *parse_rfc3339(utc);
    return window.has(at, kBerlin.local(at));
}

// The edges are half-open: shut a millisecond before, open at it; and so at the end.
void expect_edges(const Window& window, const char* from, const char* to) {
    const milliseconds tick{1};
    const auto first = *parse_rfc3339(from), end = *parse_rfc3339(to);
    EXPECT_FALSE(window.has(first - tick, kBerlin.local(first - tick))) << from;
    EXPECT_TRUE(window.has(first, kBerlin.local(first))) << from;
    EXPECT_TRUE(window.has(end - tick, kBerlin.local(end - tick))) << to;
    EXPECT_FALSE(window.has(end, kBerlin.local(end))) << to;
}

TEST(DstZone, ShowsTheHourThatIsSkippedAndTheHourThatComesTwice) {
    EXPECT_EQ(kBerlin.local(*parse_rfc3339("2026-03-29T00:59:59Z")).minute_of_day, 119);
    EXPECT_EQ(kBerlin.local(*parse_rfc3339("2026-03-29T01:00:00Z")).minute_of_day, 180);
    EXPECT_EQ(kBerlin.local(*parse_rfc3339("2026-10-25T00:30:00Z")).minute_of_day, 150);
    EXPECT_EQ(kBerlin.local(*parse_rfc3339("2026-10-25T01:30:00Z")).minute_of_day, 150);
}

TEST(WindowOverDst, LastsTwentyThreeHoursOnTheDayTheClocksGoForward) {
    expect_edges(window(R"({"from": "2026-03-29", "to": "2026-03-29"})"), "2026-03-28T23:00:00Z",
                 "2026-03-29T22:00:00Z");
}

TEST(WindowOverDst, LastsTwentyFiveHoursOnTheDayTheClocksGoBack) {
    expect_edges(window(R"({"from": "2026-10-25", "to": "2026-10-25"})"), "2026-10-24T22:00:00Z",
                 "2026-10-25T23:00:00Z");
}

TEST(WindowOverDst, BeginsAtTheJumpWhereItsHourIsSkipped) {
    expect_edges(window(R"({"from": "2026-03-29T02:30", "to": "2026-03-29T04:00"})"),
                 "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z");
}

TEST(WindowOverDst, BeginsAtTheEarlierOfTheTwoHours) {
    expect_edges(window(R"({"from": "2026-10-25T02:30", "to": "2026-10-25T03:00"})"),
                 "2026-10-25T00:30:00Z", "2026-10-25T02:00:00Z");
}

TEST(WindowOverDst, IsOpenInBothOfTheHoursThatLookTheSame) {
    const Window night = window(R"({"hours": [["02:00", "03:00"]]})");
    EXPECT_TRUE(open(night, "2026-10-25T00:30:00Z"));
    EXPECT_TRUE(open(night, "2026-10-25T01:30:00Z"));
    EXPECT_FALSE(open(night, "2026-10-25T02:00:00Z"));
}

TEST(WindowOverDst, IsNeverOpenInAnHourThatIsSkipped) {
    const Window night = window(R"({"hours": [["02:00", "03:00"]]})");
    for (int minute = 0; minute < 120; ++minute) {
        const auto at = *parse_rfc3339("2026-03-29T00:00:00Z") + minutes{minute};
        EXPECT_FALSE(night.has(at, kBerlin.local(at))) << to_rfc3339(at);
    }
}

TEST(WindowOverDst, KeepsItsHoursOnTheWallClockInSummerAndWinter) {
    const Window shop_hours = window(R"({"hours": [["09:00", "20:00"]]})");
    EXPECT_TRUE(open(shop_hours, "2026-01-15T08:00:00Z"));
    EXPECT_FALSE(open(shop_hours, "2026-01-15T07:59:59Z"));
    EXPECT_TRUE(open(shop_hours, "2026-07-15T07:00:00Z"));
    EXPECT_FALSE(open(shop_hours, "2026-07-15T18:00:00Z"));
}

TEST(WindowOverDst, CountsANightOverTheJumpToTheDayBefore) {
    // Saturday's night; on Sunday the clocks go forward.
    const Window saturday = window(R"({"hours": [["22:00", "04:00"]], "days": [6]})");
    EXPECT_TRUE(open(saturday, "2026-03-28T21:00:00Z"));
    EXPECT_TRUE(open(saturday, "2026-03-29T01:59:59Z"));
    EXPECT_FALSE(open(saturday, "2026-03-29T02:00:00Z"));
    EXPECT_FALSE(open(saturday, "2026-03-29T20:30:00Z"));
}

TEST(WindowOverDst, TakesAnInstantWithAnOffsetAsItIs) {
    expect_edges(window(R"({"from": "2026-03-29T03:00:00+02:00", "to": "2026-03-29T12:00:00Z"})"),
                 "2026-03-29T01:00:00Z", "2026-03-29T12:00:00Z");
}

TEST(WindowOverDst, EndsAtTheJumpWhereTheNextMidnightIsSkipped) {
    const kit::JumpingZone beirut = kit::beirut_2026();
    const auto loaded = CampaignSet::load(
        files_of({campaign("c", kBasket, kTenPercent, R"("window": {"to": "2026-03-28"})"),
                  campaign("d", kBasket, kTenPercent, R"("window": {"from": "2026-03-29"})")}),
        {.store = &beirut});
    ASSERT_TRUE(loaded);
    const WallTime jump = *parse_rfc3339("2026-03-28T22:00:00Z");
    EXPECT_EQ(loaded->all()[0].window.to, jump);
    EXPECT_EQ(loaded->all()[1].window.from, jump);
}

TEST(WindowOverDst, OfANightEndsWhereItsDayIsOverEvenIfTheWindowGoesOn) {
    // Hours over midnight belong to the day before, but nothing is open once `to` has come.
    const Window last =
        window(R"({"to": "2026-10-24", "hours": [["22:00", "04:00"]], "days": [6]})");
    EXPECT_TRUE(open(last, "2026-10-24T21:59:59Z"));   // Saturday 23:59
    EXPECT_FALSE(open(last, "2026-10-24T22:00:00Z"));  // midnight: `to` included Saturday
}

TEST(Windows, MayHaveOnlyOneEnd) {
    const Window later = window(R"({"from": "2026-06-01"})");
    EXPECT_FALSE(open(later, "2026-05-31T21:59:59Z"));
    EXPECT_TRUE(open(later, "2099-01-01T00:00:00Z"));
    const Window until = window(R"({"to": "2026-06-01"})");
    EXPECT_TRUE(open(until, "1990-01-01T00:00:00Z"));
    EXPECT_FALSE(open(until, "2026-06-01T22:00:00Z"));
}

TEST(Windows, AreAlwaysOpenWhereNothingIsSaid) {
    const Window any = window("{}");
    EXPECT_TRUE(open(any, "2026-10-25T01:30:00Z"));
    EXPECT_TRUE(open(any, "1970-01-01T00:00:00Z"));
}

TEST(Windows, OpenInAnyOfSeveralHours) {
    const Window twice = window(R"({"hours": [["08:00", "09:00"], ["18:00", "19:00"]]})");
    EXPECT_TRUE(open(twice, "2026-01-15T07:30:00Z"));
    EXPECT_FALSE(open(twice, "2026-01-15T12:00:00Z"));
    EXPECT_TRUE(open(twice, "2026-01-15T17:59:59Z"));
}

TEST(Windows, EndANightAtMidnightWhereItIsWrittenAsZero) {
    const Window late = window(R"({"hours": [["22:00", "00:00"]], "days": [7]})");
    EXPECT_TRUE(open(late, "2026-01-18T22:59:59Z"));   // Sunday 23:59
    EXPECT_FALSE(open(late, "2026-01-18T23:00:00Z"));  // Monday 00:00
}

TEST(Windows, KeepEachDayOfTheWeek) {
    for (int day = 1; day <= 7; ++day) {
        const Window one = window(R"({"days": [)" + std::to_string(day) + "]}");
        int open_days = 0;
        for (int i = 0; i < 7; ++i) {  // 2026-01-12 is a Monday
            const auto at = *parse_rfc3339("2026-01-12T11:00:00Z") + std::chrono::days{i};
            const bool has = one.has(at, kBerlin.local(at));
            open_days += has;
            EXPECT_EQ(has, i + 1 == day) << day;
        }
        EXPECT_EQ(open_days, 1);
    }
}

TEST(Windows, TakeSecondsAndTheEndOfADay) {
    expect_edges(window(R"({"from": "2026-01-15T08:00:30", "to": "2026-01-15T24:00"})"),
                 "2026-01-15T07:00:30Z", "2026-01-15T23:00:00Z");
}

TEST(Ranges, HaveEveryMinuteOfTheDayOnceWhenTwoOfThemCoverIt) {
    for (int from = 0; from < 1440; from += 7) {
        const int to = (from * 5 + 300) % 1440;
        if (from == to) continue;
        const MinuteRange one{from, to}, rest{to, from};
        for (int minute = 0; minute < 1440; ++minute)
            ASSERT_NE(one.has(minute), rest.has(minute)) << from << "-" << to << " at " << minute;
    }
}

TEST(Quiet, GoesOverMidnightInTheCampaignsOwnZone) {
    // kit::at() is noon in Shanghai and six in the morning here.
    const auto named = [](const std::string&) { return &kBerlin; };
    const auto texts =
        files_of({campaign("c", kSeen, kTenPercent,
                           R"("tz": "Europe/Berlin", "limits": {"quiet": ["22:00", "06:01"]})")});
    auto loaded = CampaignSet::load(texts, {.store = &kShanghai, .zone = named});
    ASSERT_TRUE(loaded);
    Shop shop{{}};
    shop.engine->load(std::make_shared<const CampaignSet>(std::move(*loaded)));
    EXPECT_EQ(reason_of(shop.see(kit::at())), "quiet_hours");
    EXPECT_EQ(reason_of(shop.see(kit::at(seconds{60}))), "offered");
}

TEST(Zones, OfOneSetMayBeDifferent) {
    const auto named = [](const std::string&) { return &kBerlin; };
    const std::string morning = R"("window": {"hours": [["06:00", "07:00"]]})";
    auto loaded = CampaignSet::load(
        files_of({campaign("a", kSeen, kTenPercent, morning),
                  campaign("b", kSeen, kTenPercent, R"("tz": "Europe/Berlin", )" + morning)}),
        {.store = &kShanghai, .zone = named});
    ASSERT_TRUE(loaded);
    Shop shop{{}};
    shop.engine->load(std::make_shared<const CampaignSet>(std::move(*loaded)));
    const Offer offer = shop.seen(kit::at());
    EXPECT_EQ(offer.campaign, CampaignId{"b"});
    EXPECT_EQ(offer.decision.counts.at("outside_window"), 1);
}

}  // namespace
}  // namespace aisle::offers
