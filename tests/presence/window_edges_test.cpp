// One scanner's hearing of one tag by property: between the weakest and the strongest, and bounded.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "agent/presence/rssi_window.hpp"

namespace aisle::presence {
namespace {

MonoTime after(milliseconds since) { return MonoTime{seconds{100}} + since; }

TEST(RssiWindow, StaysBetweenTheWeakestAndTheStrongestReading) {
    std::mt19937_64 random{20261121};
    for (int round = 0; round < 50; ++round) {
        RssiWindow window;
        milliseconds now{0};
        int weakest = 0;
        int strongest = -128;
        for (int i = 0; i < 200; ++i) {
            now += milliseconds{static_cast<std::int64_t>(random() % 900)};
            const int rssi = -100 + static_cast<int>(random() % 60);
            weakest = std::min(weakest, rssi);
            strongest = std::max(strongest, rssi);
            (void)window.add({}, after(now), static_cast<std::int8_t>(rssi));
            const auto level = window.level({}, after(now));
            ASSERT_TRUE(level);
            ASSERT_GE(*level, weakest);
            ASSERT_LE(*level, strongest);
        }
    }
}

TEST(RssiWindow, IsNotMovedByASingleFade) {
    RssiWindow window;
    for (int i = 0; i < 8; ++i) (void)window.add({}, after(milliseconds{i * 250}), -60);
    (void)window.add({}, after(milliseconds{2'000}), -95);
    EXPECT_NEAR(*window.level({}, after(milliseconds{2'000})), -60, 0.01);
}

TEST(RssiWindow, KeepsTheNewestReadingsWhenThereAreTooMany) {
    const Smoothing few{.time_constant = milliseconds{0}, .readings_max = 3};
    RssiWindow window;
    EXPECT_TRUE(window.add(few, after(milliseconds{1}), -90));
    EXPECT_TRUE(window.add(few, after(milliseconds{2}), -90));
    EXPECT_TRUE(window.add(few, after(milliseconds{3}), -90));
    for (int i = 4; i < 7; ++i) EXPECT_FALSE(window.add(few, after(milliseconds{i}), -50));
    EXPECT_EQ(*window.level(few, after(milliseconds{7})), -50);
}

TEST(RssiWindow, RemembersWhenItLastHeardAnything) {
    RssiWindow window;
    (void)window.add({}, after(milliseconds{10}), -60);
    (void)window.add({}, after(milliseconds{500}), -61);
    EXPECT_EQ(window.last(), after(milliseconds{500}));
}

TEST(RssiWindow, ComesToANewLevelInTheEnd) {
    RssiWindow window;
    for (int i = 0; i < 20; ++i) (void)window.add({}, after(milliseconds{i * 500}), -80);
    for (int i = 20; i < 80; ++i) (void)window.add({}, after(milliseconds{i * 500}), -50);
    EXPECT_NEAR(*window.level({}, after(milliseconds{40'000})), -50, 0.5);
}

}  // namespace
}  // namespace aisle::presence
