#include "agent/store/store.hpp"

#include <gtest/gtest.h>

#include "store_kit.hpp"

namespace aisle::store {
namespace {

constexpr WallTime kCommitted = kit::kNoon + seconds{1};

TEST(Store, GivesARecordBackByteForByte) {
    TempDir dir;
    auto store = open_store(dir);
    Record sale = sale_record("a1", 1, "d1");
    sale.body = std::string{"{\"text\":\"\\u0000 \xe2\x82\xac\",\"n\":1.10}"};
    ASSERT_TRUE(store->append(batch_of({sale}), kCommitted));
    const auto rows = rows_of(*store, Stream::Ledger);
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(rows[0].seq, 1);
    EXPECT_EQ(rows[0].from, 1);
    expect_same(rows[0].record, sale);
}

TEST(Store, NumbersEachStreamDenselyFromOne) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(
        batch_of({record_of(Stream::Offers, "offer", 1), record_of(Stream::Ledger, "audit", 2),
                  record_of(Stream::Offers, "offer", 3)}),
        kCommitted));
    ASSERT_TRUE(store->append(batch_of({record_of(Stream::Offers, "offer", 4)}), kCommitted));
    const auto offers = rows_of(*store, Stream::Offers);
    ASSERT_EQ(offers.size(), 3u);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(offers[i].seq, static_cast<std::int64_t>(i) + 1);
    EXPECT_EQ(rows_of(*store, Stream::Ledger).size(), 1u);
}

TEST(Store, KeepsLocalRecordsOutOfTheOutbox) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(batch_of({record_of(Stream::Local, "crossing", 1)}), kCommitted));
    for (const Stream stream : kUpStreams) EXPECT_TRUE(rows_of(*store, stream).empty());
    EXPECT_EQ(store->read(JournalQuery{})->size(), 1u);
}

TEST(Store, ContinuesItsNumbersAfterReopening) {
    TempDir dir;
    ASSERT_TRUE(open_store(dir)->append(minutes_of(1, 3), kCommitted));
    auto store = open_store(dir);
    EXPECT_FALSE(store->is_new());
    ASSERT_TRUE(store->append(minutes_of(4, 1), kCommitted));
    EXPECT_EQ(rows_of(*store, Stream::Footfall).back().seq, 4);
}

TEST(Store, ContinuesItsNumbersWhenAllWasAcknowledgedBeforeReopening) {
    TempDir dir;
    {
        auto store = open_store(dir);
        ASSERT_TRUE(store->append(minutes_of(1, 3), kCommitted));
        ASSERT_TRUE(store->acknowledged(Stream::Footfall, 4));
    }
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(minutes_of(4, 1), kCommitted));
    EXPECT_EQ(rows_of(*store, Stream::Footfall).at(0).seq, 4);
}

TEST(Store, RefusesARevisionThatIsThere) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(batch_of({sale_record("a1", 1, "d1")}), kCommitted));
    const auto again = store->append(batch_of({sale_record("a1", 1, "d2")}), kCommitted);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().fault, Fault::Denied);
}

TEST(Store, RefusesTheSameRevisionTwiceInOneBatch) {
    TempDir dir;
    auto store = open_store(dir);
    EXPECT_FALSE(store->append(batch_of({sale_record("a1", 1, "d1"), sale_record("a1", 1, "d2")}),
                               kCommitted));
}

TEST(Store, LeavesNothingOfABatchThatFails) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(batch_of({sale_record("a1", 1, "d1")}), kCommitted));
    Batch bad = batch_of({sale_record("b1", 1, "d1"), sale_record("a1", 1, "d1")});
    bad.state.push_back({"offers", "k", "v"});
    ASSERT_FALSE(store->append(bad, kCommitted));
    EXPECT_EQ(store->read(JournalQuery{})->size(), 1u);
    EXPECT_TRUE(store->read_state("offers")->empty());
    ASSERT_TRUE(store->append(batch_of({sale_record("b1", 1, "d1")}), kCommitted));
    EXPECT_EQ(rows_of(*store, Stream::Ledger).back().seq, 2);
}

