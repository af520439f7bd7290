#include "agent/footfall/footfall.hpp"

#include <gtest/gtest.h>

#include "shop.hpp"

namespace aisle::footfall {
namespace {

TEST(Footfall, CountsWhoIsInside) {
    Shop shop;
    shop.walk_in(3);
    shop.walk_out(1);
    const Today today = shop.today();
    EXPECT_EQ(today.entries, 3);
    EXPECT_EQ(today.exits, 1);
    EXPECT_EQ(today.inside, 2);
    EXPECT_EQ(today.clamped, 0);
}

TEST(Footfall, NeverCountsFewerThanNobody) {
    Shop shop;
    shop.walk_out(2);
    shop.walk_in(1);
    EXPECT_EQ(shop.today().inside, 1);
    EXPECT_EQ(shop.today().clamped, 1);
}

TEST(Footfall, ReportsAMinuteOnceItIsOver) {
    Shop shop;
    shop.walk_in(2);
    EXPECT_TRUE(shop.pass(seconds{30}).empty());
    const auto minutes = shop.pass(seconds{40});
    ASSERT_EQ(minutes.size(), 1U);
    EXPECT_EQ(minutes[0].start, kit::kNoon);
    EXPECT_EQ(minutes[0].in, 2);
    EXPECT_EQ(minutes[0].occupancy, 2);
    EXPECT_EQ(minutes[0].revision, 1);
    EXPECT_TRUE(shop.pass(minutes_of_time(5)).empty());
}

TEST(Footfall, ReportsALateMinuteAgainWhole) {
    Shop shop;
    shop.walk_in(2);
    const WallTime then = shop.now().wall;
    shop.pass(minutes_of_time(10));
    shop.apply(shop.engine.crossing({.door = kMain, .n = 3, .at = then}));
    const auto minutes = shop.pass(seconds{1});
    ASSERT_EQ(minutes.size(), 1U);
    EXPECT_EQ(minutes[0].in, 5);
    EXPECT_EQ(minutes[0].revision, 2);
    EXPECT_EQ(minutes[0].occupancy, 2);  // as it was at the closing
    EXPECT_EQ(shop.today().inside, 5);
}

TEST(Footfall, KeepsADoorThatDoesNotCountApart) {
    Shop shop;
    shop.apply(shop.engine.crossing({.door = kStreet, .n = 9, .at = shop.now().wall}));
    EXPECT_EQ(shop.today().entries, 0);
    EXPECT_EQ(shop.today().inside, 0);
    EXPECT_EQ(shop.today().doors.at(1).entries, 9);
    const auto minutes = shop.pass(minutes_of_time(2));
    EXPECT_FALSE(minutes.at(0).counts);
    EXPECT_EQ(minutes.at(0).in, 9);
}

TEST(Footfall, KeepsADoorNobodyConfiguredApart) {
    Shop shop;
    shop.apply(shop.engine.crossing({.door = DoorId{"back|door"}, .at = shop.now().wall}));
    EXPECT_EQ(shop.today().entries, 0);
    EXPECT_EQ(shop.today().doors.at(2).door, DoorId{"back|door"});
    EXPECT_FALSE(shop.today().doors.at(2).counts);
}

TEST(Footfall, SpreadsACountOverItsMinutes) {
    Shop shop;
    const WallTime start = shop.now().wall;
    shop.pass(minutes_of_time(4));
    shop.apply(shop.engine.count(
        {.door = kMain, .from = start, .to = start + minutes{4}, .in = 8, .out = 4}));
    const auto minutes = shop.pass(minutes_of_time(1));
    ASSERT_EQ(minutes.size(), 4U);
    for (const FootfallMinute& minute : minutes) {
        EXPECT_EQ(minute.in, 2);
        EXPECT_EQ(minute.out, 1);
    }
    EXPECT_EQ(shop.today().inside, 4);
}

TEST(Footfall, ClampsNothingInsideOneCount) {
    Shop shop;
    const WallTime at = shop.now().wall;
    shop.apply(shop.engine.count({.door = kMain, .from = at, .to = at, .in = 5, .out = 5}));
    EXPECT_EQ(shop.today().clamped, 0);
}

TEST(Footfall, RefusesCountsThatCannotBe) {
    Shop shop;
    const WallTime at = shop.now().wall;
    shop.apply(shop.engine.count({.door = kMain, .from = at, .to = at, .in = -1}));
    shop.apply(shop.engine.count({.door = kMain, .from = at, .to = at - minutes{1}, .in = 1}));
    shop.apply(shop.engine.count({.door = kMain, .from = at - minutes{1441}, .to = at, .in = 1}));
    shop.apply(shop.engine.count({.door = kMain, .from = at, .to = at, .in = kCountMax + 1}));
    shop.apply(shop.engine.crossing({.door = kMain, .n = 0, .at = at}));
    EXPECT_EQ(shop.engine.refused().malformed, 5U);
    EXPECT_EQ(shop.today().entries, 0);
}

TEST(Footfall, RefusesAndCountsWhatIsTooLate) {
    Shop shop;
    shop.apply(shop.engine.crossing({.door = kMain, .at = shop.now().wall - minutes{4 * 1440}}));
    EXPECT_EQ(shop.engine.refused().late, 1U);
}

TEST(Footfall, RefusesDoorsBeyondItsBound) {
    Shop shop;
    for (std::size_t i = 0; i < kDoorsMax + 3; ++i) {
        shop.apply(
            shop.engine.crossing({.door = DoorId{"d" + std::to_string(i)}, .at = shop.now().wall}));
    }
    EXPECT_EQ(shop.engine.refused().full, 3U);
}

TEST(Footfall, BeginsTheBusinessDayWithNobodyInside) {
    Shop shop;
    shop.walk_in(5);
    const auto minutes = shop.pass(minutes_of_time(16 * 60));  // noon to four in the morning
    EXPECT_EQ(minutes.at(0).occupancy, 5);
    EXPECT_EQ(shop.today().inside, 0);
    EXPECT_EQ(shop.today().entries, 0);
    EXPECT_EQ(to_text(shop.today().date), "2026-06-13");
}

TEST(Footfall, ClosesTheDaysLastMinuteBeforeItForgetsWhoIsInside) {
    Shop shop;
    shop.pass(minutes_of_time(16 * 60 - 1));
    shop.walk_in(2);
    const auto minutes = shop.pass(seconds{60});
    ASSERT_EQ(minutes.size(), 1U);
    EXPECT_EQ(minutes[0].occupancy, 2);
}

TEST(Footfall, CountsWhoCameAfterTheCutAndBeforeTheFirstTick) {
    Shop shop;
    const WallTime cut = shop.now().wall + std::chrono::hours{16};
    shop.apply(shop.engine.crossing({.door = kMain, .n = 2, .at = cut + seconds{1}}));
    EXPECT_EQ(shop.today().inside, 0);
    shop.pass(minutes_of_time(16 * 60 + 1));
    EXPECT_EQ(shop.today().inside, 2);
}

TEST(Footfall, LeavesOccupancyAloneForYesterdaysLateCounts) {
    Shop shop;
    const WallTime yesterday = shop.now().wall;
    shop.pass(minutes_of_time(24 * 60));
    shop.apply(shop.engine.crossing({.door = kMain, .n = 4, .at = yesterday}));
    EXPECT_EQ(shop.today().inside, 0);
    EXPECT_EQ(shop.pass(seconds{10}).at(0).in, 4);
}

TEST(Footfall, DividesSalesByEntries) {
    Shop shop;
    shop.walk_in(8);
    shop.sell(kit::sale_of(100'00));
    shop.sell(kit::sale_of(50'00, 2));
    const Today today = shop.today();
    EXPECT_EQ(today.sales, 2);
    EXPECT_EQ(today.revenue_minor, 150'00);
    EXPECT_EQ(today.conversion_permille, 250);
    EXPECT_EQ(today.hours.at(0).conversion_permille, 250);
}

TEST(Footfall, HasNoConversionWithoutEntries) {
    Shop shop;
    shop.sell(kit::sale_of(100'00));
    EXPECT_FALSE(shop.today().conversion_permille);
}

TEST(Footfall, AppliesOnlyTheDifferenceOfARevision) {
    Shop shop;
    const Sale old = kit::sale_of(100'00);
    Sale revised = kit::sale_of(80'00);
    revised.revision = 2;
    shop.sell(old);
    shop.apply(shop.engine.sale(&old, revised));
    EXPECT_EQ(shop.today().sales, 1);
    EXPECT_EQ(shop.today().revenue_minor, 80'00);
}

TEST(Footfall, TakesAVoidedSaleBack) {
    Shop shop;
    const Sale old = kit::sale_of(100'00);
    Sale voided = old;
    voided.status = SaleStatus::PostVoided;
    shop.sell(old);
    shop.apply(shop.engine.sale(&old, voided));
    EXPECT_EQ(shop.today().sales, 0);
    EXPECT_EQ(shop.today().revenue_minor, 0);
}

TEST(Footfall, CountsAReturnAsMoneyAndNotAsASale) {
    Shop shop;
    Sale back = kit::sale_of(-30'00);
    back.type = SaleType::Return;
    shop.sell(back);
    EXPECT_EQ(shop.today().sales, 0);
    EXPECT_EQ(shop.today().revenue_minor, -30'00);
}

TEST(Footfall, IgnoresTrainingAndSuspendedSales) {
    Shop shop;
    for (const SaleStatus status :
         {SaleStatus::Training, SaleStatus::Suspended, SaleStatus::Cancelled}) {
        Sale sale = kit::sale_of(10'00);
        sale.status = status;
        shop.sell(sale);
    }
    EXPECT_EQ(shop.today().sales, 0);
}

TEST(Footfall, ReportsBlindSecondsInTheirMinutes) {
    Shop shop;
    const WallTime at = shop.now().wall;
    shop.apply(
        shop.engine.blind({.door = kMain, .from = at + seconds{50}, .to = at + seconds{135}}));
    const auto minutes = shop.pass(minutes_of_time(4));
    ASSERT_EQ(minutes.size(), 3U);
    EXPECT_EQ(minutes[0].blind_s, 10);
    EXPECT_EQ(minutes[1].blind_s, 60);
    EXPECT_EQ(minutes[2].blind_s, 15);
    EXPECT_EQ(shop.today().blind_s, 85);
    EXPECT_EQ(shop.today().hours.at(0).blind_s, 85);
}

TEST(Footfall, IsBlindForNoMoreThanAMinuteAMinute) {
    Shop shop;
    const WallTime at = shop.now().wall;
    for (int i = 0; i < 3; ++i) {
        shop.apply(shop.engine.blind({.door = kMain, .from = at, .to = at + seconds{45}}));
    }
    EXPECT_EQ(shop.pass(minutes_of_time(2)).at(0).blind_s, 60);
    EXPECT_EQ(shop.today().doors.at(0).blind_s, 60);
}

TEST(Footfall, MeasuresDwellByZoneAndHour) {
    Shop shop;
    for (const int stay_s : {10, 20, 30, 40, 400}) shop.stay("entrance", seconds{stay_s});
    const Today today = shop.today();
    ASSERT_EQ(today.zones.size(), 1U);
    EXPECT_EQ(today.zones[0].visits, 5);
    EXPECT_NEAR(today.zones[0].p50_s, 30, 2);
    EXPECT_NEAR(today.zones[0].p90_s, 400, 25);
}

TEST(Footfall, MeasuresNoOpenVisitAndNoStaff) {
    Shop shop;
    shop.stay("till", seconds{30}, {.open = true});
    shop.stay("till", seconds{30}, {.bearer = TagBearer::Staff});
    EXPECT_TRUE(shop.today().zones.empty());
}

TEST(Footfall, ReportsZerosDuringOpeningHoursIfAsked) {
    Shop shop{{.doors = {{kMain}},
               .zeros = OpeningHours{.opens = minutes{12 * 60}, .closes = minutes{12 * 60 + 3}}}};
    const auto minutes = shop.pass(minutes_of_time(10));
    ASSERT_EQ(minutes.size(), 3U);
    for (const FootfallMinute& minute : minutes)
        EXPECT_EQ(minute.in + minute.out + minute.blind_s, 0);
}

TEST(Footfall, ClosesMinutesByAClockThatNobodyVouchesFor) {
    Shop shop;
    shop.walk_in(1);
    Stamp later = kit::at(minutes{3});
    later.quality = ClockQuality::None;
    EXPECT_EQ(shop.engine.tick(later).minutes.size(), 1U);
}

TEST(Footfall, ForgetsNothingByAClockThatNobodyVouchesFor) {
    Shop shop;
    shop.walk_in(1);
    Stamp later = kit::at(std::chrono::hours{24 * 400});
    later.quality = ClockQuality::None;
    for (const StateChange& change : shop.engine.tick(later).state) {
        EXPECT_FALSE(change.key.starts_with("minute|") && change.bytes.empty()) << change.key;
    }
}

TEST(Footfall, ForgetsOldDaysRowByRow) {
    Shop shop;
    shop.walk_in(1);
    shop.pass(minutes_of_time(4 * 1440));
    for (const auto& [key, bytes] : shop.rows) EXPECT_FALSE(key.starts_with("minute|")) << key;
    EXPECT_LE(shop.rows.size(), 1U);
}

TEST(Footfall, NamesARowThatCannotBeReadAndKeepsTheRest) {
    Shop shop;
    shop.walk_in(3);
    auto rows = shop.rows_now();
    rows.push_back({.room = std::string{kRoom}, .key = "hour|what", .bytes = "1 2"});
    Shop other{shop.settings, rows};
    EXPECT_EQ(other.restored.error().detail,
              "1 rows of footfall cannot be read, the first: hour|what");
    EXPECT_EQ(other.today().entries, 3);
}

}  // namespace
}  // namespace aisle::footfall
