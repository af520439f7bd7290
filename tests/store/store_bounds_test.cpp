#include <gtest/gtest.h>

#include <filesystem>

#include "agent/store/key_index.hpp"
#include "agent/store/store.hpp"
#include "store_kit.hpp"

// The largest, the empty and the repeated.
namespace aisle::store {
namespace {

constexpr WallTime kCommitted = kit::kNoon;

TEST(StoreBounds, TakesAsManyRecordsAsABatchMayHold) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(minutes_of(1, static_cast<int>(kBatchRecordsMax)), kCommitted));
    EXPECT_EQ(depth_of(*store, Stream::Footfall).next,
              static_cast<std::int64_t>(kBatchRecordsMax) + 1);
}

TEST(StoreBounds, AnEmptyBatchIsDurableAndLeavesNothing) {
    TempDir dir;
    auto store = open_store(dir);
    EXPECT_TRUE(store->append({}, kCommitted));
    EXPECT_EQ(store->sizes()->journal_rows, 0);
}

TEST(StoreBounds, ABodyOfTwoMegabytesComesBackByteForByte) {
    TempDir dir;
    auto store = open_store(dir);
    Record large = record_of(Stream::Ledger, "audit", 1);
    large.body = "{\"x\":\"" + std::string(2'000'000, 'y') + "\"}";
    ASSERT_TRUE(store->append(batch_of({large}), kCommitted));
    expect_same(rows_of(*store, Stream::Ledger).at(0).record, large);
}

TEST(StoreBounds, AReadOfBytesGivesALargeRowAloneAndTheNextOnesAfterIt) {
    TempDir dir;
    auto store = open_store(dir);
    Record large = record_of(Stream::Ledger, "audit", 1);
    large.body = "\"" + std::string(100'000, 'y') + "\"";
    const Record small = record_of(Stream::Ledger, "audit", 2);
    ASSERT_TRUE(store->append(batch_of({small, large, small}), kCommitted));
    const OutboxRead what{.stream = Stream::Ledger, .from_seq = 2, .bytes_max = 50'000};
    ASSERT_EQ(store->read(what)->size(), 1U);
    EXPECT_EQ(store->read(what)->front().seq, 2);
}

TEST(StoreBounds, KeepsEveryQualityAndEndOfAStamp) {
    TempDir dir;
    auto store = open_store(dir);
    std::vector<Record> records;
    for (const auto quality :
         {ClockQuality::None, ClockQuality::Rtc, ClockQuality::Ntp, ClockQuality::Hq}) {
        Record record = record_of(Stream::Health, "health", 1);
        record.at = {.boot = 9'999'999,
                     .mono = MonoTime{microseconds{1}},
                     .wall = WallTime{milliseconds{-1}},
                     .quality = quality};
        records.push_back(record);
    }
    ASSERT_TRUE(store->append(batch_of(records), kCommitted));
    const auto rows = rows_of(*store, Stream::Health);
    ASSERT_EQ(rows.size(), records.size());
    for (std::size_t i = 0; i < rows.size(); ++i) expect_same(rows[i].record, records[i]);
}

TEST(StoreBounds, KeepsIdsWithAnySign) {
    TempDir dir;
    auto store = open_store(dir);
    for (const std::string id :
         {"'", "\"; DROP TABLE journal; --", "|", "a|b", "购物", "%", "\\"}) {
        ASSERT_TRUE(store->append(batch_of({sale_record(id, 1, "d-" + id)}), kCommitted)) << id;
        const std::vector<RecordKey> keys{{"sale", id, "d-" + id}};
        EXPECT_EQ(store->find(keys)->at(0).known, Known::Same) << id;
    }
}

// The hash of (kind, event_id) puts a separator between them.
TEST(StoreBounds, DoesNotTakeTheEndOfAKindForTheBeginningOfAnId) {
    EXPECT_NE(key_of("sal", "e1"), key_of("sale", "1"));
    EXPECT_EQ(key_of("sale", "1"), key_of("sale", "1"));
    TempDir dir;
    auto store = open_store(dir);
    Record odd = sale_record("e|1", 1, "d");
    odd.kind = "sal";
    ASSERT_TRUE(store->append(batch_of({odd}), kCommitted));
    // key_of("sal|e", "1") is the same hash: the texts decide.
    ASSERT_EQ(key_of("sal", "e|1"), key_of("sal|e", "1"));
    const std::vector<RecordKey> keys{{"sal|e", "1", "d"}, {"sal", "e|1", "d"}};
    const auto found = *store->find(keys);
    EXPECT_EQ(found[0].known, Known::Absent);
    EXPECT_EQ(found[1].known, Known::Same);
}

TEST(StoreBounds, FindsNothingByAnEmptyId) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(batch_of({record_of(Stream::Ledger, "audit", 1)}), kCommitted));
    const std::vector<RecordKey> keys{{"audit", "", ""}};
    EXPECT_EQ(store->find(keys)->at(0).known, Known::Absent);
    EXPECT_TRUE(store->find({})->empty());
}

