#include <gtest/gtest.h>

#include "readings.hpp"

// Pseudonyms while two keys are in force.
namespace aisle::intake {
namespace {

IntakeSettings after_rotation() {
    IntakeSettings settings = settings_of_s1();
    settings.earlier_keys = {settings.key};
    settings.key.bytes.fill(9);
    settings.key.id = "k2";
    return settings;
}

Sale of_member(const char* raw) {
    Sale draft = draft_of(1000, 42);
    draft.member = raw;
    return draft;
}

CleanSale clean(const IntakeSettings& settings, Sale draft) {
    return std::get<CleanSale>(Intake{settings}.sale({std::move(draft), {}}, kit::at()));
}

TEST(KeyRotation, WritesUnderTheNewKeyOnly) {
    const CleanSale now = clean(after_rotation(), of_member("m-1"));
    EXPECT_EQ(now.sale.member_key, "k2");
    EXPECT_EQ(now.sale.member, Intake{after_rotation()}.pseudonym("M1").value);
}

TEST(KeyRotation, TellsHowTheSaleLookedUnderTheEarlierKey) {
    const CleanSale before = clean(settings_of_s1(), of_member("m-1"));
    const CleanSale now = clean(after_rotation(), of_member("m-1"));
    ASSERT_EQ(now.earlier.size(), 1U);
    EXPECT_EQ(now.earlier.front().member.value, before.sale.member);
    EXPECT_EQ(now.earlier.front().digest, before.digest);
    EXPECT_NE(now.digest, before.digest);
}

TEST(KeyRotation, ChangesNothingForASaleWithoutAMember) {
    const CleanSale now = clean(after_rotation(), draft_of(1000, 42));
    EXPECT_TRUE(now.earlier.empty());
    EXPECT_EQ(now.digest, clean(settings_of_s1(), draft_of(1000, 42)).digest);
}

TEST(KeyRotation, LinksAMemberUnderEachKeyOfTheOverlap) {
    IntakeSettings settings = after_rotation();
    settings.earlier_keys.push_back({.bytes = {}, .id = "k0"});
    const Intake intake{settings};
    const auto links = intake.relinks(" m 1 ");
    ASSERT_EQ(links.size(), 2U);
    EXPECT_EQ(links[0].from, Intake{settings_of_s1()}.pseudonym("M1"));
    EXPECT_EQ(links[0].to, intake.pseudonym("M1"));
    EXPECT_EQ(links[1].to, links[0].to);
    EXPECT_NE(links[1].from, links[0].from);
}

TEST(KeyRotation, LinksNobodyOutsideAnOverlapOrWithoutANumber) {
    EXPECT_TRUE(Intake{settings_of_s1()}.relinks("M1").empty());
    EXPECT_TRUE(Intake{after_rotation()}.relinks(" - ").empty());
}

TEST(KeyRotation, LinksTheMembersOfAList) {
    ReferenceReading list{.source = "reference", .file = "members.jsonl", .rows = {}};
    list.rows.emplace_back(MemberRow{.member = "m1"});
    list.rows.emplace_back(MemberRow{.member = " "});
    const auto out = Intake{after_rotation()}.reference(std::move(list));
    ASSERT_EQ(out.relinks.size(), 1U);
    EXPECT_EQ(out.relinks.front().to.value, std::get<MemberRow>(out.reading.rows.front()).member);
}

}  // namespace
}  // namespace aisle::intake
