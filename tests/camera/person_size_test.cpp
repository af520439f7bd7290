#include "drivers/camera/person_size.hpp"

#include <gtest/gtest.h>

namespace aisle::camera {
namespace {

using tracking::View;

constexpr double kGuess = 32;

// So many blobs of one person each, one after another of these lengths.
PersonSize after(View view, const std::vector<PersonSize::Alone>& blobs, int rounds) {
    PersonSize person{view, kGuess};
    for (int i = 0; i < rounds; ++i) {
        for (const auto& blob : blobs) person.learn(blob);
    }
    return person;
}

TEST(PersonSize, IsTheGuessBeforeAnybodyWasSeen) {
    EXPECT_DOUBLE_EQ((PersonSize{View::Above, kGuess}.width()), kGuess);
}

TEST(PersonSize, FollowsWhatIsSeen) {
    EXPECT_NEAR(after(View::Above, {{.length = 36}}, 400).width(), 36, 1);
    EXPECT_NEAR(after(View::Above, {{.length = 27}}, 400).width(), 27, 1);
}

TEST(PersonSize, IsThatOfTheGrownAndNotOfChildren) {
    const auto person = after(View::Above, {{.length = 34}, {.length = 34}, {.length = 22}}, 300);
    EXPECT_GT(person.width(), 30);
}

TEST(PersonSize, DoesNotShrinkToThePiecesOfPeople) {
    const auto person =
        after(View::Above, {{.length = 33}, {.length = 12}, {.length = 10}, {.length = 14}}, 300);
    EXPECT_NEAR(person.width(), 33, 2);
}

TEST(PersonSize, StraysNoFartherFromTheGuessThanAQuarter) {
    EXPECT_LE(after(View::Above, {{.length = 300}}, 2000).width(), kGuess * 1.25);
    EXPECT_GE(after(View::Above, {{.length = 20}}, 2000).width(), kGuess * 0.75);
}

TEST(PersonSize, TellsACameraThatLooksDownFromOneThatLooksFromTheSide) {
    EXPECT_TRUE(after(View::Learnt, {{.length = 60, .aspect = 3.1}}, 100).from_side());
    EXPECT_FALSE(after(View::Learnt, {{.length = 33, .aspect = 1.1}}, 100).from_side());
}

TEST(PersonSize, TakesPeopleForUprightUntilEnoughWereSeen) {
    const auto person = after(View::Learnt, {{.length = 33, .aspect = 0.9}}, 20);
    EXPECT_FALSE(person.decided());
    EXPECT_TRUE(person.from_side());
}

TEST(PersonSize, BelievesWhatTheSceneSaysOfTheView) {
    EXPECT_FALSE(after(View::Above, {{.length = 60, .aspect = 3.1}}, 200).from_side());
    EXPECT_TRUE(after(View::Side, {{.length = 33, .aspect = 0.9}}, 200).from_side());
    EXPECT_TRUE((PersonSize{View::Side, kGuess}.decided()));
}

}  // namespace
}  // namespace aisle::camera
