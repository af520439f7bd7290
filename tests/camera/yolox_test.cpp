#include "drivers/camera/yolox.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace aisle::camera {
namespace {

constexpr Frame::Size kInput{.width = 64, .height = 64};
constexpr Frame::Size kScenePicture{.width = 128, .height = 64};
constexpr std::size_t kColumns = 7;

// An answer of nobody; cells are written into it.
struct Answer {
    std::vector<float> values = std::vector<float>(yolox_rows(kInput) * kColumns, 0.0F);

    float* row(std::size_t number) { return values.data() + number * kColumns; }
    void person(std::size_t number, float score, float height_log = 1) {
        const std::array<float, kColumns> cells{0.5F, 0.5F, 0, height_log, score, 1, 0};
        std::ranges::copy(cells, row(number));
    }
    std::vector<tracking::Box> boxes() {
        return decode_yolox({.values = values, .columns = kColumns},
                            Letterbox::of(kScenePicture, kInput), kScenePicture);
    }
};

TEST(Yolox, HasARowForEachCellOfThreeStrides) {
    EXPECT_EQ(yolox_rows({.width = 416, .height = 416}), 3549U);
    EXPECT_EQ(yolox_rows(kInput), 64U + 16U + 4U);
}

TEST(Yolox, FitsAWidePictureByItsWidth) {
    EXPECT_DOUBLE_EQ(Letterbox::of(kScenePicture, kInput).scale, 0.5);
}

TEST(Yolox, PutsABoxWhereItsCellIs) {
    Answer answer;
    answer.person(2 * 8 + 3, 0.9F);  // stride 8, third row, fourth column: middle 28, 20
    const auto boxes = answer.boxes();
    ASSERT_EQ(boxes.size(), 1U);
    EXPECT_NEAR(boxes[0].x + boxes[0].w / 2, 56, 1e-4);
    EXPECT_NEAR(boxes[0].y + boxes[0].h / 2, 40, 1e-4);
    EXPECT_NEAR(boxes[0].w, 16, 1e-4);
    EXPECT_NEAR(boxes[0].h, 16 * std::exp(1.0), 1e-4);
    EXPECT_NEAR(boxes[0].score, 0.9, 1e-6);
}

TEST(Yolox, KeepsTheSurerOfTwoBoxesOfOnePerson) {
    Answer answer;
    answer.person(27, 0.6F);
    answer.person(28, 0.8F);
    answer.row(28)[0] = -0.4F;  // nearly the same place
    const auto boxes = answer.boxes();
    ASSERT_EQ(boxes.size(), 1U);
    EXPECT_NEAR(boxes[0].score, 0.8, 1e-6);
}

TEST(Yolox, LooksAtPeopleOnly) {
    Answer answer;
    answer.person(27, 0.9F);
    std::swap(answer.row(27)[5], answer.row(27)[6]);  // a bicycle
    EXPECT_TRUE(answer.boxes().empty());
}

TEST(Yolox, CutsBoxesAtThePicturesEdge) {
    Answer answer;
    answer.person(0, 0.9F, 5);
    const auto boxes = answer.boxes();
    ASSERT_EQ(boxes.size(), 1U);
    EXPECT_GE(boxes[0].y, 0);
    EXPECT_LE(boxes[0].y + boxes[0].h, kScenePicture.height);
}

TEST(Yolox, GivesNoBoxForNumbersThatAreNone) {
    Answer answer;
    for (std::size_t column = 0; column < 6; ++column) {
        answer.person(10 + column, 0.9F);
        answer.row(10 + column)[column] = std::numeric_limits<float>::quiet_NaN();
    }
    EXPECT_TRUE(answer.boxes().empty());
}

TEST(Yolox, GivesNoBoxForAnAnswerThatIsTooShort) {
    Answer answer;
    answer.person(27, 0.9F);
    answer.values.resize(answer.values.size() - 1);
    EXPECT_TRUE(answer.boxes().empty());
}

}  // namespace
}  // namespace aisle::camera
