#include "drivers/simulated/overhead.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace aisle::simulated {
namespace {

Light steady() { return {.wave = 0, .door_glow = 0, .grain = 0}; }

// Mean tone of a part of the picture.
int tone_of(const Picture& picture, Extent part) {
    std::int64_t sum = 0;
    for (int y = part.y; y < part.y + part.h; ++y) {
        for (int x = part.x * 3; x < (part.x + part.w) * 3; ++x) {
            sum += picture.bgr[static_cast<std::size_t>(y * kSceneWidth * 3 + x)];
        }
    }
    return static_cast<int>(sum / (std::int64_t{part.w} * part.h * 3));
}
constexpr Extent kAll{0, 0, kSceneWidth, kSceneHeight};

Walker standing(int x, int y) {
    Walker walker;
    walker.clothes = {10, 10, 10};
    walker.hair = {10, 10, 10};
    const Spot spot{x * kSub, y * kSub};
    walker.path = {{seconds{0}, spot}, {seconds{99}, spot}};
    return walker;
}

TEST(Overhead, LightDropsAndComesBackWithinItsRamp) {
    Light light = steady();
    light.changes = {{seconds{10}, seconds{15}, 192}};
    EXPECT_EQ(light_at(light, milliseconds{9999}), 256);
    EXPECT_EQ(light_at(light, seconds{10} + kLightRamp / 2), 224);
    EXPECT_EQ(light_at(light, seconds{10} + kLightRamp), 192);
    EXPECT_EQ(light_at(light, milliseconds{14'999}), 192);
    EXPECT_EQ(light_at(light, seconds{15} + kLightRamp), 256);
}

TEST(Overhead, LightWavesSlowly) {
    Light light = steady();
    light.wave = 12;
    EXPECT_EQ(light_at(light, light.wave_period / 4), 268);
    EXPECT_EQ(light_at(light, light.wave_period * 3 / 4), 244);
}

TEST(Overhead, PaintsTheSamePictureInAnyOrder) {
    OverheadCamera camera{{.seed = 3}};
    const Walker walker = standing(100, 100);
    const std::vector<const Walker*> present{&walker};
    const auto first = camera.take(present, seconds{1}, 12).bgr;
    const auto other = camera.take(present, seconds{2}, 24).bgr;
    EXPECT_NE(first, other);
    EXPECT_EQ(camera.take(present, seconds{1}, 12).bgr, first);
}

TEST(Overhead, PaintsDarkClothesWhereSomebodyStands) {
    OverheadCamera camera{{.seed = 3, .light = steady()}};
    const Extent place{95, 95, 11, 11};
    const int floor = tone_of(camera.take({}, seconds{1}, 1), place);
    const Walker walker = standing(100, 100);
    const std::vector<const Walker*> present{&walker};
    EXPECT_LT(tone_of(camera.take(present, seconds{1}, 1), place), floor / 3);
}

TEST(Overhead, ThrowsAShadowBesideSomebody) {
    Light dark = steady();
    dark.shadow_permille = 450;
    dark.shadow_reach_permille = 1300;
    Light none = steady();
    none.shadow_permille = 0;
    const Walker walker = standing(160, 120);
    const std::vector<const Walker*> present{&walker};
    OverheadCamera with{{.seed = 3, .light = dark}};
    OverheadCamera without{{.seed = 3, .light = none}};
    const Extent around{100, 60, 120, 120};
    EXPECT_LT(tone_of(with.take(present, seconds{1}, 1), around),
              tone_of(without.take(present, seconds{1}, 1), around));
}

TEST(Overhead, LetsTheDayInWhenSomebodyIsAtTheDoor) {
    Light light = steady();
    light.door_glow = 60;
    const Walker at_door = standing(250, 5);
    const Walker inside = standing(250, 150);
    const std::vector<const Walker*> coming{&at_door};
    const std::vector<const Walker*> gone{&inside};
    const Extent mat{20, 0, 100, 10};
    OverheadCamera top{{.seed = 3, .light = light}};
    const int lit = tone_of(top.take(coming, seconds{1}, 1), mat);
    EXPECT_GT(lit, tone_of(top.take(gone, seconds{1}, 1), mat) * 11 / 10);
    OverheadCamera left{{.seed = 3, .light = light, .street = OverheadCamera::Street::Left}};
    const Extent far{150, 20, 40, 40};
    const Walker at_left = standing(5, 200);
    const std::vector<const Walker*> from_left{&at_left};
    EXPECT_EQ(tone_of(left.take(from_left, seconds{1}, 1), far),
              tone_of(left.take(gone, seconds{1}, 1), far));
    EXPECT_GT(tone_of(left.take(from_left, seconds{1}, 1), {0, 0, 10, 100}),
              tone_of(left.take(gone, seconds{1}, 1), {0, 0, 10, 100}) * 11 / 10);
}

TEST(Overhead, ChangesAScreenAtItsTimesOnly) {
    Light light = steady();
    light.screens = {{.place = {20, 30, 20, 20}, .changes = {seconds{5}, seconds{9}}}};
    OverheadCamera camera{{.seed = 3, .light = light}};
    const auto shown = [&](milliseconds at) { return camera.take({}, at, 1).bgr; };
    EXPECT_EQ(shown(seconds{1}), shown(milliseconds{4999}));
    EXPECT_NE(shown(seconds{1}), shown(seconds{5}));
    EXPECT_NE(shown(seconds{5}), shown(seconds{9}));
}

TEST(Overhead, SweepsABeamOverTheFloor) {
    Light light = steady();
    light.beams = {{seconds{2}, seconds{4}}};
    OverheadCamera camera{{.seed = 3, .light = light}};
    const int before = tone_of(camera.take({}, seconds{1}, 1), kAll);
    EXPECT_GT(tone_of(camera.take({}, seconds{3}, 1), kAll), before);
    EXPECT_EQ(tone_of(camera.take({}, seconds{4}, 1), kAll), before);
}

TEST(Overhead, HasAnotherFloorForAnotherSeed) {
    OverheadCamera one{{.seed = 1, .light = steady()}};
    OverheadCamera other{{.seed = 2, .light = steady()}};
    EXPECT_NE(one.take({}, seconds{1}, 1).bgr, other.take({}, seconds{1}, 1).bgr);
    const Colour tone = floor_tone(1);
    EXPECT_NEAR(tone_of(one.take({}, seconds{1}, 1), kAll), tone.green, 25);
}

}  // namespace
}  // namespace aisle::simulated
