#include "sync/uplink/cutter.hpp"

#include <gtest/gtest.h>

#include <random>

#include "sync/wire/line.hpp"

namespace aisle::uplink {
namespace {

std::vector<OutboxRow> rows_of(int n, std::size_t bytes, std::uint64_t seed = 1) {
    std::mt19937_64 random{seed};
    std::vector<OutboxRow> rows;
    for (int i = 1; i <= n; ++i) {
        OutboxRow row{.seq = i, .from = i};
        row.record.kind = "test";
        row.record.body = "\"";
        for (std::size_t b = 0; b < bytes; ++b)
            row.record.body += static_cast<char>('a' + random() % 26);
        row.record.body += '"';
        rows.push_back(std::move(row));
    }
    return rows;
}

Cutting how(std::size_t bytes_max = wire::kBatchPackedBytesMax, std::size_t rows_max = 500) {
    return {.header = {.store = StoreId{"s-0001"}, .epoch = "0123456789abcdef"},
            .prev = "00112233445566ff",
            .rows_max = rows_max,
            .bytes_max = bytes_max};
}

Cuts cut_of(const std::vector<OutboxRow>& rows, Cutting cutting) {
    wire::Packer packer;
    return cut(rows, std::move(cutting), packer);
}

TEST(Cutter, MakesOneBatchOfWhatFitsIntoOne) {
    const auto rows = rows_of(500, 20);
    const auto cuts = cut_of(rows, how());
    ASSERT_EQ(cuts.batches.size(), 1U);
    const auto opened = wire::open_batch(cuts.batches[0].payload);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->header.first, 1);
    EXPECT_EQ(opened->header.last, 500);
    EXPECT_EQ(opened->header.prev, "00112233445566ff");
    EXPECT_EQ(opened->lines.size(), 500U);
    EXPECT_EQ(cuts.batches[0].cut.check, wire::check_of(wire::line_of(rows.back())));
}

TEST(Cutter, ChainsBatchesWithoutAHole) {
    const auto rows = rows_of(400, 300);
    const auto cuts = cut_of(rows, how(16 * 1024));
    ASSERT_GT(cuts.batches.size(), 3U);
    std::string prev = "00112233445566ff";
    std::int64_t next = 1;
    for (const auto& batch : cuts.batches) {
        const auto opened = wire::open_batch(batch.payload);
        ASSERT_TRUE(opened);
        EXPECT_LE(batch.payload.size(), 16U * 1024);
        EXPECT_EQ(opened->header.prev, prev);
        EXPECT_EQ(opened->header.first, next);
        next = opened->header.last + 1;
        prev = wire::check_of(opened->lines.back());
        EXPECT_EQ(prev, batch.cut.check);
    }
    EXPECT_EQ(next, 401);
    EXPECT_FALSE(cuts.too_large);
}

TEST(Cutter, StopsAtTheRowThatFitsNowhere) {
    auto rows = rows_of(10, 20);
    rows[6].record.body = rows_of(1, 9'000).front().record.body;
    const auto cuts = cut_of(rows, how(4'000));
    ASSERT_TRUE(cuts.too_large);
    EXPECT_EQ(cuts.too_large->seq, 7);
    EXPECT_EQ(cuts.batches.back().cut.last, 6);
}

TEST(Cutter, StopsAtARowThatIsLongerThanAnyBatchMayBe) {
    std::vector<OutboxRow> rows = rows_of(1, 1);
    rows[0].record.body = "\"" + std::string(wire::kBatchRawBytesMax, 'a') + "\"";
    const auto cuts = cut_of(rows, how());  // although it would compress well
    EXPECT_TRUE(cuts.batches.empty());
    ASSERT_TRUE(cuts.too_large);
    EXPECT_EQ(cuts.too_large->seq, 1);
}

TEST(Cutter, BeginsAGapAtItsFirstRecord) {
    OutboxRow gap{.seq = 9, .from = 4};
    gap.record = {.kind = "gap", .body = R"({"reason":"quota","n":6})"};
    const auto cuts = cut_of({gap}, how());
    EXPECT_EQ(cuts.batches.at(0).cut.first, 4);
    EXPECT_EQ(cuts.batches.at(0).cut.last, 9);
}

TEST(Cutter, RemembersHowManyFitted) {
    const auto rows = rows_of(400, 300);
    Cutting cutting = how(16 * 1024);
    const auto cuts = cut_of(rows, cutting);
    EXPECT_LT(cuts.fitting_rows, 150U);
    cutting.fitting_rows = cuts.fitting_rows;
    EXPECT_EQ(cut_of(rows, cutting).batches.at(0).cut.rows, cuts.fitting_rows);
}

class AnyBounds : public testing::TestWithParam<std::uint64_t> {};

TEST_P(AnyBounds, HoldForAnyRows) {
    std::mt19937_64 random{GetParam()};
    std::vector<OutboxRow> rows;
    for (int i = 1; i <= 120; ++i) {
        rows.push_back(rows_of(1, random() % 1'500, random()).front());
        rows.back().seq = rows.back().from = i;
    }
    const std::size_t bytes_max = 1'200 + random() % 20'000;
    const std::size_t rows_max = 1 + random() % 200;
    const auto cuts = cut_of(rows, how(bytes_max, rows_max));
    std::int64_t next = 1;
    for (const auto& batch : cuts.batches) {
        EXPECT_LE(batch.payload.size(), bytes_max);
        EXPECT_LE(batch.cut.rows, rows_max);
        EXPECT_EQ(batch.cut.first, next);
        next = batch.cut.last + 1;
    }
    EXPECT_EQ(next, cuts.too_large ? cuts.too_large->seq : 121);
}

INSTANTIATE_TEST_SUITE_P(Seeds, AnyBounds, testing::Range<std::uint64_t>(1, 21));

}  // namespace
}  // namespace aisle::uplink
