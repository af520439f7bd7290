#include "config/nearest.hpp"

#include <gtest/gtest.h>

namespace aisle::config {
namespace {

TEST(Nearest, FindsAWordWithASlip) {
    EXPECT_EQ(nearest("direktory", {"source", "directory"}), "directory");
    EXPECT_EQ(nearest("lsten", {"listen", "level"}), "listen");
}

TEST(Nearest, KeepsSilentWhenNothingIsNear) {
    EXPECT_EQ(nearest("temperature", {"source", "door"}), "");
    EXPECT_EQ(nearest("x", {}), "");
}

}  // namespace
}  // namespace aisle::config
