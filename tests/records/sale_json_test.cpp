#include "agent/records/sale_json.hpp"

#include <gtest/gtest.h>

#include "agent/records/object_reader.hpp"
#include "tests/kit/builders.hpp"

namespace aisle::records {
namespace {

// A sale in which every field differs from its default.
Sale full_sale() {
    Sale sale = kit::sale_of(12'34, 7);
    sale.type = SaleType::Exchange;
    sale.status = SaleStatus::PostVoided;
    sale.vendor_id = "v-7";
    sale.minor_digits = 0;
    sale.lines[0] = {.n = 3,
                     .kind = LineKind::Return,
                     .sku = "\"S\"",
                     .gtin = "04006381333931",
                     .text = "茶\n",
                     .qty_milli = -650,
                     .unit = "kg",
                     .gross = Money::minor(-900),
                     .discount = Money::minor(-10),
                     .net = Money::minor(-890),
                     .voided = true,
                     .void_of = 2};
    sale.discounts.push_back(
        {.line = 3, .offer = "P1", .kind = "percent", .amount = Money::minor(-10)});
    sale.taxes.push_back({.code = "A",
                          .rate_ppm = 130'000,
                          .base = Money::minor(5),
                          .amount = Money::minor(1),
                          .included = false});
    sale.rounding = Money::minor(-1);
    sale.member = "00112233445566778899aabbccddeeff";
    sale.member_key = "k1";
    sale.reconciled = {.tenders = true, .lines = false, .off = Money::minor(-3)};
    sale.lineage = {.source = "till",
                    .driver = "poslog_dir/1",
                    .profile = "ncr",
                    .origin = "a.xml",
                    .byte_from = 10,
                    .byte_to = 20,
                    .digest = "ff",
                    .received = kit::kNoon,
                    .rules = {"a", "b"}};
    return sale;
}

// The bytes carry every field, and Sale itself has no comparison of its own.
TEST(SaleJson, GivesTheSameBytesAfterThereAndBack) {
    const std::string bytes = sale_json(full_sale());
    const auto back = sale_from_json(bytes);
    ASSERT_TRUE(back) << back.error().detail;
    EXPECT_EQ(sale_json(*back), bytes);
}

TEST(SaleJson, ReadsEachPartAsItWas) {
    const Sale sale = full_sale();
    const auto back = sale_from_json(sale_json(sale));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->lines, sale.lines);
    EXPECT_EQ(back->discounts, sale.discounts);
    EXPECT_EQ(back->tenders, sale.tenders);
    EXPECT_EQ(back->taxes, sale.taxes);
    EXPECT_EQ(back->reconciled, sale.reconciled);
    EXPECT_EQ(back->lineage.rules, sale.lineage.rules);
}

TEST(SaleJson, NamesTheFieldsAsTheDesignDoesAndInItsOrder) {
    const std::string bytes = sale_json(kit::sale_of(100));
    std::size_t at = 0;
    for (const char* key :
         {"sale",         "key",    "revision",   "source",        "type",     "status",
          "store",        "till",   "seq",        "business_date", "ended_at", "currency",
          "minor_digits", "lines",  "discounts",  "tenders",       "taxes",    "rounding",
          "total",        "member", "member_key", "reconciled",    "lineage"}) {
        const auto found = bytes.find('"' + std::string{key} + "\":", at);
        ASSERT_NE(found, std::string::npos) << key;
        at = found;
    }
}

TEST(SaleJson, LeavesLineageRevisionAndReconciledOutOfTheContent) {
    Sale other = full_sale();
    other.lineage = {};
    other.revision = 9;
    other.reconciled = {};
    EXPECT_EQ(sale_content(other), sale_content(full_sale()));
    other.total = Money::minor(1);
    EXPECT_NE(sale_content(other), sale_content(full_sale()));
}

TEST(SaleJson, NamesTheFieldThatIsWrong) {
    std::string bytes = sale_json(full_sale());
    bytes.replace(bytes.find("-900"), 4, "9.5 ");
    const auto back = sale_from_json(bytes);
    ASSERT_FALSE(back);
    EXPECT_EQ(back.error().detail, "lines[0].gross: not a whole number of 64 bits");
}

TEST(SaleJson, NamesAFieldThatIsMissing) {
    const auto back = sale_from_json(R"({"sale":"x"})");
    ASSERT_FALSE(back);
    EXPECT_EQ(back.error().detail, "key: missing");
}

TEST(SaleJson, RefusesAWordThatIsNotOfTheList) {
    std::string bytes = sale_json(full_sale());
    bytes.replace(bytes.find("exchange"), 8, "barter!!");
    EXPECT_EQ(sale_from_json(bytes).error().detail, "type: unknown word");
}

TEST(SaleJson, RefusesBytesThatAreNoObject) {
    for (const char* bytes : {"", "[]", "{", "nul", "{\"a\":1}x"})
        EXPECT_FALSE(sale_from_json(bytes)) << bytes;
}

TEST(SaleJson, PassesOverKeysItDoesNotKnow) {
    std::string bytes = sale_json(full_sale());
    bytes.insert(1, R"("later":{"a":[1]},)");
    EXPECT_TRUE(sale_from_json(bytes));
}

TEST(SaleJson, SurvivesEveryTruncation) {
    const std::string bytes = sale_json(full_sale());
    for (std::size_t n = 0; n < bytes.size(); ++n)
        EXPECT_FALSE(sale_from_json(bytes.substr(0, n))) << n;
}

TEST(SaleRecord, CarriesIdRevisionAndDigest) {
    const Record record = sale_record(full_sale(), "d1", kit::at());
    EXPECT_EQ(record.stream, Stream::Ledger);
    EXPECT_EQ(record.kind, "sale");
    EXPECT_EQ(record.event_id, full_sale().sale.value);
    EXPECT_EQ(record.revision, 1);
    EXPECT_EQ(record.digest, "d1");
    EXPECT_EQ(record.at, kit::at());
}

TEST(ObjectReader, KeepsTheFirstErrorOnly) {
    const auto in = ObjectReader::parse(R"({"a":"x","b":"y"})");
    EXPECT_EQ(in.integer<int>("b"), 0);
    EXPECT_FALSE(in.flag("a"));
    EXPECT_EQ(in.status().error().detail, "b: not a whole number of 64 bits");
}

TEST(ObjectReader, RefusesANumberThatDoesNotFit) {
    const auto in = ObjectReader::parse(R"({"a":4294967296})");
    EXPECT_EQ(in.integer<std::int64_t>("a"), 4294967296);
    EXPECT_TRUE(in.status());
    EXPECT_EQ(in.integer<int>("a"), 0);
    EXPECT_EQ(in.status().error().detail, "a: out of range");
}

}  // namespace
}  // namespace aisle::records
