#include "agent/footfall/measurement.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/kit/builders.hpp"

namespace aisle::footfall {
namespace {

WallTime at_s(double s) { return kit::kNoon + milliseconds{static_cast<std::int64_t>(s * 1000)}; }

std::vector<Passing> ins(std::initializer_list<double> seconds_in) {
    std::vector<Passing> all;
    for (const double s : seconds_in) all.push_back({Direction::In, at_s(s)});
    return all;
}

Evidence ten_minutes(std::vector<Passing> tapped, std::vector<Passing> counted) {
    return {
        .span = {at_s(0), at_s(600)}, .tapped = std::move(tapped), .counted = std::move(counted)};
}

TEST(Judging, FindsAllRightWhereTapsAndCountsAgree) {
    const auto found = judge(ten_minutes(ins({10, 20, 31}), ins({9, 21, 30})));
    EXPECT_EQ(found.in, (DirectionScore{.tapped = 3, .right = 3}));
    EXPECT_EQ(found.out, DirectionScore{});
}

TEST(Judging, CallsATapWithoutACountMissedAndACountWithoutATapAPhantom) {
    const auto found = judge(ten_minutes(ins({10, 50}), ins({10, 100})));
    EXPECT_EQ(found.in, (DirectionScore{.tapped = 2, .right = 1, .missed = 1, .phantom = 1}));
}

TEST(Judging, DoesNotLetAMissAndAPhantomCancel) {
    const auto found = judge(ten_minutes(ins({10}), ins({200})));
    EXPECT_EQ(found.tries().of, 2);
    EXPECT_EQ(found.tries().right, 0);
}

TEST(Judging, PairsWithinReachAndNotBeyond) {
    EXPECT_EQ(judge(ten_minutes(ins({10}), ins({15}))).in.right, 1);
    EXPECT_EQ(judge(ten_minutes(ins({10}), ins({15.001}))).in.right, 0);
}

TEST(Judging, TakesTheOtherDirectionForWrongTwice) {
    const auto found = judge(ten_minutes(ins({10}), {{Direction::Out, at_s(10)}}));
    EXPECT_EQ(found.in.missed, 1);
    EXPECT_EQ(found.out.phantom, 1);
}

TEST(Judging, HoldsNobodyGuiltyOfACountOutsideTheSession) {
    const auto found = judge(ten_minutes(ins({1, 599}), ins({-3, 1, 602, 604})));
    EXPECT_EQ(found.in.phantom, 1) << "one of those inside; those outside may only help";
    EXPECT_EQ(found.in.right, 2);
}

TEST(Judging, LeavesOutWhoWasTappedWhileTheDoorWasBlind) {
    Evidence evidence = ten_minutes(ins({10, 100, 104}), ins({10}));
    evidence.blind = {{at_s(90), at_s(101)}};
    const auto found = judge(evidence);
    EXPECT_EQ(found.in.missed, 0);
    EXPECT_EQ(found.unjudged, 2);
    EXPECT_EQ(found.blind_ms, 11'000);
}

TEST(Judging, ComparesSumsOnlyAsSums) {
    Evidence evidence = ten_minutes(ins({10, 20, 30}), {});
    evidence.sums = true;
    evidence.sum_in = 5;
    evidence.sum_out = 1;
    const auto found = judge(evidence);
    EXPECT_EQ(found.in, (DirectionScore{.tapped = 3, .right = 3, .phantom = 2}));
    EXPECT_EQ(found.out, (DirectionScore{.phantom = 1}));
}

// Taps of a hand that is late by up to two seconds and forgets nobody.
TEST(Judging, FindsTheShareThatADoorMisses) {
    std::mt19937 chance{7};
    std::vector<Passing> taps;
    std::vector<Passing> counts;
    double now = 0;
    int missed = 0;
    for (int i = 0; i < 400; ++i) {
        now += 6 + static_cast<double>(chance() % 100) / 10;
        const Direction way = chance() % 2 == 0 ? Direction::In : Direction::Out;
        taps.push_back({way, at_s(now + static_cast<double>(chance() % 20) / 10)});
        const bool seen = chance() % 10 != 0;
        if (seen) counts.push_back({way, at_s(now)});
        missed += seen ? 0 : 1;
    }
    Evidence evidence = ten_minutes(taps, counts);
    evidence.span.to = at_s(now + 10);
    const auto found = judge(evidence);
    EXPECT_EQ(found.in.missed + found.out.missed, missed);
    EXPECT_EQ(found.tries().of, 400);
}

TEST(MeasurementRow, ComesBackAsItWas) {
    Measurement before = judge(ten_minutes(ins({10, 50}), ins({10, 100})));
    before.door = DoorId{"main|north"};
    before.by = "A3 | west";
    before.stale = true;
    const auto after = measurement_from(row_of(before));
    ASSERT_TRUE(after);
    EXPECT_EQ(row_of(*after).bytes, row_of(before).bytes);
    EXPECT_EQ(after->door, before.door);
    EXPECT_EQ(after->by, before.by);
    EXPECT_EQ(after->in, before.in);
    EXPECT_TRUE(after->stale);
}

TEST(MeasurementRow, IsRefusedWhenDamaged) {
    const StateChange row{.room = "commissioning", .key = "main", .bytes = "1 2 3|A3"};
    EXPECT_FALSE(measurement_from(row));
}

}  // namespace
}  // namespace aisle::footfall
