#include "agent/runtime/io_loop.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "agent/runtime/worker_thread.hpp"
#include "loop_kit.hpp"

namespace aisle::runtime {
namespace {

TEST(IoLoop, RunsTasksInTheOrderOfTheirPosting) {
    TestLoop test;
    std::vector<int> ran;
    for (int i = 0; i < 100; ++i) test.loop.post([&ran, i] { ran.push_back(i); });
    test.loop.run_ready();
    ASSERT_EQ(ran.size(), 100U);
    EXPECT_TRUE(std::ranges::is_sorted(ran));
}

TEST(IoLoop, RunsUntilItIsStopped) {
    TestLoop test;
    bool ran = false;
    test.loop.post([&] {
        ran = true;
        test.loop.stop();
    });
    test.loop.run();
    EXPECT_TRUE(ran);
}

TEST(IoLoop, ReturnsAtOnceWhenItWasStoppedBefore) {
    TestLoop test;
    bool ran = false;
    test.loop.post([&] { ran = true; });
    test.loop.stop();
    test.loop.run();
    EXPECT_FALSE(ran);
    test.loop.run_ready();
    EXPECT_TRUE(ran);
}

TEST(IoLoop, TakesTasksFromOtherThreads) {
    TestLoop test;
    WorkerThread worker{{.name = "poster"}, *test.metrics};
    int ran = 0;
    ASSERT_TRUE(worker.submit([&] {
        for (int i = 0; i < 1000; ++i) test.loop.post([&] { ++ran; });
        test.loop.post([&] { test.loop.stop(); });
    }));
    test.loop.run();
    EXPECT_EQ(ran, 1000);
}

TEST(IoLoop, FiresTimersByTheirTime) {
    TestLoop test;
    std::vector<int> fired;
    const auto later = test.loop.after(milliseconds{20}, [&] {
        fired.push_back(20);
        test.loop.stop();
    });
    const auto sooner = test.loop.after(milliseconds{1}, [&] { fired.push_back(1); });
    test.loop.run();
    EXPECT_EQ(fired, (std::vector{1, 20}));
}

TEST(IoLoop, ForgetsATimerWhoseHandleHasGone) {
    TestLoop test;
    bool fired = false;
    {
        const auto gone = test.loop.after(milliseconds{0}, [&] { fired = true; });
    }
    auto cancelled = test.loop.after(milliseconds{0}, [&] { fired = true; });
    cancelled.cancel();
    const auto end = test.loop.after(milliseconds{5}, [&] { test.loop.stop(); });
    test.loop.run();
    EXPECT_FALSE(fired);
}

TEST(IoLoop, LetsATimerCancelItselfWhileItFires) {
    TestLoop test;
    int fired = 0;
    TimerHandle handle;
    handle = every(test.loop, milliseconds{1}, [&] {
        if (++fired < 3) return;
        handle.cancel();
        test.loop.post([&] { test.loop.stop(); });
    });
    test.loop.run();
    EXPECT_EQ(fired, 3);
}

TEST(IoLoop, ShowsItsClockAndItsLag) {
    TestLoop test;
    EXPECT_EQ(&test.loop.clock(), &test.clock);
    EXPECT_NE(test.metrics->text().find("aisle_loop_lag_seconds"), std::string::npos);
}

}  // namespace
}  // namespace aisle::runtime
