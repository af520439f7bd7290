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

TEST(Nearest, ChangesAtMostTwoLettersOfAShortWord) {
    EXPECT_EQ(nearest("mian", {"main"}), "main");
    EXPECT_EQ(nearest("door", {"doze"}), "doze");
    EXPECT_EQ(nearest("door", {"dozes"}), "");
}

TEST(Nearest, ChangesAThirdOfALongOne) {
    EXPECT_EQ(nearest("incomplt_aftr_minutes", {"incomplete_after_min"}), "incomplete_after_min");
}

TEST(Nearest, NeverReplacesAWholeWord) {
    EXPECT_EQ(nearest("x", {"id", "y"}), "");
    EXPECT_EQ(nearest("ab", {"xy"}), "");
    EXPECT_EQ(nearest("", {"a"}), "");
}

TEST(Nearest, TakesTheNearestAndTheFirstOfEquals) {
    EXPECT_EQ(nearest("levl", {"lever", "level"}), "level");
    EXPECT_EQ(nearest("cat", {"bat", "hat"}), "bat");
}

TEST(Nearest, FindsTheWordItself) { EXPECT_EQ(nearest("door", {"floor", "door"}), "door"); }

TEST(Nearest, CountsAMissingADoubledAndASwappedLetter) {
    for (const char* const wrong : {"lisen", "listten", "litsen", "listenn", "isten"}) {
        EXPECT_EQ(nearest(wrong, {"level", "listen"}), "listen") << wrong;
    }
}

}  // namespace
}  // namespace aisle::config
