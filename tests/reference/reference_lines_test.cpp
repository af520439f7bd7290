#include "drivers/reference/reference_lines.hpp"

#include <gtest/gtest.h>

#include <string>

#include "tests/kit/builders.hpp"
#include "tests/kit/mutant.hpp"

namespace aisle::reference {
namespace {

ParsedFile parsed(ReferenceFile file, std::string_view bytes) {
    auto result = parse_reference(file, bytes);
    EXPECT_TRUE(result);
    return result ? *result : ParsedFile{};
}

template <typename Row>
Row only(ReferenceFile file, const std::string& line) {
    const auto result = parsed(file, line + "\n");
    EXPECT_EQ(result.bad_total, 0U) << (result.bad.empty() ? "" : result.bad[0].detail);
    return std::get<Row>(result.rows.at(0));
}

std::string problem(ReferenceFile file, const std::string& line) {
    const auto result = parsed(file, line + "\n{}\n");
    EXPECT_TRUE(result.rows.empty());
    return result.bad.empty() ? "" : result.bad[0].detail;
}

TEST(Members, AreReadWhole) {
    const auto row = only<MemberRow>(
        ReferenceFile::Members,
        R"({"member":"M1","tags":["vip","wine"],"tier":"gold","consent":{"marketing.personal":{"at":"2026-06-12T04:00:00Z","version":"3"},)"
        R"("location.link":{"at":"2026-06-12T12:00:00+08:00","version":"3","granted":false}}})");
    EXPECT_EQ(row.member, "M1");
    EXPECT_EQ(row.tags, (std::vector<std::string>{"vip", "wine"}));
    EXPECT_EQ(row.tier, "gold");
    EXPECT_EQ(row.consent.at("marketing.personal"),
              (Consent{.at = kit::kNoon, .version = "3", .granted = true}));
    EXPECT_FALSE(row.consent.at("location.link").granted);
}

TEST(Members, NeedOnlyTheirId) {
    const auto row = only<MemberRow>(ReferenceFile::Members, R"({"member":"M1","tier":null})");
    EXPECT_TRUE(row.tags.empty());
    EXPECT_TRUE(row.consent.empty());
}

TEST(Members, NeverTurnABrokenConsentIntoOne) {
    for (const auto* consent :
         {R"({"a":true})", R"({"a":{"version":"1"}})", R"({"a":{"at":"soon","version":"1"}})",
          R"({"a":{"at":"2026-06-12T04:00:00Z","granted":"no"}})", R"(["a"])", R"("a")"}) {
        const auto detail = problem(ReferenceFile::Members,
                                    std::string{R"({"member":"M1","consent":)"} + consent + "}");
        EXPECT_TRUE(detail.starts_with("consent ")) << consent << ": " << detail;
    }
}

TEST(Products, AreReadWhole) {
    const auto row = only<ProductRow>(
        ReferenceFile::Products,
        R"({"sku":"S1","gtin":"06901234567892","category":"wine/red","brand":"B","price":12900,"cost":8000})");
    EXPECT_EQ(row.sku, "S1");
    EXPECT_EQ(row.gtin, "06901234567892");
    EXPECT_EQ(row.category, "wine/red");
    EXPECT_EQ(row.price, Money::minor(129'00));
    EXPECT_EQ(row.cost, Money::minor(80'00));
}

TEST(Products, HavePricesInWholeMinorUnits) {
    for (const auto* price : {"129.00", "\"12900\"", "-1", "1e30", "99999999999999999"}) {
        EXPECT_EQ(
            problem(ReferenceFile::Products, std::string{R"({"sku":"S1","price":)"} + price + "}"),
            "price is not an amount in minor units");
    }
}

TEST(Tags, AreCarriedBySomebody) {
    EXPECT_EQ(
        only<TagRow>(ReferenceFile::Tags, R"({"tag":"aa/1/2","is":"trolley","label":"trolley 7"})")
            .label,
        "trolley 7");
    EXPECT_EQ(only<TagRow>(ReferenceFile::Tags, R"({"tag":"aa","is":"staff"})").bearer,
              TagBearer::Staff);
    const auto card =
        only<TagRow>(ReferenceFile::Tags, R"({"tag":"aa","is":"member","member":"M1"})");
    EXPECT_EQ(card.bearer, TagBearer::Member);
    EXPECT_EQ(card.member, "M1");
    EXPECT_EQ(problem(ReferenceFile::Tags, R"({"tag":"aa","is":"dog"})"),
              "is is none of trolley, staff, member");
    EXPECT_EQ(problem(ReferenceFile::Tags, R"({"is":"staff"})"), "tag is missing");
}

TEST(Facts, HaveValuesOfFourTypes) {
    EXPECT_EQ(only<FactRow>(ReferenceFile::Facts, R"({"key":"rain","value":true})").value,
              FactValue{true});
    EXPECT_EQ(only<FactRow>(ReferenceFile::Facts, R"({"key":"stock","value":12})").value,
              FactValue{std::int64_t{12}});
    EXPECT_EQ(only<FactRow>(ReferenceFile::Facts, R"({"key":"temp","value":21.5})").value,
              FactValue{21.5});
    EXPECT_EQ(only<FactRow>(ReferenceFile::Facts, R"({"key":"day","value":"fair"})").value,
              FactValue{std::string{"fair"}});
}

TEST(Facts, HoldForAnInterval) {
    const auto row = only<FactRow>(
        ReferenceFile::Facts,
        R"({"key":"rain","value":true,"valid_from":"2026-06-12T04:00:00Z","valid_to":"2026-06-12T05:00:00Z"})");
    EXPECT_EQ(row.valid_from, kit::kNoon);
    EXPECT_EQ(row.valid_to, kit::kNoon + std::chrono::hours{1});
    EXPECT_FALSE(
        only<FactRow>(ReferenceFile::Facts, R"({"key":"rain","value":true,"valid_to":null})")
            .valid_to);
    EXPECT_EQ(
        problem(
            ReferenceFile::Facts,
            R"({"key":"r","value":1,"valid_from":"2026-06-12T04:00:00Z","valid_to":"2026-06-12T04:00:00Z"})"),
        "valid_to is not after valid_from");
}

TEST(Facts, NeedAValueThatIsOne) {
    EXPECT_EQ(problem(ReferenceFile::Facts, R"({"key":"rain"})"), "value is missing");
    EXPECT_EQ(problem(ReferenceFile::Facts, R"({"key":"rain","value":[1]})"),
              "value is not a boolean, number or text");
}

TEST(ReferenceLines, NameTheLineAndItsBytes) {
    const auto result =
        parsed(ReferenceFile::Products, "{\"sku\":\"A\"}\r\n\n{\"sku\":7}\n{\"sku\":\"B\"}\n");
    EXPECT_EQ(result.rows.size(), 2U);
    ASSERT_EQ(result.bad.size(), 1U);
    EXPECT_EQ(result.bad[0].line, 3U);
    EXPECT_EQ(result.bad[0].reason, "schema");
    EXPECT_EQ(result.bad[0].detail, "sku is not a short text");
    EXPECT_EQ(result.bad[0].from, 14);
    EXPECT_EQ(result.bad[0].to, 23);
    EXPECT_FALSE(result.unfinished);
}

TEST(ReferenceLines, SkipAByteOrderMark) {
    EXPECT_EQ(parsed(ReferenceFile::Products, "\xef\xbb\xbf{\"sku\":\"A\"}\n").rows.size(), 1U);
}

TEST(ReferenceLines, AreUnfinishedWithoutALineEndOrWithABrokenLastLine) {
    EXPECT_TRUE(parsed(ReferenceFile::Products, "{\"sku\":\"A\"}").unfinished);
    EXPECT_TRUE(parsed(ReferenceFile::Products, "{\"sku\":\"A\"}\n{\"sk").unfinished);
    EXPECT_TRUE(parsed(ReferenceFile::Products, "{\"sku\":\"A\"}\n{\"sk\n").unfinished);
    EXPECT_FALSE(parsed(ReferenceFile::Products, "{\"sk\n{\"sku\":\"A\"}\n").unfinished);
    EXPECT_FALSE(parsed(ReferenceFile::Products, "{\"sku\":1}\n").unfinished);
    EXPECT_FALSE(parsed(ReferenceFile::Products, "").unfinished);
}

TEST(ReferenceLines, RefuseALineThatIsTooLong) {
    const auto result =
        parsed(ReferenceFile::Products,
               "{\"sku\":\"" + std::string(kLineBytesMax, 'x') + "\"}\n{\"sku\":\"A\"}\n");
    EXPECT_EQ(result.rows.size(), 1U);
    EXPECT_EQ(result.bad.at(0).reason, "limit");
}

TEST(ReferenceLines, TellABoundedNumberOfBadLinesAndCountAll) {
    std::string bytes;
    for (std::size_t i = 0; i < kBadLinesMax + 50; ++i) bytes += "{}\n";
    const auto result = parsed(ReferenceFile::Members, bytes);
    EXPECT_EQ(result.bad.size(), kBadLinesMax);
    EXPECT_EQ(result.bad_total, kBadLinesMax + 50);
}

TEST(ReferenceLines, AreFullBeyondTheBoundOfRows) {
    std::string bytes;
    for (std::size_t i = 0; i <= kRowsMax; ++i) bytes += "{\"sku\":\"A\"}\n";
    const auto result = parse_reference(ReferenceFile::Products, bytes);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().fault, Fault::Full);
}

TEST(ReferenceLines, NeverNameAValueInAProblem) {
    const auto detail =
        problem(ReferenceFile::Members, R"({"member":"secret-1","tags":"secret-2"})");
    EXPECT_EQ(detail.find("secret"), std::string::npos);
}

TEST(ReferenceLines, SurviveGarbage) {
    const std::string sample =
        "{\"member\":\"M1\",\"tags\":[\"vip\"],\"consent\":{\"a\":{\"at\":\"2026-06-12T04:00:00Z\","
        "\"version\":\"3\"}}}\n"
        "{\"sku\":\"S1\",\"price\":12900}\n{\"tag\":\"aa\",\"is\":\"staff\"}\n{\"key\":\"rain\","
        "\"value\":1.5}\n";
    std::size_t rows = 0;
    std::size_t bad = 0;
    for (std::uint32_t seed = 0; seed < 5'000; ++seed) {
        const auto result = parsed(kReferenceFiles[seed % 4], kit::mutant(sample, seed));
        rows += result.rows.size();
        bad += result.bad_total;
    }
    EXPECT_GT(rows, 1'000U);
    EXPECT_GT(bad, 5'000U);
}

TEST(Members, SayMoreOfATagThanItsWord) {
    const auto row = only<MemberRow>(
        ReferenceFile::Members,
        R"({"member":"M1","tags":["vip",{"tag":"tea","confidence":0.8,"source":"study-7",)"
        R"("until":"2027-01-01T00:00:00Z"},{"tag":"sure"}],"birthday":"02-29",)"
        R"("ids":{"card":["c1"],"app":["a1","a2"]}})");
    EXPECT_EQ(row.tags, (std::vector<std::string>{"vip", "tea", "sure"}));
    ASSERT_EQ(row.tag_details.size(), 1U);
    EXPECT_EQ(row.tag_details.at("tea").confidence_permille, 800);
    EXPECT_EQ(row.tag_details.at("tea").source, "study-7");
    EXPECT_EQ(row.tag_details.at("tea").until, parse_rfc3339("2027-01-01T00:00:00Z"));
    EXPECT_EQ(row.birthday, "02-29");
    EXPECT_EQ(row.ids.size(), 3U);
}

TEST(Members, WithADetailThatCannotBeReadAreRejectedWhole) {
    for (const char* field :
         {R"("tags":[{"confidence":1}])", R"("tags":[{"tag":"t","confidence":1.5}])",
          R"("tags":[{"tag":"t","until":"soon"}])", R"("tags":[7])", R"("birthday":"02-30")",
          R"("birthday":"1990-06-12")", R"("ids":{"phone":["1"]})", R"("ids":{"card":"c1"})",
          R"("ids":{"card":[""]})"})
        EXPECT_NE(problem(ReferenceFile::Members, R"({"member":"M1",)" + std::string{field} + "}"),
                  "")
            << field;
}

}  // namespace
}  // namespace aisle::reference