TEST(StoreBounds, ReadsNothingForALimitOfNothing) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(minutes_of(1, 3), kCommitted));
    EXPECT_TRUE(store->read(JournalQuery{.limit = 0})->empty());
    EXPECT_EQ(store->read(JournalQuery{.limit = 2})->size(), 2U);
    EXPECT_TRUE(store->read(JournalQuery{.after_id = 3})->empty());
    EXPECT_TRUE(store->read(JournalQuery{.kind = "unheard_of"})->empty());
}

TEST(StoreBounds, WantsAKindForAnEvent) {
    TempDir dir;
    auto store = open_store(dir);
    const auto refused = store->read(JournalQuery{.event_id = "a"});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::Malformed);
}

TEST(StoreBounds, GivesTheRevisionsOfAnEventOnlyUpToTheLimit) {
    TempDir dir;
    auto store = open_store(dir);
    for (std::int32_t revision = 1; revision <= 5; ++revision)
        ASSERT_TRUE(store->append(batch_of({sale_record("a", revision, "d")}), kCommitted));
    const auto some = *store->read(JournalQuery{.kind = "sale", .event_id = "a", .limit = 2});
    ASSERT_EQ(some.size(), 2U);
    EXPECT_EQ(some[1].record.revision, 2);
    const auto rest = *store->read(
        JournalQuery{.kind = "sale", .event_id = "a", .after_id = some[1].id, .limit = 9});
    ASSERT_EQ(rest.size(), 3U);
    EXPECT_EQ(rest[0].record.revision, 3);
}

TEST(StoreBounds, PagesThroughTheQuarantineByIds) {
    TempDir dir;
    auto store = open_store(dir);
    Batch batch;
    for (int i = 0; i < 5; ++i)
        batch.quarantine.push_back(
            {.source = "till", .reason = "schema", .at = kit::at(), .payload = "x"});
    ASSERT_TRUE(store->append(batch, kCommitted));
    const auto first = *store->quarantined({.limit = 2});
    ASSERT_EQ(first.size(), 2U);
    const auto rest = *store->quarantined({.after_id = first.back().id});
    ASSERT_EQ(rest.size(), 3U);
    EXPECT_EQ(rest.front().id, first.back().id + 1);
    EXPECT_EQ(store->sizes()->quarantine_rows, 5);
    EXPECT_EQ(store->sizes()->quarantine_bytes, 5);
}

TEST(StoreBounds, KeepsTheLastOfManyChangesToOneStateKey) {
    TempDir dir;
    auto store = open_store(dir);
    Batch batch;
    for (int i = 0; i < 100; ++i) batch.state.push_back({"room", "k", std::to_string(i)});
    ASSERT_TRUE(store->append(batch, kCommitted));
    ASSERT_EQ(store->read_state("room")->size(), 1U);
    EXPECT_EQ(store->read_state("room")->front().bytes, "99");
}

TEST(StoreBounds, DeletesWhatWasNeverThereWithoutAWord) {
    TempDir dir;
    auto store = open_store(dir);
    Batch batch;
    batch.state = {{"room", "never", ""}};
    batch.positions = {{"till", "never", ""}};
    EXPECT_TRUE(store->append(batch, kCommitted));
    EXPECT_TRUE(store->read_state("room")->empty());
}

TEST(StoreBounds, FreezesAheadOfRowsThatAreThenBornFrozen) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->freeze(Stream::Footfall, 100));
    ASSERT_TRUE(store->append(minutes_of(1, 3), kCommitted));
    EXPECT_EQ(store->replace_by_gap(Stream::Footfall, 1, 2, "quota").error().fault, Fault::Denied);
}

TEST(StoreBounds, AReaderSeesNoHalfOfATransaction) {
    TempDir dir;
    auto store = open_store(dir);
    auto reader = std::move(*StoreReader::open(dir.path()));
    Batch bad = minutes_of(1, 10);
    bad.records.push_back(sale_record("a", 1, "d"));
    bad.records.push_back(sale_record("a", 1, "d"));
    ASSERT_FALSE(store->append(bad, kCommitted));
    EXPECT_TRUE(reader->read(JournalQuery{})->empty());
    EXPECT_EQ(depth_of(*reader, Stream::Footfall).next, 1);
}

}  // namespace
}  // namespace aisle::store
