#include "agent/runtime/random.hpp"

#include <gtest/gtest.h>

#include <set>

namespace aisle::runtime {
namespace {

TEST(Random, GivesTwoHexDigitsAByte) {
    const std::string hex = random_hex(8);
    EXPECT_EQ(hex.size(), 16U);
    EXPECT_EQ(hex.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_EQ(random_hex(0), "");
    EXPECT_EQ(random_hex(64).size(), 128U);
}

TEST(Random, DoesNotRepeatItself) {
    std::set<std::string> texts;
    std::set<std::uint64_t> numbers;
    for (int i = 0; i < 1'000; ++i) {
        texts.insert(random_hex(8));
        numbers.insert(random_u64());
    }
    EXPECT_EQ(texts.size(), 1'000U);
    EXPECT_EQ(numbers.size(), 1'000U);
}

TEST(Random, MovesEveryBit) {
    std::uint64_t set = 0;
    std::uint64_t clear = 0;
    for (int i = 0; i < 200; ++i) {
        const std::uint64_t value = random_u64();
        set |= value;
        clear |= ~value;
    }
    EXPECT_EQ(set, ~std::uint64_t{0});
    EXPECT_EQ(clear, ~std::uint64_t{0});
}

}  // namespace
}  // namespace aisle::runtime
