#include "drivers/counter/totals.hpp"

#include <gtest/gtest.h>

namespace aisle::counter {
namespace {

constexpr WallTime kStart{seconds{1'750'000'000}};

Totals timed(std::int64_t in, std::int64_t out, int minute) {
    return {.in = in, .out = out, .at = kStart + minutes{minute}, .timed = true};
}
Totals untimed(std::int64_t in, std::int64_t out) {
    return {.in = in, .out = out, .at = kStart, .timed = false};
}

TEST(Totals, CountNothingTheFirstTime) {
    EXPECT_EQ(growth(std::nullopt, timed(500, 400, 0)).step, Step::First);
}

TEST(Totals, CountTheDifference) {
    const auto grown = growth(timed(500, 400, 0), timed(503, 401, 1));
    EXPECT_EQ(grown.step, Step::Counted);
    EXPECT_EQ(grown.in, 3);
    EXPECT_EQ(grown.out, 1);
}

TEST(Totals, CountTheSameReportOnce) {
    EXPECT_EQ(growth(timed(500, 400, 0), timed(500, 400, 0)).step, Step::Same);
    EXPECT_EQ(growth(untimed(5, 4), untimed(5, 4)).step, Step::Same);
}

TEST(Totals, TakeAFallForAReset) {
    const auto grown = growth(timed(500, 400, 0), timed(2, 400, 1));
    EXPECT_EQ(grown.step, Step::Reset);
    EXPECT_EQ(grown.in, 2);
    EXPECT_EQ(grown.out, 400);
    EXPECT_EQ(growth(untimed(500, 400), untimed(3, 0)).step, Step::Reset);
}

TEST(Totals, TakeAnEarlierReportForAStaleOne) {
    EXPECT_EQ(growth(timed(500, 400, 5), timed(499, 400, 4)).step, Step::Stale);
    EXPECT_EQ(growth(timed(500, 400, 5), timed(501, 400, 4)).step, Step::Stale);
}

TEST(Totals, DoNotTakeASmallFallWithoutATimeForAReset) {
    EXPECT_EQ(growth(untimed(500, 400), untimed(499, 400)).step, Step::Stale);
}

TEST(Totals, ForgiveASensorClockThatWasFarAhead) {
    EXPECT_EQ(growth(timed(500, 400, 60 * 24 * 400), timed(501, 400, 1)).step, Step::Counted);
}

TEST(Totals, AreTheSameAfterBeingStored) {
    for (const auto& totals : {timed(500, 400, 5), untimed(0, 0)})
        EXPECT_EQ(totals_from(to_position(totals)), totals);
}

TEST(Totals, AreNothingWhereThePositionIsNotOurs) {
    for (const auto* text :
         {"", "1,2,3", "1,2,3,1,5", "1,2,3,x", "a,b,c,d", "-1,2,3,1", "1,,3,1"}) {
        EXPECT_FALSE(totals_from(text)) << text;
    }
}

}  // namespace
}  // namespace aisle::counter
