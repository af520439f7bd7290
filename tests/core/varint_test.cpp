#include "agent/core/varint.hpp"

#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace aisle {
namespace {

std::span<const std::uint8_t> bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::size_t size_of(std::int64_t n) {
    std::string out;
    put_integer(out, n);
    return out.size();
}

TEST(Varint, SmallNumbersOfEitherSignTakeOneByte) {
    for (const std::int64_t n : {0, 1, -1, 63, -64}) EXPECT_EQ(size_of(n), 1U) << n;
    for (const std::int64_t n : {64, -65}) EXPECT_EQ(size_of(n), 2U) << n;
    EXPECT_EQ(size_of(INT64_MIN), 10U);
}

TEST(Varint, AnyNumbersComeBackInTheirOrder) {
    std::mt19937_64 random{11};
    std::vector<std::uint64_t> numbers{0, 127, 128, UINT64_MAX};
    for (int i = 0; i < 2'000; ++i) numbers.push_back(random() >> random() % 64);
    std::string out;
    for (const std::uint64_t n : numbers) {
        put_number(out, n);
        put_integer(out, static_cast<std::int64_t>(n));
        put_integer(out, -static_cast<std::int64_t>(n >> 1U));
    }
    VarintReader in{bytes_of(out)};
    for (const std::uint64_t n : numbers) {
        EXPECT_EQ(in.number(), n);
        EXPECT_EQ(in.integer(), static_cast<std::int64_t>(n));
        EXPECT_EQ(in.integer(), -static_cast<std::int64_t>(n >> 1U));
    }
    EXPECT_TRUE(in.at_end());
}

TEST(Varint, PlainBytesStandBetweenNumbers) {
    std::string out;
    put_number(out, 3);
    out += "abc";
    put_integer(out, -7);
    VarintReader in{bytes_of(out)};
    const auto plain = in.take(in.number());
    EXPECT_EQ(std::string(plain.begin(), plain.end()), "abc");
    EXPECT_EQ(in.integer(), -7);
}

}  // namespace
}  // namespace aisle
