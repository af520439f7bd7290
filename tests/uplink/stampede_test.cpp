#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <queue>

#include "agent/runtime/back_off.hpp"
#include "scripted_hq.hpp"

// A whole chain comes back at once.
namespace aisle::uplink {
namespace {

constexpr int kStores = 10'000;
constexpr seconds kOutage{60};
// As sync/mqtt's defaults for the wait between two attempts.
constexpr runtime::BackOffLimits kWaits{milliseconds{1'000}, milliseconds{300'000}, seconds{60}};

// When each store's link is up again after an outage of a minute, and how many attempts the broker
// saw in each second after it. The loss itself is noticed within the keep-alive.
struct Return {
    std::vector<seconds> up;
    std::map<seconds, int> attempts;
};

Return come_back(std::uint64_t seed) {
    Return back;
    std::mt19937_64 random{seed};
    for (int store = 0; store < kStores; ++store) {
        runtime::BackOff back_off{kWaits, [&random] { return random(); }};
        MonoTime now{seconds{1'000}};
        back_off.connected(now - minutes{10});
        const MonoTime end = now + kOutage;
        do now += back_off.failed(now);
        while (now < end);
        const auto after = std::chrono::floor<seconds>(now - end);
        ++back.attempts[after];
        back.up.push_back(after);
    }
    return back;
}

class AStampede : public testing::TestWithParam<std::uint64_t> {};

TEST_P(AStampede, IsSpreadByJitterAndSoonOver) {
    Return back = come_back(GetParam());
    int peak = 0;
    for (const auto& [second, attempts] : back.attempts) peak = std::max(peak, attempts);
    EXPECT_LE(peak, kStores / 20);
    std::ranges::sort(back.up);
    EXPECT_LE(back.up.at(kStores * 95 / 100), seconds{120});
}

INSTANTIATE_TEST_SUITE_P(Seeds, AStampede, testing::Range<std::uint64_t>(1, 6));

// One store that comes back with a backlog to an HQ that does not answer yet.
struct ComingBack : Bench {
    explicit ComingBack(std::uint64_t seed) {
        random.seed(seed);
        settings.drain_spread = seconds{10};
        settings.batch_rows_max = 10;
        for (const Stream stream : kUpStreams)
            for (int i = 0; i < 100; ++i) outbox.add(stream, "{}");
        start();
    }
};

TEST(AStoreThatComesBack, SendsOneBatchAStreamBeforeItsTurn) {
    ComingBack store{1};
    EXPECT_EQ(store.seen.size(), 4U);
    store.pass(seconds{10});
    EXPECT_GE(store.seen.size(), 16U);
}

TEST(AStoreThatComesBack, GoesOnAtOnceWhenHqAnswers) {
    ComingBack store{1};
    store.say(store.ack_of(store.seen[0]));
    EXPECT_GE(store.seen.size(), 12U);
}

TEST(AStoreThatComesBack, TakesItsTurnAtAnyTimeWithinTenSeconds) {
    std::array<int, 10> turns{};
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        ComingBack store{seed};
        for (std::size_t second = 0; second < turns.size(); ++second) {
            store.loop.advance(seconds{1});
            store.run();
            if (store.seen.size() < 10) continue;
            ++turns.at(second);
            break;
        }
    }
    // Whoever's turn is later than HQ's silence is noticed goes on with its oldest batch alone.
    int early = 0;
    for (std::size_t second = 0; second < 5; ++second) {
        EXPECT_LE(turns.at(second), 15);
        early += turns.at(second);
    }
    EXPECT_GE(early, 20);
    EXPECT_LE(early, 40);
}

}  // namespace
}  // namespace aisle::uplink
