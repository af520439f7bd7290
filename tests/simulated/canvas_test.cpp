#include "drivers/simulated/canvas.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "drivers/simulated/fixed.hpp"

namespace aisle::simulated {
namespace {

constexpr Spot kMiddle{160 * kSub, 120 * kSub};
constexpr Colour kWhite{255, 255, 255};

Picture grey(std::uint8_t tone) {
    Picture picture;
    std::ranges::fill(picture.bgr, tone);
    return picture;
}

int tone_at(const Picture& picture, int x, int y) {
    return picture.bgr[static_cast<std::size_t>(y * kSceneWidth + x) * 3];
}

// How many pixels' worth of white was put on black.
double area(const Picture& picture) {
    const auto sum = std::accumulate(picture.bgr.begin(), picture.bgr.end(), std::int64_t{0});
    return static_cast<double>(sum) / 3 / 255;
}

Gains gains_of(int gain) {
    Gains gains;
    gains.rows.fill(static_cast<std::uint16_t>(gain));
    gains.columns.fill(256);
    return gains;
}

TEST(Canvas, PaintsAnEllipseOfItsAreaInEveryDirection) {
    for (int heading = 0; heading < kTurn; heading += 16) {
        Picture picture = grey(0);
        paint_ellipse(picture, {kMiddle, 20 * kSub, 10 * kSub, heading}, kWhite);
        EXPECT_NEAR(area(picture), std::numbers::pi * 20 * 10, 12) << heading;
    }
}

TEST(Canvas, TurnsAnEllipsesLongSideWithItsHeading) {
    Picture picture = grey(0);
    paint_ellipse(picture,
                  {.middle = kMiddle, .across = 5 * kSub, .along = 20 * kSub, .heading = 64},
                  kWhite);
    EXPECT_EQ(tone_at(picture, 160, 105), 255);
    EXPECT_EQ(tone_at(picture, 145, 120), 0);
}

TEST(Canvas, KeepsAnEllipseInItsHalfBox) {
    for (int heading = 0; heading < kTurn; heading += 7) {
        const Shape shape{kMiddle, 17 * kSub, 9 * kSub, heading};
        const Spot half = half_box(shape);
        Picture picture = grey(0);
        paint_ellipse(picture, shape, kWhite);
        for (int y = 0; y < kSceneHeight; ++y) {
            for (int x = 0; x < kSceneWidth; ++x) {
                const bool outside = std::abs(x * kSub - kMiddle.x) > half.x + 2 * kSub ||
                                     std::abs(y * kSub - kMiddle.y) > half.y + 2 * kSub;
                ASSERT_FALSE(outside && tone_at(picture, x, y) != 0) << x << " " << y;
            }
        }
    }
}

TEST(Canvas, PaintsOnlyWhatIsInsideThePicture) {
    for (const Spot corner : {Spot{-500, -500}, Spot{kSceneWidth * kSub, kSceneHeight * kSub},
                              Spot{-100'000, 0}, Spot{0, 100'000}}) {
        Picture picture = grey(7);
        const Shape shape{corner, 400, 400, 33};
        paint_ellipse(picture, shape, kWhite);
        paint_rectangle(picture, shape, kWhite);
        paint_basket(picture, shape, kWhite);
        shade(picture, shape, -100);
        EXPECT_EQ(picture.bgr.size(), std::size_t{3} * kSceneWidth * kSceneHeight);
    }
}

TEST(Canvas, ShowsTheFloorThroughABasket) {
    Picture basket = grey(0);
    Picture box = grey(0);
    const Shape shape{kMiddle, 12 * kSub, 20 * kSub, 0};
    paint_basket(basket, shape, kWhite);
    paint_rectangle(box, shape, kWhite);
    EXPECT_NEAR(area(box), 40 * 24, 80);
    EXPECT_LT(area(basket), area(box) * 3 / 4);
    EXPECT_GT(area(basket), area(box) / 4);
}

TEST(Canvas, ShadesTheMiddleMostAndTheRimNotAtAll) {
    Picture picture = grey(200);
    shade(picture, {kMiddle, 20 * kSub, 20 * kSub, 0}, -128);
    EXPECT_NEAR(tone_at(picture, 160, 120), 100, 2);
    EXPECT_NEAR(tone_at(picture, 170, 120), 123, 6);
    EXPECT_NEAR(tone_at(picture, 178, 120), 180, 6);
    EXPECT_EQ(tone_at(picture, 181, 120), 200);
}

TEST(Canvas, LightsRowsAndColumns) {
    Gains gains = gains_of(256);
    gains.rows[10] = 128;
    gains.columns[20] = 512;
    Picture picture = grey(100);
    develop(picture, gains, Grain{1, 0}, 0);
    EXPECT_EQ(tone_at(picture, 0, 0), 100);
    EXPECT_EQ(tone_at(picture, 0, 10), 50);
    EXPECT_EQ(tone_at(picture, 20, 0), 200);
    EXPECT_EQ(tone_at(picture, 20, 10), 100);
}

TEST(Canvas, StaysWithinAByte) {
    Picture bright = grey(250);
    develop(bright, gains_of(300), Grain{1, 0}, 0);
    EXPECT_EQ(tone_at(bright, 5, 5), 255);
    Picture dark = grey(0);
    develop(dark, gains_of(256), Grain{1, 9}, 0);
    EXPECT_LT(std::ranges::max(dark.bgr), 60);
}

TEST(Grain, IsNormalNoiseOfItsSigma) {
    Picture picture = grey(128);
    develop(picture, gains_of(256), Grain{5, 3}, 17);
    double sum = 0;
    double squares = 0;
    int beyond_two = 0;
    for (const std::uint8_t byte : picture.bgr) {
        const double off = byte - 128.0;
        sum += off;
        squares += off * off;
        beyond_two += std::abs(off) > 6 ? 1 : 0;
    }
    const auto n = static_cast<double>(picture.bgr.size());
    EXPECT_NEAR(sum / n, 0, 0.05);
    EXPECT_NEAR(std::sqrt(squares / n), 3, 0.05);
    EXPECT_NEAR(beyond_two / n, 0.03, 0.01);
}

TEST(Grain, IsAnotherInEveryFrameAndTheSameForTheSameOne) {
    const auto developed = [](std::uint64_t frame) {
        Picture picture = grey(128);
        develop(picture, gains_of(256), Grain{5, 3}, frame);
        return picture.bgr;
    };
    EXPECT_EQ(developed(3), developed(3));
    EXPECT_NE(developed(3), developed(4));
}

}  // namespace
}  // namespace aisle::simulated
