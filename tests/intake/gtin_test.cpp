#include "agent/intake/gtin.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace aisle::intake {
namespace {

struct Widened {
    const char* code;
    const char* gtin;
};

// Codes from the examples of the GS1 General Specifications and common goods.
TEST(Gtin14, WidensEveryLength) {
    for (const auto& [code, gtin] :
         {Widened{"96385074", "00000096385074"}, Widened{"73513537", "00000073513537"},
          Widened{"036000291452", "00036000291452"}, Widened{"4006381333931", "04006381333931"},
          Widened{"9780306406157", "09780306406157"},
          Widened{"10036000291459", "10036000291459"}}) {
        EXPECT_EQ(gtin14(code), gtin) << code;
        EXPECT_TRUE(gtin_checks(gtin)) << code;
    }
}

TEST(Gtin14, RefusesEveryOtherLength) {
    for (std::size_t size = 0; size <= 20; ++size) {
        if (size == 8 || size == 12 || size == 13 || size == 14) continue;
        std::string code(size, '0');
        if (size > 1) code[size - 2] = '1';
        for (char check = '0'; size > 0 && check <= '9'; ++check) {
            code.back() = check;
            EXPECT_FALSE(gtin14(code)) << code;
        }
    }
    EXPECT_FALSE(gtin14(""));
}

TEST(Gtin14, RefusesWhatIsNotDigits) {
    for (const char* code : {"9638507X", "+6385074", " 6385074", "4006381333 31", "9638-074"}) {
        EXPECT_FALSE(gtin14(code)) << code;
        EXPECT_FALSE(gtin_checks(code)) << code;
    }
    EXPECT_FALSE(gtin_checks("0"));
    EXPECT_TRUE(gtin_checks("00"));
}

TEST(Gtin14, HasOneRightCheckDigit) {
    std::mt19937_64 random{20261121};
    for (int round = 0; round < 300; ++round) {
        std::string code;
        for (int i = 0; i < 12; ++i) code += static_cast<char>('0' + random() % 10);
        if (code == "000000000000") continue;
        int right = 0;
        for (char check = '0'; check <= '9'; ++check) right += gtin14(code + check) ? 1 : 0;
        EXPECT_EQ(right, 1) << code;
    }
}

TEST(Gtin14, FindsEveryWrongDigit) {
    const std::string good = "4006381333931";
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (char digit = '0'; digit <= '9'; ++digit) {
            std::string code = good;
            code[at] = digit;
            EXPECT_EQ(gtin14(code).has_value(), digit == good[at]) << code;
        }
    }
}

struct Embedded {
    const char* printed;
    const char* article;
    std::int64_t value;
};

TEST(EmbeddedCodes, AreOneArticleWhateverIsPrinted) {
    for (const auto& [printed, article, value] :
         {Embedded{"2112345001234", "02112345000008", 123},
          Embedded{"2112345000008", "02112345000008", 0},
          Embedded{"2012345012349", "02012345000001", 1234},
          Embedded{"2912345999995", "02912345000004", 99'999}}) {
        const auto code = embedded_code(gtin14(printed).value_or(""));
        ASSERT_TRUE(code) << printed;
        EXPECT_EQ(code->value, value) << printed;
        EXPECT_EQ(code->gtin.substr(8, 5), "00000") << printed;
        EXPECT_TRUE(gtin_checks(code->gtin)) << printed;
        EXPECT_EQ(code->gtin, article) << printed;
    }
}

TEST(EmbeddedCodes, OfOneArticleAgreeForEveryValue) {
    std::mt19937_64 random{7};
    std::string first;
    for (int round = 0; round < 200; ++round) {
        std::string value = std::to_string(random() % 100'000);
        value.insert(0, 5 - value.size(), '0');
        std::string code = "2154321" + value + "0";
        while (!gtin_checks(code)) ++code.back();
        const auto found = embedded_code(*gtin14(code));
        ASSERT_TRUE(found) << code;
        EXPECT_EQ(found->value, std::stoll(value));
        if (first.empty()) first = found->gtin;
        EXPECT_EQ(found->gtin, first) << code;
    }
}

TEST(EmbeddedCodes, OfTwelveDigitsHaveFourOfValue) {
    std::string code = "21234501999" + std::string{"0"};
    while (!gtin_checks(code)) ++code.back();
    const auto found = embedded_code(*gtin14(code));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->value, 1999);
    EXPECT_EQ(found->gtin.substr(0, 8), "00212345");
}

TEST(EmbeddedCodes, AreOnlyOfTheShopsOwnSystems) {
    for (const char* code : {"4006381333931", "036000291452", "96385074", "10036000291459",
                             "9780306406157", "6901234567892"}) {
        const auto whole = gtin14(code);
        ASSERT_TRUE(whole) << code;
        EXPECT_FALSE(embedded_code(*whole)) << code;
    }
    EXPECT_FALSE(embedded_code(""));
    EXPECT_FALSE(embedded_code("12112345001231")) << "an outer box of such goods";
}

}  // namespace
}  // namespace aisle::intake
