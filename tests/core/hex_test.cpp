#include "agent/core/hex.hpp"

#include <gtest/gtest.h>

namespace aisle {
namespace {

TEST(Hex, WritesTwoLowerCaseDigitsAByte) {
    const std::array<std::uint8_t, 4> bytes{0x00, 0x0f, 0xa0, 0xff};
    EXPECT_EQ(to_hex(bytes), "000fa0ff");
    EXPECT_EQ(to_hex({}), "");
}

TEST(Hex, AppendsBehindWhatIsThere) {
    std::string text = "key:";
    append_hex(text, std::array<std::uint8_t, 2>{0x12, 0x34});
    EXPECT_EQ(text, "key:1234");
}

TEST(IdFromHex, ComesBackAsItWas) {
    const std::string digits = "00112233445566778899aabbccddeeff";
    const auto id = id_from_hex(digits);
    ASSERT_TRUE(id);
    EXPECT_EQ(id->front(), 0x00);
    EXPECT_EQ(id->back(), 0xff);
    EXPECT_EQ(to_hex(*id), digits);
}

TEST(IdFromHex, TakesNothingElse) {
    EXPECT_FALSE(id_from_hex(""));
    EXPECT_FALSE(id_from_hex("00112233445566778899aabbccddeef"));
    EXPECT_FALSE(id_from_hex("00112233445566778899aabbccddeeff0"));
    EXPECT_FALSE(id_from_hex("00112233445566778899AABBCCDDEEFF"));
    EXPECT_FALSE(id_from_hex("0011223344556677 899aabbccddeeff"));
    EXPECT_FALSE(id_from_hex("g0112233445566778899aabbccddeeff"));
}

}  // namespace
}  // namespace aisle
