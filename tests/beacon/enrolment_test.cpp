#include "drivers/beacon/enrolment.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "drivers/beacon/advert_parser.hpp"
#include "drivers/beacon/hex_bytes.hpp"

namespace aisle::beacon {
namespace {

Advert heard(std::string_view hex) {
    std::vector<std::uint8_t> bytes;
    EXPECT_TRUE(bytes_from_hex(hex, bytes));
    Advert advert;
    parse_advert(bytes, advert);
    return advert;
}

const Advert kIBeacon = heard("0201061aff4c000215fda50693a4e24fb1afcfc6eb07647825000a0007c5");
const Advert kAltBeacon = heard("1bff1801beac2f234454cf6d4a0fadf2f4911ba9ffa600010002c509");
const Advert kUid = heard("1516aafe00e700010203040506070809010203040506");

TEST(TagId, IsTheSameHoweverItIsSpelt) {
    const auto id = parse_tag_id("fda50693a4e24fb1afcfc6eb07647825/10/7");
    ASSERT_TRUE(id);
    EXPECT_EQ(parse_tag_id("fda50693-a4e2-4fb1-afcf-c6eb07647825/10/7"), id);
    EXPECT_EQ(parse_tag_id("FDA50693A4E24FB1AFCFC6EB07647825/10/7"), id);
    EXPECT_EQ(parse_tag_id("fda50693a4e24fb1afcfc6eb07647825000a0007"), id);
    EXPECT_NE(parse_tag_id("fda50693a4e24fb1afcfc6eb07647825/7/10"), id);
}

TEST(TagId, RefusesWhatNamesNoBeacon) {
    for (const auto* text :
         {"", "/", "//", "trolley", "fda50693a4e24fb1afcfc6eb07647825/10", "00/1/2",
          "fda50693a4e24fb1afcfc6eb07647825/10/65536", "fda50693a4e24fb1afcfc6eb07647825/10/-1",
          "fda50693a4e24fb1afcfc6eb07647825/10/7/1", "00010203040506070809/0102030405",
          "fda50693a4e24fb1afcfc6eb07647825/a/7", "0001020304"}) {
        EXPECT_FALSE(parse_tag_id(text)) << text;
    }
}

TEST(Enrolment, FindsEnrolledTagsOfEveryFormat) {
    Enrolment enrolment;
    EXPECT_EQ(enrolment.set({{"fda50693-a4e2-4fb1-afcf-c6eb07647825/10/7", TagKey{"a"}},
                             {"2f234454cf6d4a0fadf2f4911ba9ffa600010002", TagKey{"b"}},
                             {"00010203040506070809/010203040506", TagKey{"c"}}}),
              0U);
    ASSERT_TRUE(enrolment.find(kIBeacon));
    EXPECT_EQ(*enrolment.find(kIBeacon), TagKey{"a"});
    EXPECT_EQ(*enrolment.find(kAltBeacon), TagKey{"b"});
    EXPECT_EQ(*enrolment.find(kUid), TagKey{"c"});
}

TEST(Enrolment, KnowsNoStrangers) {
    Enrolment enrolment;
    enrolment.set({{"fda50693a4e24fb1afcfc6eb07647825/10/8", TagKey{"a"}}});
    EXPECT_EQ(enrolment.find(kIBeacon), nullptr);
    EXPECT_EQ(enrolment.find(Advert{}), nullptr);
}

TEST(Enrolment, DoesNotTakeAShortIdForALongOne) {
    Enrolment enrolment;
    enrolment.set({{"00010203040506070809/010203040506", TagKey{"c"}}});
    Advert longer = kUid;
    longer.id_size = 20;
    EXPECT_EQ(enrolment.find(longer), nullptr);
}

TEST(Enrolment, ReplacesTheWholeListAndCountsWhatItCannotRead) {
    Enrolment enrolment;
    enrolment.set({{"fda50693a4e24fb1afcfc6eb07647825/10/7", TagKey{"a"}}});
    EXPECT_EQ(enrolment.set(
                  {{"00010203040506070809/010203040506", TagKey{"c"}}, {"nonsense", TagKey{"d"}}}),
              1U);
    EXPECT_EQ(enrolment.find(kIBeacon), nullptr);
    EXPECT_EQ(enrolment.size(), 1U);
}

}  // namespace
}  // namespace aisle::beacon
