#include "sync/uplink/uplink.hpp"

#include <gtest/gtest.h>

#include <random>

#include "scripted_hq.hpp"

namespace aisle::uplink {
namespace {

TEST(Uplink, SendsALedgerRecordAtOnce) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger);
    ASSERT_EQ(bench.seen.size(), 1U);
    EXPECT_EQ(bench.seen[0].stream, Stream::Ledger);
    EXPECT_EQ(bench.seen[0].header.first, 1);
    EXPECT_EQ(bench.seen[0].header.last, 1);
    EXPECT_EQ(bench.seen[0].header.prev, "");
    EXPECT_EQ(bench.seen[0].header.store, StoreId{"s-0001"});
}

TEST(Uplink, LetsOtherStreamsGatherForTheirLinger) {
    Bench bench;
    bench.start();
    bench.add(Stream::Offers, 3);
    bench.pass(milliseconds{100});
    EXPECT_TRUE(bench.seen.empty());
    bench.add(Stream::Offers, 2);
    bench.pass(milliseconds{100});
    ASSERT_EQ(bench.seen.size(), 1U);
    EXPECT_EQ(bench.seen[0].lines.size(), 5U);
}

TEST(Uplink, DoesNotLingerOverAFullBatch) {
    Bench bench;
    bench.start();
    bench.add(Stream::Health, 500);
    ASSERT_EQ(bench.seen.size(), 1U);
    EXPECT_EQ(bench.seen[0].lines.size(), 500U);
}

TEST(Uplink, FlushesWhatLingers) {
    Bench bench;
    bench.start();
    bench.add(Stream::Health, 3);
    bool flushed = false;
    bench.uplink->flush([&] { flushed = true; });
    bench.run();
    ASSERT_EQ(bench.seen.size(), 1U);
    EXPECT_FALSE(flushed);
    bench.say(bench.ack_of(bench.seen[0]));
    EXPECT_TRUE(flushed);
}

TEST(Uplink, FindsRecordsThatNobodyToldItOf) {
    Bench bench;
    bench.start();
    bench.outbox.add(Stream::Ledger, "{}");
    bench.pass(seconds{11});
    EXPECT_EQ(bench.seen.size(), 1U);
}

TEST(Uplink, GivesUpAFlushAfterItsGrace) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger);
    bool flushed = false;
    bench.uplink->flush([&] { flushed = true; });
    bench.pass(bench.settings.stop_grace);
    EXPECT_TRUE(flushed);
}

TEST(Uplink, DeletesNothingBeforeHqHasAcknowledged) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger, 3);
    bench.pass(seconds{3});
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 3U);  // the broker had acknowledged long since
    bench.say(bench.ack_of(bench.seen[0]));
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 0U);
    EXPECT_EQ(bench.uplink->status().streams[0].acknowledged, 3);
}

TEST(Uplink, ChainsItsBatchesByTheCheckOfTheLineBefore) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger, 2);
    bench.add(Stream::Ledger, 2);
    ASSERT_EQ(bench.seen.size(), 2U);
    EXPECT_EQ(bench.seen[1].header.first, 3);
    EXPECT_EQ(bench.seen[1].header.prev, wire::check_of(bench.seen[0].lines.back()));
}

TEST(Uplink, FreezesBeforeItSends) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger, 700);
    for (const auto& batch : bench.seen)
        EXPECT_LE(batch.header.last, bench.outbox.frozen_to(Stream::Ledger));
    EXPECT_EQ(bench.seen.size(), 2U);
}

TEST(Uplink, FreezesInStepsAndNotOnceABatch) {
    Bench bench;
    bench.start();
    const int at_start = bench.outbox.freezes();
    for (int i = 0; i < 300; ++i) {
        bench.add(Stream::Ledger);
        bench.say(bench.ack_of(bench.seen.back()));
    }
    EXPECT_EQ(bench.seen.size(), 300U);
    EXPECT_LE(bench.outbox.freezes() - at_start, 2);
}

