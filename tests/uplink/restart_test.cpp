#include <gtest/gtest.h>

#include "scripted_hq.hpp"

// What an uplink knows that begins with an outbox which has been at work before.
namespace aisle::uplink {
namespace {

// A bench that has had three ledger records acknowledged, and its agent killed and started again.
struct Restarted : Bench {
    Restarted() {
        start();
        add(Stream::Ledger, 3);
        check = wire::check_of(seen.at(0).lines.back());
        acked = ack_of(seen.at(0));
        say(acked);
        restart();
    }
    std::string check;  // of the third line
    wire::Ack acked;
};

TEST(RestartedUplink, ChainsItsFirstBatchToTheLastLineThatHqHas) {
    Restarted bench;
    bench.add(Stream::Ledger);
    ASSERT_EQ(bench.seen.size(), 1U);
    EXPECT_EQ(bench.seen[0].header.first, 4);
    EXPECT_EQ(bench.seen[0].header.prev, bench.check);
}

TEST(RestartedUplink, ChainsToTheSameLineAfterASecondRestart) {
    Restarted bench;
    bench.restart();
    bench.add(Stream::Ledger);
    EXPECT_EQ(bench.seen.at(0).header.prev, bench.check);
}

TEST(RestartedUplink, ChainsEachStreamToItsOwnLine) {
    Restarted bench;
    bench.add(Stream::Offers, 500);
    ASSERT_EQ(bench.seen.size(), 1U);
    EXPECT_EQ(bench.seen[0].header.prev, "");
}

TEST(RestartedUplink, ChainsToTheSameLineWhenTheLinkIsLostBeforeAnAnswer) {
    Restarted bench;
    bench.add(Stream::Ledger);
    bench.seen.clear();
    bench.broker.restart();
    bench.run();
    ASSERT_FALSE(bench.seen.empty());
    EXPECT_EQ(bench.seen[0].header.prev, bench.check);
}

TEST(RestartedUplink, KnowsNoLineWhereTheOutboxKeptNone) {
    Bench bench;
    bench.outbox.add(Stream::Ledger, "{}");
    bench.outbox.acknowledged(
        Stream::Ledger, 2, [](const Status&) {}, "");  // as before an upgrade
    bench.start();
    bench.add(Stream::Ledger);
    EXPECT_EQ(bench.seen.at(0).header.first, 2);
    EXPECT_EQ(bench.seen.at(0).header.prev, "");
}

// HQ does not answer a batch whose `prev` it cannot read, so that the stream would stand for ever.
TEST(RestartedUplink, KnowsNoLineWhereWhatTheOutboxKeptIsNoCheck) {
    Bench bench;
    bench.outbox.add(Stream::Ledger, "{}");
    bench.outbox.acknowledged(
        Stream::Ledger, 2, [](const Status&) {}, "24");
    bench.start();
    bench.add(Stream::Ledger);
    EXPECT_EQ(bench.seen.at(0).header.first, 2);
    EXPECT_EQ(bench.seen.at(0).header.prev, "");
}

TEST(RestartedUplink, TakesARepeatedAnswerForNothingNew) {
    Restarted bench;
    bench.say(bench.acked);
    EXPECT_FALSE(bench.uplink->status().streams[0].stopped);
    EXPECT_EQ(bench.uplink->status().streams[0].acknowledged, 3);
}

TEST(RestartedUplink, GoesBackToItsMarkOnANackAndChainsAgain) {
    Restarted bench;
    bench.add(Stream::Ledger);
    wire::Ack nack = bench.acked;
    nack.kind = wire::AckKind::Nack;
    bench.seen.clear();
    bench.say(nack);
    ASSERT_EQ(bench.seen.size(), 1U);
    EXPECT_EQ(bench.seen[0].header.first, 4);
    EXPECT_EQ(bench.seen[0].header.prev, bench.check);
}

TEST(RestartedUplink, SendsFrozenLinesAgainAsTheyWere) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger, 20);
    const auto lines = bench.seen.at(0).lines;
    bench.restart();
    ASSERT_FALSE(bench.seen.empty());
    EXPECT_EQ(bench.seen[0].lines, lines);
}

TEST(RestartedUplink, SaysWhereItsStreamsStandInItsBirth) {
    Restarted bench;
    EXPECT_EQ(bench.states.back().streams.at(0), (wire::StreamExtent{Stream::Ledger, 4, 4}));
}

TEST(RestartedUplink, WaitsForAnOutboxThatDoesNotAnswerYet) {
    Bench bench;
    bench.outbox.add(Stream::Ledger, "{}");
    bench.outbox.fail_next(1);
    bench.start();
    EXPECT_TRUE(bench.seen.empty());
    bench.pass(seconds{2});
    EXPECT_EQ(bench.seen.size(), 1U);
}

TEST(RestartedUplink, HearsNoAnswerBeforeItKnowsItsOutbox) {
    Bench bench;
    bench.outbox.fail_next(1);
    bench.start();
    bench.say({.epoch = Bench::kEpoch, .next = 9, .check = "ffffffffffffffff"});
    EXPECT_FALSE(bench.uplink->status().streams[0].stopped);
}

}  // namespace
}  // namespace aisle::uplink
