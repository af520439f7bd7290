#include "drivers/camera/people_in_mask.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace aisle::camera {
namespace {

using tracking::Box;
using tracking::Point;
using tracking::Track;
using tracking::View;

constexpr Frame::Size kSize{.width = 320, .height = 240};
constexpr double kShoulders = 32;  // pixels; the picture's tenth, as is guessed

// A mask that is painted with bodies.
class Painted {
public:
    Painted() : bytes_(static_cast<std::size_t>(kSize.width * kSize.height), 0) {}

    // An ellipse, upright; `half` its half axes.
    Painted& body(Point middle, Point half) {
        for (int y = 0; y < kSize.height; ++y) {
            for (int x = 0; x < kSize.width; ++x) {
                const double dx = (x - middle.x) / half.x;
                const double dy = (y - middle.y) / half.y;
                if (dx * dx + dy * dy <= 1) at(x, y) = 255;
            }
        }
        return *this;
    }
    // Somebody who walks down the picture, seen from above.
    Painted& grown(Point middle) { return body(middle, {kShoulders / 2, 11}); }
    Painted& child(Point middle) { return body(middle, {10, 7}); }
    Painted& speck(Point middle) { return body(middle, {2, 2}); }

    const std::vector<Box>& seen_by(PeopleInMask& people, std::span<const Track> known = {}) {
        std::vector<std::uint8_t> bytes = bytes_;
        return people.find({.bytes = bytes.data(), .size = kSize, .share = share}, known);
    }

