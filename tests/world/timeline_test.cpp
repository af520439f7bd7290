#include "tests/world/timeline.hpp"

#include <gtest/gtest.h>

namespace aisle::world {
namespace {

struct OneNode {
    Timeline timeline;
    DeviceClock clock;
    std::unique_ptr<Node> node = std::make_unique<Node>(timeline, clock, 3);
    std::vector<int> ran;

    void run(milliseconds time) {
        const MonoTime until = timeline.now() + time;
        while (timeline.run_one(until)) {
        }
    }
};

TEST(Timeline, RunsWhatIsReadyBeforeAnyTimer) {
    OneNode one;
    const auto timer = one.node->after(milliseconds{0}, [&] { one.ran.push_back(2); });
    one.node->post([&] { one.ran.push_back(1); });
    one.run(seconds{1});
    EXPECT_EQ(one.ran, (std::vector<int>{1, 2}));
}

TEST(Timeline, RunsTimersInTheOrderOfTheirTime) {
    OneNode one;
    const auto late = one.node->after(seconds{2}, [&] { one.ran.push_back(2); });
    const auto soon = one.node->after(seconds{1}, [&] { one.ran.push_back(1); });
    one.run(milliseconds{1'500});
    EXPECT_EQ(one.ran, (std::vector<int>{1}));
    one.run(seconds{1});
    EXPECT_EQ(one.ran, (std::vector<int>{1, 2}));
}

TEST(Timeline, ForgetsWhatADeadProcessHadInHand) {
    OneNode one;
    one.node->post([&] { one.ran.push_back(1); });
    const auto timer = one.node->after(seconds{1}, [&] { one.ran.push_back(2); });
    one.node.reset();
    one.run(minutes{1});
    EXPECT_TRUE(one.ran.empty());
}

TEST(Timeline, DropsATimerWithItsHandle) {
    OneNode one;
    auto timer = one.node->after(seconds{1}, [&] { one.ran.push_back(1); });
    timer.cancel();
    one.run(minutes{1});
    EXPECT_TRUE(one.ran.empty());
}

TEST(Node, HasAWallThatIsOffAndAMonotonicTimeSinceItsBoot) {
    OneNode one;
    one.run(seconds{100});
    one.clock = {.booted = MonoTime{seconds{90}}, .off = minutes{5}, .quality = ClockQuality::Rtc};
    const Stamp now = one.node->clock().now();
    EXPECT_EQ(now.boot, 3);
    EXPECT_EQ(now.mono, MonoTime{seconds{10}});
    EXPECT_EQ(now.wall, one.timeline.truth() + minutes{5});
    EXPECT_EQ(now.quality, ClockQuality::Rtc);
}

}  // namespace
}  // namespace aisle::world
