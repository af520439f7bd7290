#include "drivers/camera/fit_frame.hpp"

#include <gtest/gtest.h>

#include "synthetic.hpp"

namespace aisle::camera {
namespace {

// Left half dark, right half light.
Frame halves(Frame::Size size) {
    Frame frame;
    frame.shape(size);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            std::fill_n(pixel(frame, {x, y}), 3,
                        static_cast<std::uint8_t>(2 * x < size.width ? 40 : 200));
    return frame;
}

TEST(FitFrame, KeepsThingsWhereTheyAreInThePicture) {
    for (const Frame::Size from :
         {Frame::Size{320, 240}, Frame::Size{80, 60}, Frame::Size{200, 60}}) {
        Frame fitted;
        fit_frame(halves(from), {160, 120}, fitted);
        ASSERT_EQ(fitted.width, 160);
        ASSERT_EQ(fitted.height, 120);
        ASSERT_EQ(fitted.bgr.size(), 160U * 120 * 3);
        EXPECT_EQ(*pixel(fitted, {70, 60}), 40) << from.width;
        EXPECT_EQ(*pixel(fitted, {90, 60}), 200) << from.width;
    }
}

TEST(FitFrame, MakesNothingOfAnEmptyPicture) {
    Frame fitted = halves({32, 32});
    fit_frame({}, {160, 120}, fitted);
    EXPECT_TRUE(fitted.empty());
    fit_frame(halves({32, 32}), {}, fitted);
    EXPECT_TRUE(fitted.empty());
}

}  // namespace
}  // namespace aisle::camera
