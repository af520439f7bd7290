#include "sync/hq/dataset_load.hpp"

#include <gtest/gtest.h>

#include "sync/wire/dataset.hpp"

namespace aisle::hq {
namespace {

using wire::Dataset;

ReadingOrFaults json_lines(Dataset name, std::string_view text) {
    return read_dataset({.name = name, .format = DatasetFormat::JsonLines, .text = text});
}
ReadingOrFaults csv(Dataset name, std::string_view text) {
    return read_dataset({.name = name, .format = DatasetFormat::Csv, .text = text});
}

TEST(DatasetLoad, ReadsProductsFromJsonLines) {
    const auto read = json_lines(
        Dataset::Products, R"({"sku":"a1","category":"tea","price":1200,"cost":700,"shelf":"7"})"
                           "\n\n"
                           R"({"sku":"a0","price":100})");
    ASSERT_TRUE(read.status);
    const auto& rows = read.reading.loaded.rows;
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].key, "a0");  // ascending, whatever the file's order
    EXPECT_EQ(rows[1].text, R"({"sku":"a1","category":"tea","price":1200,"cost":700})");
}

TEST(DatasetLoad, ReadsTheSameRowsFromCsv) {
    const auto from_csv = csv(Dataset::Products,
                              "sku,gtin,category,brand,price,cost,shelf\r\n"
                              "a1,,tea,\"Leaf, \"\"old\"\"\",1200,700,7\r\n");
    const auto from_json = json_lines(
        Dataset::Products,
        R"({"sku":"a1","category":"tea","brand":"Leaf, \"old\"","price":1200,"cost":700})");
    ASSERT_TRUE(from_csv.status);
    EXPECT_EQ(from_csv.reading.loaded.rows, from_json.reading.loaded.rows);
}

TEST(DatasetLoad, ReadsSemicolonsWhereTheHeadHasThem) {
    const auto read = csv(Dataset::Products, "sku;category\na1;tea, green\n");
    ASSERT_TRUE(read.status);
    EXPECT_EQ(read.reading.loaded.rows[0].text, R"({"sku":"a1","category":"tea, green"})");
}

TEST(DatasetLoad, ReadsMembersWithListsScoresAndConsentFromCsv) {
    const auto read = csv(Dataset::Members,
                          "member,tier,tags,segments,score.churn,consent.marketing.personal\n"
                          "M-1,gold,vip|tea,loyal,37,2026-01-02T03:04:05Z\n");
    ASSERT_TRUE(read.status);
    const auto& row = read.reading.loaded.rows.at(0);
    EXPECT_EQ(row.key, "M-1");
    const auto line = "{\"member\":\"" + std::string(32, 'a') + '"' + row.text + '\n';
    const auto rows = wire::parse_dataset_rows(Dataset::Members, line);
    ASSERT_TRUE(rows) << to_text(rows.error());
    const auto& member = std::get<MemberRow>(*rows->at(0).row);
    EXPECT_EQ(member.tags, (std::vector<std::string>{"vip", "tea", "loyal"}));
    EXPECT_EQ(member.scores.at("churn"), 37);
    EXPECT_TRUE(member.consent.at("marketing.personal").granted);
}

TEST(DatasetLoad, LeavesNoRawMemberIdInTheTextOfARow) {
    const auto read = json_lines(Dataset::Members, R"({"tier":"gold","member":"13800138000"})");
    ASSERT_TRUE(read.status);
    EXPECT_EQ(read.reading.loaded.rows[0].text.find("13800138000"), std::string::npos);
}

TEST(DatasetLoad, KeysStockByStoreAndSku) {
    const auto read = csv(Dataset::Stock, "store,sku,qty\ns-2,a1,5\ns-1,a1,7\n");
    ASSERT_TRUE(read.status);
    const auto& rows = read.reading.loaded.rows;
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].store, "s-1");
    EXPECT_EQ(rows[0].text, R"({"sku":"a1","qty":7})");
}

TEST(DatasetLoad, ReadsFactsOfEachKind) {
    const auto read = csv(Dataset::Weather,
                          "store,key,value,valid_from,valid_to\n"
                          ",weather.rain,true,2026-06-12T00:00:00Z,2026-06-13T00:00:00Z\n"
                          ",weather.celsius,31,,\n"
                          "s-1,weather.sky,grey,,\n");
    ASSERT_TRUE(read.status);
    const auto& rows = read.reading.loaded.rows;
    EXPECT_EQ(rows[0].text, R"({"key":"weather.celsius","value":31})");
    EXPECT_EQ(rows[1].key, "weather.rain|2026-06-12T00:00:00.000Z");
    EXPECT_EQ(rows[2].store, "s-1");
}