TEST(Uplink, FreezesWhatStandsBehindAGapOfManyNumbersBeforeItSendsThat) {
    Bench bench;
    for (int i = 0; i < 2'010; ++i) bench.outbox.add(Stream::Ledger, "{}");
    bench.outbox.replace_by_gap(Stream::Ledger, 2, 2'000, "quota", [](const Status&) {});
    bench.start();
    ASSERT_FALSE(bench.seen.empty());
    EXPECT_EQ(bench.seen.back().header.last, 2'010);
    EXPECT_GE(bench.outbox.frozen_to(Stream::Ledger), 2'010);
}

TEST(Uplink, SendsNothingThatCouldNotBeFrozen) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger, 600);
    const auto sent = bench.seen.size();
    bench.outbox.fail_next(1);
    bench.add(Stream::Ledger, 600);
    for (const auto& batch : bench.seen)
        EXPECT_LE(batch.header.last, bench.outbox.frozen_to(Stream::Ledger));
    bench.pass(seconds{2});  // and tries again
    EXPECT_GT(bench.seen.size(), sent);
    EXPECT_EQ(bench.seen.back().header.last, 1'200);
}

TEST(Uplink, HasAtMostSixteenBatchesOutWhileHqIsSilent) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger, 20'000);
    EXPECT_EQ(bench.seen.size(), 16U);
    EXPECT_EQ(bench.uplink->status().streams[0].in_flight, 16U);
}

TEST(Uplink, HasUpToSixtyFourOutWhileItCatchesUpAndHqAnswersAtOnce) {
    Bench bench;
    bench.settings.batch_rows_max = 10;
    bench.start();
    bench.add(Stream::Ledger, 2'000);
    std::size_t most = 0;
    for (std::size_t i = 0; i < 100; ++i) {
        bench.say(bench.ack_of(bench.seen.at(i)));
        most = std::max(most, bench.status().in_flight);
    }
    EXPECT_EQ(most, 64U);
}

TEST(Uplink, RepeatsOnlyTheOldestToASilentHqAndLessAndLessOften) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger, 2'000);
    const auto first_time = bench.seen.size();
    bench.pass(minutes{5});
    // After 5, 10, 20, 40 and then every 60 s: 5, 15, 35, 75, 135, 195, 255.
    EXPECT_EQ(bench.seen.size() - first_time, 7U);
    for (std::size_t i = first_time; i < bench.seen.size(); ++i) {
        EXPECT_EQ(bench.seen[i].header.first, 1);
        EXPECT_EQ(bench.seen[i].lines, bench.seen[0].lines);
    }
}

TEST(Uplink, GoesOnAtOnceWhenASilentHqIsBack) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger, 2'000);
    bench.pass(minutes{2});
    bench.seen.clear();
    bench.pass(minutes{1});
    ASSERT_EQ(bench.seen.size(), 1U);
    bench.say(bench.ack_of(bench.seen[0]));
    EXPECT_EQ(bench.seen.back().header.last, 2'000);
}

TEST(Uplink, SendsTheSameLinesAgainAfterTheLinkWasLost) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger, 100);
    const auto lines = bench.seen.at(0).lines;
    bench.seen.clear();
    bench.broker.restart();
    bench.run();
    ASSERT_FALSE(bench.seen.empty());
    EXPECT_EQ(bench.seen[0].lines, lines);
}

TEST(Uplink, HalvesABatchOnWhichTheLinkIsLostAgain) {
    Bench bench;
    bench.start();
    int lost = 0;
    bench.broker.hangs_up_on = [&](const Message& message) {
        return message.topic.ends_with("/up/ledger") && lost++ < 2;
    };
    bench.add(Stream::Ledger, 500);
    ASSERT_FALSE(bench.seen.empty());
    EXPECT_EQ(bench.seen[0].lines.size(), 250U);
}

TEST(Uplink, DoesNotHalveABatchThatTheBrokerHadTaken) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger, 500);
    for (int i = 0; i < 5; ++i) {
        bench.broker.restart();
        bench.run();
    }
    EXPECT_EQ(bench.seen.back().lines.size(), 500U);
}

TEST(Uplink, StaysBelowTheBrokersPacket) {
    Bench bench;
    bench.broker.packet_bytes_max = 10'000;
    std::mt19937 random{1};
    for (int i = 0; i < 1'000; ++i) {
        std::string noise = "{\"x\":\"";
        for (int n = 0; n < 100; ++n) noise += static_cast<char>('a' + random() % 26);
        bench.outbox.add(Stream::Ledger, noise + "\"}");
    }
    bench.start();
    ASSERT_FALSE(bench.packed_bytes.empty());
    for (const auto bytes : bench.packed_bytes) EXPECT_LE(bytes, 10'000U - 1'024U);
}

TEST(Uplink, GoesBackToWhereHqSaysThatItStands) {
    Bench bench;
    bench.settings.batch_rows_max = 10;
    bench.start();
    bench.add(Stream::Ledger, 30);
    ASSERT_EQ(bench.seen.size(), 3U);
    auto nack = bench.ack_of(bench.seen[0]);
    nack.kind = wire::AckKind::Nack;
    bench.seen.clear();
    bench.say(nack);
    ASSERT_EQ(bench.seen.size(), 2U);
    EXPECT_EQ(bench.seen[0].header.first, 11);
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 20U);
}

TEST(Uplink, HearsTheEchoOfANackOnce) {
    Bench bench;
    bench.settings.batch_rows_max = 10;
    bench.start();
    bench.add(Stream::Ledger, 30);
    auto nack = bench.ack_of(bench.seen[0]);
    nack.kind = wire::AckKind::Nack;
    bench.say(nack);
    const auto sent = bench.seen.size();
    bench.say(nack);
    bench.say(nack);
    EXPECT_EQ(bench.seen.size(), sent);
    EXPECT_EQ(bench.counted("aisle_uplink_nacks_total"), 3);
}

