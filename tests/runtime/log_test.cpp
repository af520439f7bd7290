#include "agent/runtime/log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace aisle::log {
namespace {

// The limit on repetition belongs to the process: each test run has an event of its own.
std::string fresh_event() {
    static int events = 0;
    return "log_test_" + std::to_string(++events);
}

std::string written(const std::function<void()>& work) {
    sum_up_repeated();  // what earlier tests left to be told
    testing::internal::CaptureStderr();
    work();
    return testing::internal::GetCapturedStderr();
}

TEST(Log, WritesOneLineAnEventToStderr) {
    const std::string event = fresh_event();
    const std::string line = written([&] { warn(event, {{"n", 1}, {"why", "a b"}}); });
    EXPECT_TRUE(line.starts_with("<4>warn " + event + R"( n=1 why="a b")")) << line;
    EXPECT_EQ(std::ranges::count(line, '\n'), 1);
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
    EXPECT_EQ(written([] { debug(fresh_event()); }), "");
    set_level(Level::Debug);
    EXPECT_NE(written([] { debug(fresh_event()); }), "");
    set_level(Level::Info);
}

TEST(Log, DoesNotRepeatItselfForEver) {
    const std::string event = fresh_event();
    const std::string lines = written([&] {
        for (int i = 0; i < 100; ++i) info(event);
    });
    EXPECT_EQ(std::ranges::count(lines, '\n'), 10);
}

}  // namespace
}  // namespace aisle::log