TEST(DatasetLoad, TellsOfEachBadRowWithItsLineAndReason) {
    const auto read = csv(Dataset::Products,
                          "sku,price\n"
                          "a1,100\n"
                          ",200\n"
                          "a3,cheap\n"
                          "a4\n"
                          "a5,-5\n");
    ASSERT_TRUE(read.status);
    const auto& faults = read.reading.faults;
    ASSERT_EQ(faults.size(), 4U);
    EXPECT_EQ(faults[0].line, 3);
    EXPECT_EQ(faults[0].reason, "no sku");
    EXPECT_EQ(faults[1].reason, "price is no integer");
    EXPECT_EQ(faults[2].reason, "it has 1 cells, the head 2");
    EXPECT_EQ(faults[3].line, 6);
    EXPECT_EQ(read.reading.loaded.rows.size(), 1U);
}

TEST(DatasetLoad, TakesTheLaterOfTwoRowsWithOneKey) {
    const auto read = csv(Dataset::Products, "sku,price\na1,100\na1,200\n");
    ASSERT_TRUE(read.status);
    EXPECT_EQ(read.reading.loaded.rows.at(0).text, R"({"sku":"a1","price":200})");
    EXPECT_EQ(read.reading.faults.at(0).line, 2);
}

TEST(DatasetLoad, KnowsTheLineOfARowBehindACellWithLineEnds) {
    const auto read = csv(Dataset::Products, "sku,brand\na1,\"two\nlines\"\n,x\n");
    ASSERT_TRUE(read.status);
    EXPECT_EQ(read.reading.faults.at(0).line, 4);
}

TEST(DatasetLoad, RefusesAFileOfWhichTooMuchIsBad) {
    std::string text = "sku,price\n";
    for (int i = 0; i < 1'000; ++i)
        text += "a" + std::to_string(i) + (i % 9 == 0 ? ",?\n" : ",1\n");
    const auto read = csv(Dataset::Products, text);
    EXPECT_EQ(read.status.error().fault, Fault::Malformed);
    EXPECT_EQ(read.reading.loaded.faults, 112);
}

TEST(DatasetLoad, BearsAHundredBadRows) {
    std::string text = "sku,price\n";
    for (int i = 0; i < 1'000; ++i)
        text += "a" + std::to_string(i) + (i % 10 == 0 ? ",?\n" : ",1\n");
    EXPECT_TRUE(csv(Dataset::Products, text).status);
}

TEST(DatasetLoad, RefusesWhatHoldsNothingThatCanBeUsed) {
    EXPECT_FALSE(json_lines(Dataset::Products, "").status);
    EXPECT_FALSE(json_lines(Dataset::Products, "<html>").status);
    EXPECT_FALSE(csv(Dataset::Products, "sku,price\n").status);
    EXPECT_FALSE(csv(Dataset::Products, "").status);
    EXPECT_FALSE(csv(Dataset::Products, "sku,sku\n1,2\n").status);
}

TEST(DatasetLoad, KeepsAThousandFaultsAndCountsTheRest) {
    std::string text;
    for (int i = 0; i < 1'500; ++i) text += "no json\n";
    const auto read = json_lines(Dataset::Products, text);
    EXPECT_EQ(read.reading.faults.size(), kFaultsKept);
    EXPECT_EQ(read.reading.loaded.faults, 1'500);
}

TEST(DatasetLoad, RefusesRowsThatTheShopsWouldRefuse) {
    const auto read =
        json_lines(Dataset::Members, R"({"member":"m1","tags":"vip"})"
                                     "\n"
                                     R"({"member":"m2","scores":{"churn":"high"}})"
                                     "\n"
                                     R"({"member":"m3","consent":{"marketing.personal":true}})"
                                     "\n"
                                     R"({"member":"m4"})");
    ASSERT_TRUE(read.status);
    EXPECT_EQ(read.reading.faults.size(), 3U);
    EXPECT_EQ(read.reading.loaded.rows.size(), 1U);
}

TEST(DatasetLoad, RefusesControlCharactersInAKey) {
    const auto read = json_lines(Dataset::Products, "{\"sku\":\"a\\t1\"}\n{\"sku\":\"a2\"}");
    ASSERT_TRUE(read.status);
    EXPECT_EQ(read.reading.faults.at(0).reason, "bad key");
}

TEST(DatasetLoad, ReadsRowsThatGo) {
    const auto read = json_lines(Dataset::Products, "{\"sku\":\"a1\",\"gone\":true}");
    ASSERT_TRUE(read.status);
    EXPECT_TRUE(read.reading.loaded.rows.at(0).gone);
}

TEST(DatasetLoad, PassesOverAByteOrderMark) {
    EXPECT_TRUE(csv(Dataset::Products, "\xEF\xBB\xBFsku,price\na1,1\n").status);
}

TEST(DatasetLoad, CutsTheTextOfAFault) {
    const auto read = json_lines(Dataset::Products,
                                 "{\"sku\":\"" + std::string(3'000, 'x') + "\"}\n{\"sku\":\"a\"}");
    EXPECT_EQ(read.reading.faults.at(0).text.size(), 256U);
    EXPECT_NE(faults_json(read.reading.faults).find("\"line\":1"), std::string::npos);
}

}  // namespace
}  // namespace aisle::hq
