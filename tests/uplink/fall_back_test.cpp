#include "sync/uplink/fall_back.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

#include "model_hq.hpp"

// HQ names a place below what it has acknowledged: it was restored from a backup, or an old answer
// has found its way.
namespace aisle::uplink {
namespace {

using Verdict = FallBack::Verdict;

constexpr WallTime kTen{seconds{10}};

wire::Ack nack_at(std::int64_t next, WallTime now) {
    return {.kind = wire::AckKind::Nack, .next = next, .check = "ffffffffffffffff", .now = now};
}

wire::Ack ack_at(std::int64_t next, WallTime now) {
    wire::Ack ack = nack_at(next, now);
    ack.kind = wire::AckKind::Ack;
    return ack;
}

TEST(FallingBack, IsBelievedWhenTheRefusalOfAResendIsNewerThanTheAcknowledgement) {
    FallBack fall_back;
    fall_back.acknowledged(ack_at(9, kTen));
    EXPECT_EQ(fall_back.refused(nack_at(4, kTen + seconds{1}), {}), Verdict::Suspect);
    fall_back.resent();
    EXPECT_EQ(fall_back.refused(nack_at(4, kTen + seconds{2}), {}), Verdict::Confirmed);
}

TEST(FallingBack, IsNotBelievedBeforeTheResend) {
    FallBack fall_back;
    EXPECT_EQ(fall_back.refused(nack_at(4, kTen), {}), Verdict::Suspect);
    EXPECT_EQ(fall_back.refused(nack_at(4, kTen + seconds{1}), {}), Verdict::Stale);
}

TEST(FallingBack, IsNotBelievedOfTheSameWordsTwice) {
    FallBack fall_back;
    EXPECT_EQ(fall_back.refused(nack_at(4, kTen), {}), Verdict::Suspect);
    fall_back.resent();
    EXPECT_EQ(fall_back.refused(nack_at(4, kTen), {}), Verdict::Stale);
}

TEST(FallingBack, IsNotBelievedOfAnotherPlace) {
    FallBack fall_back;
    EXPECT_EQ(fall_back.refused(nack_at(4, kTen), {}), Verdict::Suspect);
    fall_back.resent();
    EXPECT_EQ(fall_back.refused(nack_at(3, kTen + seconds{1}), {}), Verdict::Suspect);
}

TEST(FallingBack, IsForgottenWhenHqAcknowledgesAgain) {
    FallBack fall_back;
    (void)fall_back.refused(nack_at(4, kTen), {});
    fall_back.resent();
    fall_back.acknowledged(ack_at(9, kTen + seconds{1}));
    EXPECT_FALSE(fall_back.suspects());
}

TEST(FallingBack, IsNotForgottenForAnOldAcknowledgement) {
    FallBack fall_back;
    (void)fall_back.refused(nack_at(4, kTen + seconds{5}), {});
    fall_back.acknowledged(ack_at(9, kTen));
    EXPECT_TRUE(fall_back.suspects());
}

TEST(FallingBack, OfAnHqWhoseClockWentBackNeedsFiveAnswersOverAMinute) {
    FallBack fall_back;
    fall_back.acknowledged(ack_at(9, kTen + std::chrono::hours{1}));
    MonoTime now{seconds{100}};
    EXPECT_EQ(fall_back.refused(nack_at(4, kTen), now), Verdict::Suspect);
    for (int i = 1; i <= 4; ++i) {
        fall_back.resent();
        now += seconds{20};
        EXPECT_EQ(fall_back.refused(nack_at(4, kTen + seconds{i}), now), Verdict::Suspect);
    }
    fall_back.resent();
    EXPECT_EQ(fall_back.refused(nack_at(4, kTen + seconds{5}), now), Verdict::Confirmed);
}

// Ten acknowledged records, two more out, and HQ's refusal at 5.
struct Restored : Bench {
    Restored() {
        settings.batch_rows_max = 4;
        start();
        add(Stream::Ledger, 10);
        early = seen.at(0);
        for (std::size_t i = 0; i < 3; ++i) say(ack_of(seen.at(i)));
        add(Stream::Ledger, 2);
        loop.advance(seconds{1});
    }
    void refuse() {
        auto nack = nack_of(early);  // next is 5
        nack.now = clock.now().wall;
        say(nack);
    }
    Seen early;
};

TEST(AnHqThatWasRestored, IsSentTheOldestBatchAgainFirst) {
    Restored bench;
    bench.seen.clear();
    bench.refuse();
    bench.pass(milliseconds{900});
    EXPECT_TRUE(bench.seen.empty());  // while the echoes die away
    bench.pass(milliseconds{200});
    ASSERT_EQ(bench.seen.size(), 1U);
    EXPECT_EQ(bench.seen[0].header.first, 11);
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 2U);
}

TEST(AnHqThatWasRestored, GetsAGapForWhatIsGone) {
    Restored bench;
    bench.refuse();
    bench.pass(milliseconds{1'200});
    bench.seen.clear();
    bench.refuse();
    ASSERT_FALSE(bench.seen.empty());
    EXPECT_EQ(bench.seen[0].header.first, 5);
    EXPECT_EQ(bench.seen[0].header.prev, wire::check_of(bench.early.lines.back()));
    EXPECT_NE(bench.seen[0].lines[0].find(R"("seq":10,"from":5,"kind":"gap")"), std::string::npos);
    EXPECT_NE(bench.seen[0].lines[0].find("acked_before"), std::string::npos);
    EXPECT_EQ(bench.counted("aisle_uplink_acked_before_total"), 1);
    EXPECT_EQ(bench.outbox.epochs_begun(), 0);
}

TEST(AnHqThatWasRestored, IsMendedOnceTheOutboxCan) {
    Restored bench;
    bench.refuse();
    bench.pass(milliseconds{1'200});
    bench.seen.clear();
    bench.outbox.fail_next(2);
    bench.refuse();
    EXPECT_TRUE(bench.seen.empty());
    bench.pass(seconds{3});
    ASSERT_FALSE(bench.seen.empty());
    EXPECT_EQ(bench.seen[0].header.first, 5);
}

TEST(AnHqThatWasRestored, IsNotBelievedOnceOnly) {
    Restored bench;
    bench.refuse();
    bench.pass(minutes{5});
    EXPECT_EQ(bench.counted("aisle_uplink_acked_before_total"), 0);
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 2U);
}

TEST(AnHqThatWasRestored, GetsAllWhenItComesBackFromAnEmptyDisk) {
    ModelWorld world{5};
    world.hq.back_up();
    world.add(Stream::Ledger, 700);
    ASSERT_TRUE(world.settle());
    world.hq.restore();
    world.add(Stream::Ledger, 3);
    ASSERT_TRUE(world.settle());
    const auto lines = world.hq.lines(Stream::Ledger);
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_NE(lines[0].find(R"({"seq":700,"from":1,"kind":"gap")"), std::string::npos);
    EXPECT_EQ(world.outbox.epochs_begun(), 0);
}

TEST(AnHqThatWasRestored, IsToldOfASecondRestoreToo) {
    ModelWorld world{6};
    world.add(Stream::Ledger, 100);
    ASSERT_TRUE(world.settle());
    world.hq.back_up();
    for (int i = 0; i < 2; ++i) {
        world.add(Stream::Ledger, 50);
        ASSERT_TRUE(world.settle());
        world.hq.restore();
        world.add(Stream::Ledger, 5);
        ASSERT_TRUE(world.settle());
    }
    EXPECT_EQ(world.counted("aisle_uplink_acked_before_total"), 2);
}

class StaleRefusals : public testing::TestWithParam<std::uint64_t> {};

// A broker that loses, delays, doubles and reorders makes many refusals, and each can come long
// after HQ went on. Nothing may be told as lost, no epoch may begin, and all must arrive once.
TEST_P(StaleRefusals, TriggerNothing) {
    ModelWorld world{GetParam(), 20};
    world.broker.weather = {
        .lost_permille = 80, .doubled_permille = 150, .delayed_permille = 200, .shuffled = 8};
    for (int round = 0; round < 20; ++round) {
        world.add(kUpStreams.at(world.random() % 4), 1 + static_cast<int>(world.random() % 300));
        world.steps(static_cast<int>(world.random() % 200));
        if (world.random() % 10 == 0) world.broker.restart();
        if (world.random() % 15 == 0) world.restart();
    }
    ASSERT_TRUE(world.settle(minutes{600})) << "seed " << GetParam();
    EXPECT_GT(world.hq.nacks, 0);
    EXPECT_EQ(world.outbox.epochs_begun(), 0);
    double stale = 0;
    for (const Stream stream : kUpStreams) {
        stale += world.counted("aisle_uplink_stale_acks_total", stream);
        EXPECT_EQ(world.counted("aisle_uplink_acked_before_total", stream), 0);
        EXPECT_EQ(world.hq.bodies(stream), world.bodies[stream]);
    }
    EXPECT_GT(stale, 0);  // the weather was as bad as is meant
}

INSTANTIATE_TEST_SUITE_P(Seeds, StaleRefusals, testing::Range<std::uint64_t>(1, 6));

class FaultyDays : public testing::TestWithParam<std::uint64_t> {};

// The same with HQ thrown back to backups: what was not acknowledged by then comes whole, what HQ
// lost is inside gaps, and nothing comes twice.
TEST_P(FaultyDays, EndWithAllThatHqDidNotLose) {
    ModelWorld world{GetParam() + 1'000, 20};
    world.broker.weather = {
        .lost_permille = 20, .doubled_permille = 50, .delayed_permille = 50, .shuffled = 4};
    std::multiset<std::string> must;
    for (int round = 0; round < 12; ++round) {
        world.add(Stream::Ledger, 1 + static_cast<int>(world.random() % 200));
        if (round == 4) world.hq.back_up();
        world.steps(150);
        if (round == 8) {
            must = world.hq.bodies(Stream::Ledger);
            world.hq.restore();
        }
    }
    ASSERT_TRUE(world.settle(minutes{600})) << "seed " << GetParam();
    const auto at_hq = world.hq.bodies(Stream::Ledger);
    std::multiset<std::string> unknown;
    std::ranges::set_difference(at_hq, world.bodies[Stream::Ledger],
                                std::inserter(unknown, unknown.end()));
    EXPECT_TRUE(unknown.empty());  // nothing twice, nothing that was never added
    std::multiset<std::string> missing;
    std::ranges::set_difference(world.bodies[Stream::Ledger], at_hq,
                                std::inserter(missing, missing.end()));
    // Only what HQ had and lost.
    EXPECT_TRUE(std::ranges::includes(must, missing));
}

INSTANTIATE_TEST_SUITE_P(Seeds, FaultyDays, testing::Range<std::uint64_t>(1, 9));

}  // namespace
}  // namespace aisle::uplink
