#include "agent/intake/mask.hpp"

#include <gtest/gtest.h>

#include <random>

#include "agent/intake/card_number.hpp"
#include "agent/intake/gtin.hpp"

namespace aisle::intake {
namespace {

using Random = std::mt19937_64;

std::string digits_of(Random& random, std::size_t n) {
    std::string out;
    for (std::size_t i = 0; i < n; ++i) out += static_cast<char>('0' + random() % 10);
    return out;
}

struct Brand {
    const char* iin;
    std::size_t digits;
};
constexpr Brand kBrands[] = {{"4", 16},    {"51", 16},   {"2221", 16}, {"34", 15}, {"37", 15},
                             {"6011", 16}, {"3528", 16}, {"62", 16},   {"62", 19}, {"36", 14}};

std::string synthetic_pan(Random& random) {
    const Brand& brand = kBrands[random() % std::size(kBrands)];
    std::string pan =
        brand.iin + digits_of(random, brand.digits - std::string{brand.iin}.size() - 1) + '0';
    while (!luhn_checks(pan)) ++pan.back();
    return pan;
}

std::string in_fours(const std::string& pan, char between) {
    std::string out;
    for (std::size_t i = 0; i < pan.size(); ++i) {
        if (i > 0 && i % 4 == 0 && pan.size() - i >= 3) out += between;
        out += pan[i];
    }
    return out;
}

std::string synthetic_gtin(Random& random, std::size_t size) {
    std::string code = digits_of(random, size - 1) + '0';
    while (!gtin_checks(code)) ++code.back();
    return code;
}

TEST(Mask, FindsAThousandCardNumbersHoweverTheyAreWritten) {
    Random random{20261121};
    for (int round = 0; round < 1000; ++round) {
        const std::string pan = synthetic_pan(random);
        for (const auto& written : {pan, in_fours(pan, ' '), in_fours(pan, '-')}) {
            const auto masked = mask_text("card " + written + " ok");
            EXPECT_EQ(masked.cards, 1) << written;
            EXPECT_EQ(masked.text.find(written.substr(0, 10)), std::string::npos) << written;
            EXPECT_TRUE(masked.text.ends_with(":****" + pan.substr(pan.size() - 4) + " ok"))
                << masked.text;
        }
    }
}

TEST(Mask, LeavesTenThousandArticleNumbersAlone) {
    Random random{7};
    for (int round = 0; round < 10'000; ++round) {
        const std::size_t size = round % 3 == 0 ? 8 : round % 3 == 1 ? 12 : 13;
        const std::string gtin = synthetic_gtin(random, size);
        const std::string text = "item " + gtin + " 2 ea";
        EXPECT_EQ(mask_text(text).text, text);
        const std::string padded = "item 0" + std::string(13 - size, '0') + gtin;
        EXPECT_EQ(mask_text(padded).text, padded);
    }
}

TEST(Mask, LeavesACodeFieldAloneWhateverItsDigits) {
    Random random{11};
    for (int round = 0; round < 1000; ++round) {
        const std::string pan = synthetic_pan(random);
        const std::string xml = "<POSItemID>" + pan + "</POSItemID>";
        const std::string json = R"({"gtin":")" + pan + R"("})";
        EXPECT_EQ(mask_bytes(xml).text, xml);
        EXPECT_EQ(mask_bytes(json).text, json);
    }
}

TEST(Mask, LeavesARunThatIsTooLongForACardAlone) {
    const std::string text =
        "4111111111111111"
        "00000";
    EXPECT_EQ(mask_text(text).text, text);
}

TEST(Mask, FindsACardBehindAnotherNumber) {
    EXPECT_EQ(mask_text("2 4111 1111 1111 1111").text, "2 PAN:visa:****1111");
}

TEST(Mask, DropsBothTracksOfAStripe) {
    EXPECT_EQ(mask_text("a %B4111111111111111^DOE/JOHN^2512101? b").tracks, 1);
    EXPECT_EQ(mask_text(";4111111111111111=25121010000? b").text, "[track dropped] b");
    EXPECT_EQ(mask_text("4111111111111111=25121010000 b").text, "[track dropped] b");
}

TEST(Mask, StrikesOutWhatStandsInAFieldForCardsOrPeople) {
    EXPECT_EQ(mask_bytes("<a:AccountNumber>123</a:AccountNumber>").text,
              "<a:AccountNumber>***</a:AccountNumber>");
    EXPECT_EQ(mask_bytes(R"(<OperatorID OperatorName="FL 31">91</OperatorID>)").text,
              R"(<OperatorID OperatorName="** **">91</OperatorID>)");
    EXPECT_EQ(mask_bytes(R"({"member": 1234, "n": 5})").text, R"({"member": ****, "n": 5})");
}

TEST(Mask, StrikesOutAMemberInsideCdata) {
    EXPECT_EQ(mask_bytes("<LoyaltyID><![CDATA[77]]></LoyaltyID>").text,
              "<LoyaltyID><![*****[**]]></LoyaltyID>");
}

TEST(Mask, StrikesOutADrawnSignature) {
    const auto masked = mask_bytes("<svg><path d=\"M1 2\"/></svg><A>7</A>").text;
    EXPECT_EQ(masked.find("M1"), std::string::npos);
    EXPECT_TRUE(masked.ends_with("<A>7</A>"));
}

TEST(Mask, FindsACardInBytesWithNulsBetween) {
    std::string wide;
    for (const char c : std::string{"4111111111111111"}) {
        wide += c;
        wide += '\0';
    }
    EXPECT_EQ(mask_bytes(wide).text, "PAN:visa:****1111");
}

TEST(Mask, FindsACardInBrokenBytesWithoutAnyField) {
    EXPECT_EQ(mask_bytes("\xff\xfe<x 4111111111111111").text, "\xff\xfe<x PAN:visa:****1111");
}

TEST(Gtin, WidensARightCodeToFourteenDigits) {
    EXPECT_EQ(gtin14("4006381333931"), "04006381333931");
    EXPECT_EQ(gtin14("96385074"), "00000096385074");
}

TEST(Gtin, RefusesAWrongCheckDigitLetterOrLength) {
    EXPECT_FALSE(gtin14("4006381333932"));
    EXPECT_FALSE(gtin14("400638133393A"));
    EXPECT_FALSE(gtin14("40063813339"));
    EXPECT_FALSE(gtin14("00000000"));
}

TEST(Gtin, GivesOneCodeToAnArticleWhateverItsPrinted) {
    const auto light = embedded_code(*gtin14("2112345001234"));
    const auto zeroed = embedded_code(light->gtin);
    ASSERT_TRUE(light);
    EXPECT_EQ(light->value, 123);
    EXPECT_TRUE(gtin_checks(light->gtin));
    EXPECT_EQ(zeroed->gtin, light->gtin);
    EXPECT_EQ(zeroed->value, 0);
}

TEST(Gtin, ReadsTheShopsOwnUpcToo) {
    const auto code = embedded_code("00205601000002");
    ASSERT_TRUE(code);
    EXPECT_EQ(code->gtin, "00205601000002");
}

TEST(Gtin, LeavesAWorldwideCodeAlone) { EXPECT_FALSE(embedded_code("04006381333931")); }

}  // namespace
}  // namespace aisle::intake
