// Lines, boxes and filters at their edges, and by property on random walks.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "drivers/tracking/assignment.hpp"
#include "drivers/tracking/line_counter.hpp"
#include "drivers/tracking/motion_filter.hpp"

namespace aisle::tracking {
namespace {

Track standing_at(Point foot, std::int64_t id = 1) {
    const double h = 100;
    return {.id = id,
            .box = {.x = foot.x - 15, .y = foot.y - kFootHeight * h, .w = 30, .h = h},
            .confirmed = true};
}

// A path of feet, one a frame.
int count_over(const Scene& scene, const std::vector<Point>& path) {
    LineCounter counter{scene};
    int crossings = 0;
    std::int64_t frame = 0;
    for (const Point foot : path) {
        const Track track = standing_at(foot);
        crossings += static_cast<int>(counter.update({&track, 1}, ++frame).size());
    }
    return crossings;
}

const Line kUpright{.name = "door", .from = {100, 0}, .to = {100, 400}};

struct Walk {
    Line line;
    Point step;  // twelve of them from the line's middle minus six
    Direction direction;
};

TEST(LineCounter, KnowsTheRightHandSideOfALineInAnyDirection) {
    for (const auto& [line, step, direction] :
         {Walk{{.name = "down", .from = {200, 0}, .to = {200, 400}}, {-30, 0}, Direction::In},
          Walk{{.name = "up", .from = {200, 400}, .to = {200, 0}}, {-30, 0}, Direction::Out},
          Walk{{.name = "right", .from = {0, 200}, .to = {400, 200}}, {0, 30}, Direction::In},
          Walk{{.name = "left", .from = {400, 200}, .to = {0, 200}}, {0, 30}, Direction::Out},
          Walk{{.name = "slant", .from = {50, 50}, .to = {350, 350}}, {-25, 25}, Direction::In},
          Walk{{.name = "slant back", .from = {50, 350}, .to = {350, 50}},
               {25, 25},
               Direction::In}}) {
        LineCounter counter{{{line}}};
        std::vector<LineCrossing> all;
        for (int i = -6; i <= 6; ++i) {
            const Track track = standing_at({200 + i * step.x, 200 + i * step.y});
            for (const auto& crossing : counter.update({&track, 1}, i + 7)) all.push_back(crossing);
        }
        ASSERT_EQ(all.size(), 1U) << line.name;
        EXPECT_EQ(all[0].direction, direction) << line.name;
    }
}

TEST(LineCounter, CountsNothingForOneWhoNeverLeavesTheBand) {
    std::mt19937_64 random{1};
    std::vector<Point> path;
    for (int i = 0; i < 500; ++i) {
        path.push_back({100 + static_cast<double>(random() % 23) - 11, 200});
    }
    EXPECT_EQ(count_over({{kUpright}}, path), 0);
}

TEST(LineCounter, NeverCountsTwoCrossingsOfOneWayInARow) {
    std::mt19937_64 random{2};
    for (int round = 0; round < 50; ++round) {
        LineCounter counter{{{kUpright}}};
        double x = 50;
        int balance = 0;
        for (std::int64_t frame = 1; frame <= 300; ++frame) {
            x = std::clamp(x + static_cast<double>(random() % 61) - 30, 0.0, 200.0);
            const Track track = standing_at({x, 200});
            for (const auto& crossing : counter.update({&track, 1}, frame)) {
                balance += crossing.direction == Direction::In ? 1 : -1;
                EXPECT_LE(std::abs(balance), 1);
            }
        }
    }
}

TEST(LineCounter, CountsEachLineOfAScene) {
    Scene scene;
    for (int i = 1; i <= 5; ++i) {
        const double x = i * 100;
        scene.lines.push_back({.name = std::to_string(i), .from = {x, 0}, .to = {x, 400}});
    }
    std::vector<Point> path;
    for (double x = 40; x <= 560; x += 20) path.push_back({x, 200});
    EXPECT_EQ(count_over(scene, path), 5);
}

TEST(LineCounter, BoundsWhatAnUnconfirmedTrackHasWaiting) {
    LineCounter counter{{{kUpright}}};
    std::int64_t frame = 0;
    for (int turn = 0; turn < 60; ++turn) {
        for (int i = 0; i < 3; ++i) {
            Track track = standing_at({turn % 2 == 0 ? 40.0 : 160.0, 200});
            track.confirmed = false;
            EXPECT_TRUE(counter.update({&track, 1}, ++frame).empty());
        }
    }
    const Track track = standing_at({40, 200});
    EXPECT_EQ(counter.update({&track, 1}, ++frame).size(), kWaitingMax);
}

TEST(LineCounter, TellsCrossingsInTheOrderOfFrameThenLineThenTrack) {
    LineCounter counter{{{kUpright}}};
    std::vector<LineCrossing> all;
    for (std::int64_t frame = 1; frame <= 4; ++frame) {
        const double x = frame <= 2 ? 40 : 160;
        const std::vector<Track> tracks{standing_at({x, 100}, 3), standing_at({x, 200}, 5),
                                        standing_at({x, 300}, 9)};
        for (const auto& crossing : counter.update(tracks, frame)) all.push_back(crossing);
    }
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].track, 3);
    EXPECT_EQ(all[1].track, 5);
    EXPECT_EQ(all[2].track, 9);
}

