#include <gtest/gtest.h>

#include <random>
#include <set>

#include "scripted_hq.hpp"

// Bounds, windows and what goes wrong below the uplink.
namespace aisle::uplink {
namespace {

std::string noise(std::size_t bytes, unsigned seed) {
    std::mt19937 random{seed};
    std::string text = "{\"x\":\"";
    for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>('a' + random() % 26);
    return text + "\"}";
}

// Every batch follows on the one before, and together they are all that was added.
void expect_dense(const std::vector<Seen>& seen, std::int64_t last) {
    std::int64_t expected = 1;
    for (const auto& batch : seen) {
        ASSERT_EQ(batch.header.first, expected);
        ASSERT_EQ(batch.lines.size(),
                  static_cast<std::size_t>(batch.header.last - batch.header.first + 1));
        expected = batch.header.last + 1;
    }
    EXPECT_EQ(expected, last + 1);
}

class RowsOfABatch : public testing::TestWithParam<std::size_t> {};

TEST_P(RowsOfABatch, AreNeverMoreThanIsConfigured) {
    Bench bench;
    bench.settings.batch_rows_max = GetParam();
    bench.settings.in_flight_max = 1'000;
    bench.start();
    bench.add(Stream::Ledger, 137);
    for (const auto& batch : bench.seen) EXPECT_LE(batch.lines.size(), GetParam());
    expect_dense(bench.seen, 137);
}

INSTANTIATE_TEST_SUITE_P(Sizes, RowsOfABatch,
                         testing::Values(1, 2, 7, 136, 137, 138, 500, 100'000));

TEST(BatchesOfAnUplink, HoldNoMoreRowsThanTheProtocolAllows) {
    Bench bench;
    bench.settings.batch_rows_max = 10'000;
    bench.start();
    bench.add(Stream::Ledger, 1'200);
    for (const auto& batch : bench.seen) EXPECT_LE(batch.lines.size(), wire::kBatchRowsMax);
    expect_dense(bench.seen, 1'200);
}

TEST(BatchesOfAnUplink, StayBelowTheirBytesWhateverTheRecordsWeigh) {
    Bench bench;
    bench.settings.in_flight_max = 1'000;
    std::mt19937 random{11};
    for (unsigned i = 0; i < 300; ++i) bench.outbox.add(Stream::Ledger, noise(random() % 8'000, i));
    bench.start();
    bench.uplink->flush([] {});
    bench.run();
    ASSERT_FALSE(bench.packed_bytes.empty());
    for (const auto bytes : bench.packed_bytes) EXPECT_LE(bytes, bench.settings.batch_bytes_max);
    expect_dense(bench.seen, 300);
    EXPECT_EQ(bench.counted("aisle_uplink_dead_letters_total"), 0);
}

TEST(BatchesOfAnUplink, LeaveOutOnlyTheRecordThatFitsNowhere) {
    Bench bench;
    bench.broker.packet_bytes_max = 5'000;
    bench.outbox.add(Stream::Ledger, "{\"n\":1}");
    bench.outbox.add(Stream::Ledger, noise(30'000, 3));
    bench.outbox.add(Stream::Ledger, "{\"n\":3}");
    bench.start();
    expect_dense(bench.seen, 3);
    EXPECT_EQ(bench.counted("aisle_uplink_dead_letters_total"), 1);
    std::string all;
    for (const auto& batch : bench.seen)
        for (const auto& line : batch.lines) all += line + "\n";
    EXPECT_NE(all.find("too_large"), std::string::npos);
    EXPECT_NE(all.find("{\"n\":1}"), std::string::npos);
    EXPECT_NE(all.find("{\"n\":3}"), std::string::npos);
}

TEST(BatchesOfAnUplink, TryAgainWhenADeadLetterCouldNotBeReplaced) {
    Bench bench;
    bench.broker.packet_bytes_max = 5'000;
    bench.start();
    bench.outbox.add(Stream::Ledger, noise(30'000, 3));
    bench.outbox.fail_next(2);
    bench.uplink->wake(Stream::Ledger, 1);
    bench.pass(seconds{5});
    ASSERT_FALSE(bench.seen.empty());
    EXPECT_NE(bench.seen[0].lines[0].find("too_large"), std::string::npos);
}

struct LingerCase {
    Stream stream;
    milliseconds linger;
};

class LingerOf : public testing::TestWithParam<LingerCase> {};

TEST_P(LingerOf, IsWaitedForAndNoLonger) {
    Bench bench;
    bench.start();
    bench.outbox.add(GetParam().stream, "{}");
    bench.uplink->wake(GetParam().stream, 1);
    bench.run();
    if (GetParam().linger.count() > 0) {
        bench.loop.advance(GetParam().linger - milliseconds{1});
        bench.run();
        EXPECT_TRUE(bench.seen.empty());
        bench.loop.advance(milliseconds{1});
        bench.run();
    }
    EXPECT_EQ(bench.seen.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(EachStream, LingerOf,
                         testing::Values(LingerCase{Stream::Ledger, milliseconds{0}},
                                         LingerCase{Stream::Offers, milliseconds{200}}));

TEST(LingerFromAfar, LetsGoWhatWaitedAndHoldsFromThenOn) {
    Bench bench;
    bench.start();
    const auto add = [&] {
        bench.outbox.add(Stream::Offers, "{}");
        bench.uplink->wake(Stream::Offers, 1);
        bench.run();
    };
    auto slow = kUsualLingers;
    // Shorter than the wait after which an unanswered batch is said again.
    slow.at(static_cast<std::size_t>(Stream::Offers)) = seconds{4};
    add();
    EXPECT_TRUE(bench.seen.empty());
    bench.uplink->set_linger(slow);
    bench.run();
    ASSERT_EQ(bench.seen.size(), 1U);

    add();
    bench.loop.advance(milliseconds{3'999});
    bench.run();
    EXPECT_EQ(bench.seen.size(), 1U);
    bench.uplink->set_linger(kUsualLingers);
    bench.run();
    ASSERT_EQ(bench.seen.size(), 2U);
    add();
    bench.loop.advance(milliseconds{200});
    bench.run();
    EXPECT_EQ(bench.seen.size(), 3U);
}

TEST(WakesOfAnUplink, ForLocalRecordsMeanNothing) {
    Bench bench;
    bench.start();
    bench.uplink->wake(Stream::Local, 1'000);
    bench.pass(seconds{5});
    EXPECT_TRUE(bench.seen.empty());
}

TEST(WakesOfAnUplink, WithoutRowsSendNothing) {
    Bench bench;
    bench.start();
    for (const Stream stream : kUpStreams) bench.uplink->wake(stream, 500);
    bench.run();
    EXPECT_TRUE(bench.seen.empty());
}

TEST(WakesOfAnUplink, BeforeTheLinkAreNotForgotten) {
    Bench bench;
    bench.link = bench.broker.client();
    bench.uplink =
        make_uplink({bench.outbox, *bench.link, bench.loop, *bench.metrics}, bench.settings);
    bench.outbox.add(Stream::Ledger, "{}");
    bench.uplink->wake(Stream::Ledger, 1);
    bench.uplink->start();
    bench.run();
    EXPECT_EQ(bench.seen.size(), 1U);
}

TEST(AnswersToAnUplink, ForPartOfABatchDeleteThatPart) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger, 10);
    auto ack = bench.ack_of(bench.seen[0]);
    ack.next = 5;
    ack.check = wire::check_of(bench.seen[0].lines[3]);
    bench.say(ack);
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 6U);
    EXPECT_EQ(bench.uplink->status().streams[0].acknowledged, 4);
    EXPECT_EQ(bench.counted("aisle_uplink_forks_total"), 0);
}

TEST(AnswersToAnUplink, OfAllBatchesAtOnceAreTaken) {
    Bench bench;
    bench.settings.batch_rows_max = 10;
    bench.start();
    bench.add(Stream::Ledger, 50);
    ASSERT_EQ(bench.seen.size(), 5U);
    bench.say(bench.ack_of(bench.seen[4]));
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 0U);
    EXPECT_EQ(bench.uplink->status().streams[0].in_flight, 0U);
}

TEST(AnswersToAnUplink, ReachOnlyTheStreamThatTheyName) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger, 3);
    bench.add(Stream::Offers, 500);
    const auto offers = bench.seen.back();
    ASSERT_EQ(offers.stream, Stream::Offers);
    bench.say(bench.ack_of(offers));
    EXPECT_EQ(bench.outbox.rows(Stream::Offers), 0U);
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 3U);
}

TEST(AnswersToAnUplink, UnderAnotherStoresTopicAreNotHeard) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger, 3);
    const auto topic = wire::to_text({StoreId{"s-0002"}, wire::Channel::Ack});
    const auto ack = wire::guarded(topic, wire::to_json(bench.ack_of(bench.seen[0])));
    (void)bench.hq->publish({.topic = topic, .payload = ack}, nullptr);
    bench.run();
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 3U);
}

TEST(StatusOfAnUplink, TellsRowsAndBatchesByStream) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger, 5);
    bench.add(Stream::Offers, 2);
    bench.pass(seconds{11});  // the outbox is looked at
    const auto status = bench.uplink->status();
    EXPECT_TRUE(status.connected);
    EXPECT_EQ(status.streams[0].stream, Stream::Ledger);
    EXPECT_EQ(status.streams[0].rows, 5);
    EXPECT_EQ(status.streams[0].in_flight, 1U);
    EXPECT_EQ(status.streams[1].rows, 2);
    EXPECT_EQ(status.streams[2].rows, 0);
    EXPECT_EQ(status.heard, WallTime{});
}

TEST(StatusOfAnUplink, TellsWhenHqWasHeardAndWhyItIsAway) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger);
    bench.say(bench.ack_of(bench.seen[0]));
    EXPECT_EQ(bench.uplink->status().heard, bench.clock.now().wall);
    bench.broker.restart();
    const auto status = bench.uplink->status();
    EXPECT_FALSE(status.connected);
    EXPECT_FALSE(status.reason.empty());
}

TEST(StatusOfAnUplink, CountsBatchesAndBytes) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger, 3);
    bench.add(Stream::Ledger, 3);
    EXPECT_EQ(bench.counted("aisle_uplink_batches_total"), 2);
    EXPECT_EQ(bench.counted("aisle_uplink_bytes_total"),
              static_cast<double>(bench.packed_bytes.at(0) + bench.packed_bytes.at(1)));
}

TEST(StopOfAnUplink, SendsWhatLingersBeforeItsDeath) {
    Bench bench;
    bench.start();
    bench.add(Stream::Health, 4);
    bool stopped = false;
    bench.uplink->stop([&] { stopped = true; });
    bench.run();
    ASSERT_EQ(bench.seen.size(), 1U);
    EXPECT_FALSE(stopped);
    bench.say(bench.ack_of(bench.seen[0]));
    EXPECT_TRUE(stopped);
    EXPECT_FALSE(bench.states.back().alive);
    EXPECT_EQ(bench.outbox.rows(Stream::Health), 0U);
}

}  // namespace
}  // namespace aisle::uplink
