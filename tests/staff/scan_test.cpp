#include <gtest/gtest.h>

#include <set>

#include "agent/staff/answers.hpp"
#include "agent/staff/check_ins.hpp"
#include "agent/staff/code_svg.hpp"
#include "agent/staff/staff.hpp"
#include "tests/kit/builders.hpp"
#include "tests/kit/mutant.hpp"

// What scanners, strangers and chance hand in.
namespace aisle::staff {
namespace {

struct Scan {
    const char* text;
    const char* number;  // null: none is meant
};

class Scans : public testing::TestWithParam<Scan> {};

TEST_P(Scans, AreReadAsWhatTheyMean) {
    const auto number = member_in_scan(GetParam().text);
    if (GetParam().number == nullptr) {
        EXPECT_EQ(number, std::nullopt) << GetParam().text;
    } else {
        EXPECT_EQ(number, GetParam().number) << GetParam().text;
    }
}

INSTANTIATE_TEST_SUITE_P(
    Samples, Scans,
    testing::Values(Scan{"1", "1"}, Scan{"\t42\t", "42"}, Scan{"a.b+c@d-e_f", "a.b+c@d-e_f"},
                    Scan{"member:  42", nullptr}, Scan{"MEMBER:42", nullptr},
                    Scan{"member:member:42", nullptr}, Scan{"4 2", nullptr}, Scan{"42;43", nullptr},
                    Scan{"42/43", nullptr}, Scan{"4\x01 2", nullptr},
                    Scan{"ftp://a/?m=42", nullptr}, Scan{"HTTPS://a/?m=42", nullptr},
                    Scan{"https://a/?m=42", "42"}, Scan{"https://a/?m=&id=43", "43"},
                    Scan{"https://a/?id=43&member=42", "42"}, Scan{"https://a/?m=41&m=42", "41"},
                    Scan{"https://a/?m", nullptr}, Scan{"https://a/?=42", nullptr},
                    Scan{"https://a/m=42", nullptr}, Scan{"https://a/?m=4%32", nullptr},
                    Scan{"https://a/?membership=42", nullptr}, Scan{"https://a/?m=42#m=43", "42"},
                    Scan{"https://a/?&&m=42&", "42"}));

TEST(ScanMutants, AreNumbersOfAllowedSignsOrNothing) {
    constexpr std::string_view kAllowed =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_.+@";
    std::size_t read = 0;
    for (std::uint32_t seed = 0; seed < 5'000; ++seed) {
        const auto scan = kit::mutant("https://shop.example/card?x=1&member=M-0042&y=2#top", seed);
        const auto number = member_in_scan(scan);
        if (!number) continue;
        ++read;
        EXPECT_FALSE(number->empty()) << seed;
        EXPECT_LE(number->size(), 64U) << seed;
        EXPECT_EQ(number->find_first_not_of(kAllowed), std::string::npos) << seed;
    }
    EXPECT_GT(read, 100U);
}

TEST(CheckInKeys, AreAllDifferentOverManyVisits) {
    CheckIns check_ins{"start"};
    std::set<std::string> keys;
    for (int i = 0; i < 1'000; ++i)
        keys.insert(check_ins.open(MemberKey{"m" + std::to_string(i)}, kit::at()));
    EXPECT_EQ(keys.size(), 1'000U);
    EXPECT_EQ(check_ins.size(), kCheckInsMax);
}

TEST(CheckInKeys, LeadToTheirOwnMemberAmongTheLatest) {
    CheckIns check_ins{"start"};
    std::vector<std::string> keys;
    for (int i = 0; i < 200; ++i)
        keys.push_back(check_ins.open(MemberKey{"m" + std::to_string(i)}, kit::at()));
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto found = check_ins.find(keys[i], kit::at());
        if (i < keys.size() - kCheckInsMax) {
            EXPECT_FALSE(found) << i;
        } else {
            EXPECT_EQ(found, MemberKey{"m" + std::to_string(i)});
        }
    }
}

TEST(CheckInKeys, MeanNothingWhenTheyAreEmptyOrCutShort) {
    CheckIns check_ins{"start"};
    const std::string key = check_ins.open(MemberKey{"a"}, kit::at());
    EXPECT_FALSE(check_ins.find("", kit::at()));
    EXPECT_FALSE(check_ins.find(std::string_view{key}.substr(0, key.size() - 1), kit::at()));
    EXPECT_FALSE(check_ins.find(key + "0", kit::at()));
}

TEST(Bodies, AreTakenUpToTheirBoundAndNotBeyond) {
    runtime::HttpRequest request;
    request.headers["content-type"] = "application/json";
    request.body = R"({"by":"A3"})";
    request.body.append(kBodyBytesMax - request.body.size(), ' ');
    EXPECT_TRUE(body_of(request));
    request.body += ' ';
    EXPECT_FALSE(body_of(request));
}

TEST(Bodies, OfMutantsAreObjectsOrRefused) {
    runtime::HttpRequest request;
    request.headers["content-type"] = "application/json";
    std::size_t refused = 0;
    for (std::uint32_t seed = 0; seed < 3'000; ++seed) {
        request.body = kit::mutant(R"({"by":"A3","reason":"not_now","x":{"y":[1,2]}})", seed);
        const auto body = body_of(request);
        if (!body) {
            ++refused;
            continue;
        }
        const auto by = by_in(*body);
        if (by) {
            EXPECT_FALSE(by->empty()) << seed;
            EXPECT_LE(by->size(), kNameBytesMax) << seed;
        }
    }
    EXPECT_GT(refused, 500U);
}

TEST(Names, OfExactlyTheirBoundAreTaken) {
    boost::json::object body;
    body["by"] = std::string(kNameBytesMax, 'x');
    EXPECT_TRUE(by_in(body));
    body["by"] = std::string(kNameBytesMax + 1, 'x');
    EXPECT_FALSE(by_in(body));
    body["by"] = std::string{"a\x7f"};
    EXPECT_FALSE(by_in(body));
}

// The weights 1 and 3 take turns: one wrong digit is always found.
TEST(Ean13Checks, FindEveryWrongDigit) {
    const std::string good = "4006381333931";
    for (std::size_t place = 0; place < good.size(); ++place) {
        for (char c = '0'; c <= '9'; ++c) {
            std::string code = good;
            code[place] = c;
            EXPECT_EQ(is_ean13(code), code == good) << code;
        }
    }
}

TEST(Ean13Pictures, AreWhiteAroundTheirBars) {
    const std::string svg = *ean13_svg("4006381333931");
    EXPECT_NE(svg.find("viewBox=\"0 0 113 54\""), std::string::npos);  // 11 + 95 + 7
    EXPECT_NE(svg.find("M11 2h1"), std::string::npos);                 // the first guard
}

TEST(QrPictures, HoldTheLongestTextAndNoLonger) {
    EXPECT_TRUE(qr_svg(std::string(2'331, 'x')));  // version 40, level M, 8 bit
    EXPECT_FALSE(qr_svg(std::string(2'332, 'x')));
}

}  // namespace
}  // namespace aisle::staff
