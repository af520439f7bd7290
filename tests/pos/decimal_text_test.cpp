#include "drivers/pos/decimal_text.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <random>
#include <string>

namespace aisle::pos {
namespace {

std::string decimal(std::int64_t millionths) {
    const bool below = millionths < 0;
    const std::int64_t size = below ? -millionths : millionths;
    std::string fraction = std::to_string(size % 1'000'000);
    fraction.insert(0, 6 - fraction.size(), '0');
    return (below ? "-" : "") + std::to_string(size / 1'000'000) + '.' + fraction;
}

struct Exact {
    const char* text;
    int digits;
    std::int64_t units;
};

TEST(ExactUnits, ReadEveryFormOfADecimal) {
    for (const auto& [text, digits, units] :
         {Exact{"0", 2, 0}, Exact{"-0", 2, 0}, Exact{"+5", 2, 500}, Exact{"5.", 2, 500},
          Exact{"-.5", 2, -50}, Exact{"000000000000000000012", 2, 1200}, Exact{"1.10", 1, 11},
          Exact{"1", 0, 1}, Exact{"1.000000", 0, 1}, Exact{"0.000001", 6, 1},
          Exact{"1.234567", 6, 1'234'567}, Exact{"999999999999999", 2, 99'999'999'999'999'900}}) {
        EXPECT_EQ(exact_units(text, digits), units) << text;
    }
}

TEST(ExactUnits, RefuseWhatTheCurrencyCannotSay) {
    EXPECT_FALSE(exact_units("1.01", 1));
    EXPECT_FALSE(exact_units("1.5", 0));
    EXPECT_FALSE(exact_units("0.0000001", 6));
}

TEST(ExactUnits, RefuseTextsThatAreNoDecimals) {
    for (const char* text : {"+", "+-1", "--1", "1-", "1 000", "1'000", "1.2.", "..",
                             "\xef\xbc\x91", "inf", "NaN", "0b1", "1e0", "1\n"}) {
        EXPECT_FALSE(exact_units(text, 2)) << text;
    }
}

TEST(ExactUnits, BoundTheWholePart) {
    EXPECT_TRUE(exact_units("999999999999999", 0));
    EXPECT_FALSE(exact_units("1000000000000000", 0));
}

TEST(ExactUnits, BoundTheCharacters) {
    EXPECT_EQ(exact_units(std::string(kNumberCharsMax - 1, '0') + "7", 0), 7);
    EXPECT_FALSE(exact_units(std::string(kNumberCharsMax, '0') + "7", 0));
}

TEST(ExactUnits, NeverWrapAroundHoweverFineTheUnit) {
    for (int digits = 0; digits <= kDecimalsMax; ++digits) {
        const auto units = exact_units("999999999999999.000000", digits);
        if (digits <= 3) {
            EXPECT_TRUE(units) << digits;
        } else {
            EXPECT_FALSE(units) << digits;
        }
        EXPECT_GT(units.value_or(1), 0) << digits;
    }
    EXPECT_EQ(exact_units("922337203685477.5807", 4), std::numeric_limits<std::int64_t>::max());
    EXPECT_FALSE(exact_units("922337203685477.5808", 4));
    EXPECT_FALSE(rounded_units("922337203685477.58075", 4));
}

TEST(ExactUnits, AgreeWithTheDigitsOfAnyDecimal) {
    std::mt19937_64 random{20261121};
    for (int round = 0; round < 5'000; ++round) {
        const auto millionths =
            static_cast<std::int64_t>(random() % 2'000'000'000'000) - 1'000'000'000'000;
        EXPECT_EQ(exact_units(decimal(millionths), 6), millionths);
        const std::int64_t cents = millionths / 10'000;
        EXPECT_EQ(exact_units(decimal(cents * 10'000), 2), cents);
        const bool whole_cents = millionths % 10'000 == 0;
        EXPECT_EQ(exact_units(decimal(millionths), 2).has_value(), whole_cents);
    }
}

struct Rounded {
    const char* text;
    std::int64_t milli;
};

TEST(RoundedUnits, GoHalfAwayFromZero) {
    for (const auto& [text, milli] :
         {Rounded{"0.0004", 0}, Rounded{"0.0005", 1}, Rounded{"-0.0004", 0}, Rounded{"-0.0005", -1},
          Rounded{"0.9995", 1000}, Rounded{"1.234499", 1234}, Rounded{"7", 7000}}) {
        EXPECT_EQ(rounded_units(text, 3), milli) << text;
    }
    EXPECT_FALSE(rounded_units("1.2344999", 3)) << "seven decimals";
}

TEST(RoundedUnits, AreNeverFurtherThanHalfAUnit) {
    std::mt19937_64 random{7};
    for (int round = 0; round < 5'000; ++round) {
        const auto millionths = static_cast<std::int64_t>(random() % 2'000'000'000) - 1'000'000'000;
        const auto milli = rounded_units(decimal(millionths), 3);
        ASSERT_TRUE(milli);
        EXPECT_LE(std::abs(*milli * 1000 - millionths), 500) << millionths;
        EXPECT_EQ(rounded_units(decimal(-millionths), 3), -*milli);
    }
}

TEST(WholeNumber, HasOneToEighteenDigits) {
    EXPECT_EQ(whole_number("0"), 0);
    EXPECT_EQ(whole_number("007"), 7);
    EXPECT_EQ(whole_number("999999999999999999"), 999'999'999'999'999'999);
    for (const char* text : {"", "1000000000000000000", "-1", "+1", "1.0", " 1", "1 ", "x"}) {
        EXPECT_FALSE(whole_number(text)) << text;
    }
}

}  // namespace
}  // namespace aisle::pos
