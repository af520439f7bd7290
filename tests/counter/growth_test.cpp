// A cumulative sensor played for days: what it lost on the way, repeated and reset.
#include <gtest/gtest.h>

#include <random>

#include "drivers/counter/totals.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::counter {
namespace {

Totals at(std::int64_t in, std::int64_t out, seconds when, bool timed = true) {
    return {.in = in, .out = out, .at = kit::kNoon + when, .timed = timed};
}

TEST(Totals, CountEveryPersonOnceHoweverManyReportsAreLostOrRepeated) {
    std::mt19937_64 random{20261121};
    for (int day = 0; day < 50; ++day) {
        std::optional<Totals> last;
        std::int64_t counted = 0;
        std::int64_t truth = 0;
        std::int64_t base = 0;
        for (int minute = 0; minute < 600; ++minute) {
            truth += static_cast<std::int64_t>(random() % 4);
            if (random() % 3 == 0 && minute > 0 && minute < 599) continue;  // lost on the way
            const Totals now = at(truth, 0, seconds{60 * minute});
            for (std::uint64_t copies = 1 + random() % 2; copies > 0; --copies) {
                const Growth grown = growth(last, now);
                if (grown.step == Step::First) base = truth;
                counted += grown.in;
                if (grown.step != Step::Stale) last = now;
            }
        }
        EXPECT_EQ(counted, truth - base) << day;
    }
}

TEST(Totals, AreNotMovedByReportsThatOvertookOneAnother) {
    const Totals last = at(50, 40, seconds{600});
    for (std::int64_t earlier = 1; earlier < 600; ++earlier) {
        EXPECT_EQ(growth(last, at(earlier / 12, earlier / 15, seconds{earlier})).step, Step::Stale);
    }
}

TEST(Totals, GrowAtEitherSideAlone) {
    const Totals last = at(5, 5, seconds{0});
    EXPECT_EQ(growth(last, at(6, 5, seconds{1})).in, 1);
    EXPECT_EQ(growth(last, at(5, 7, seconds{1})).out, 2);
}

TEST(Totals, BeginAgainWhenOneSideFallsAndTheOtherGrows) {
    const Growth grown = growth(at(5, 5, seconds{0}), at(9, 1, seconds{1}));
    EXPECT_EQ(grown.step, Step::Reset);
    EXPECT_EQ(grown.in, 9);
    EXPECT_EQ(grown.out, 1);
}

TEST(Totals, WithoutATimeBeginAgainOnlyBelowHalf) {
    const Totals last = at(50, 50, seconds{0}, false);
    EXPECT_EQ(growth(last, at(25, 25, seconds{0}, false)).step, Step::Stale);
    EXPECT_EQ(growth(last, at(25, 24, seconds{0}, false)).step, Step::Reset);
}

TEST(Totals, AreReadBackFromAnyPositionThatWasWritten) {
    std::mt19937_64 random{9};
    for (int i = 0; i < 1'000; ++i) {
        const Totals totals =
            at(static_cast<std::int64_t>(random() >> 2), static_cast<std::int64_t>(random() >> 2),
               seconds{static_cast<std::int64_t>(random() % 100'000'000)}, random() % 2 == 0);
        EXPECT_EQ(totals_from(to_position(totals)), totals);
    }
}

TEST(Totals, AreNothingForAnyTruncatedPosition) {
    const std::string whole = to_position(at(12, 34, seconds{56}));
    for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
        EXPECT_FALSE(totals_from(whole.substr(0, size))) << size;
    }
    EXPECT_FALSE(totals_from(whole + ","));
    EXPECT_FALSE(totals_from(whole + ",1"));
    EXPECT_FALSE(totals_from(" " + whole));
}

}  // namespace
}  // namespace aisle::counter
