#include <gtest/gtest.h>

#include <deque>

#include "model_hq.hpp"

// Batches are packed on another thread: jobs come back late, or not at all.
namespace aisle::uplink {
namespace {

// The reader thread, as far as an uplink sees it: tasks run when the test says so.
struct Late : Bench {
    Late() {
        settings.batch_rows_max = 20;
        pack = [this](runtime::Task task) {
            if (full) return false;
            tasks.push_back(std::move(task));
            return true;
        };
    }
    bool work() {
        if (tasks.empty()) return false;
        const auto task = std::move(tasks.front());
        tasks.pop_front();
        task();
        run();
        return true;
    }
    std::deque<runtime::Task> tasks;
    bool full = false;
};

TEST(PackingBesideTheLoop, SendsWhenTheJobIsDone) {
    Late bench;
    bench.start();
    bench.add(Stream::Ledger, 20);
    EXPECT_TRUE(bench.seen.empty());
    ASSERT_TRUE(bench.work());
    ASSERT_EQ(bench.seen.size(), 1U);
    EXPECT_EQ(bench.seen[0].lines.size(), 20U);
}

TEST(PackingBesideTheLoop, IsNotWorthTheWayForAFewRecords) {
    Late bench;
    bench.start();
    bench.add(Stream::Ledger, 2);
    EXPECT_EQ(bench.seen.size(), 1U);
    EXPECT_TRUE(bench.tasks.empty());
}

TEST(PackingBesideTheLoop, ReadsTheNextRowsMeanwhile) {
    Late bench;
    bench.start();
    bench.add(Stream::Ledger, 100);
    std::size_t jobs = 0;
    while (bench.work()) ++jobs;
    EXPECT_GE(jobs, 5U);
    EXPECT_EQ(bench.seen.back().header.last, 100);
    for (std::size_t i = 1; i < bench.seen.size(); ++i)
        EXPECT_EQ(bench.seen[i].header.prev, wire::check_of(bench.seen[i - 1].lines.back()));
}

TEST(PackingBesideTheLoop, IsTriedAgainWhenThereWasNoRoom) {
    Late bench;
    bench.full = true;
    bench.start();
    bench.add(Stream::Ledger, 20);
    EXPECT_TRUE(bench.tasks.empty());
    bench.full = false;
    bench.pass(seconds{2});
    while (bench.work()) {
    }
    ASSERT_EQ(bench.seen.size(), 1U);
    EXPECT_EQ(bench.seen[0].lines.size(), 20U);
}

TEST(PackingBesideTheLoop, IsDroppedWhenTheLinkWasLostMeanwhile) {
    Late bench;
    bench.start();
    bench.add(Stream::Ledger, 20);
    ASSERT_EQ(bench.tasks.size(), 1U);
    bench.broker.restart();
    bench.run();
    while (bench.work()) {
    }
    ASSERT_EQ(bench.seen.size(), 1U);
    EXPECT_EQ(bench.seen[0].header.first, 1);
}

TEST(PackingBesideTheLoop, MayEndAfterTheUplinkHasGone) {
    Late bench;
    bench.start();
    bench.add(Stream::Ledger, 20);
    ASSERT_EQ(bench.tasks.size(), 1U);
    bench.outbox.forget_callers();
    bench.uplink.reset();
    bench.work();  // under the sanitizers this would be seen
    EXPECT_TRUE(bench.seen.empty());
}

TEST(PackingBesideTheLoop, OfAnEarlierEpochIsNotSent) {
    Late bench;
    bench.start();
    bench.add(Stream::Ledger, 20);
    bench.work();
    const auto fork = bench.fork_of(bench.seen.back());
    bench.add(Stream::Ledger, 20);  // waits for the packer
    bench.say(fork);
    bench.pass(milliseconds{100});
    bench.seen.clear();
    while (bench.work()) {
    }
    ASSERT_FALSE(bench.seen.empty());
    for (const auto& batch : bench.seen) EXPECT_EQ(batch.header.epoch, bench.outbox.epoch());
    EXPECT_EQ(bench.seen.back().header.last, 40);
}

class PackingAtRandom : public testing::TestWithParam<std::uint64_t> {};

// Jobs, answers, lost links and time in any order: all arrives, once, in order.
TEST_P(PackingAtRandom, LosesAndDoublesNothing) {
    Late bench;
    bench.random.seed(GetParam());
    ModelHq hq{bench.broker, bench.clock};
    bench.start();
    for (int i = 0; i < 400; ++i) {
        switch (bench.random() % 8) {
            case 0:
                bench.add(Stream::Ledger, 1 + static_cast<int>(bench.random() % 90));
                break;
            case 1:
                bench.pass(milliseconds{200});
                break;
            case 2:
                if (bench.random() % 10 == 0) bench.broker.restart();
                break;
            default:
                bench.work();
        }
    }
    for (int i = 0; i < 1'000 && !bench.outbox.empty(); ++i) {
        while (bench.work()) {
        }
        bench.pass(milliseconds{200});
    }
    EXPECT_TRUE(bench.outbox.empty());
    EXPECT_EQ(static_cast<std::int64_t>(hq.lines(Stream::Ledger).size()),
              bench.outbox.next(Stream::Ledger) - 1);
    EXPECT_EQ(bench.outbox.epochs_begun(), 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, PackingAtRandom, testing::Range<std::uint64_t>(1, 9));

}  // namespace
}  // namespace aisle::uplink
