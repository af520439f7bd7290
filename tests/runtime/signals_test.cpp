#include "agent/runtime/signals.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "loop_kit.hpp"

namespace aisle::runtime {
namespace {

TEST(Signals, ComeToTheLoop) {
    TestLoop test;
    int stops = 0;
    int reloads = 0;
    const Signals signals{test.loop, {.stop = [&] { ++stops; }, .reload = [&] { ++reloads; }}};
    std::raise(SIGHUP);
    test.run_until([&] { return reloads == 1; });
    EXPECT_EQ(stops, 0);
    std::raise(SIGTERM);
    test.run_until([&] { return stops == 1; });
    std::raise(SIGINT);
    test.run_until([&] { return stops == 2; });
    EXPECT_EQ(reloads, 1);
}

TEST(Signals, DoNotEndUsWhenAPeerGoesAway) {
    TestLoop test;
    const Signals signals{test.loop, {}};
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    close(ends[0]);
    EXPECT_EQ(write(ends[1], "x", 1), -1);
    EXPECT_EQ(errno, EPIPE);
    close(ends[1]);
}

TEST(Signals, MayBeWatchedAgain) {
    TestLoop test;
    { const Signals gone{test.loop, {}}; }
    bool reloaded = false;
    const Signals signals{test.loop, {.stop = {}, .reload = [&] { reloaded = true; }}};
    std::raise(SIGHUP);
    test.run_until([&] { return reloaded; });
    EXPECT_TRUE(reloaded);
}

}  // namespace
}  // namespace aisle::runtime
