#include "drivers/camera/picture_watch.hpp"

#include <gtest/gtest.h>

#include "synthetic.hpp"

namespace aisle::camera {
namespace {

constexpr milliseconds kPeriod{100};
const Shopfloor kEmptyFloor{{}};

// Shows pictures at a pace and tells how many of them were of that worth, and whether it was asked
// to open again.
struct Show {
    PictureWatch watch;
    MonoTime now{};
    int reopened = 0;

    int count(Worth worth, int pictures, milliseconds pace, const auto& picture) {
        int found = 0;
        for (int i = 0; i < pictures; ++i, now += pace) {
            const auto verdict = watch.look(picture(i), now, kPeriod);
            found += verdict.worth == worth ? 1 : 0;
            reopened += verdict.reopen ? 1 : 0;
        }
        return found;
    }
};

TEST(PictureWatch, TakesPicturesThatDiffer) {
    Show show;
    EXPECT_EQ(show.count(Worth::Fresh, 50, kPeriod, [](int i) { return kEmptyFloor.frame(i); }),
              50);
    EXPECT_EQ(show.reopened, 0);
}

TEST(PictureWatch, OpensAFrozenCameraAgainOnce) {
    Show show;
    EXPECT_EQ(show.count(Worth::Repeat, 150, kPeriod, [](int) { return kEmptyFloor.frame(1); }),
              149);
    EXPECT_EQ(show.reopened, 1);
}

TEST(PictureWatch, TellsABlackPictureFromADarkOne) {
    const auto dark = [](int level, int i) {
        Frame frame;
        frame.shape(kPicture);
        std::ranges::fill(frame.bgr, static_cast<std::uint8_t>(level));
        frame.bgr[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(level + 2);
        return frame;
    };
    Show show;
    EXPECT_EQ(show.count(Worth::Black, 20, kPeriod, [&](int i) { return dark(16, i); }), 20);
    EXPECT_EQ(show.count(Worth::Fresh, 20, kPeriod, [&](int i) { return dark(40, i); }), 20);
}

TEST(PictureWatch, TakesTwiceTheRateAndNoMore) {
    Show show;
    const auto floor = [](int i) { return kEmptyFloor.frame(i); };
    EXPECT_EQ(show.count(Worth::TooFast, 100, kPeriod / 2, floor), 0);
    EXPECT_GT(show.count(Worth::TooFast, 200, kPeriod / 5, floor), 60);
}

TEST(PictureWatch, OpensARacingCameraAgainOnce) {
    Show show;
    const auto floor = [](int i) {
        Frame frame;
        frame.shape({.width = 16, .height = 16});
        std::ranges::fill(frame.bgr, std::uint8_t{90});
        frame.bgr[0] = static_cast<std::uint8_t>(i % 200);
        return frame;
    };
    show.count(Worth::TooFast, 100, kPeriod / 10, floor);  // a second of it is a hitch
    EXPECT_EQ(show.reopened, 0);
    show.count(Worth::TooFast, 1'500, kPeriod / 10, floor);
    EXPECT_EQ(show.reopened, 1);
    show.watch.reset();  // it was opened, and is as fast as before
    show.count(Worth::TooFast, 3'000, kPeriod / 10, floor);
    EXPECT_EQ(show.reopened, 1);
    show.count(Worth::TooFast, 200, kPeriod, floor);  // it has kept to its rate for long
    show.count(Worth::TooFast, 1'600, kPeriod / 10, floor);
    EXPECT_EQ(show.reopened, 2);
}

TEST(PictureWatch, OpensABlackCameraAgainOnce) {
    Show show;
    const auto dark = [](int i) {
        Frame frame;
        frame.shape(kPicture);
        std::ranges::fill(frame.bgr, std::uint8_t{16});
        frame.bgr[0] = static_cast<std::uint8_t>(16 + i % 2);
        return frame;
    };
    EXPECT_EQ(show.count(Worth::Black, 150, kPeriod, dark), 150);
    EXPECT_EQ(show.reopened, 1);
}

// Of the rows only some are summed: whatever moves is higher than those in between.
TEST(PictureWatch, SeesASmallThingMove) {
    for (const Frame::Size size : {kPicture, Frame::Size{.width = 101, .height = 77}}) {
        PictureWatch watch;
        int fresh = 0;
        for (int step = 0; step < 60; ++step) {
            Frame frame;
            frame.shape(size);
            std::ranges::fill(frame.bgr, std::uint8_t{130});
            for (int y = step; y < step + 4; ++y) *pixel(frame, {size.width - 1, y}) = 131;
            const auto verdict = watch.look(frame, MonoTime{step * kPeriod}, kPeriod);
            fresh += verdict.worth == Worth::Fresh ? 1 : 0;
        }
        EXPECT_GE(fresh, 60 / 4) << size.width;
    }
}

TEST(PictureWatch, TellsAnotherSize) {
    PictureWatch watch;
    Frame frame = kEmptyFloor.frame(1);
    EXPECT_FALSE(watch.look(frame, MonoTime{}, kPeriod).resized);
    frame.shape({.width = 96, .height = 72});
    EXPECT_TRUE(watch.look(frame, MonoTime{kPeriod}, kPeriod).resized);
}

}  // namespace
}  // namespace aisle::camera
