#include "agent/footfall/dwell_histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace aisle::footfall {
namespace {

TEST(DwellHistogram, OfNothingHasNoLength) {
    EXPECT_EQ(DwellHistogram{}.count(), 0);
    EXPECT_EQ(DwellHistogram{}.quantile(500), seconds{0});
}

TEST(DwellHistogram, KnowsShortStaysExactly) {
    DwellHistogram histogram;
    for (int s = 0; s < 8; ++s) histogram.add(seconds{s});
    EXPECT_EQ(histogram.quantile(500), seconds{3});
    EXPECT_EQ(histogram.quantile(1000), seconds{7});
}

TEST(DwellHistogram, IsRightToSixPercent) {
    std::mt19937 random{11};
    for (int round = 0; round < 50; ++round) {
        DwellHistogram histogram;
        std::vector<std::int64_t> stays;
        for (int i = 0; i < 200; ++i) {
            stays.push_back(1 + static_cast<std::int64_t>(random() % 5000));
            histogram.add(seconds{stays.back()});
        }
        std::ranges::sort(stays);
        const auto truth =
            static_cast<double>(stays[179]);  // the 180th of 200 is the 90 % quantile
        EXPECT_NEAR(static_cast<double>(histogram.quantile(900).count()), truth,
                    0.0625 * truth + 1);
    }
}

TEST(DwellHistogram, TakesAWeekForADayAndNothingForLess) {
    DwellHistogram histogram;
    histogram.add(seconds{-5});
    EXPECT_EQ(histogram.quantile(1000), seconds{0});
    histogram.add(seconds{7 * 86'400});
    EXPECT_NEAR(static_cast<double>(histogram.quantile(1000).count()), 86'400, 6'000);
}

TEST(DwellHistogram, RoundTripsAsText) {
    DwellHistogram histogram;
    for (const int s : {3, 3, 70, 900, 86'400}) histogram.add(seconds{s});
    EXPECT_EQ(DwellHistogram::from_text(histogram.to_text()), histogram);
}

TEST(DwellHistogram, RefusesTextThatIsNone) {
    for (const char* text : {"x", "3", "3:", ":3", "3:0", "3:-1", "-1:3", "120:1", "3:1 ,"}) {
        EXPECT_FALSE(DwellHistogram::from_text(text)) << text;
    }
}

}  // namespace
}  // namespace aisle::footfall
