#include "agent/intake/digest.hpp"

#include <gtest/gtest.h>

#include "agent/intake/text.hpp"

namespace aisle::intake {
namespace {

TEST(Digest, IsTheSha256OfFips180) {
    EXPECT_EQ(sha256_hex("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, NamesASaleByTheFirstSixteenBytes) {
    EXPECT_EQ(sale_id_of("abc"), "ba7816bf8f01cfea414140de5dae2223");
}

// RFC 4231 test case 1, its key widened with zeros as RFC 2104 does itself.
TEST(Digest, MakesPseudonymsByTheHmacOfRfc4231) {
    StoreKey key;
    for (std::size_t i = 0; i < 20; ++i) key.bytes.at(i) = 0x0b;
    EXPECT_EQ(pseudonym_of(key, "Hi There"), "b0344c61d8db38535ca8afceaf0bf12b");
}

TEST(PlainText, TrimsAndCollapsesBlanksAndControlCharacters) {
    EXPECT_EQ(plain_text("  MILK \t\x1b 1L\r\n  ", 99), "MILK 1L");
}

TEST(PlainText, TurnsFullWidthFormsIntoAscii) {
    EXPECT_EQ(plain_text("\uff21\uff11\u3000\u8336", 99), "A1 \u8336");
}

TEST(PlainText, ReplacesBytesThatAreNoUtf8) {
    EXPECT_EQ(plain_text("a\xff\xc0\xaf z", 99), "a??? z");
}

TEST(PlainText, CutsAtACharacter) { EXPECT_EQ(plain_text("\u8336\u8336", 5), "\u8336"); }

TEST(PlainCode, DropsInnerBlanks) { EXPECT_EQ(plain_code(" 12 34 ", 99), "1234"); }

}  // namespace
}  // namespace aisle::intake
