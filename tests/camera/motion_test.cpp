#include "drivers/camera/motion.hpp"

#include <gtest/gtest.h>

#include "synthetic.hpp"

namespace aisle::camera {
namespace {

std::vector<tracking::Box> boxes_after(MotionDetector& detector, const Shopfloor& floor,
                                       int frames) {
    std::vector<tracking::Box> boxes;
    for (int i = 0; i < frames; ++i) boxes = detector.detect(floor.frame(i), {});
    return boxes;
}

TEST(Motion, SeesNobodyOnAnEmptyFloor) {
    MotionDetector detector;
    EXPECT_TRUE(boxes_after(detector, Shopfloor{{}}, 40).empty());
}

TEST(Motion, BoxesAWalker) {
    MotionDetector detector;
    const auto boxes = boxes_after(detector, Shopfloor{{{.begins = 10}}}, 41);
    ASSERT_EQ(boxes.size(), 1U);
    EXPECT_NEAR(boxes[0].x, Shopfloor::place_of({.begins = 10}, 40), 3);
    EXPECT_NEAR(boxes[0].y, 10, 3);
    EXPECT_NEAR(boxes[0].w, kWalkerWidth, 5);
    EXPECT_NEAR(boxes[0].h, kWalkerHeight, 5);
}

Frame enlarged(const Frame& frame, int times) {
    Frame large;
    large.shape({.width = frame.width * times, .height = frame.height * times});
    for (int y = 0; y < large.height; ++y) {
        for (int x = 0; x < large.width; ++x) {
            std::copy_n(pixel(frame, {x / times, y / times}), 3, pixel(large, {x, y}));
        }
    }
    return large;
}

TEST(Motion, BoxesInPixelsOfTheWholePicture) {
    MotionDetector detector;
    const Shopfloor floor{{{.begins = 10}}};
    std::vector<tracking::Box> boxes;
    for (int i = 0; i <= 40; ++i) boxes = detector.detect(enlarged(floor.frame(i), 4), {});
    ASSERT_EQ(boxes.size(), 1U);
    EXPECT_NEAR(boxes[0].h, 4 * kWalkerHeight, 16);
    EXPECT_NEAR(boxes[0].y, 40, 12);
}

TEST(Motion, TakesAChangeOfLightForNobody) {
    MotionDetector detector;
    const Shopfloor floor{{}};
    boxes_after(detector, floor, 30);
    for (int i = 30; i < 60; ++i)
        EXPECT_TRUE(detector.detect(floor.frame(i, 1.6), {}).empty()) << i;
    EXPECT_GE(detector.light_changes(), 1U);
}

TEST(Motion, SeesWalkersAgainSoonAfterAChangeOfLight) {
    MotionDetector detector;
    const Shopfloor floor{{{.begins = 40}}};
    std::vector<tracking::Box> boxes;
    for (int i = 0; i < 70; ++i) boxes = detector.detect(floor.frame(i, i < 30 ? 1 : 1.5), {});
    EXPECT_EQ(boxes.size(), 1U);
}

TEST(Motion, GivesTheSameBoxesForTheSameFrames) {
    const Shopfloor floor{{{.begins = 5}, {.begins = 20, .leftwards = true, .y = 100}}};
    MotionDetector first;
    MotionDetector second;
    for (int i = 0; i < 60; ++i) {
        const auto boxes = first.detect(floor.frame(i), {});
        ASSERT_EQ(boxes, second.detect(floor.frame(i), {})) << i;
    }
}

TEST(Motion, BeginsAnewAfterAReset) {
    const Shopfloor floor{{{.begins = 5}}};
    MotionDetector used;
    boxes_after(used, floor, 50);
    used.reset();
    MotionDetector fresh;
    for (int i = 0; i < 50; ++i) {
        const auto boxes = used.detect(floor.frame(i), {});
        ASSERT_EQ(boxes, fresh.detect(floor.frame(i), {})) << i;
    }
}

TEST(Motion, HasNothingToSayAboutAnEmptyFrame) {
    MotionDetector detector;
    EXPECT_TRUE(detector.detect(Frame{}, {}).empty());
}

}  // namespace
}  // namespace aisle::camera
