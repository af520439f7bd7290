#include <gtest/gtest.h>

#include <cstdint>

#include "readings.hpp"

namespace aisle::intake {
namespace {

Intake::CleanReference clean(std::vector<ReferenceRow> rows) {
    return Intake{settings_of_s1()}.reference(
        {.source = "files", .file = "a.jsonl", .rows = std::move(rows)});
}

template <typename Row>
Row only(Row row) {
    auto result = clean({std::move(row)});
    EXPECT_EQ(result.reading.rows.size(), 1U);
    return result.reading.rows.empty() ? Row{} : std::get<Row>(result.reading.rows[0]);
}

TEST(ReferenceFiles, KeepTheirNames) {
    const auto result = clean({});
    EXPECT_EQ(result.reading.source, "files");
    EXPECT_EQ(result.reading.file, "a.jsonl");
    EXPECT_EQ(result.left_out, 0U);
}

TEST(ReferenceFiles, KeepTheOrderOfTheirRows) {
    const auto result = clean({ProductRow{.sku = "B"}, ProductRow{.sku = ""},
                               ProductRow{.sku = "A"}, MemberRow{}, FactRow{.key = "rain"}});
    EXPECT_EQ(result.left_out, 2U);
    ASSERT_EQ(result.reading.rows.size(), 3U);
    EXPECT_EQ(std::get<ProductRow>(result.reading.rows[0]).sku, "B");
    EXPECT_EQ(std::get<ProductRow>(result.reading.rows[1]).sku, "A");
}

TEST(ReferenceRows, WithoutAKeyAreLeftOut) {
    for (const ReferenceRow& row : std::vector<ReferenceRow>{
             MemberRow{.member = " - "}, ProductRow{.sku = "\t"}, TagRow{.tag = " "},
             TagRow{.tag = "", .member = "1001"}, FactRow{.key = "\n", .value = true}}) {
        EXPECT_EQ(clean({row}).left_out, 1U);
    }
}

TEST(MemberRows, HoldNeitherRawIdsNorCards) {
    const auto row = only(MemberRow{.member = "10-01",
                                    .tags = {" vip ", "", " \t", "4111111111111111"},
                                    .tier = "gold 4111 1111 1111 1111"});
    EXPECT_EQ(row.member, Intake{settings_of_s1()}.pseudonym("1001").value);
    EXPECT_EQ(row.tags, (std::vector<std::string>{"vip", "PAN:visa:****1111"}));
    EXPECT_EQ(row.tier, "gold PAN:visa:****1111");
}

TEST(MemberRows, KeepTheirConsent) {
    const auto row = only(
        MemberRow{.member = "1", .consent = {{"marketing.personal", {kit::kNoon, "v1", false}}}});
    EXPECT_FALSE(row.consent.at("marketing.personal").granted);
    EXPECT_EQ(row.consent.at("marketing.personal").at, kit::kNoon);
}

struct Code {
    const char* told;
    const char* kept;
};

TEST(ProductRows, HoldArticleNumbersOfFourteenDigitsOrNone) {
    for (const auto& [told, kept] :
         {Code{"4006381333931", "04006381333931"}, Code{" 4006 3813 33931 ", "04006381333931"},
          Code{"4006381333932", ""}, Code{"", ""}, Code{"PLU 7", ""},
          Code{"2112345001234", "02112345000008"}}) {
        EXPECT_EQ(only(ProductRow{.sku = "S", .gtin = told}).gtin, kept) << told;
    }
}

TEST(ProductRows, AreOneArticleWithTheLineThatSellsIt) {
    Sale draft = draft_of(1000);
    draft.lines[0].gtin = "2112345001234";
    EXPECT_EQ(good(draft).lines[0].gtin,
              only(ProductRow{.sku = "S", .gtin = "2112345000008"}).gtin);
}

TEST(ProductRows, HavePricesWithinTheirBounds) {
    const Money above = kMoneyMax + yuan(1);
    const auto left_out = [](Money price, Money cost) {
        return clean({ProductRow{.sku = "S", .price = price, .cost = cost}}).left_out == 1;
    };
    EXPECT_FALSE(left_out(Money{}, Money{}));
    EXPECT_FALSE(left_out(kMoneyMax, kMoneyMax));
    EXPECT_FALSE(left_out(Money{}, -kMoneyMax)) << "what the maker pays us for selling it";
    EXPECT_TRUE(left_out(above, Money{}));
    EXPECT_TRUE(left_out(yuan(-1), Money{}));
    EXPECT_TRUE(left_out(Money{}, above));
    EXPECT_TRUE(left_out(Money{}, -above));
    EXPECT_TRUE(left_out(Money{}, Money::minor(INT64_MIN)));
    EXPECT_TRUE(left_out(Money::minor(INT64_MIN), Money{}));
}

TEST(ProductRows, HavePlainTexts) {
    const auto row = only(
        ProductRow{.sku = " S  1 ", .category = "tea\n green", .brand = std::string(999, 'b')});
    EXPECT_EQ(row.sku, "S 1");
    EXPECT_EQ(row.category, "tea green");
    EXPECT_EQ(row.brand.size(), kTextBytesMax);
}

TEST(TagRows, AreOfATrolleyWithoutAMember) {
    const auto row = only(TagRow{.tag = "AA BB", .label = " trolley  14 "});
    EXPECT_EQ(row.tag, Intake{settings_of_s1()}.tag_pseudonym("aabb").value);
    EXPECT_EQ(row.member, "");
    EXPECT_EQ(row.label, "trolley 14");
    EXPECT_EQ(row.bearer, TagBearer::Trolley);
}

TEST(TagRows, AreOfOneMemberWithTheMembersOwnRow) {
    EXPECT_EQ(only(TagRow{.tag = "aa", .bearer = TagBearer::Member, .member = "10 01"}).member,
              only(MemberRow{.member = "1001"}).member);
}

TEST(FactRows, KeepTheirValuesAndTheirTimes) {
    const auto row = only(
        FactRow{.key = " rain ", .value = 0.25, .valid_from = kit::kNoon, .valid_to = kit::kNoon});
    EXPECT_EQ(row.key, "rain");
    EXPECT_EQ(std::get<double>(row.value), 0.25);
    EXPECT_EQ(row.valid_from, kit::kNoon);
    EXPECT_EQ(row.valid_to, kit::kNoon);
}

TEST(FactRows, HoldNoCardInTheirTexts) {
    const auto row = only(FactRow{.key = "note", .value = std::string{" 4111111111111111 "}});
    EXPECT_EQ(std::get<std::string>(row.value), "PAN:visa:****1111");
}

TEST(MemberRows, KeepWhatIsSaidOfTheirTagsAndTheirBirthday) {
    MemberRow row{.member = "M1", .tags = {"tea"}, .birthday = "06-12"};
    row.tag_details["tea"] = {.confidence_permille = 700, .source = "study"};
    const auto clean = only(row);
    EXPECT_EQ(clean.tag_details.at("tea").confidence_permille, 700);
    EXPECT_EQ(clean.birthday, "06-12");
    row.birthday = "1990-06-12";
    EXPECT_EQ(only(row).birthday, "");
}

TEST(MemberRows, TellOtherNamesAsPseudonymsAndCardsOnlyWhereTheyAreLinked) {
    MemberRow row{.member = "M1"};
    row.ids = {{.kind = "card", .id = "tok-1"}, {.kind = "app", .id = "inst-1"}};
    const auto clean = only(row);
    ASSERT_EQ(clean.ids.size(), 1U);
    EXPECT_EQ(clean.ids.front().kind, "app");
    EXPECT_EQ(clean.ids.front().id.size(), 32U);
    IntakeSettings settings = settings_of_s1();
    settings.link_cards = true;
    const Intake linking{settings};
    const auto both = linking.reference({.source = "f", .file = "members.jsonl", .rows = {row}});
    const auto& linked = std::get<MemberRow>(both.reading.rows.front());
    ASSERT_EQ(linked.ids.size(), 2U);
    EXPECT_EQ(linked.ids.front().id, linking.other_pseudonym("card", "tok-1"));
    EXPECT_NE(linking.other_pseudonym("card", "M1"), linking.pseudonym("M1").value);
    EXPECT_NE(linking.other_pseudonym("card", "x"), linking.other_pseudonym("app", "x"));
}

}  // namespace
}  // namespace aisle::intake