TEST(Boxes, OverlapAsMuchOneWayAsTheOther) {
    std::mt19937_64 random{3};
    const auto some = [&] { return static_cast<double>(1 + random() % 100); };
    for (int i = 0; i < 5'000; ++i) {
        const Box a{.x = some(), .y = some(), .w = some(), .h = some()};
        const Box b{.x = some(), .y = some(), .w = some(), .h = some()};
        EXPECT_DOUBLE_EQ(overlap(a, b), overlap(b, a));
        EXPECT_GE(overlap(a, b), 0);
        EXPECT_LE(overlap(a, b), 1);
    }
}

TEST(Boxes, WithoutAreaOverlapWithNothing) {
    const Box box{.x = 0, .y = 0, .w = 10, .h = 10};
    EXPECT_EQ(overlap(box, {.x = 5, .y = 5, .w = 0, .h = 5}), 0);
    EXPECT_EQ(overlap({}, {}), 0);
}

TEST(Boxes, AreAsFarApartAsTheirPoints) {
    EXPECT_DOUBLE_EQ(distance({0, 0}, {3, -4}), 5);
    EXPECT_DOUBLE_EQ(distance({7, 7}, {7, 7}), 0);
}

TEST(Assignment, LeavesEverythingApartThatIsForbidden) {
    EXPECT_TRUE(assign(Costs{{.rows = 3, .columns = 4}}).empty());
    EXPECT_TRUE(assign(Costs{{.rows = 0, .columns = 4}}).empty());
    EXPECT_TRUE(assign(Costs{{.rows = 4, .columns = 0}}).empty());
}

TEST(Assignment, MakesAsManyPairsAsItCanBeforeItSavesCosts) {
    Costs costs{{.rows = 2, .columns = 2}};
    costs.at(0, 0) = 1;
    costs.at(0, 1) = 500;
    costs.at(1, 0) = 500;
    EXPECT_EQ(assign(costs), (std::vector<Pair>{{0, 1}, {1, 0}}));
}

TEST(Assignment, UsesEveryRowAndColumnOnceAtMost) {
    std::mt19937_64 random{4};
    for (int round = 0; round < 300; ++round) {
        Costs costs{{.rows = 1 + random() % 12, .columns = 1 + random() % 12}};
        for (std::size_t r = 0; r < costs.shape().rows; ++r) {
            for (std::size_t c = 0; c < costs.shape().columns; ++c) {
                if (random() % 3 > 0) costs.at(r, c) = static_cast<double>(random() % 100);
            }
        }
        std::vector<bool> taken(costs.shape().columns);
        std::size_t next_row = 0;
        for (const Pair pair : assign(costs)) {
            EXPECT_GE(pair.row, next_row);
            next_row = pair.row + 1;
            EXPECT_FALSE(taken.at(pair.column));
            taken.at(pair.column) = true;
            EXPECT_LT(costs.at(pair.row, pair.column), Costs::kForbidden);
        }
    }
}

TEST(MotionFilter, StaysFiniteWhateverItIsShown) {
    std::mt19937_64 random{5};
    MotionFilter filter{{.x = 0, .y = 0, .w = 30, .h = 80}};
    for (int i = 0; i < 2'000; ++i) {
        filter.predict(static_cast<double>(random() % 300) / 100);
        if (random() % 2 == 0) {
            filter.correct({.x = static_cast<double>(random() % 2'000),
                            .y = static_cast<double>(random() % 2'000),
                            .w = static_cast<double>(random() % 500),
                            .h = static_cast<double>(random() % 500)},
                           1 + static_cast<double>(random() % 4));
        }
        const Box box = filter.box();
        ASSERT_TRUE(std::isfinite(box.x) && std::isfinite(box.y)) << i;
        ASSERT_TRUE(std::isfinite(box.w) && box.w >= 2 && box.h >= 2) << i;
    }
}

TEST(MotionFilter, MovesTowardsWhatItSees) {
    MotionFilter filter{{.x = 0, .y = 100, .w = 30, .h = 80}};
    filter.predict(0.1);
    filter.correct({.x = 20, .y = 100, .w = 30, .h = 80});
    EXPECT_GT(filter.box().x, 0);
    EXPECT_LT(filter.box().x, 20);
    EXPECT_GT(filter.velocity_s().x, 0);
}

}  // namespace
}  // namespace aisle::tracking
