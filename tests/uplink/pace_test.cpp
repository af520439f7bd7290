#include "sync/uplink/pace.hpp"

#include <gtest/gtest.h>

#include <map>

#include "model_hq.hpp"

// HQ's credit and the window: how fast a backlog goes.
namespace aisle::uplink {
namespace {

constexpr MonoTime kStart{seconds{1'000}};
constexpr std::size_t kKilo = 1'000;

Pace::Parcel backlog(Stream stream, std::size_t bytes = kKilo) { return {stream, bytes, false}; }
Pace::Parcel live(Stream stream, std::size_t bytes = kKilo) { return {stream, bytes, true}; }

// Bytes that each stream gets sent in so many seconds when all of them want to.
std::map<Stream, std::size_t> sent_in(Pace& pace, seconds time, std::initializer_list<Stream> who) {
    std::map<Stream, std::size_t> bytes;
    for (MonoTime now = kStart; now < kStart + time; now += milliseconds{1})
        for (const Stream stream : who)
            while (pace.may_send(backlog(stream), now)) {
                pace.sent(backlog(stream), now);
                bytes[stream] += kKilo;
            }
    return bytes;
}

TEST(Credit, OfNothingIsNoLimit) {
    Pace pace{{}};
    for (int i = 0; i < 1'000; ++i) {
        ASSERT_TRUE(pace.may_send(backlog(Stream::Health, 64 * 1024), kStart));
        pace.sent(backlog(Stream::Health, 64 * 1024), kStart);
    }
}

TEST(Credit, IsWhatGoesOutOverTime) {
    Pace pace{{}};
    pace.set_credit(100'000, kStart);
    const auto bytes = sent_in(pace, seconds{60}, {Stream::Offers});
    // A second's worth may have gathered, and a twentieth is the stream's own beside it.
    EXPECT_GE(bytes.at(Stream::Offers), 60U * 100'000);
    EXPECT_LE(bytes.at(Stream::Offers), 61U * 105'000 + 64 * 1024);
}

TEST(Credit, LeavesEachStreamATwentieth) {
    Pace pace{{}};
    pace.set_credit(100'000, kStart);
    // Whoever asks first takes all that is in the bucket.
    const auto bytes = sent_in(pace, seconds{60}, {Stream::Ledger, Stream::Offers, Stream::Health});
    EXPECT_GE(bytes.at(Stream::Health), 60U * 4'900);
    EXPECT_GE(bytes.at(Stream::Offers), 60U * 4'900);
}

TEST(Credit, NeverKeepsALiveLedgerRecordWaiting) {
    Pace pace{{}};
    pace.set_credit(1'000, kStart);
    for (int i = 0; i < 100; ++i) {
        ASSERT_TRUE(pace.may_send(live(Stream::Ledger), kStart));
        pace.sent(live(Stream::Ledger), kStart);
    }
    EXPECT_FALSE(pace.may_send(backlog(Stream::Offers), kStart));
    EXPECT_FALSE(pace.may_send(live(Stream::Offers), kStart));
}

TEST(Credit, IsOverdrawnByABoundedAmount) {
    Pace pace{{}};
    pace.set_credit(100'000, kStart);
    for (int i = 0; i < 10'000; ++i) pace.sent(live(Stream::Ledger, 64 * 1024), kStart);
    EXPECT_FALSE(pace.may_send(backlog(Stream::Offers), kStart));
    EXPECT_TRUE(pace.may_send(backlog(Stream::Offers), kStart + milliseconds{1'100}));
}

TEST(Credit, LetsALargeBatchGoThatItCouldNeverHold) {
    Pace pace{{}};
    pace.set_credit(1'000, kStart);
    EXPECT_TRUE(pace.may_send(backlog(Stream::Offers, 64 * 1024), kStart));
    pace.sent(backlog(Stream::Offers, 64 * 1024), kStart);
    EXPECT_FALSE(pace.may_send(backlog(Stream::Offers, 10'000), kStart + seconds{30}));
    EXPECT_TRUE(pace.may_send(backlog(Stream::Offers, 10'000), kStart + seconds{70}));
}

TEST(Credit, ThatIsLiftedLetsAllGo) {
    Pace pace{{}};
    pace.set_credit(1, kStart);
    pace.sent(backlog(Stream::Offers), kStart);
    ASSERT_FALSE(pace.may_send(backlog(Stream::Offers), kStart));
    pace.set_credit(0, kStart);
    EXPECT_TRUE(pace.may_send(backlog(Stream::Offers), kStart));
}

TEST(TheWindow, GrowsWhileHqIsQuickAndShrinksWhenItIsLate) {
    Pace pace{{.window_first = 16, .window_least = 4, .window_most = 64}};
    MonoTime now = kStart;
    for (int i = 0; i < 100; ++i) pace.answered(1, milliseconds{5}, now += milliseconds{5});
    EXPECT_EQ(pace.window(), 64U);
    for (int i = 0; i < 100; ++i) pace.answered(1, milliseconds{90}, now += milliseconds{90});
    EXPECT_EQ(pace.window(), 4U);
}

TEST(TheWindow, ShrinksOnceForAllThatWasOutTogether) {
    Pace pace{{.window_first = 16, .window_least = 4, .window_most = 64}};
    pace.answered(1, milliseconds{5}, kStart);
    for (int i = 0; i < 16; ++i) pace.answered(1, milliseconds{90}, kStart + milliseconds{100 + i});
    EXPECT_EQ(pace.window(), 12U);
}

TEST(TheWindow, TakesASlowLineForWhatItIs) {
    Pace pace{{.window_first = 16, .window_least = 4, .window_most = 64}};
    MonoTime now = kStart;
    for (int i = 0; i < 100; ++i) pace.answered(1, milliseconds{600}, now += milliseconds{10});
    EXPECT_EQ(pace.window(), 64U);
}

TEST(TheWindow, StartsAgainWithANewLink) {
    Pace pace{{.window_first = 16, .window_least = 4, .window_most = 64}};
    for (int i = 0; i < 100; ++i) pace.answered(1, milliseconds{5}, kStart);
    pace.link_up();
    EXPECT_EQ(pace.window(), 16U);
}

// Bytes of batches that leave in `time` under HQ's credit, by stream.
struct Drain : Bench {
    explicit Drain(std::int64_t credit_bytes_s) : credit{credit_bytes_s} {
        settings.batch_rows_max = 50;
        start();
        add(Stream::Ledger);
        answer_all();
        for (const Stream stream : kUpStreams) add(stream, 8'000);
    }
    void answer_all() {
        while (answered < seen.size()) {
            auto ack = ack_of(seen[answered++]);
            ack.credit_bytes_s = credit;
            say(ack);
        }
    }
    std::map<Stream, std::size_t> sent_in(seconds time) {
        for (milliseconds gone{0}; gone < time; gone += milliseconds{10}) {
            loop.advance(milliseconds{10});
            run();
            answer_all();
        }
        std::map<Stream, std::size_t> bytes;
        for (std::size_t i = 0; i < seen.size(); ++i) bytes[seen[i].stream] += packed_bytes[i];
        return bytes;
    }
    std::int64_t credit;
    std::size_t answered = 0;
};

TEST(ADrain, KeepsToHqsCreditAndSharesIt) {
    Drain drain{10'000};
    auto bytes = drain.sent_in(seconds{8});
    std::size_t sum = 0;
    for (const auto& [stream, sent] : bytes) sum += sent;
    EXPECT_LE(sum, 10U * 10'000 * 6 / 5);
    EXPECT_GE(sum, 8U * 10'000);
    EXPECT_EQ(drain.uplink->status().credit_bytes_s, 10'000);
    for (const Stream stream : kUpStreams)
        EXPECT_GE(static_cast<double>(bytes[stream]), 0.05 * static_cast<double>(sum));
    EXPECT_GT(bytes[Stream::Ledger], bytes[Stream::Offers]);
    EXPECT_GT(bytes[Stream::Offers], bytes[Stream::Health]);
}

TEST(ADrain, LetsALiveLedgerRecordPassWithoutCredit) {
    Bench bench;
    bench.start();
    bench.add(Stream::Ledger);
    auto ack = bench.ack_of(bench.seen[0]);
    ack.credit_bytes_s = 1;
    bench.say(ack);
    bench.add(Stream::Offers, 5'000);
    bench.pass(seconds{1});
    bench.seen.clear();
    bench.add(Stream::Ledger);
    ASSERT_EQ(bench.seen.size(), 1U);
    EXPECT_EQ(bench.seen[0].stream, Stream::Ledger);
}

TEST(ADrain, LeavesPlacesInTheBrokersWindowForLiveRecords) {
    Bench bench;
    bench.start();
    bench.outbox.add(Stream::Ledger, "{}");
    for (int i = 0; i < 20'000; ++i) bench.outbox.add(Stream::Offers, "{}");
    bench.uplink->wake(Stream::Offers, 20'000);
    bench.loop.run_ready();  // the broker answers nothing yet
    const auto out = bench.broker.published();
    bench.uplink->wake(Stream::Ledger, 1);
    bench.loop.run_ready();
    EXPECT_EQ(bench.broker.published(), out + 1);
}

}  // namespace
}  // namespace aisle::uplink
