#include "agent/intake/text.hpp"

#include <gtest/gtest.h>

#include <random>

namespace aisle::intake {
namespace {

struct Text {
    const char* written;
    const char* plain;
    const char* code;
};

TEST(PlainTexts, AreTheSameHoweverTheyWereWritten) {
    for (const auto& [written, plain, code] :
         {Text{"", "", ""}, Text{" ", "", ""}, Text{"a", "a", "a"}, Text{" a  b ", "a b", "ab"},
          Text{"a\t\r\n\v\fb", "a b", "ab"},
          Text{"a\x7f"
               "b",
               "a b", "ab"},
          Text{"a\xc2\xa0"
               "b",
               "a b", "ab"},  // a space that does not break
          Text{"a\xe3\x80\x80"
               "b",
               "a b", "ab"},  // the ideographic space
          Text{"\xef\xbb\xbf"
               "a",
               "a", "a"},  // a byte order mark
          Text{"a\xe2\x80\x8b"
               "b",
               "a b", "ab"},  // a space of no width
          Text{"a\xe2\x80\xae"
               "b",
               "a b", "ab"},  // right to left: could hide digits
          Text{"\xef\xbc\xa1\xef\xbc\x91\xef\xbc\x8d", "A1-", "A1-"},  // full width
          Text{"\xef\xbc\x81\xef\xbd\x9e", "!~", "!~"},          // the first and the last of them
          Text{"\xef\xbd\x9f", "\xef\xbd\x9f", "\xef\xbd\x9f"},  // the one behind the last
          Text{"茶 𠀀", "茶 𠀀", "茶𠀀"}}) {
        EXPECT_EQ(plain_text(written, 99), plain) << written;
        EXPECT_EQ(plain_code(written, 99), code) << written;
    }
}

TEST(PlainTexts, ReplaceEachByteThatIsNoUtf8) {
    for (const auto& [written, plain, code] :
         {Text{"\x80", "?", "?"}, Text{"\xc3", "?", "?"}, Text{"\xc3(", "?(", "?("},
          Text{"\xe8\x8c", "??", "??"}, Text{"\xc0\x80", "??", "??"},
          Text{"\xe0\x80\x80", "???", "???"}, Text{"\xed\xa0\x80", "???", "???"},
          Text{"\xf4\x90\x80\x80", "????", "????"}, Text{"\xf5", "?", "?"},
          Text{"a\xff b", "a? b", "a?b"}}) {
        EXPECT_EQ(plain_text(written, 99), plain);
        EXPECT_EQ(plain_code(written, 99), code);
    }
}

TEST(PlainTexts, MayHoldAZeroByte) {
    EXPECT_EQ(plain_text(std::string_view{"a\0b", 3}, 99), "a b");
}

TEST(PlainTexts, AreCutAtACharacterAndNeverInIt) {
    for (const auto& [bytes_max, cut] : {std::pair<std::size_t, const char*>{0, ""},
                                         {1, "a"},
                                         {2, "a"},
                                         {3, "a"},
                                         {4, "a茶"},
                                         {5, "a茶"},
                                         {6, "a茶 b"},
                                         {7, "a茶 b"}}) {
        EXPECT_EQ(plain_text("a茶 b", bytes_max), cut) << bytes_max;
    }
}

TEST(PlainTexts, NeverEndInTheBlankBeforeTheCut) {
    EXPECT_EQ(plain_text("ab cd", 3), "ab");
    EXPECT_EQ(plain_text("ab   ", 3), "ab");
}

TEST(PlainTexts, StayWhatTheyAreTheSecondTime) {
    std::mt19937_64 random{20261121};
    for (int round = 0; round < 5000; ++round) {
        std::string bytes;
        for (std::uint64_t n = random() % 40; n > 0; --n) bytes += static_cast<char>(random());
        const std::size_t bytes_max = random() % 50;
        const std::string once = plain_text(bytes, bytes_max);
        EXPECT_LE(once.size(), bytes_max);
        EXPECT_EQ(plain_text(once, bytes_max), once);
        const std::string code = plain_code(bytes, bytes_max);
        EXPECT_LE(code.size(), bytes_max);
        EXPECT_EQ(plain_code(code, bytes_max), code);
        EXPECT_EQ(code.find(' '), std::string::npos);
    }
}

}  // namespace
}  // namespace aisle::intake
