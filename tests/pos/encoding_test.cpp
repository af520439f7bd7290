#include "drivers/pos/encoding.hpp"

#include <gtest/gtest.h>

namespace aisle::pos {
namespace {

using namespace std::string_view_literals;

TEST(Encoding, IsToldByTheByteOrderMarkFirst) {
    EXPECT_EQ(encoding_of("\xff\xfe<\0"sv), Encoding::Utf16Le);
    EXPECT_EQ(encoding_of("\xfe\xff\0<"sv), Encoding::Utf16Be);
    EXPECT_EQ(encoding_of("\xef\xbb\xbf<?xml encoding=\"GBK\"?>"), Encoding::Utf8);
}

TEST(Encoding, IsSeenInTheZerosAroundTheFirstCharacter) {
    EXPECT_EQ(encoding_of("<\0?\0"sv), Encoding::Utf16Le);
    EXPECT_EQ(encoding_of("\0{\0"sv), Encoding::Utf16Be);
}

TEST(Encoding, IsReadFromTheDeclaration) {
    EXPECT_EQ(encoding_of("<?xml version='1.0' encoding='gb2312'?>"), Encoding::Gb18030);
    EXPECT_EQ(encoding_of("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"), Encoding::Latin1);
    EXPECT_EQ(encoding_of("<?xml version=\"1.0\"?>"), Encoding::Utf8);
    EXPECT_EQ(encoding_of("<?xml encoding=\"EBCDIC\"?>"), Encoding::Unknown);
}

TEST(Encoding, TurnsEachIntoUtf8) {
    EXPECT_EQ(to_utf8("\xb2\xe8", Encoding::Gb18030).value(), "茶");
    EXPECT_EQ(to_utf8("\x95\x32\x82\x36", Encoding::Gb18030).value(), "𠀀");
    EXPECT_EQ(to_utf8("\xa3", Encoding::Latin1).value(), "£");
    EXPECT_EQ(to_utf8("\x36\x83"sv, Encoding::Utf16Le).value(), "茶");
}

TEST(Encoding, RefusesBytesThatAreNotOfIt) {
    EXPECT_FALSE(to_utf8("\xff", Encoding::Utf8));
    EXPECT_FALSE(to_utf8("\xed\xa0\x80", Encoding::Utf8));
    EXPECT_FALSE(to_utf8("\xb2", Encoding::Gb18030));
    EXPECT_FALSE(to_utf8("\x00\xd8"sv, Encoding::Utf16Le));
    EXPECT_FALSE(to_utf8("a\0b"sv, Encoding::Utf8));
    EXPECT_FALSE(to_utf8("a", Encoding::Unknown));
}

TEST(Utf16Offsets, CountUnitsAndNotCharacters) {
    const std::string_view text = "a茶𠀀b";
    Utf16Offsets offsets{text, 2};
    EXPECT_EQ(offsets.of(0), 2U);
    EXPECT_EQ(offsets.of(1), 4U);
    EXPECT_EQ(offsets.of(4), 6U);
    EXPECT_EQ(offsets.of(8), 10U);
    EXPECT_EQ(offsets.of(9), 12U);
}

}  // namespace
}  // namespace aisle::pos
