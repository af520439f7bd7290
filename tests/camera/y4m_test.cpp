#include "drivers/camera/y4m.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace aisle::camera {
namespace {

TEST(Y4mHeader, TellsSizeAndRate) {
    const auto header = parse_y4m_header("YUV4MPEG2 W320 H240 F30000:1001 Ip A1:1 C420jpeg XA=B");
    ASSERT_TRUE(header);
    EXPECT_EQ(header->size.width, 320);
    EXPECT_EQ(header->size.height, 240);
    EXPECT_NEAR(header->fps, 29.97, 0.01);
    EXPECT_EQ(header->picture_bytes(), 320U * 240 * 3 / 2);
}

TEST(Y4mHeader, RoundsTheChromaOfOddSidesUp) {
    const auto header = parse_y4m_header("YUV4MPEG2 W5 H3");
    ASSERT_TRUE(header);
    EXPECT_EQ(header->fps, 0);
    EXPECT_EQ(header->picture_bytes(), 5U * 3 + 2 * 3 * 2);
}

TEST(Y4mHeader, RefusesWhatItCannotRead) {
    for (const char* const line :
         {"", "YUV4MPEG2", "YUV4MPEG W4 H4", "YUV4MPEG2 W4", "YUV4MPEG2 W0 H4", "YUV4MPEG2 W-4 H4",
          "YUV4MPEG2 W4x H4", "YUV4MPEG2 W99999 H4", "YUV4MPEG2 W4 H99999999999999",
          "YUV4MPEG2 W4 H4 C444", "YUV4MPEG2 W4 H4 C420p10", "YUV4MPEG2 W4 H4 C"}) {
        EXPECT_FALSE(parse_y4m_header(line)) << line;
    }
}

TEST(Y4mHeader, TakesANonsensicalRateForNone) {
    for (const char* const rate : {"F0:1", "F25", "F25:0", "F-1:1", "F1000:1", "Fx:y", "F"}) {
        const auto header = parse_y4m_header(std::string{"YUV4MPEG2 W4 H4 "} + rate);
        ASSERT_TRUE(header) << rate;
        EXPECT_EQ(header->fps, 0) << rate;
    }
}

// One colour over a whole picture.
struct Yuv {
    std::uint8_t y = 0;
    std::uint8_t u = 0;
    std::uint8_t v = 0;
};
std::vector<std::uint8_t> painted(const Yuv& colour) {
    const auto header = *parse_y4m_header("YUV4MPEG2 W6 H4");
    std::vector<std::uint8_t> planes(header.picture_bytes(), colour.y);
    std::fill(planes.begin() + 24, planes.begin() + 30, colour.u);
    std::fill(planes.begin() + 30, planes.end(), colour.v);
    Frame frame;
    picture_from_y4m(planes, header, frame);
    return frame.bgr;
}

// The values of BT.601 with limited range for black, white and the primaries.
TEST(Y4mPicture, HasTheColoursOfTheStandard) {
    const auto expect = [](const Yuv& colour, std::array<int, 3> bgr) {
        const auto bytes = painted(colour);
        ASSERT_EQ(bytes.size(), 72U);
        for (std::size_t i = 0; i < bytes.size(); ++i) EXPECT_NEAR(bytes[i], bgr.at(i % 3), 2) << i;
    };
    expect({16, 128, 128}, {0, 0, 0});
    expect({235, 128, 128}, {255, 255, 255});
    expect({81, 90, 240}, {0, 0, 255});
    expect({145, 54, 34}, {0, 255, 0});
    expect({41, 240, 110}, {255, 0, 0});
    expect({255, 128, 128}, {255, 255, 255});
    expect({0, 128, 128}, {0, 0, 0});
}

TEST(Y4mPicture, SharesChromaAmongFourPixels) {
    const auto header = *parse_y4m_header("YUV4MPEG2 W4 H2");
    // Eight of Y, then two each of U and V: the right half is red.
    const std::vector<std::uint8_t> planes{81, 81, 81, 81, 81, 81, 81, 81, 128, 90, 128, 240};
    Frame frame;
    picture_from_y4m(planes, header, frame);
    for (std::size_t pixel = 0; pixel < 8; ++pixel) {
        const bool right = pixel % 4 >= 2;
        EXPECT_EQ(frame.bgr[pixel * 3 + 2] > 200, right) << pixel;
        EXPECT_EQ(frame.bgr[pixel * 3] < 20, right) << pixel;
    }
}

}  // namespace
}  // namespace aisle::camera
