#include "sync/wire/dataset.hpp"

#include <gtest/gtest.h>

#include "tests/kit/builders.hpp"

namespace aisle::wire {
namespace {

DatasetHeader header_of(Dataset name) {
    return {.store = "s-0001",
            .name = name,
            .version = 8,
            .base = 7,
            .part = 2,
            .parts = 3,
            .valid_until = kit::kNoon,
            .n = 4,
            .sha256 = std::string(64, 'a'),
            .member_key = "k1"};
}

std::vector<DatasetRow> rows_of(Dataset name, const std::string& text) {
    auto rows = parse_dataset_rows(name, text);
    EXPECT_TRUE(rows) << rows.error().detail;
    return rows ? std::move(*rows) : std::vector<DatasetRow>{};
}

TEST(Dataset, ReadsTheHeaderThatItWrites) {
    for (std::size_t i = 0; i < kDatasets; ++i) {
        const DatasetHeader header = header_of(static_cast<Dataset>(i));
        const auto part = parse_dataset(header_line(header) + "\nx\n");
        ASSERT_TRUE(part) << part.error().detail;
        EXPECT_EQ(part->header, header);
        EXPECT_EQ(part->rows, "x\n");
    }
}

TEST(Dataset, RefusesHeadersThatCannotBe) {
    std::vector<DatasetHeader> bad(7, header_of(Dataset::Stock));
    bad[0].version = 0;
    bad[1].base = 8;
    bad[2].part = 4;
    bad[3].parts = kDatasetPartsMax + 1;
    bad[4].n = -1;
    bad[5].sha256 = "abc";
    bad[6].store = "S 1";
    for (std::size_t i = 0; i < bad.size(); ++i)
        EXPECT_FALSE(parse_dataset(header_line(bad[i]) + "\n")) << i;
    EXPECT_FALSE(parse_dataset(header_line(header_of(Dataset::Stock))));
    EXPECT_FALSE(parse_dataset(header_line(header_of(Dataset::Stock)) + "\nno end"));
}

TEST(DatasetRows, AreProductsWithCostAndPrice) {
    const auto rows = rows_of(
        Dataset::Products, R"({"sku":"A","gtin":"1","category":"c","brand":"b","price":5,"cost":3})"
                           "\n");
    const auto& product = std::get<ProductRow>(*rows.at(0).row);
    EXPECT_EQ(rows[0].key, "A");
    EXPECT_EQ(product.price, Money::minor(5));
    EXPECT_EQ(product.cost, Money::minor(3));
}

TEST(DatasetRows, StockIsAFact) {
    const auto rows = rows_of(Dataset::Stock, "{\"sku\":\"A\",\"qty\":7}\n");
    const auto& fact = std::get<FactRow>(*rows.at(0).row);
    EXPECT_EQ(fact.key, "stock.A");
    EXPECT_EQ(std::get<std::int64_t>(fact.value), 7);
}

TEST(DatasetRows, SegmentsAreTagsAndScoresAreNumbers) {
    const auto rows = rows_of(
        Dataset::Members,
        R"({"member":"m","tags":["vip"],"segments":["seg-1"],"tier":"gold","scores":{"churn":12},)"
        R"("consent":{"marketing.personal":{"at":"2026-06-12T04:00:00Z","version":"v1"}}})"
        "\n");
    const auto& member = std::get<MemberRow>(*rows.at(0).row);
    EXPECT_EQ(member.tags, (std::vector<std::string>{"vip", "seg-1"}));
    EXPECT_EQ(member.scores.at("churn"), 12);
    EXPECT_TRUE(member.consent.at("marketing.personal").granted);
}

TEST(DatasetRows, AFactsStartBelongsToItsKey) {
    const auto rows =
        rows_of(Dataset::Weather,
                R"({"key":"ctx.weather","value":"rain","valid_from":"2026-06-12T12:00:00+08:00"})"
                "\n");
    EXPECT_EQ(rows.at(0).key, "ctx.weather|2026-06-12T04:00:00.000Z");
}

TEST(DatasetRows, GoOfAnyName) {
    for (std::size_t i = 0; i < kDatasets; ++i) {
        const auto rows = rows_of(static_cast<Dataset>(i), "{\"key\":\"A\",\"gone\":true}\n");
        EXPECT_EQ(rows.at(0).key, "A");
        EXPECT_FALSE(rows[0].row);
    }
}

TEST(DatasetRows, NameTheFirstBadLine) {
    const auto rows =
        parse_dataset_rows(Dataset::Stock, "{\"sku\":\"A\",\"qty\":7}\n{\"sku\":\"B\"}\n");
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().detail.substr(0, 6), "row 2:");
}

TEST(DatasetRows, RefuseWhatIsNoRow) {
    for (const char* bad :
         {"\n", "1\n", "{}\n", "{\"sku\":\"\",\"qty\":1}\n", "{\"sku\":1}\n",
          "{\"sku\":\"A\",\"qty\":\"7\"}\n", "{\"sku\":\"A\",\"qty\":7,\"x\":1}\n",
          "{\"key\":\"A\",\"gone\":false}\n", "{\"sku\":\"A\",\"qty\":7}"})
        EXPECT_FALSE(parse_dataset_rows(Dataset::Stock, bad)) << bad;
}

TEST(DatasetDigest, IsOfAllPartsTogether) {
    const std::vector<std::string> cut{"a", "bc"};
    const std::vector<std::string> whole{"abc"};
    EXPECT_EQ(rows_digest(cut), rows_digest(whole));
    EXPECT_EQ(rows_digest(whole),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(DatasetRows, TellHowSureATagIsAndUntilWhen) {
    const auto rows = rows_of(
        Dataset::Members,
        R"({"member":"m","tags":["vip",{"tag":"tea","confidence":0.25,"source":"s"}],"birthday":"06-12"})"
        "\n");
    const auto& member = std::get<MemberRow>(*rows.at(0).row);
    EXPECT_EQ(member.tags, (std::vector<std::string>{"vip", "tea"}));
    EXPECT_EQ(member.tag_details.at("tea").confidence_permille, 250);
    EXPECT_EQ(member.birthday, "06-12");
}

TEST(DatasetRows, WithATagOrABirthdayThatIsNoneAreRefused) {
    for (const char* field : {R"("tags":[{"tag":""}])", R"("tags":[{"tag":"t","confidence":2}])",
                              R"("tags":[{"tag":"t","colour":1}])", R"("birthday":"13-01")"})
        EXPECT_FALSE(
            parse_dataset_rows(Dataset::Members, R"({"member":"m",)" + std::string{field} + "}\n"))
            << field;
}

}  // namespace
}  // namespace aisle::wire
