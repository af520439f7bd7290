#include "drivers/camera/background.hpp"

#include <gtest/gtest.h>

#include "drivers/camera/blobs.hpp"
#include "drivers/camera/light_field.hpp"

namespace aisle::camera {
namespace {

constexpr Frame::Size kSmall{.width = 60, .height = 48};
constexpr std::size_t kPixels = 60 * 48;

std::vector<std::uint8_t> grey(int level) {
    return std::vector<std::uint8_t>(kPixels * 3, static_cast<std::uint8_t>(level));
}

struct Floor {
    Background background;
    std::vector<std::uint8_t> mask = std::vector<std::uint8_t>(kPixels);

    std::uint8_t after(int looks, int level, std::span<const std::uint8_t> frozen = {}) {
        const auto picture = grey(level);
        for (int i = 0; i < looks; ++i) background.look({picture, frozen, 400}, mask);
        return mask[kPixels / 2];
    }
};

TEST(Background, TellsFloorShadowAndOther) {
    Floor floor;
    EXPECT_EQ(floor.after(30, 120), Background::kFloor);
    EXPECT_EQ(floor.after(1, 80), Background::kShadow);
    EXPECT_EQ(floor.after(1, 200), Background::kOther);
    EXPECT_EQ(floor.after(1, 30), Background::kOther);  // too dark for a shadow
}

TEST(Background, LearnsWhatStays) {
    Floor floor;
    floor.after(100, 120);
    EXPECT_EQ(floor.after(1, 200), Background::kOther);
    EXPECT_EQ(floor.after(400, 200), Background::kFloor);
}

TEST(Background, DoesNotLearnWhereSomebodyStands) {
    Floor floor;
    floor.after(100, 120);
    const std::vector<std::uint8_t> frozen(kPixels, 255);
    EXPECT_EQ(floor.after(1000, 200, frozen), Background::kOther);
    EXPECT_EQ(floor.after(1, 120), Background::kFloor);
}

TEST(LightField, LevelsALightThatFailed) {
    LightField light;
    const auto before = grey(160);
    light.measure({kSmall, before, {}});
    auto now = grey(120);
    light.measure({kSmall, now, {}});
    EXPECT_EQ(light.gain(), LightField::kUnit * 3 / 4);
    light.level(kSmall, now);
    EXPECT_NEAR(now[kPixels], 160, 2);
}

TEST(LightField, LeavesAnEvenLightAlone) {
    LightField light;
    auto picture = grey(160);
    light.measure({kSmall, picture, {}});
    light.measure({kSmall, picture, {}});
    light.level(kSmall, picture);
    EXPECT_EQ(picture, grey(160));
}

std::vector<Dot> ellipse(int x, int y, int half_width, int half_height) {
    std::vector<Dot> dots;
    for (int v = -half_height; v <= half_height; ++v) {
        for (int u = -half_width; u <= half_width; ++u) {
            const double a = static_cast<double>(u) / half_width;
            const double b = static_cast<double>(v) / half_height;
            if (a * a + b * b <= 1) {
                dots.push_back(
                    {static_cast<std::int16_t>(x + u), static_cast<std::int16_t>(y + v)});
            }
        }
    }
    return dots;
}

TEST(Blobs, LeavesOnePersonWhole) {
    EXPECT_EQ(split_by_width(ellipse(40, 40, 16, 8), 32).parts.size(), 1U);
}

TEST(Blobs, PartsTwoShoulderToShoulder) {
    auto dots = ellipse(40, 40, 16, 8);
    const auto other = ellipse(72, 42, 16, 8);
    dots.insert(dots.end(), other.begin(), other.end());
    const auto split = split_by_width(dots, 32);
    ASSERT_EQ(split.parts.size(), 2U);
    EXPECT_TRUE(split.sure);
    EXPECT_NEAR(shape_of(split.parts[0]).middle.x, 40, 2);
    EXPECT_NEAR(shape_of(split.parts[1]).middle.x, 72, 2);
}

TEST(Blobs, IsUnsureOfAChildAtAWaist) {
    auto dots = ellipse(40, 40, 16, 8);
    const auto child = ellipse(64, 40, 8, 5);
    dots.insert(dots.end(), child.begin(), child.end());
    const auto split = split_by_width(dots, 36);
    ASSERT_EQ(split.parts.size(), 2U);
    EXPECT_FALSE(split.sure);
}

}  // namespace
}  // namespace aisle::camera
