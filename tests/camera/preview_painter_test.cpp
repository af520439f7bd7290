#include "drivers/camera/preview_painter.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/kit/builders.hpp"

namespace aisle::camera {
namespace {

constexpr Frame::Size kSize{.width = 320, .height = 240};
constexpr std::uint8_t kFloorGrey = 60;
constexpr std::uint8_t kPersonGrey = 250;

struct Square {
    int x = 0;
    int y = 0;
    int side = 40;
};

Frame floor_with(const std::vector<Square>& people, Frame::Size size = kSize) {
    Frame frame;
    frame.shape(size);
    std::ranges::fill(frame.bgr, kFloorGrey);
    for (const Square& person : people) {
        for (int y = person.y; y < person.y + person.side; ++y) {
            const auto at = static_cast<std::size_t>((y * size.width + person.x) * 3);
            std::fill_n(frame.bgr.begin() + static_cast<std::ptrdiff_t>(at), person.side * 3,
                        kPersonGrey);
        }
    }
    return frame;
}

tracking::Track track_of(const Square& person) {
    tracking::Track track;
    track.box = {.x = static_cast<double>(person.x),
                 .y = static_cast<double>(person.y),
                 .w = static_cast<double>(person.side),
                 .h = static_cast<double>(person.side)};
    track.confirmed = true;
    return track;
}

struct Watched {
    // A picture every half second.
    void see(const Frame& frame, const std::vector<tracking::Track>& tracks = {},
             bool sees = true) {
        passed += milliseconds{500};
        painter.look(frame, tracks, sees, kit::at(passed));
    }
    [[nodiscard]] int brightest() const {
        const auto grey = board->background().grey;
        return grey.empty() ? -1 : *std::ranges::max_element(grey);
    }

    std::shared_ptr<Preview> board = std::make_shared<Preview>();
    PreviewPainter painter{board};
    milliseconds passed{};
};

TEST(PreviewPainter, ShowsBoxesInThePicturesPixels) {
    Watched world;
    const Square person{.x = 100, .y = 50};
    world.see(floor_with({person}), {track_of(person)});
    const PreviewView view = world.board->view();
    EXPECT_EQ(view.width, 320);
    EXPECT_EQ(view.height, 240);
    ASSERT_EQ(view.boxes.size(), 1U);
    EXPECT_EQ(view.boxes[0].x, 100);
    EXPECT_EQ(view.boxes[0].w, 40);
    EXPECT_TRUE(view.boxes[0].sure);
}

TEST(PreviewPainter, ShowsNothingOfThePictureAtFirst) {
    Watched world;
    for (int i = 0; i < PreviewPainter::kLooksMin - 1; ++i) world.see(floor_with({}));
    const auto grey = world.board->background().grey;
    EXPECT_TRUE(std::ranges::all_of(grey, [](int g) { return g == PreviewPainter::kUnknown; }));
}

TEST(PreviewPainter, ShowsTheEmptyFloorOnceItIsKnown) {
    Watched world;
    for (int i = 0; i < 60; ++i) world.see(floor_with({}));
    const GreyPicture picture = world.board->background();
    EXPECT_EQ(picture.width, PreviewPainter::kWidthMax);
    EXPECT_EQ(picture.height, 120);
    ASSERT_EQ(picture.grey.size(), 160U * 120U);
    EXPECT_TRUE(std::ranges::all_of(picture.grey, [](int g) { return std::abs(g - 60) <= 1; }));
}

TEST(PreviewPainter, KeepsWhoStandsInABoxOutForAsLongAsHeStands) {
    Watched world;
    const Square person{.x = 100, .y = 100};
    for (int i = 0; i < 60; ++i) world.see(floor_with({}));
    for (int i = 0; i < 2'000; ++i) world.see(floor_with({person}), {track_of(person)});
    EXPECT_LE(world.brightest(), kFloorGrey + 1);
}

TEST(PreviewPainter, KeepsWhoStoodThereFromTheBeginningOut) {
    Watched world;
    const Square person{.x = 100, .y = 100};
    for (int i = 0; i < 200; ++i) world.see(floor_with({person}), {track_of(person)});
    EXPECT_LE(world.brightest(), PreviewPainter::kUnknown);
}

TEST(PreviewPainter, HasNoTraceOfWhoPassesUnseen) {
    Watched world;
    for (int i = 0; i < 60; ++i) world.see(floor_with({}));
    for (int i = 0; i < 50; ++i) world.see(floor_with({{.x = i * 5, .y = 100}}));
    EXPECT_LE(world.brightest(), kFloorGrey + 10);
}

TEST(PreviewPainter, LearnsNothingWhileTheDetectorCannotJudge) {
    Watched world;
    for (int i = 0; i < 60; ++i) world.see(floor_with({}), {}, false);
    EXPECT_EQ(world.brightest(), -1);
}

TEST(PreviewPainter, BeginsAnewForAPictureOfAnotherSize) {
    Watched world;
    for (int i = 0; i < 60; ++i) world.see(floor_with({}));
    world.see(floor_with({}, {.width = 100, .height = 80}));
    const GreyPicture picture = world.board->background();
    EXPECT_EQ(picture.width, 100);
    EXPECT_EQ(picture.height, 80);
    EXPECT_EQ(picture.grey.front(), PreviewPainter::kUnknown);
}

TEST(PreviewPainter, CostsNothingWithoutABoard) {
    PreviewPainter painter{nullptr};
    painter.look(floor_with({}), {}, true, kit::at(seconds{1}));
}

}  // namespace
}  // namespace aisle::camera
