#include "agent/runtime/log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace aisle::log {
namespace {

std::string written(const std::function<void()>& work) {
    testing::internal::CaptureStderr();
    work();
    return testing::internal::GetCapturedStderr();
}

TEST(Log, WritesOneLineAnEventToStderr) {
    const std::string line = written([] { warn("log_test_one", {{"n", 1}, {"why", "a b"}}); });
    EXPECT_TRUE(line.starts_with(R"(<4>warn log_test_one n=1 why="a b")")) << line;
    EXPECT_EQ(std::ranges::count(line, '\n'), 1);
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
    EXPECT_EQ(written([] { debug("log_test_hidden"); }), "");
    set_level(Level::Debug);
    EXPECT_NE(written([] { debug("log_test_shown"); }), "");
    set_level(Level::Info);
}

TEST(Log, DoesNotRepeatItselfForEver) {
    const std::string lines = written([] {
        for (int i = 0; i < 100; ++i) info("log_test_flood");
    });
    EXPECT_EQ(std::ranges::count(lines, '\n'), 10);
}

}  // namespace
}  // namespace aisle::log
