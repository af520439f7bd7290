#include "sync/uplink/link_watch.hpp"

#include <gtest/gtest.h>

#include "scripted_hq.hpp"

// Links that are up and lead nowhere.
namespace aisle::uplink {
namespace {

constexpr MonoTime kStart{seconds{1'000}};
constexpr Patience kPatience{seconds{15}, seconds{25}};

struct Watched : LinkWatch {
    explicit Watched() : LinkWatch{kPatience, [] { return 0U; }} { link_up(kStart); }
};

TEST(AWatchedLink, IsWellWhileNothingIsOut) {
    Watched link;
    EXPECT_EQ(link.fault(kStart + minutes{10}, {}), "");
}

TEST(AWatchedLink, IsAtFaultWhenTheBrokerAcknowledgesNothing) {
    Watched link;
    link.published(kStart + seconds{100});
    EXPECT_EQ(link.fault(kStart + seconds{114}, {}), "");
    EXPECT_NE(link.fault(kStart + seconds{115}, {}), "");
}

TEST(AWatchedLink, IsWellWhileTheBrokerGetsOnHoweverSlowly) {
    Watched link;
    for (int i = 0; i < 100; ++i) link.published(kStart);
    for (int i = 1; i < 100; ++i) {
        EXPECT_EQ(link.fault(kStart + seconds{14 * i}, {}), "");
        link.answered(kStart + seconds{14 * i});
    }
}

TEST(AWatchedLink, IsAtFaultWhenHqSaysNothingAtAll) {
    Watched link;
    EXPECT_EQ(link.fault(kStart, {.waits = true}), "");
    EXPECT_EQ(link.fault(kStart + seconds{24}, {.waits = true}), "");
    EXPECT_NE(link.fault(kStart + seconds{25}, {.waits = true}), "");
}

TEST(AWatchedLink, IsWellWhenTheBrokerSaysThatHqIsAway) {
    Watched link;
    (void)link.fault(kStart, {.waits = true});
    EXPECT_EQ(link.fault(kStart + minutes{10}, {.waits = true, .listened = false}), "");
}

TEST(AWatchedLink, IsSuspectedEverMoreRarelyWhileHqIsAway) {
    Watched link;
    MonoTime now = kStart;
    int times = 0;
    for (; now < kStart + std::chrono::hours{24}; now += seconds{5}) {
        if (link.fault(now, {.waits = true}).empty()) continue;
        ++times;
        link.link_down();
        link.link_up(now);
    }
    EXPECT_LE(times, 24 * 4 + 8);  // half an hour with jitter, in the end
    EXPECT_GE(times, 24 * 2);
    link.heard();
    (void)link.fault(now, {.waits = true});
    EXPECT_NE(link.fault(now + seconds{25}, {.waits = true}), "");
}

TEST(ABlackHole, IsLeftWithinThirtySeconds) {
    Bench bench;
    bench.start();
    bench.broker.black_hole = true;
    const auto connects = bench.broker.connects();
    bench.add(Stream::Ledger);
    bench.pass(seconds{30});
    EXPECT_GT(bench.broker.connects(), connects);
    EXPECT_GE(bench.counted_all("aisle_uplink_reconnects_total"), 1);
    bench.broker.black_hole = false;
    bench.run();
    ASSERT_FALSE(bench.seen.empty());
    EXPECT_EQ(bench.seen.back().lines.size(), 1U);
}

TEST(ABrokerThatForgotTheSubscription, IsLeftWithinThirtySeconds) {
    Bench bench;
    bench.settings.hq_silent_max = seconds{25};
    bench.start();
    const auto connects = bench.broker.connects();
    bench.add(Stream::Ledger);  // acknowledged by the broker, and nothing comes of it
    bench.pass(seconds{30});
    EXPECT_EQ(bench.broker.connects(), connects + 1);
}

TEST(AnHqThatIsAway, IsNoReasonToConnectAllDay) {
    Bench bench;
    bench.settings.hq_silent_max = seconds{25};
    bench.start();
    const auto connects = bench.broker.connects();
    bench.add(Stream::Ledger);
    for (int i = 0; i < 3'600 * 8; ++i) {
        bench.loop.advance(seconds{1});
        bench.run();
    }
    EXPECT_LE(bench.broker.connects() - connects, 8U * 4 + 8);
}

}  // namespace
}  // namespace aisle::uplink
