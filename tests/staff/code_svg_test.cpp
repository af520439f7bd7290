#include "agent/staff/code_svg.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace aisle::staff {
namespace {

TEST(Ean13, IsThirteenDigitsWithTheirCheckDigit) {
    EXPECT_TRUE(is_ean13("4006381333931"));
    EXPECT_TRUE(is_ean13("0000000000000"));
    EXPECT_FALSE(is_ean13("4006381333930"));
    EXPECT_FALSE(is_ean13("400638133393"));
    EXPECT_FALSE(is_ean13("40063813339311"));
    EXPECT_FALSE(is_ean13("400638133393x"));
    EXPECT_FALSE(is_ean13(""));
}

// The worked example that is printed in most descriptions of the symbology.
TEST(Ean13, DrawsTheModulesOfTheStandard) {
    EXPECT_EQ(ean13_modules("4006381333931"),
              "101"
              "0001101"
              "0100111"
              "0101111"
              "0111101"
              "0001001"
              "0110011"
              "01010"
              "1000010"
              "1000010"
              "1000010"
              "1110100"
              "1000010"
              "1100110"
              "101");
}

TEST(Ean13, HasNinetyFiveModulesWithGuardsWhateverTheFirstDigit) {
    for (const char* code :
         {"0000000000000", "1000000000009", "2000000000008", "3000000000007", "4000000000006",
          "5000000000005", "6000000000004", "7000000000003", "8000000000002", "9000000000001"}) {
        ASSERT_TRUE(is_ean13(code)) << code;
        const std::string modules = ean13_modules(code);
        EXPECT_EQ(modules.size(), 95U);
        EXPECT_TRUE(modules.starts_with("101"));
        EXPECT_TRUE(modules.ends_with("101"));
        EXPECT_EQ(modules.substr(45, 5), "01010");
    }
}

TEST(Ean13, TellsTheFirstDigitByTheSetsOfTheLeftHalf) {
    EXPECT_NE(ean13_modules("1000000000009").substr(3, 42),
              ean13_modules("2000000000008").substr(3, 42));
}

TEST(Ean13, DrawsOneShapeForEachRunOfDarkModules) {
    const std::string svg = ean13_svg("4006381333931").value();
    EXPECT_NE(svg.find("viewBox=\"0 0 113 54\""), std::string::npos);
    EXPECT_EQ(std::ranges::count(svg, 'M'),
              1 + 30);  // the ground and 30 bars: 2 + 6*2 + 2 + 6*2 + 2
    EXPECT_NE(svg.find("M11 2h1v50h-1z"), std::string::npos);  // the first bar after the quiet zone
}

TEST(Ean13, DrawsNothingForWhatIsNoCode) {
    EXPECT_FALSE(ean13_svg("4006381333930"));
    EXPECT_FALSE(ean13_svg(""));
    EXPECT_FALSE(ean13_svg("\"/><script>"));
}

TEST(QrCode, IsASquareWithItsQuietZone) {
    const std::string svg = qr_svg("2912345678909").value();
    EXPECT_NE(svg.find("viewBox=\"0 0 29 29\""),
              std::string::npos);                            // version 1: 21 modules + 2 * 4
    EXPECT_NE(svg.find("M4 4h1v1h-1z"), std::string::npos);  // the corner of a finder pattern
}

TEST(QrCode, SaysDifferentThingsDifferently) {
    EXPECT_NE(qr_svg("2912345678909"), qr_svg("2912345678916"));
    EXPECT_EQ(qr_svg("2912345678909"), qr_svg("2912345678909"));
}

TEST(QrCode, DrawsNothingForNothingAndForWhatDoesNotFit) {
    EXPECT_FALSE(qr_svg(""));
    EXPECT_FALSE(qr_svg(std::string(5000, 'x')));
}

}  // namespace
}  // namespace aisle::staff
