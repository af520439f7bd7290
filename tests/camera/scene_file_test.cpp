#include "drivers/camera/scene_file.hpp"

#include <gtest/gtest.h>

namespace aisle::camera {
namespace {

std::string fault_of(std::string_view text) {
    const auto scene = parse_scene(text, "s.toml");
    return scene ? "" : scene.error().detail;
}

TEST(SceneFile, GivesItsLines) {
    const auto scene = parse_scene(
        "[[line]]\nname = \"door\"\npoints = [[200, 0], [200.5, 575]]\n"
        "[[line]]\nname = \"gate\"\npoints = [[1, 2], [30, 40]]\nswap = true\n",
        "s.toml");
    ASSERT_TRUE(scene);
    EXPECT_EQ(scene->lines.at(0),
              (tracking::Line{.name = "door", .from = {200, 0}, .to = {200.5, 575}}));
    EXPECT_EQ(scene->lines.at(1),
              (tracking::Line{.name = "gate", .from = {1, 2}, .to = {30, 40}, .swap = true}));
}

TEST(SceneFile, SaysWhereTomlIsBroken) {
    EXPECT_TRUE(fault_of("[[line]]\nname = door\n").starts_with("s.toml:2:8: "))
        << fault_of("[[line]]\nname = door\n");
}

TEST(SceneFile, SaysWhereAKeyIsUnknown) {
    EXPECT_EQ(fault_of("[[line]]\nname = \"a\"\npoints = [[0,0],[0,9]]\nswop = true\n"),
              "s.toml:4:1: unknown key swop; a line has name points swap");
    EXPECT_TRUE(fault_of("zones = 3\n").starts_with("s.toml:1:1: unknown key zones; a scene has"));
}

TEST(SceneFile, SaysWhereALineIsNotWhole) {
    EXPECT_EQ(fault_of("[[line]]\npoints = [[0,0],[0,9]]\n"),
              "s.toml:1:1: a line needs name = \"...\"");
    EXPECT_EQ(fault_of("[[line]]\nname = \"a\"\n"),
              "s.toml:1:1: a line needs points = [[x1, y1], [x2, y2]]");
}

TEST(SceneFile, SaysWherePointsAreNotTwoPairsOfNumbers) {
    for (const char* points : {"[[0,0]]", "[[0,0],[0]]", "[0,0,0,9]", "[[0,0],[0,\"9\"]]", "3"}) {
        EXPECT_EQ(fault_of(std::string{"[[line]]\nname = \"a\"\npoints = "} + points + "\n"),
                  "s.toml:3:10: points must be [[x1, y1], [x2, y2]]")
            << points;
    }
}

TEST(SceneFile, RefusesASwapThatIsNeitherTrueNorFalse) {
    EXPECT_EQ(fault_of("[[line]]\nname = \"a\"\npoints = [[0,0],[0,9]]\nswap = 1\n"),
              "s.toml:4:8: swap must be true or false");
}

const std::string kOneLine = "[[line]]\nname = \"a\"\npoints = [[0,0],[0,9]]\n";

TEST(SceneFile, KnowsThePictureItIsDrawnFor) {
    const auto scene = parse_scene("picture = [768, 576]\n" + kOneLine, "s.toml");
    ASSERT_TRUE(scene);
    ASSERT_EQ(scene->picture.size(), 1U);
    EXPECT_EQ(scene->picture[0], (tracking::Point{768, 576}));
    EXPECT_TRUE(parse_scene(kOneLine, "s.toml")->picture.empty());
}

TEST(SceneFile, RefusesAPictureThatNobodySends) {
    EXPECT_EQ(fault_of("picture = 768\n" + kOneLine),
              "s.toml:1:11: picture must be [width, height]");
    for (const char* size : {"[8, 576]", "[768, 100000]", "[768.5, 576]", "[nan, 576]"}) {
        EXPECT_NE(fault_of(std::string{"picture = "} + size + "\n" + kOneLine)
                      .find("picture must be a width and a height"),
                  std::string::npos)
            << size;
    }
}

TEST(SceneFile, RefusesAnEmptyScene) {
    EXPECT_NE(fault_of("").find("at least one [[line]]"), std::string::npos);
    EXPECT_NE(fault_of("line = 3\n").find("[[line]]"), std::string::npos);
    EXPECT_NE(fault_of("line = [3]\n").find("[[line]]"), std::string::npos);
}

TEST(SceneFile, RefusesTwoLinesOfOneName) {
    const std::string line = "[[line]]\nname = \"a\"\npoints = [[0,0],[0,9]]\n";
    EXPECT_NE(fault_of(line + line).find("two lines are named a"), std::string::npos);
}

const std::string kLines =
    "[[line]]\nname = \"a\"\npoints = [[0,0],[0,9]]\n"
    "[[line]]\nname = \"b\"\npoints = [[50,0],[40,50],[50,90]]\n";

TEST(SceneFile, GivesTheCornersOfABentLine) {
    const auto scene = parse_scene(kLines, "s.toml");
    ASSERT_TRUE(scene);
    EXPECT_EQ(scene->lines.at(1).via, (std::vector<tracking::Point>{{40, 50}}));
    EXPECT_EQ(scene->lines.at(1).to, (tracking::Point{50, 90}));
}

TEST(SceneFile, GivesGatesZonesAndMeasures) {
    const auto scene = parse_scene(
        "uturn_s = 15\nmetre_px = 80.5\nperson_width = 40\n" + kLines +
            "[[gate]]\nname = \"door\"\nouter = \"a\"\ninner = \"b\"\nwithin_s = 2.5\n"
            "[[zone]]\nname = \"queue\"\nkind = \"queue\"\ntill = [5, 6]\nbefore = \"door\"\n"
            "points = [[0,0],[9,0],[9,9]]\n",
        "s.toml");
    ASSERT_TRUE(scene) << scene.error().detail;
    EXPECT_EQ(scene->uturn, seconds{15});
    EXPECT_EQ(scene->metre_px, 80.5);
    EXPECT_EQ(scene->person_width, 40);
    EXPECT_EQ(
        scene->gates.at(0),
        (tracking::Gate{.name = "door", .outer = "a", .inner = "b", .within = milliseconds{2500}}));
    EXPECT_EQ(scene->zones.at(0), (tracking::Zone{.name = "queue",
                                                  .polygon = {{0, 0}, {9, 0}, {9, 9}},
                                                  .queue = true,
                                                  .till = {{5, 6}},
                                                  .before = "door"}));
}

TEST(SceneFile, SaysWhereAZonesKindIsUnknown) {
    EXPECT_EQ(fault_of("[[zone]]\nname = \"z\"\npoints = [[0,0],[9,0],[9,9]]\nkind = \"bar\"\n"),
              "s.toml:4:8: kind must be \"area\" or \"queue\"");
}

TEST(SceneFile, SaysWhereANumberIsNone) {
    EXPECT_EQ(fault_of("uturn_s = \"long\"\n" + kLines), "s.toml:1:11: uturn_s must be a number");
}

TEST(SceneFile, IsUnavailableWhereThereIsNone) {
    const auto scene = load_scene("/nowhere/scene.toml");
    ASSERT_FALSE(scene);
    EXPECT_EQ(scene.error().fault, Fault::Unavailable);
}

}  // namespace
}  // namespace aisle::camera
