#include <gtest/gtest.h>

#include <set>

#include "scripted_hq.hpp"
#include "sync/uplink/epoch_limit.hpp"

// What an uplink does when HQ's words cannot be true of what it has sent.
namespace aisle::uplink {
namespace {

constexpr const char* kOther = "ffffffffffffffff";

struct Epochs : Bench {
    Epochs() {
        prepare = [this](Uplink& one) {
            one.on_epoch([this](const std::string& epoch, const std::string& why) {
                begun.push_back(epoch);
                reasons.push_back(why);
            });
        };
    }
    // Three ledger records out, and HQ says that it is not so.
    void contradict() {
        add(Stream::Ledger, 3);
        say(fork_of(seen.back()));
    }
    [[nodiscard]] double epochs() const { return counted_all("aisle_uplink_epochs_total"); }

    std::vector<std::string> begun;
    std::vector<std::string> reasons;
};

TEST(NewEpoch, BeginsWhenHqSaysFork) {
    Epochs bench;
    bench.start();
    bench.contradict();
    bench.pass(milliseconds{100});
    EXPECT_EQ(bench.outbox.epochs_begun(), 1);
    EXPECT_EQ(bench.uplink->status().epoch, bench.outbox.epoch());
    ASSERT_EQ(bench.begun.size(), 1U);
    EXPECT_EQ(bench.begun[0], bench.outbox.epoch());
    EXPECT_EQ(bench.reasons[0], "HQ says so");
    EXPECT_EQ(bench.epochs(), 1);
    EXPECT_EQ(bench.counted("aisle_uplink_forks_total"), 1);
}

TEST(NewEpoch, DeletesNothingAndSendsAllAgainWithItsEarlierPlace) {
    Epochs bench;
    bench.start();
    bench.contradict();
    bench.seen.clear();
    bench.pass(milliseconds{100});
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 3U);
    ASSERT_EQ(bench.seen.size(), 1U);
    EXPECT_EQ(bench.seen[0].header.epoch, bench.outbox.epoch());
    EXPECT_EQ(bench.seen[0].header.first, 1);
    EXPECT_EQ(bench.seen[0].header.prev, "");
    ASSERT_EQ(bench.seen[0].lines.size(), 3U);
    const std::string was = R"("was":{"epoch":")" + std::string{Bench::kEpoch} + R"(","seq":3})";
    EXPECT_NE(bench.seen[0].lines[2].find(was), std::string::npos) << bench.seen[0].lines[2];
}

TEST(NewEpoch, SaysWithItsFirstBatchesWhatHqHadOfTheOneBefore) {
    Epochs bench;
    bench.start();
    bench.add(Stream::Ledger, 2);
    const auto ack = bench.ack_of(bench.seen.back());
    bench.say(ack);
    bench.contradict();
    bench.seen.clear();
    bench.pass(milliseconds{100});
    ASSERT_FALSE(bench.seen.empty());
    const wire::EndedEpoch before{Bench::kEpoch, {{Stream::Ledger, 3, ack.check}}};
    EXPECT_EQ(bench.seen[0].header.ended, std::vector<wire::EndedEpoch>{before});
}

TEST(NewEpoch, BeginsWhenTheCheckAtTheEndOfABatchIsNotOurs) {
    Epochs bench;
    bench.start();
    bench.add(Stream::Ledger, 3);
    auto ack = bench.ack_of(bench.seen[0]);
    ack.check = kOther;
    bench.say(ack);
    EXPECT_TRUE(bench.status().stopped);
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 3U);
    bench.pass(milliseconds{100});
    EXPECT_EQ(bench.outbox.epochs_begun(), 1);
    EXPECT_FALSE(bench.status().stopped);
}

TEST(NewEpoch, BeginsWhenTheCheckInTheMiddleOfABatchIsNotOurs) {
    Epochs bench;
    bench.start();
    bench.add(Stream::Ledger, 10);
    auto ack = bench.ack_of(bench.seen[0]);
    ack.next = 5;  // with the check of another line
    bench.say(ack);
    bench.pass(milliseconds{100});
    EXPECT_EQ(bench.outbox.epochs_begun(), 1);
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 10U);
}

TEST(NewEpoch, BeginsWhenHqHasRecordsThatWeNeverHad) {
    Epochs bench;
    bench.start();
    bench.add(Stream::Ledger, 3);
    auto ack = bench.ack_of(bench.seen[0]);
    ack.next = 50;
    bench.say(ack);
    bench.pass(milliseconds{100});
    EXPECT_EQ(bench.outbox.epochs_begun(), 1);
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 3U);
}

TEST(NewEpoch, BeginsWhenAnAnswerAtOurMarkHasAnotherCheck) {
    Epochs bench;
    bench.start();
    bench.add(Stream::Ledger, 3);
    auto ack = bench.ack_of(bench.seen[0]);
    bench.say(ack);
    bench.restart();
    ack.check = kOther;
    bench.say(ack);
    bench.pass(milliseconds{100});
    EXPECT_EQ(bench.outbox.epochs_begun(), 1);
}

TEST(NewEpoch, IsOneForAllStreams) {
    Epochs bench;
    bench.start();
    bench.add(Stream::Offers, 500);
    bench.add(Stream::Ledger, 3);
    const auto offers = bench.seen.at(0);
    bench.say(bench.fork_of(offers));
    bench.say(bench.fork_of(bench.seen.at(1)));
    bench.seen.clear();
    bench.pass(milliseconds{100});
    EXPECT_EQ(bench.outbox.epochs_begun(), 1);
    ASSERT_EQ(bench.seen.size(), 2U);
    for (const auto& batch : bench.seen) EXPECT_EQ(batch.header.epoch, bench.outbox.epoch());
}

