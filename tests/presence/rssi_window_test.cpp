#include "agent/presence/rssi_window.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace aisle::presence {
namespace {

constexpr Smoothing kMedianOnly{.window = milliseconds{4'000}, .time_constant = milliseconds{0}};

MonoTime at(int ms) { return MonoTime{seconds{100} + milliseconds{ms}}; }

TEST(RssiWindow, IsEmptyAtFirst) { EXPECT_FALSE(RssiWindow{}.level(kMedianOnly, at(0))); }

TEST(RssiWindow, TakesTheMedianOfOddAndEvenNumbers) {
    RssiWindow window;
    window.add(kMedianOnly, at(0), -60);
    window.add(kMedianOnly, at(1), -90);
    EXPECT_EQ(window.level(kMedianOnly, at(1)), -75);
    window.add(kMedianOnly, at(2), -62);
    EXPECT_EQ(window.level(kMedianOnly, at(2)), -62);
}

TEST(RssiWindow, ForgetsReadingsOlderThanTheWindow) {
    RssiWindow window;
    window.add(kMedianOnly, at(0), -90);
    window.add(kMedianOnly, at(4'001), -60);
    EXPECT_EQ(window.level(kMedianOnly, at(4'001)), -60);
}

TEST(RssiWindow, SaysNothingAfterAWindowOfSilence) {
    RssiWindow window;
    window.add(kMedianOnly, at(0), -60);
    EXPECT_TRUE(window.level(kMedianOnly, at(4'000)));
    EXPECT_FALSE(window.level(kMedianOnly, at(4'001)));
}

TEST(RssiWindow, MovesTowardsANewLevelWithItsTimeConstant) {
    const Smoothing how{.window = milliseconds{100}, .time_constant = milliseconds{2'000}};
    RssiWindow window;
    window.add(how, at(0), -80);
    for (int ms = 50; ms <= 2'000; ms += 50) window.add(how, at(ms), -60);
    // Two seconds: 1 - 1/e of the twenty dB, less what the median holds back at first.
    EXPECT_NEAR(*window.level(how, at(2'000)), -60 - 20 * std::exp(-1.0), 0.7);
}

TEST(RssiWindow, StartsAfreshAfterSilence) {
    const Smoothing how{.window = milliseconds{1'000}, .time_constant = milliseconds{60'000}};
    RssiWindow window;
    window.add(how, at(0), -90);
    window.add(how, at(5'000), -50);
    EXPECT_EQ(window.level(how, at(5'000)), -50);
}

TEST(RssiWindow, TellsWhenAReadingHadToGo) {
    Smoothing how = kMedianOnly;
    how.readings_max = 2;
    RssiWindow window;
    EXPECT_TRUE(window.add(how, at(0), -60));
    EXPECT_TRUE(window.add(how, at(1), -61));
    EXPECT_FALSE(window.add(how, at(2), -62));
    EXPECT_EQ(window.level(how, at(2)), -61.5);
    EXPECT_TRUE(window.add(how, at(9'000), -63));
}

}  // namespace
}  // namespace aisle::presence
