// Every bound of the counting and every reason for which a reading is left out.
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "shop.hpp"

namespace aisle::footfall {
namespace {

CountReading count_of(std::int32_t in, milliseconds length = minutes_of_time(1)) {
    return {.source = "sensor",
            .id = "1",
            .door = kMain,
            .from = kit::kNoon,
            .to = kit::kNoon + length,
            .in = in};
}

TEST(FootfallBounds, TakeTheLargestCountAndRefuseOneMore) {
    Shop shop;
    shop.apply(shop.engine.count(count_of(kCountMax)));
    EXPECT_EQ(shop.today().entries, kCountMax);
    shop.apply(shop.engine.count(count_of(kCountMax + 1)));
    EXPECT_EQ(shop.today().entries, kCountMax);
    EXPECT_EQ(shop.engine.refused().malformed, 1U);
}

TEST(FootfallBounds, TakeACountOfADayAndRefuseALongerOne) {
    Shop shop{two_doors(), {}, kSpanMax};
    shop.apply(shop.engine.count(count_of(10, kSpanMax)));
    EXPECT_EQ(shop.engine.refused().malformed, 0U);
    shop.apply(shop.engine.count(count_of(10, kSpanMax + milliseconds{1})));
    EXPECT_EQ(shop.engine.refused().malformed, 1U);
}

TEST(FootfallBounds, RefuseACountThatEndsBeforeItBegins) {
    Shop shop;
    CountReading reading = count_of(1);
    std::swap(reading.from, reading.to);
    EXPECT_TRUE(shop.engine.count(reading).state.empty());
    EXPECT_EQ(shop.engine.refused().malformed, 1U);
}

TEST(FootfallBounds, RefuseNegativePeopleAtEitherSide) {
    Shop shop;
    CountReading out = count_of(0);
    out.out = -1;
    (void)shop.engine.count(count_of(-1));
    (void)shop.engine.count(out);
    shop.walk_in(-1);
    EXPECT_EQ(shop.engine.refused().malformed, 3U);
    EXPECT_EQ(shop.today().entries, 0);
}

TEST(FootfallBounds, CountACountOfNobodyAsNothing) {
    Shop shop;
    shop.apply(shop.engine.count(count_of(0)));
    EXPECT_EQ(shop.today().entries, 0);
    EXPECT_EQ(shop.engine.refused().malformed, 0U);
}

TEST(FootfallBounds, PutACountOfNoLengthIntoItsMinute) {
    Shop shop;
    shop.apply(shop.engine.count(count_of(4, milliseconds{0})));
    const auto minutes = shop.pass(minutes_of_time(2));
    ASSERT_FALSE(minutes.empty());
    EXPECT_EQ(minutes[0].start, kit::kNoon);
    EXPECT_EQ(minutes[0].in, 4);
}

TEST(FootfallBounds, RefuseABlindnessThatEndsBeforeItBegins) {
    Shop shop;
    (void)shop.engine.blind(
        {.door = kMain, .from = kit::kNoon, .to = kit::kNoon - seconds{1}, .reason = "r"});
    EXPECT_EQ(shop.engine.refused().malformed, 1U);
    EXPECT_EQ(shop.today().blind_s, 0);
}

TEST(FootfallBounds, HoldOnlyTheLastDayOfALongerBlindness) {
    Shop shop;
    shop.apply(shop.engine.blind({.door = kMain,
                                  .from = kit::kNoon - std::chrono::hours{1000},
                                  .to = kit::kNoon,
                                  .reason = "r"}));
    // Since the business day began at four in the morning, eight hours ago.
    EXPECT_EQ(shop.today().blind_s, 8 * 3600);
}

TEST(FootfallBounds, KeepWhatIsTwoDaysOldAndRefuseWhatIsOlder) {
    Shop shop;
    const auto crossing_of = [&](std::chrono::days ago) {
        (void)shop.engine.crossing(
            {.door = kMain, .direction = Direction::In, .at = shop.now().wall - ago});
        return shop.engine.refused().late;
    };
    EXPECT_EQ(crossing_of(kDaysKept), 0U);
    EXPECT_EQ(crossing_of(kDaysKept + std::chrono::days{1}), 1U);
}

TEST(FootfallBounds, RefuseZonesBeyondTheirNumber) {
    Shop shop;
    for (std::size_t i = 0; i < kZonesMax; ++i) shop.stay("z" + std::to_string(i), seconds{30});
    EXPECT_EQ(shop.engine.refused().full, 0U);
    shop.stay("one-more", seconds{30});
    EXPECT_EQ(shop.engine.refused().full, 1U);
    EXPECT_EQ(shop.today().zones.size(), kZonesMax);
}

TEST(FootfallBounds, GoOnWithAZoneThatIsKnownWhenTheyAreFull) {
    Shop shop;
    for (std::size_t i = 0; i <= kZonesMax; ++i) shop.stay("z" + std::to_string(i), seconds{30});
    shop.stay("z0", seconds{30});
    EXPECT_EQ(shop.engine.refused().full, 1U);
}

TEST(FootfallBounds, KeepTheSumsOfADayTogetherHoweverItsReadingsCome) {
    std::mt19937_64 random{20261121};
    Shop shop;
    std::int64_t in = 0;
    std::int64_t out = 0;
    for (int i = 0; i < 400; ++i) {
        const auto n = static_cast<std::int32_t>(random() % 5);
        switch (random() % 3) {
            case 0:
                shop.walk_in(n), in += n;
                break;
            case 1:
                shop.walk_out(n), out += n;
                break;
            default:
                shop.pass(seconds{static_cast<std::int64_t>(random() % 40)});
        }
    }
    const Today today = shop.today();
    EXPECT_EQ(today.entries, in);
    EXPECT_EQ(today.exits, out);
    std::int64_t hours_in = 0;
    for (const HourFigures& hour : today.hours) hours_in += hour.entries;
    EXPECT_EQ(hours_in, in);
    EXPECT_EQ(today.doors.at(0).entries, in);
    EXPECT_GE(today.inside, 0);
}

TEST(FootfallBounds, ReportEachMinutesRevisionsInRisingOrder) {
    std::mt19937_64 random{5};
    Shop shop;
    std::map<WallTime, std::int32_t> revisions;
    for (int i = 0; i < 200; ++i) {
        const milliseconds ago{static_cast<std::int64_t>(random() % 600'000)};
        shop.apply(shop.engine.crossing(
            {.door = kMain, .direction = Direction::In, .at = shop.now().wall - ago}));
        for (const FootfallMinute& minute : shop.pass(seconds{20})) {
            if (minute.door != kMain) continue;
            EXPECT_EQ(minute.revision, ++revisions[minute.start]);
        }
    }
    EXPECT_GT(revisions.size(), 30U);
}

}  // namespace
}  // namespace aisle::footfall
