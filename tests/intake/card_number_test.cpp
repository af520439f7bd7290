#include "agent/intake/card_number.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "agent/intake/mask.hpp"

namespace aisle::intake {
namespace {

// `iin` filled up with zeros to `digits` digits, the last of them Luhn's.
std::string number_of(const std::string& iin, std::size_t digits) {
    std::string out = iin + std::string(digits - iin.size(), '0');
    while (!luhn_checks(out)) ++out.back();
    return out;
}

struct Range {
    const char* first;
    const char* last;
    std::size_t digits_min;
    std::size_t digits_max;
    const char* brand;
};

// The table of the source, written down a second time from the brands' own published ranges.
constexpr Range kRanges[] = {
    {"400000", "499999", 16, 16, "visa"},       {"400000", "499999", 18, 19, "visa"},
    {"510000", "559999", 16, 16, "mastercard"}, {"222100", "272099", 16, 16, "mastercard"},
    {"340000", "349999", 15, 15, "amex"},       {"370000", "379999", 15, 15, "amex"},
    {"300000", "305999", 14, 19, "diners"},     {"309500", "309599", 14, 19, "diners"},
    {"360000", "369999", 14, 19, "diners"},     {"380000", "399999", 14, 19, "diners"},
    {"352800", "358999", 16, 19, "jcb"},        {"601100", "601199", 16, 19, "discover"},
    {"644000", "659999", 16, 19, "discover"},   {"620000", "629999", 16, 19, "unionpay"},
    {"810000", "817199", 16, 19, "unionpay"},   {"220000", "220499", 16, 19, "mir"},
    {"979200", "979299", 16, 16, "troy"},       {"508500", "508999", 16, 16, "rupay"},
    {"606900", "608999", 16, 16, "rupay"},      {"501800", "501899", 16, 19, "maestro"},
    {"560000", "589999", 16, 19, "maestro"},    {"630400", "630499", 16, 19, "maestro"},
    {"639000", "639099", 16, 19, "maestro"},    {"670000", "679999", 16, 19, "maestro"}};

class CardBrands : public testing::TestWithParam<Range> {};

TEST_P(CardBrands, BeginAndEndWithTheirRange) {
    const auto& [first, last, digits_min, digits_max, brand] = GetParam();
    for (std::size_t digits = digits_min; digits <= digits_max; ++digits) {
        EXPECT_EQ(card_brand(number_of(first, digits)), brand) << first << ' ' << digits;
        EXPECT_EQ(card_brand(number_of(last, digits)), brand) << last << ' ' << digits;
    }
}

TEST_P(CardBrands, NeedTheirCheckDigit) {
    const auto& [first, last, digits_min, digits_max, brand] = GetParam();
    std::string number = number_of(first, digits_min);
    number.back() = static_cast<char>('0' + (number.back() - '0' + 1) % 10);
    EXPECT_EQ(card_brand(number), "");
}

TEST_P(CardBrands, AreMaskedInTextWithTheirLastFourDigits) {
    const auto& [first, last, digits_min, digits_max, brand] = GetParam();
    for (std::size_t digits = digits_min; digits <= digits_max; ++digits) {
        const std::string number = number_of(last, digits);
        EXPECT_EQ(mask_text("x" + number + "y").text,
                  "xPAN:" + std::string{brand} + ":****" + number.substr(digits - 4) + "y");
    }
}

TEST_P(CardBrands, AreNotFoundInLongerOrShorterRuns) {
    const auto& [first, last, digits_min, digits_max, brand] = GetParam();
    for (const std::size_t digits : {std::size_t{13}, std::size_t{20}, std::size_t{21}}) {
        const std::string number = number_of(first, digits);
        EXPECT_EQ(card_brand(number), "") << number;
        EXPECT_EQ(mask_text(number).text, number);
    }
}

INSTANTIATE_TEST_SUITE_P(Brands, CardBrands, testing::ValuesIn(kRanges), [](const auto& each) {
    return std::string{each.param.brand} + each.param.first + '_' +
           std::to_string(each.param.digits_min);
});

TEST(CardBrand, IsOfNobodyOutsideTheRanges) {
    for (const char* iin :
         {"000000", "100000", "199999", "220500", "222099", "272100", "306000", "309600",
          "350000", "352799", "359000", "500000", "600000", "601200", "610000", "643999",
          "690000", "700000", "809999", "817200", "900000", "979300"}) {
        EXPECT_EQ(card_brand(number_of(iin, 16)), "") << iin;
    }
}

TEST(CardBrand, IsOfNobodyAtAnotherLength) {
    EXPECT_EQ(card_brand(number_of("400000", 13)), "") << "an EAN-13 of Germany";
    EXPECT_EQ(card_brand(number_of("400000", 17)), "");
    EXPECT_EQ(card_brand(number_of("510000", 15)), "");
    EXPECT_EQ(card_brand(number_of("370000", 16)), "");
    EXPECT_EQ(card_brand(number_of("352800", 15)), "");
    EXPECT_EQ(card_brand(""), "");
    EXPECT_EQ(card_brand("4"), "");
}

// ISO/IEC 7812-1 annex B and the test numbers that the brands publish.
TEST(Luhn, ChecksPublishedTestNumbers) {
    for (const char* number :
         {"4111111111111111", "5500005555555559", "378282246310005", "6011111111111117",
          "3530111333300000", "30569309025904", "79927398713", "0"}) {
        EXPECT_TRUE(luhn_checks(number)) << number;
    }
    for (const char* number : {"4111111111111112", "79927398710", "1"})
        EXPECT_FALSE(luhn_checks(number)) << number;
}

TEST(Luhn, FindsEveryWrongDigitAndMostSwappedNeighbours) {
    std::mt19937_64 random{20261121};
    for (int round = 0; round < 500; ++round) {
        std::string number;
        for (int i = 0; i < 15; ++i) number += static_cast<char>('0' + random() % 10);
        number += '0';
        while (!luhn_checks(number)) ++number.back();
        const std::size_t at = random() % number.size();
        std::string wrong = number;
        wrong[at] =
            static_cast<char>('0' + (wrong[at] - '0' + 1 + static_cast<int>(random() % 9)) % 10);
        EXPECT_FALSE(luhn_checks(wrong)) << number << ' ' << wrong;
        std::string swapped = number;
        const std::size_t left = random() % (number.size() - 1);
        std::swap(swapped[left], swapped[left + 1]);
        const int one = number[left] - '0';
        const int other = number[left + 1] - '0';
        const bool blind = one + other == 9 && one * other == 0;  // 09 and 90: Luhn's own blindness
        EXPECT_EQ(luhn_checks(swapped), one == other || blind) << swapped;
    }
}

}  // namespace
}  // namespace aisle::intake
