#include "drivers/camera/core_dumps.hpp"

#include <gtest/gtest.h>

#include <sys/prctl.h>

#include <cstdlib>

namespace aisle::camera {
namespace {

// In a child: it is for good, and this process may be looked into.
TEST(CoreDumps, AreNotLeftAnyMore) {
    ASSERT_EQ(::prctl(PR_GET_DUMPABLE), 1);
    EXPECT_EXIT(
        {
            leave_no_core_dump();
            std::exit(::prctl(PR_GET_DUMPABLE) == 0 ? 3 : 4);
        },
        testing::ExitedWithCode(3), "");
    EXPECT_EQ(::prctl(PR_GET_DUMPABLE), 1);
}

}  // namespace
}  // namespace aisle::camera
