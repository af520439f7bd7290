#include "agent/staff/check_ins.hpp"

#include <gtest/gtest.h>

#include "agent/staff/staff.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::staff {
namespace {

TEST(CheckIns, GivesAKeyThatIsNotThePseudonym) {
    CheckIns check_ins{"start"};
    const std::string key = check_ins.open(MemberKey{"abcd"}, kit::at());
    EXPECT_EQ(key.find("abcd"), std::string::npos);
    EXPECT_EQ(check_ins.find(key, kit::at()), MemberKey{"abcd"});
}

TEST(CheckIns, GivesEachVisitAKeyOfItsOwn) {
    CheckIns check_ins{"start"};
    EXPECT_NE(check_ins.open(MemberKey{"a"}, kit::at()), check_ins.open(MemberKey{"a"}, kit::at()));
}

TEST(CheckIns, ForgetsAVisitAfterHalfAnHour) {
    CheckIns check_ins{"start"};
    const std::string key = check_ins.open(MemberKey{"a"}, kit::at());
    EXPECT_TRUE(check_ins.find(key, kit::at(kCheckInKept - milliseconds{1})));
    EXPECT_FALSE(check_ins.find(key, kit::at(kCheckInKept)));
}

TEST(CheckIns, KeepsTheLatestOnly) {
    CheckIns check_ins{"start"};
    const std::string first = check_ins.open(MemberKey{"a"}, kit::at());
    for (std::size_t i = 0; i < kCheckInsMax; ++i) check_ins.open(MemberKey{"b"}, kit::at());
    EXPECT_FALSE(check_ins.find(first, kit::at()));
    EXPECT_EQ(check_ins.size(), kCheckInsMax);
}

TEST(CheckIns, DoNotKnowKeysOfAnotherStart) {
    CheckIns check_ins{"start"};
    check_ins.open(MemberKey{"a"}, kit::at());
    EXPECT_FALSE(check_ins.find("other-1", kit::at()));
}

TEST(MemberInScan, IsTheNumberItself) {
    EXPECT_EQ(member_in_scan("13800138000"), "13800138000");
    EXPECT_EQ(member_in_scan("  M-0042\r\n"), "M-0042");
}

TEST(MemberInScan, IsFoundBehindItsPrefix) { EXPECT_EQ(member_in_scan("member:M-0042"), "M-0042"); }

TEST(MemberInScan, IsFoundInAWebAddress) {
    EXPECT_EQ(member_in_scan("https://shop.example/card?member=42"), "42");
    EXPECT_EQ(member_in_scan("https://shop.example/card?x=1&m=42&y=2"), "42");
    EXPECT_EQ(member_in_scan("http://shop.example/?id=42#top"), "42");
    EXPECT_EQ(member_in_scan("https://shop.example/?xm=1&m=42"), "42");
}

TEST(MemberInScan, IsNothingWhereNoNumberCanBeMeant) {
    for (const char* scan : {"", "   ", "member:", "https://shop.example/", "https://a/?member=",
                             "https://a/?q=7#m=42", "two words", "<b>", "a\nb", "\xE5\xBC\xA0"})
        EXPECT_FALSE(member_in_scan(scan)) << scan;
}

TEST(MemberInScan, IsNothingBeyondItsBounds) {
    EXPECT_TRUE(member_in_scan(std::string(64, '1')));
    EXPECT_FALSE(member_in_scan(std::string(65, '1')));
    EXPECT_FALSE(member_in_scan("https://a/?m=42&x=" + std::string(512, 'x')));
}

}  // namespace
}  // namespace aisle::staff