TEST(NewEpoch, GoesOnUntilAllIsAcknowledged) {
    Epochs bench;
    bench.start();
    bench.contradict();
    bench.pass(milliseconds{100});
    bench.add(Stream::Ledger, 2);
    bench.say(bench.ack_of(bench.seen.back()));
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 0U);
    EXPECT_EQ(bench.status().acknowledged, 5);
}

TEST(NewEpoch, HearsNoAnswerToTheOldOne) {
    Epochs bench;
    bench.start();
    bench.add(Stream::Ledger, 3);
    const auto old = bench.ack_of(bench.seen.back());
    bench.say(bench.fork_of(bench.seen.back()));
    bench.pass(milliseconds{100});
    bench.say(old);
    auto fork = old;
    fork.kind = wire::AckKind::Fork;
    bench.say(fork);
    bench.pass(milliseconds{100});
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 3U);
    EXPECT_EQ(bench.outbox.epochs_begun(), 1);
}

TEST(NewEpoch, IsToldInANewBirthAndInTheWill) {
    Epochs bench;
    bench.start();
    bench.contradict();
    bench.states.clear();
    bench.pass(milliseconds{100});
    ASSERT_FALSE(bench.states.empty());
    EXPECT_TRUE(bench.states.back().alive);
    EXPECT_EQ(bench.states.back().epoch, bench.outbox.epoch());
    EXPECT_EQ(bench.states.back().streams.at(0), (wire::StreamExtent{Stream::Ledger, 1, 4}));
    bool stopped = false;
    bench.uplink->stop([&] { stopped = true; });
    bench.pass(seconds{3});
    EXPECT_TRUE(stopped);
    EXPECT_FALSE(bench.states.back().alive);
    EXPECT_EQ(bench.states.back().epoch, bench.outbox.epoch());
}

TEST(NewEpoch, IsTriedAgainWhenTheOutboxCouldNotBeginIt) {
    Epochs bench;
    bench.start();
    bench.add(Stream::Ledger, 3);
    bench.outbox.fail_next(2);
    bench.say(bench.fork_of(bench.seen.back()));
    bench.seen.clear();
    bench.pass(milliseconds{900});
    EXPECT_TRUE(bench.seen.empty());
    bench.pass(seconds{5});
    EXPECT_EQ(bench.outbox.epochs_begun(), 1);
    EXPECT_EQ(bench.seen.size(), 1U);
}

TEST(NewEpoch, BelievesNothingThatTheOutboxToldBeforeIt) {
    Epochs bench;
    bench.start();
    bench.add(Stream::Ledger, 3);
    bench.say(bench.ack_of(bench.seen.back()));
    bench.add(Stream::Ledger, 4);
    const auto fork = bench.fork_of(bench.seen.back());
    bench.loop.advance(seconds{10});  // asks the outbox where it stands; the answer is under way
    bench.say(fork);
    bench.pass(milliseconds{100});
    EXPECT_EQ(bench.seen.back().header.first, 1);
    EXPECT_EQ(bench.seen.back().header.last, 4);
}

TEST(NewEpoch, BeginsAtMostSoOftenAnHour) {
    Epochs bench;
    bench.start();
    bench.add(Stream::Ledger, 3);
    for (int i = 0; i < 3'600; ++i) {  // HQ says fork each second for an hour
        bench.say(bench.fork_of(bench.seen.back()));
        bench.loop.advance(seconds{1});
        bench.run();
    }
    EXPECT_LE(bench.outbox.epochs_begun(), bench.settings.epochs_an_hour + 1);
    EXPECT_GE(bench.outbox.epochs_begun(), bench.settings.epochs_an_hour);
    EXPECT_EQ(bench.outbox.rows(Stream::Ledger), 3U);
}

TEST(NewEpoch, DoesNotKeepAStopWaiting) {
    Epochs bench;
    bench.start();
    bench.contradict();
    bool stopped = false;
    bench.uplink->stop([&] { stopped = true; });
    bench.run();
    EXPECT_TRUE(stopped);
}

TEST(EpochLimits, LetTheFirstBeginAtOnceAndSpreadTheNext) {
    std::mt19937_64 random{3};
    EpochLimit limit{4, [&] { return random(); }};
    MonoTime now{seconds{1'000}};
    EXPECT_EQ(limit.wait(now), milliseconds{0});
    limit.begun(now);
    std::set<milliseconds> waits;
    for (int i = 0; i < 100; ++i) waits.insert(limit.wait(now));
    EXPECT_LE(*waits.rbegin(), seconds{10});
    EXPECT_GT(waits.size(), 50U);
}

TEST(EpochLimits, ForgetWhatIsAnHourAgo) {
    EpochLimit limit{2, [] { return 0U; }};
    MonoTime now{seconds{1'000}};
    limit.begun(now);
    limit.begun(now);
    EXPECT_EQ(limit.wait(now), std::chrono::hours{1});
    EXPECT_EQ(limit.wait(now + minutes{59}), minutes{1});
    EXPECT_EQ(limit.wait(now + minutes{60}), milliseconds{0});
}

}  // namespace
}  // namespace aisle::uplink