TEST(Store, TellsAnotherKindWithTheSameEventIdApart) {
    TempDir dir;
    auto store = open_store(dir);
    Record redemption = sale_record("a1", 1, "d1");
    redemption.kind = "redemption";
    EXPECT_TRUE(store->append(batch_of({sale_record("a1", 1, "d1"), redemption}), kCommitted));
}

TEST(StoreDeathTest, AssertsOnABatchBeyondItsBound) {
    TempDir dir;
    auto store = open_store(dir);
    const Batch batch = minutes_of(1, static_cast<int>(kBatchRecordsMax) + 1);
    EXPECT_DEATH((void)store->append(batch, kCommitted), "kBatchRecordsMax");
}

TEST(Store, KeepsStateUntilAnEmptyValueDeletesIt) {
    TempDir dir;
    auto store = open_store(dir);
    const std::string bytes{"\0\xff bin", 6};
    Batch batch;
    batch.state = {{"offers", "b", "old"},
                   {"offers", "b", bytes},
                   {"offers", "a", "1"},
                   {"footfall", "b", "x"}};
    ASSERT_TRUE(store->append(batch, kCommitted));
    auto rows = store->read_state("offers");
    ASSERT_EQ(rows->size(), 2u);
    EXPECT_EQ(rows->at(0).key, "a");
    EXPECT_EQ(rows->at(1).bytes, bytes);

    batch.state = {{"offers", "b", ""}};
    ASSERT_TRUE(store->append(batch, kCommitted));
    EXPECT_EQ(store->read_state("offers")->size(), 1u);
    EXPECT_EQ(store->read_state("footfall")->size(), 1u);
}

TEST(Store, KeepsSourcePositionsUntilAnEmptyOneForgetsThem) {
    TempDir dir;
    auto store = open_store(dir);
    Batch batch;
    batch.positions = {{"till", "a.xml", "10"}, {"till", "b.xml", "20"}, {"door", "a.xml", "1"}};
    ASSERT_TRUE(store->append(batch, kCommitted));
    batch.positions = {{"till", "a.xml", ""}, {"till", "b.xml", "30"}};
    ASSERT_TRUE(store->append(batch, kCommitted));
    const auto rows = store->positions("till");
    ASSERT_EQ(rows->size(), 1u);
    EXPECT_EQ(rows->at(0).item, "b.xml");
    EXPECT_EQ(rows->at(0).position, "30");
}

TEST(Store, KeepsWhatWasQuarantinedAndCutsItsPayload) {
    TempDir dir;
    auto store = open_store(dir);
    Batch batch;
    batch.quarantine.push_back({.source = "till",
                                .reason = "schema",
                                .detail = "no total",
                                .origin = "a.xml",
                                .byte_from = 5,
                                .byte_to = 9,
                                .at = kit::at(),
                                .payload = std::string(kQuarantinePayloadMax + 7, 'x')});
    ASSERT_TRUE(store->append(batch, kCommitted));
    const auto rows = store->quarantined({.source = "till", .payloads = true});
    ASSERT_EQ(rows->size(), 1u);
    EXPECT_EQ(rows->at(0).item.reason, "schema");
    EXPECT_EQ(rows->at(0).item.byte_to, 9);
    EXPECT_EQ(rows->at(0).item.at, kit::at());
    EXPECT_EQ(rows->at(0).item.payload.size(), kQuarantinePayloadMax);
    EXPECT_TRUE(store->quarantined({.source = "door"})->empty());
    EXPECT_TRUE(store->quarantined({.reason = "limit"})->empty());
    EXPECT_TRUE(store->quarantined({})->at(0).item.payload.empty());
}

TEST(Store, CountsBootsByTheirId) {
    TempDir dir;
    {
        auto store = open_store(dir);
        EXPECT_EQ(*store->boot_number("one"), 1);
        EXPECT_EQ(*store->boot_number("two"), 2);
    }
    auto store = open_store(dir);
    EXPECT_EQ(*store->boot_number("one"), 1);
    EXPECT_EQ(*store->boot_number("three"), 3);
}

}  // namespace
}  // namespace aisle::store
