// Cases small enough to be worked by hand; the sums are beside the expectations.
#include "drivers/tracking/mot_score.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <random>
#include <sstream>

#include "drivers/tracking/mot_counts.hpp"

namespace aisle::tracking {
namespace {

constexpr double kExact = 1e-9;

MotRow at(std::int64_t frame, std::int64_t id, double x, double flag = 1) {
    return {.frame = frame, .id = id, .box = {.x = x, .y = 0, .w = 10, .h = 10, .score = flag}};
}

// One who stands at `x` under `id` for frames first..last.
void add(std::vector<MotRow>& rows, std::int64_t id, double x, MotFrames frames) {
    for (auto n = frames.first; n <= frames.last; ++n) rows.push_back(at(n, id, x));
}

std::vector<MotRow> one_of(std::int64_t id, double x, MotFrames frames) {
    std::vector<MotRow> rows;
    add(rows, id, x, frames);
    return rows;
}

TEST(MotScore, IsAHundredForTheTruthItself) {
    auto truth = one_of(1, 0, {1, 8});
    add(truth, 2, 50, {3, 6});
    const MotScore s = score(truth, truth);
    EXPECT_EQ(s.truths, 12);
    EXPECT_EQ(s.matches, 12);
    EXPECT_EQ(s.switches, 0);
    for (const double share :
         {s.mota, s.motp, s.idf1, s.id_precision, s.id_recall, s.hota, s.det_a, s.ass_a}) {
        EXPECT_NEAR(share, 100, kExact);
    }
}

TEST(MotScore, CountsATrackThatChangesItsIdInTheMiddle) {
    // 10 true boxes, found as A for 6 frames and as B for 4: one switch. MOTA 1 - 1/10. The best
    // single track explains 6 of 10 and 10: IDF1 2*6/20. DetA 1; of the TPs six agree with
    // 6/(10+6-6), four with 4/(10+4-4): AssA (6*.6 + 4*.4)/10 = .52.
    auto found = one_of(7, 0, {1, 6});
    add(found, 8, 0, {7, 10});
    const MotScore s = score(one_of(1, 0, {1, 10}), found);
    EXPECT_EQ(s.switches, 1);
    EXPECT_EQ(s.fragments, 0);
    EXPECT_NEAR(s.mota, 90, kExact);
    EXPECT_NEAR(s.idf1, 60, kExact);
    EXPECT_NEAR(s.det_a, 100, kExact);
    EXPECT_NEAR(s.ass_a, 52, kExact);
    EXPECT_NEAR(s.hota, 100 * std::sqrt(0.52), kExact);
}

TEST(MotScore, CountsMissedAndInventedBoxes) {
    // 10 true, 6 found, 3 elsewhere: MOTA 1 - (4+3)/10, IDF1 2*6/(10+9), DetA 6/(10+9-6), and all
    // TPs agree with 6/10.
    auto found = one_of(7, 0, {1, 6});
    add(found, 8, 500, {1, 3});
    const MotScore s = score(one_of(1, 0, {1, 10}), found);
    EXPECT_EQ(s.missed, 4);
    EXPECT_EQ(s.invented, 3);
    EXPECT_NEAR(s.mota, 30, kExact);
    EXPECT_NEAR(s.idf1, 100 * 12.0 / 19, kExact);
    EXPECT_NEAR(s.id_precision, 100 * 6.0 / 9, kExact);
    EXPECT_NEAR(s.id_recall, 60, kExact);
    EXPECT_NEAR(s.det_a, 100 * 6.0 / 13, kExact);
    EXPECT_NEAR(s.ass_a, 60, kExact);
}

TEST(MotScore, CountsNoSwitchForTheSameIdAfterAGapButAFragment) {
    auto found = one_of(7, 0, {1, 4});
    add(found, 7, 0, {8, 10});
    const MotScore s = score(one_of(1, 0, {1, 10}), found);
    EXPECT_EQ(s.switches, 0);
    EXPECT_EQ(s.fragments, 1);
    EXPECT_EQ(s.missed, 3);
}

TEST(MotScore, CountsASwitchOverAGap) {
    auto found = one_of(7, 0, {1, 4});
    add(found, 8, 0, {8, 10});
    EXPECT_EQ(score(one_of(1, 0, {1, 10}), found).switches, 1);
}

TEST(MotScore, CountsTwoSwitchesWhenTwoChangePlaces) {
    auto truth = one_of(1, 0, {1, 10});
    add(truth, 2, 50, {1, 10});
    auto found = one_of(7, 0, {1, 5});
    add(found, 8, 50, {1, 5});
    add(found, 7, 50, {6, 10});
    add(found, 8, 0, {6, 10});
    const MotScore s = score(truth, found);
    EXPECT_EQ(s.switches, 2);
    EXPECT_NEAR(s.mota, 90, kExact);
    EXPECT_NEAR(s.idf1, 50, kExact);
}

TEST(MotScore, TakesOverlapsOfHalfAndMoreForMotaAndOfEachAlphaForHota) {
    // Shifted by 10/3 a box of 10 overlaps with (10-10/3)/(10+10/3) = 1/2, by 5 with 1/3.
    EXPECT_NEAR(score(one_of(1, 0, {1, 4}), one_of(7, 10.0 / 3, {1, 4})).mota, 100, kExact);
    const MotScore s = score(one_of(1, 0, {1, 4}), one_of(7, 5, {1, 4}));
    EXPECT_NEAR(s.mota, -100, kExact);
    // Alphas 0.05 ... 0.30 are met: 6 of 19.
    EXPECT_NEAR(s.hota, 100 * 6.0 / 19, kExact);
}

TEST(MotScore, KeepsAPairOfTheFrameBeforeThoughAnotherOverlapsMore) {
    // In frame 2 a second box lies nearer; the first still overlaps enough and goes on.
    const std::vector<MotRow> truth{at(1, 1, 0), at(2, 1, 0)};
    const std::vector<MotRow> found{at(1, 7, 0), at(2, 7, 2), at(2, 8, 0)};
    const MotScore s = score(truth, found);
    EXPECT_EQ(s.switches, 0);
    EXPECT_EQ(s.invented, 1);
}

TEST(MotScore, JudgesNothingInIgnoreRegions) {
    std::vector<MotRow> truth = one_of(1, 0, {1, 4});
    for (std::int64_t n = 1; n <= 4; ++n) truth.push_back(at(n, 2, 50, 0));
    auto found = one_of(7, 0, {1, 4});
    add(found, 8, 51, {1, 4});
    const MotScore s = score(truth, found);
    EXPECT_EQ(s.truths, 4);
    EXPECT_EQ(s.ignored, 4);
    EXPECT_EQ(s.invented, 0);
    EXPECT_NEAR(s.mota, 100, kExact);
    EXPECT_NEAR(s.idf1, 100, kExact);
    EXPECT_NEAR(score(truth, one_of(7, 0, {1, 4})).mota, 100, kExact);
}

TEST(MotScore, LeavesOutAnIdThatComesTwiceInAFrame) {
    auto found = one_of(7, 0, {1, 4});
    found.push_back(at(2, 7, 300));
    EXPECT_EQ(score(one_of(1, 0, {1, 4}), found).invented, 0);
}

TEST(MotScore, JudgesTheFramesAskedFor) {
    const auto truth = one_of(1, 0, {1, 10});
    const MotScore s = score(truth, one_of(7, 0, {6, 10}), {.frames = {.first = 6, .last = 9}});
    EXPECT_EQ(s.truths, 4);
    EXPECT_NEAR(s.mota, 100, kExact);
    EXPECT_EQ(score(truth, {}).missed, 10);
    EXPECT_EQ(score({}, {}).hota, 0);
}

// Slow and plain: every pairing of whole tracks is tried.
double idf1_by_hand(const std::vector<MotRow>& truth, const std::vector<MotRow>& found, int ids) {
    std::vector<int> order(static_cast<std::size_t>(ids));
    for (int i = 0; i < ids; ++i) order[static_cast<std::size_t>(i)] = i;
    int best = 0;
    do {
        int explained = 0;
        for (const MotRow& t : truth) {
            for (const MotRow& f : found) {
                const bool pair = order[static_cast<std::size_t>(t.id)] == f.id;
                if (pair && t.frame == f.frame && overlap(t.box, f.box) >= 0.5) ++explained;
            }
        }
        best = std::max(best, explained);
    } while (std::next_permutation(order.begin(), order.end()));
    return 200.0 * best / static_cast<double>(truth.size() + found.size());
}

TEST(MotScore, FindsTheBestPairingOfWholeTracks) {
    std::mt19937 random{3};
    for (int round = 0; round < 40; ++round) {
        std::vector<MotRow> truth;
        std::vector<MotRow> found;
        for (std::int64_t n = 1; n <= 12; ++n) {
            for (std::int64_t id = 0; id < 4; ++id) {
                const double x = static_cast<double>(random() % 40);
                if (random() % 4 > 0) truth.push_back(at(n, id, x));
                if (random() % 4 > 0)
                    found.push_back(at(n, static_cast<std::int64_t>(random() % 4), x + 1));
            }
        }
        std::ranges::sort(found, {}, [](const MotRow& row) {
            return std::pair{row.frame, row.id};
        });
        const auto again = std::ranges::unique(found, {}, [](const MotRow& row) {
            return std::pair{row.frame, row.id};
        });
        found.erase(again.begin(), again.end());
        EXPECT_NEAR(score(truth, found).idf1, idf1_by_hand(truth, found, 4), kExact);
    }
}

TEST(MotScore, DoesNotDependOnTheOrderOfRows) {
    std::mt19937 random{4};
    auto truth = one_of(1, 0, {1, 20});
    add(truth, 2, 12, {5, 25});
    auto found = one_of(5, 1, {2, 9});
    add(found, 6, 13, {4, 22});
    add(found, 7, 2, {10, 21});
    const MotScore before = score(truth, found);
    std::shuffle(truth.begin(), truth.end(), random);
    std::shuffle(found.begin(), found.end(), random);
    const MotScore after = score(truth, found);
    EXPECT_NEAR(after.mota, before.mota, kExact);
    EXPECT_NEAR(after.idf1, before.idf1, kExact);
    EXPECT_NEAR(after.hota, before.hota, kExact);
}

TEST(MotCounts, CountsTheTruthsOwnCrossings) {
    std::vector<MotRow> rows;
    for (std::int64_t n = 1; n <= 20; ++n) {
        rows.push_back({.frame = n, .id = 1, .box = {static_cast<double>(n) * 10, 40, 20, 50}});
        rows.push_back(
            {.frame = n, .id = 2, .box = {200 - static_cast<double>(n) * 10, 90, 20, 50}});
    }
    const Scene scene{{{.name = "door", .from = {100, 400}, .to = {100, 0}}}};
    const auto counts = count_lines(rows, scene, {});
    ASSERT_EQ(counts.size(), 1U);
    EXPECT_EQ(counts[0], (LineCount{.in = 1, .out = 1}));
    EXPECT_EQ(count_lines(rows, scene, {.first = 1, .last = 3})[0], LineCount{});
}

TEST(MotCounts, AddUpWhatIsWrongByLineAndDirection) {
    EXPECT_EQ(
        miscounts(std::vector<LineCount>{{3, 1}, {8, 6}}, std::vector<LineCount>{{2, 2}, {8, 9}}),
        5);
    EXPECT_EQ(miscounts(std::vector<LineCount>{{3, 1}}, {}), 4);
    EXPECT_EQ(miscounts({}, {}), 0);
}

TEST(MotCounts, AgreeWithTheSharedTruth) {
    const std::string folder = AISLE_SHARED_DIR "/data/footfall/";
    std::ifstream file{folder + "vtest_gt_frames_1_400.txt"};
    if (!file) GTEST_SKIP() << "no shared footfall data";
    std::stringstream text;
    text << file.rdbuf();
    const auto truth = parse_mot(text.str());
    ASSERT_TRUE(truth);
    const Scene scene{{{.name = "x200", .from = {200, 0}, .to = {200, 575}},
                       {.name = "x384", .from = {384, 0}, .to = {384, 575}}}};
    EXPECT_EQ(count_lines(*truth, scene, {}), (std::vector<LineCount>{{3, 1}, {8, 6}}));
    const MotScore s = score(*truth, *truth);
    EXPECT_EQ(s.truths, 2222);
    EXPECT_NEAR(s.hota, 100, kExact);
}

}  // namespace
}  // namespace aisle::tracking
