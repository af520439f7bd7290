#include "drivers/tracking/scene_warnings.hpp"

#include <gtest/gtest.h>

namespace aisle::tracking {
namespace {

constexpr PictureOfPeople kDoor{
    .width = 640, .height = 480, .person_width = 40, .person_height = 100};

Scene with_line(Point from, Point to, std::vector<Point> via = {}) {
    return {.lines = {{.name = "door", .from = from, .to = to, .via = std::move(via)}}};
}

std::vector<SceneFlaw> flaws_of(const Scene& scene) {
    std::vector<SceneFlaw> flaws;
    for (const SceneWarning& warning : warnings_of(scene, kDoor)) flaws.push_back(warning.flaw);
    return flaws;
}
using Flaws = std::vector<SceneFlaw>;

TEST(SceneWarnings, HaveNothingAgainstALineAcrossTheMiddle) {
    EXPECT_EQ(flaws_of(with_line({320, 0}, {320, 480})), Flaws{});
    EXPECT_EQ(flaws_of(with_line({0, 240}, {640, 240})), Flaws{});
}

TEST(SceneWarnings, FindALineAPersonFromTheSideEdge) {
    EXPECT_EQ(flaws_of(with_line({39, 0}, {39, 480})), Flaws{SceneFlaw::LineAtEdge});
    EXPECT_EQ(flaws_of(with_line({41, 0}, {41, 480})), Flaws{});
    EXPECT_EQ(flaws_of(with_line({601, 0}, {601, 480})), Flaws{SceneFlaw::LineAtEdge});
}

TEST(SceneWarnings, AskForAPersonsHeightAboveAndBelow) {
    EXPECT_EQ(flaws_of(with_line({0, 99}, {640, 99})), Flaws{SceneFlaw::LineAtEdge});
    EXPECT_EQ(flaws_of(with_line({0, 101}, {640, 101})), Flaws{});
    EXPECT_EQ(flaws_of(with_line({0, 381}, {640, 381})), Flaws{SceneFlaw::LineAtEdge});
}

TEST(SceneWarnings, LetTheEndsOfALineRunOutOfThePicture) {
    EXPECT_EQ(flaws_of(with_line({0, 480}, {640, 0}, {{320, 240}})), Flaws{});
}

TEST(SceneWarnings, JudgeABentLineByAllOfIt) {
    EXPECT_EQ(flaws_of(with_line({320, 0}, {10, 470}, {{10, 10}})), Flaws{SceneFlaw::LineAtEdge});
}

TEST(SceneWarnings, FindACornerOutsideThePicture) {
    EXPECT_EQ(flaws_of(with_line({320, 0}, {320, 481})), Flaws{SceneFlaw::LineOutside});
}

TEST(SceneWarnings, FindALineThatAPersonHides) {
    EXPECT_EQ(flaws_of(with_line({320, 200}, {320, 239})), Flaws{SceneFlaw::LineShort});
}

TEST(SceneWarnings, FindTwoLinesThatCountTheSamePeople) {
    Scene scene = with_line({320, 0}, {320, 480});
    scene.lines.push_back({.name = "other", .from = {120, 240}, .to = {520, 240}});
    const auto warnings = warnings_of(scene, kDoor);
    ASSERT_EQ(warnings.size(), 1U);
    EXPECT_EQ(warnings[0],
              (SceneWarning{.flaw = SceneFlaw::LinesCross, .name = "door", .other = "other"}));
    scene.gates.push_back({.name = "main", .outer = "door", .inner = "other"});
    EXPECT_TRUE(warnings_of(scene, kDoor).empty()) << "a gate's lines do not count alone";
}

TEST(SceneWarnings, FindAZoneThatLeavesThePicture) {
    Scene scene;
    scene.zones.push_back({.name = "queue", .polygon = {{600, 10}, {700, 10}, {600, 90}}});
    EXPECT_EQ(flaws_of(scene), Flaws{SceneFlaw::ZoneOutside});
}

TEST(PictureOf, TakesPeopleAsLargeAsTheSceneSays) {
    const Scene scene{.view = View::Above, .person_width = 50};
    const auto picture = picture_of(scene, {640, 480}, {{.w = 10, .h = 20}});
    EXPECT_EQ(picture.person_width, 50);
    EXPECT_EQ(picture.person_height, 50);
}

TEST(PictureOf, TakesPeopleAsLargeAsTheyWereSeen) {
    const auto picture =
        picture_of({}, {640, 480}, {{.w = 10, .h = 90}, {.w = 30, .h = 60}, {.w = 20, .h = 70}});
    EXPECT_EQ(picture.person_width, 20);
    EXPECT_EQ(picture.person_height, 70);
}

TEST(PictureOf, GuessesFromThePictureWhereNobodyWasSeen) {
    const auto picture = picture_of({}, {640, 480}, {});
    EXPECT_EQ(picture.person_width, 40);
    EXPECT_EQ(picture.person_height, 120);
}

}  // namespace
}  // namespace aisle::tracking
