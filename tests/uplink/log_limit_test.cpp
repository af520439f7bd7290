#include "sync/uplink/log_limit.hpp"

#include <gtest/gtest.h>

namespace aisle::uplink {
namespace {

TEST(LogLimit, LetsOneLineAMinuteThrough) {
    LogLimit limit;
    int lines = 0;
    for (seconds since{0}; since < minutes{10}; ++since) lines += limit.due(MonoTime{} + since);
    EXPECT_EQ(lines, 10);
}

TEST(LogLimit, LetsTheFirstLineThroughAtOnce) { EXPECT_TRUE(LogLimit{}.due(MonoTime{})); }

}  // namespace
}  // namespace aisle::uplink