TEST(Uplink, IgnoresAnAckBelowAnEarlierOne) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger);
    bench.add(Stream::Ledger);
    bench.say(bench.ack_of(bench.seen[1]));
    bench.say(bench.ack_of(bench.seen[0]));
    EXPECT_EQ(bench.uplink->status().streams[0].acknowledged, 2);
    EXPECT_EQ(bench.counted("aisle_uplink_stale_acks_total"), 1);
}

TEST(Uplink, BelievesAnAckForWhatItSentBeforeARestart) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger, 7);
    const auto ack = bench.ack_of(bench.seen[0]);
    bench.settings.batch_rows_max = 5;  // other cuts than before
    bench.restart();
    bench.say(ack);
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 0U);
    EXPECT_EQ(bench.counted("aisle_uplink_forks_total"), 0);
}

TEST(Uplink, IgnoresAnswersToAnotherEpochAndWhatIsNoAnswer) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger, 3);
    auto ack = bench.ack_of(bench.seen[0]);
    ack.epoch = "ffffffffffffffff";
    bench.say(ack);
    bench.say_text("not an ack");
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 3U);
    EXPECT_FALSE(bench.uplink->status().streams[0].stopped);
}

TEST(Uplink, TakesAnAnswerWithADamagedByteForNone) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger, 3);
    const auto ack = wire::guarded(bench.ack_topic(), wire::to_json(bench.ack_of(bench.seen[0])));
    for (std::size_t at = 0; at < ack.size(); ++at) {
        auto damaged = ack;
        damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
        bench.say_text(damaged);
    }
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 3U);
    EXPECT_EQ(bench.metrics->counter("aisle_uplink_epochs_total", "").value(), 0);
    EXPECT_EQ(bench.metrics->counter("aisle_uplink_damaged_total", "").value(),
              static_cast<double>(ack.size()));
    bench.say_text(ack);
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 0U);
}

TEST(Uplink, TriesToDeleteAgainWhatTheOutboxDidNotDelete) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger, 3);
    bench.outbox.fail_next(1);
    bench.say(bench.ack_of(bench.seen[0]));
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 3U);
    bench.pass(seconds{11});
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 0U);
}

TEST(Uplink, GivesEachStreamItsShareOfTheWindow) {
    Bench bench;
    bench.settings.batch_rows_max = 10;
    bench.settings.in_flight_max = 1'000;
    bench.broker.in_flight_max = 1;
    bench.outbox.add(Stream::Ledger, "{}");
    for (const Stream stream : kUpStreams)
        for (int i = 0; i < 1'500; ++i) bench.outbox.add(stream, "{}");
    bench.start();
    ASSERT_GT(bench.seen.size(), 150U);
    std::array<int, 4> sent{};
    for (std::size_t i = 0; i < 150; ++i) ++sent.at(static_cast<std::size_t>(bench.seen[i].stream));
    EXPECT_NEAR(sent[0], 80, 6);
    EXPECT_NEAR(sent[1], 40, 4);
    EXPECT_NEAR(sent[2], 20, 4);
    EXPECT_NEAR(sent[3], 10, 4);
}

TEST(Uplink, AnnouncesItsBirthWithWhereTheStreamsStand) {
    Bench bench;
    for (int i = 0; i < 4; ++i) bench.outbox.add(Stream::Offers, "{}");
    bench.start();
    ASSERT_FALSE(bench.states.empty());
    EXPECT_TRUE(bench.states.back().alive);
    EXPECT_EQ(bench.states.back().epoch, Bench::kEpoch);
    EXPECT_EQ(bench.states.back().streams.at(1), (wire::StreamExtent{Stream::Offers, 1, 5}));
}

TEST(Uplink, AnnouncesItsDeathWhenItStops) {
    Bench bench;
    bench.start();
    bool stopped = false;
    bench.uplink->stop([&] { stopped = true; });
    bench.pass(seconds{3});
    EXPECT_TRUE(stopped);
    EXPECT_FALSE(bench.states.back().alive);
}

TEST(Uplink, StopsInTimeWithoutALink) {
    Bench bench;
    bench.link = bench.broker.client();
    bench.uplink =
        make_uplink({bench.outbox, *bench.link, bench.loop, *bench.metrics}, bench.settings);
    bench.outbox.add(Stream::Ledger, "{}");
    bool stopped = false;
    bench.uplink->stop([&] { stopped = true; });
    bench.pass(seconds{1});
    EXPECT_TRUE(stopped);
}

}  // namespace
}  // namespace aisle::uplink
