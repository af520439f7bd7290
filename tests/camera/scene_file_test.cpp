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
              "s.toml:4:1: unknown key swop; a line has name, points and swap");
    EXPECT_EQ(fault_of("zones = 3\n"), "s.toml:1:1: unknown key zones");
}

TEST(SceneFile, SaysWhereALineIsNotWhole) {
    EXPECT_EQ(fault_of("[[line]]\npoints = [[0,0],[0,9]]\n"),
              "s.toml:1:1: a line needs name = \"...\"");
    EXPECT_EQ(fault_of("[[line]]\nname = \"a\"\n"),
              "s.toml:1:1: a line needs points = [[x1, y1], [x2, y2]]");
}

TEST(SceneFile, SaysWherePointsAreNotTwoPairsOfNumbers) {
    for (const char* points :
         {"[[0,0]]", "[[0,0],[0]]", "[0,0,0,9]", "[[0,0],[0,\"9\"]]", "3", "[[0,0],[0,9],[1,1]]"}) {
        EXPECT_EQ(fault_of(std::string{"[[line]]\nname = \"a\"\npoints = "} + points + "\n"),
                  "s.toml:3:10: points must be [[x1, y1], [x2, y2]]")
            << points;
    }
}

TEST(SceneFile, RefusesASwapThatIsNeitherTrueNorFalse) {
    EXPECT_EQ(fault_of("[[line]]\nname = \"a\"\npoints = [[0,0],[0,9]]\nswap = 1\n"),
              "s.toml:4:8: swap must be true or false");
}

TEST(SceneFile, RefusesAnEmptyScene) {
    EXPECT_NE(fault_of("").find("at least one [[line]]"), std::string::npos);
    EXPECT_NE(fault_of("line = 3\n").find("at least one [[line]]"), std::string::npos);
    EXPECT_NE(fault_of("line = [3]\n").find("[[line]]"), std::string::npos);
}

TEST(SceneFile, RefusesTwoLinesOfOneName) {
    const std::string line = "[[line]]\nname = \"a\"\npoints = [[0,0],[0,9]]\n";
    EXPECT_NE(fault_of(line + line).find("two lines are named a"), std::string::npos);
}

TEST(SceneFile, IsUnavailableWhereThereIsNone) {
    const auto scene = load_scene("/nowhere/scene.toml");
    ASSERT_FALSE(scene);
    EXPECT_EQ(scene.error().fault, Fault::Unavailable);
}

}  // namespace
}  // namespace aisle::camera
