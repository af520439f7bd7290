#include "drivers/tracking/mot.hpp"

#include <gtest/gtest.h>

#include <random>

namespace aisle::tracking {
namespace {

std::string why(std::string_view text) { return parse_mot(text).error().detail; }

TEST(MotFile, ReadsARow) {
    const auto rows = parse_mot("3,7,10.5,-2,30,80.25,0.5,-1,-1,-1\n");
    ASSERT_TRUE(rows);
    ASSERT_EQ(rows->size(), 1U);
    EXPECT_EQ((*rows)[0], (MotRow{.frame = 3, .id = 7, .box = {10.5, -2, 30, 80.25, 0.5}}));
}

TEST(MotFile, ReadsBlanksWholeNumbersWithPointsAndNoLastLineEnd) {
    const auto rows = parse_mot("1 2 3 4 5 6 1\r\n 2.0, 4 ,\t3,4,5,6");
    ASSERT_TRUE(rows);
    ASSERT_EQ(rows->size(), 2U);
    EXPECT_EQ((*rows)[1].frame, 2);
    EXPECT_EQ((*rows)[1].id, 4);
    EXPECT_EQ((*rows)[1].box.score, 1);
}

TEST(MotFile, SkipsEmptyLinesAndRemarks) {
    EXPECT_EQ(parse_mot("\n# a remark\n  \n1,1,0,0,5,5,1\n")->size(), 1U);
    EXPECT_TRUE(parse_mot("")->empty());
}

TEST(MotFile, TellsTheLineThatItCannotRead) {
    EXPECT_EQ(why("1,1,0,0,5,5\nx"), "line 2: not a number: x");
    EXPECT_EQ(why("1,1,0,0,5"), "line 1: fewer than six fields");
    EXPECT_EQ(why("0,1,0,0,5,5"), "line 1: frames count from 1");
    EXPECT_EQ(why("1.5,1,0,0,5,5"), "line 1: frames count from 1");
    EXPECT_EQ(why("1,1.5,0,0,5,5"), "line 1: an id is a whole number");
    EXPECT_EQ(why("99999999,1,0,0,5,5"), "line 1: a frame beyond all bounds");
    EXPECT_FALSE(parse_mot("1,1,nan,0,5,5"));
    EXPECT_FALSE(parse_mot("1,1,1e300,0,5,5"));
}

TEST(MotFile, NeverCrashesOnWhatIsNotOne) {
    std::mt19937 random{1};
    const std::string good = "12,3,100.25,50,30,80,0.9,-1,-1,-1\n13,3,1e2,5,3,8,1\n";
    for (int round = 0; round < 20'000; ++round) {
        std::string text = good;
        for (auto n = 1 + random() % 4; n > 0; --n) {
            text[random() % text.size()] = static_cast<char>(random() % 128);
        }
        if (random() % 4 == 0) text.resize(random() % text.size());
        const auto rows = parse_mot(text);
        if (!rows) continue;
        for (const MotRow& row : *rows) EXPECT_GE(row.frame, 1);
    }
}

TEST(MotFile, ReadsWhatItWrote) {
    const MotRow row{.frame = 9, .id = 4, .box = {1.25, 2.5, 30, 80, 0.875}};
    EXPECT_EQ(mot_line(row), "9,4,1.25,2.50,30.00,80.00,0.875,-1,-1,-1\n");
    EXPECT_EQ(parse_mot(mot_line(row))->at(0), row);
}

TEST(MotFile, PartsRowsByFrameAndLeavesLaterOnesOut) {
    const std::vector<MotRow> rows{
        {.frame = 2, .id = 1}, {.frame = 1, .id = 2}, {.frame = 3, .id = 3}};
    const auto frames = by_frame(rows, 2);
    ASSERT_EQ(frames.size(), 3U);
    EXPECT_TRUE(frames[0].empty());
    EXPECT_EQ(frames[1].at(0).id, 2);
    EXPECT_EQ(frames[2].at(0).id, 1);
}

TEST(MotGaps, AreFilledOnTheStraightWay) {
    const auto rows = fill_gaps({{.frame = 1, .id = 5, .box = {0, 0, 10, 20, 0.9}},
                                 {.frame = 4, .id = 5, .box = {30, 3, 10, 26, 0.6}}},
                                2);
    ASSERT_EQ(rows.size(), 4U);
    EXPECT_EQ(rows[1], (MotRow{.frame = 2, .id = 5, .box = {10, 1, 10, 22, 0.6}}));
    EXPECT_EQ(rows[2], (MotRow{.frame = 3, .id = 5, .box = {20, 2, 10, 24, 0.6}}));
}

TEST(MotGaps, StayWhereTheyAreTooLongOrBetweenTwoTracks) {
    const std::vector<MotRow> two{
        {.frame = 1, .id = 1}, {.frame = 4, .id = 1}, {.frame = 6, .id = 2}};
    EXPECT_EQ(fill_gaps(two, 1).size(), 3U);
    EXPECT_EQ(fill_gaps(two, 2).size(), 5U);
    EXPECT_TRUE(fill_gaps({}, 2).empty());
}

}  // namespace
}  // namespace aisle::tracking
