#include "agent/runtime/inline_executor.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace aisle::runtime {
namespace {

struct Shop {
    ManualClock clock;
    InlineExecutor loop{clock};
};

TEST(InlineExecutor, RunsNothingByItself) {
    Shop shop;
    bool ran = false;
    shop.loop.post([&] { ran = true; });
    EXPECT_FALSE(ran);
    EXPECT_EQ(shop.loop.run_ready(), 1U);
    EXPECT_TRUE(ran);
}

TEST(InlineExecutor, RunsWhatATaskMakesReady) {
    Shop shop;
    int ran = 0;
    shop.loop.post([&] { shop.loop.post([&] { ++ran; }); });
    EXPECT_EQ(shop.loop.run_ready(), 2U);
    EXPECT_EQ(ran, 1);
}

TEST(InlineExecutor, StopsAtItsBound) {
    Shop shop;
    Task again = [&] { shop.loop.post(again); };
    shop.loop.post(again);
    EXPECT_EQ(shop.loop.run_ready(10), 10U);
}

TEST(InlineExecutor, FiresTimersInTheOrderOfTheirTimeAtTheirTime) {
    Shop shop;
    const MonoTime start = shop.clock.now().mono;
    std::vector<MonoTime> fired;
    const auto note = [&] { fired.push_back(shop.clock.now().mono); };
    const auto late = shop.loop.after(seconds{2}, note);
    const auto soon = shop.loop.after(seconds{1}, note);
    shop.loop.advance(seconds{3});
    EXPECT_EQ(fired, (std::vector{start + seconds{1}, start + seconds{2}}));
    EXPECT_EQ(shop.clock.now().mono, start + seconds{3});
}

TEST(InlineExecutor, DoesNotFireEarly) {
    Shop shop;
    bool fired = false;
    const auto timer = shop.loop.after(seconds{1}, [&] { fired = true; });
    shop.loop.advance(milliseconds{999});
    EXPECT_FALSE(fired);
    shop.loop.advance(milliseconds{1});
    EXPECT_TRUE(fired);
}

TEST(InlineExecutor, ForgetsACancelledTimer) {
    Shop shop;
    bool fired = false;
    auto timer = shop.loop.after(seconds{1}, [&] { fired = true; });
    timer.cancel();
    EXPECT_FALSE(timer.armed());
    shop.loop.advance(seconds{5});
    EXPECT_FALSE(fired);
}

TEST(Every, RepeatsUntilItsHandleGoes) {
    Shop shop;
    int ticks = 0;
    auto timer = every(shop.loop, seconds{10}, [&] { ++ticks; });
    shop.loop.advance(seconds{35});
    EXPECT_EQ(ticks, 3);
    timer.cancel();
    shop.loop.advance(seconds{35});
    EXPECT_EQ(ticks, 3);
}

}  // namespace
}  // namespace aisle::runtime
