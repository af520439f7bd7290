#include "drivers/camera/scene_text.hpp"

#include <gtest/gtest.h>

#include "drivers/camera/scene_file.hpp"

namespace aisle::camera {
namespace {

tracking::Scene full_scene() {
    tracking::Scene scene;
    scene.uturn = milliseconds{15'000};
    scene.metre_px = 80.5;
    scene.person_width = 40;
    scene.view = tracking::View::Above;
    scene.picture = {{640, 480}};
    scene.lines = {
        {.name = "outer", .from = {10, 0}, .to = {10.5, 400}, .swap = true},
        {.name = "in \"n\\er\"\t门", .from = {90, 0}, .to = {90, 400}, .via = {{95, 9}}}};
    scene.gates = {{.name = "main",
                    .outer = "outer",
                    .inner = scene.lines[1].name,
                    .within = milliseconds{7500}}};
    scene.zones = {{.name = "queue",
                    .polygon = {{0, 0}, {90, 0}, {90, 80}},
                    .queue = true,
                    .till = {{80, 10}},
                    .before = "main"},
                   {.name = "shelf", .polygon = {{100, 100}, {200, 100}, {200, 180}}}};
    return scene;
}

TEST(SceneText, IsReadAsTheSceneThatItWas) {
    const std::string text = scene_text(full_scene());
    const auto again = parse_scene(text, "s.toml");
    ASSERT_TRUE(again) << again.error().detail << "\n" << text;
    EXPECT_EQ(*again, full_scene()) << text;
}

TEST(SceneText, LeavesOutWhatIsAsAlways) {
    tracking::Scene scene;
    scene.lines = {{.name = "door", .from = {200, 0}, .to = {200, 575}}};
    EXPECT_EQ(scene_text(scene), "[[line]]\nname = \"door\"\npoints = [[200, 0], [200, 575]]\n");
}

TEST(SceneText, WritesPixelsToATenth) {
    tracking::Scene scene;
    scene.lines = {{.name = "door", .from = {1.0 / 3, -0.01}, .to = {200.05, 1e3}}};
    EXPECT_NE(scene_text(scene).find("[[0.3, 0], [200.1, 1000]]"), std::string::npos)
        << scene_text(scene);
}

}  // namespace
}  // namespace aisle::camera