    double share = 1;

private:
    std::uint8_t& at(int x, int y) { return bytes_[static_cast<std::size_t>(y * kSize.width + x)]; }
    std::vector<std::uint8_t> bytes_;
};

PeopleInMask above() { return PeopleInMask{{.view = View::Above}}; }

Point middle_of(const Box& box) { return {box.x + box.w / 2, box.y + box.h / 2}; }

// How many of the boxes are near that place.
long near(const std::vector<Box>& boxes, Point place, double within = 6) {
    return std::ranges::count_if(
        boxes, [&](const Box& box) { return tracking::distance(middle_of(box), place) < within; });
}

TEST(PeopleFromAbove, AreBoxedWhereTheyStand) {
    auto people = above();
    const auto boxes = Painted{}.grown({100, 80}).seen_by(people);
    ASSERT_EQ(boxes.size(), 1U);
    EXPECT_EQ(near(boxes, {100, 80}, 3), 1);
}

TEST(PeopleFromAbove, AreTwoWhenTheyWalkShoulderToShoulder) {
    auto people = above();
    const auto boxes = Painted{}.grown({100, 80}).grown({130, 82}).seen_by(people);
    EXPECT_EQ(boxes.size(), 2U);
    EXPECT_EQ(near(boxes, {100, 80}), 1);
    EXPECT_EQ(near(boxes, {130, 82}), 1);
}

TEST(PeopleFromAbove, AreThreeInARow) {
    auto people = above();
    const auto boxes = Painted{}.grown({100, 80}).grown({131, 80}).grown({162, 80}).seen_by(people);
    EXPECT_EQ(boxes.size(), 3U);
}

TEST(PeopleFromAbove, AreOneWhereClothesOfTheFloorsColourLeaveHeadAndArms) {
    auto people = above();
    const auto boxes = Painted{}
                           .body({100, 80}, {6, 7})
                           .body({88, 82}, {3, 6})
                           .body({112, 79}, {3, 6})
                           .seen_by(people);
    ASSERT_EQ(boxes.size(), 1U);
    EXPECT_EQ(near(boxes, {100, 80}, 4), 1);
}

TEST(PeopleFromAbove, AreNotGrainAndNotAFoot) {
    auto people = above();
    EXPECT_TRUE(Painted{}.speck({50, 50}).speck({200, 100}).seen_by(people).empty());
}

TEST(PeopleFromAbove, AreChildrenToo) {
    auto people = above();
    EXPECT_EQ(Painted{}.child({200, 150}).seen_by(people).size(), 1U);
}

TEST(PeopleFromAbove, AreSoManyAsAreKnownToBeThere) {
    // Two by two, touching: along no axis are there four of them.
    auto people = above();
    Painted mask;
    std::vector<Track> known;
    for (const Point place : {Point{100, 80}, Point{128, 80}, Point{100, 106}, Point{128, 106}}) {
        mask.body(place, {16, 14});
        known.push_back({.id = static_cast<std::int64_t>(known.size()) + 1,
                         .box = {place.x - 15, place.y - 13, 32, 32},
                         .confirmed = true});
    }
    const auto boxes = mask.seen_by(people, known);
    EXPECT_EQ(boxes.size(), 4U);
    for (const Track& track : known) EXPECT_EQ(near(boxes, middle_of(track.box), 8), 1);
}

TEST(PeopleFromAbove, AreOneWhereTwoTracksClaimOneBody) {
    auto people = above();
    const std::vector<Track> known{{.id = 1, .box = {80, 64, 32, 32}, .confirmed = true},
                                   {.id = 2, .box = {90, 66, 32, 32}, .confirmed = true}};
    EXPECT_EQ(Painted{}.grown({100, 80}).seen_by(people, known).size(), 1U);
}

TEST(PeopleFromAbove, AreToldInPixelsOfThePicture) {
    auto people = above();
    Painted mask;
    mask.share = 0.25;
    const auto boxes = mask.grown({100, 80}).seen_by(people);
    ASSERT_EQ(boxes.size(), 1U);
    EXPECT_EQ(near(boxes, {400, 320}, 12), 1);
}

TEST(PeopleFromTheSide, AreUprightBoxes) {
    PeopleInMask people{{.view = View::Side}};
    const auto boxes =
        Painted{}.body({100, 120}, {9, 30}).body({140, 120}, {9, 30}).seen_by(people);
    ASSERT_EQ(boxes.size(), 2U);
    EXPECT_NEAR(boxes[0].h, 60, 4);
    EXPECT_NEAR(boxes[0].w, 18, 4);
}

TEST(PeopleFromTheSide, AreNotLowerThanALittleOfThePicture) {
    PeopleInMask people{{.view = View::Side}};
    EXPECT_TRUE(Painted{}.body({100, 120}, {5, 6}).seen_by(people).empty());
}

TEST(PeopleInMask, LearnFromPeopleAloneThatTheCameraLooksDown) {
    PeopleInMask people{{.view = View::Learnt}};
    EXPECT_FALSE(people.from_above());
    for (int i = 0; i < 100; ++i) {
        const double x = 40 + 2.0 * i;
        Painted mask;
        mask.body({x, 120}, {15, 15});
        const std::vector<Track> known{{.id = 1, .box = {x - 15, 105, 31, 31}, .confirmed = true}};
        mask.seen_by(people, known);
    }
    EXPECT_TRUE(people.from_above());
}

TEST(PeopleInMask, GiveTheSameBoxesForTheSameMask) {
    auto one = above();
    auto other = above();
    Painted mask;
    mask.grown({100, 80}).grown({128, 82}).child({200, 150}).speck({20, 20});
    EXPECT_EQ(mask.seen_by(one), mask.seen_by(other));
}

TEST(PeopleInMask, AreNoneInAnEmptyMaskAndAfterClear) {
    auto people = above();
    EXPECT_TRUE(Painted{}.seen_by(people).empty());
    Painted{}.grown({100, 80}).seen_by(people);
    people.clear();
    EXPECT_TRUE(people.boxes().empty());
}

TEST(PeopleInMask, SurviveAMaskThatIsAllPeople) {
    auto people = above();
    Painted mask;
    mask.body({160, 120}, {400, 400});
    EXPECT_LE(mask.seen_by(people).size(), 64U);
}

}  // namespace
}  // namespace aisle::camera
