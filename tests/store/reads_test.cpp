#include "agent/store/reads.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include "agent/store/store.hpp"
#include "store_kit.hpp"

namespace aisle::store {
namespace {

Found find_one(Reads& store, const RecordKey& key) {
    auto found = store.find(std::vector{key});
    if (!found) ADD_FAILURE() << found.error().detail;
    return found ? found->at(0) : Found{};
}

TEST(Find, IsAbsentBeforeTheFirst) {
    TempDir dir;
    auto store = open_store(dir);
    EXPECT_EQ(find_one(*store, {"sale", "a1", "d1"}).known, Known::Absent);
}

TEST(Find, IsTheSameByItsDigestAndKeepsTheBodyBack) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(batch_of({sale_record("a1", 1, "d1")}), kit::kNoon));
    const auto found = find_one(*store, {"sale", "a1", "d1"});
    EXPECT_EQ(found.known, Known::Same);
    EXPECT_EQ(found.earlier.revision, 1);
    EXPECT_TRUE(found.earlier.body.empty());
}

TEST(Find, GivesTheHighestRevisionForOtherContent) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(batch_of({sale_record("a1", 1, "d1"), sale_record("a1", 2, "d2")}),
                              kit::kNoon));
    const auto found = find_one(*store, {"sale", "a1", "d3"});
    EXPECT_EQ(found.known, Known::Other);
    expect_same(found.earlier, sale_record("a1", 2, "d2"));
}

TEST(Find, KnowsTheContentOfAnEarlierRevisionThatComesAgainLate) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(batch_of({sale_record("a1", 1, "d1"), sale_record("a1", 2, "d2")}),
                              kit::kNoon));
    const auto found = find_one(*store, {"sale", "a1", "d1"});
    EXPECT_EQ(found.known, Known::Same);
    EXPECT_EQ(found.earlier.revision, 2);
}

TEST(Find, AnswersInTheOrderOfTheKeys) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(batch_of({sale_record("a1", 1, "d1"), sale_record("b1", 1, "d1")}),
                              kit::kNoon));
    const auto found = store->find(std::vector<RecordKey>{
        {"sale", "b1", "x"}, {"sale", "", ""}, {"sale", "c1", "x"}, {"sale", "a1", "d1"}});
    ASSERT_EQ(found->size(), 4u);
    EXPECT_EQ(found->at(0).earlier.event_id, "b1");
    EXPECT_EQ(found->at(1).known, Known::Absent);
    EXPECT_EQ(found->at(2).known, Known::Absent);
    EXPECT_EQ(found->at(3).known, Known::Same);
}

TEST(Find, KnowsRecordsFromBeforeAReopening) {
    TempDir dir;
    ASSERT_TRUE(open_store(dir)->append(batch_of({sale_record("a1", 1, "d1")}), kit::kNoon));
    EXPECT_EQ(find_one(*open_store(dir), {"sale", "a1", "d1"}).known, Known::Same);
}

TEST(Find, ForgetsRecordsOfABatchThatFailed) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_FALSE(store->append(batch_of({sale_record("a1", 1, "d1"), sale_record("a1", 1, "d1")}),
                               kit::kNoon));
    EXPECT_EQ(find_one(*store, {"sale", "a1", "d1"}).known, Known::Absent);
}

// Enough records that their keys are folded into the table, some of them twice over.
TEST(Find, KnowsFoldedAndRecentRecordsAlike) {
    TempDir dir;
    constexpr int kCount = static_cast<int>(kRecentKeysMax) + 1000;
    auto store = open_store(dir);
    for (int from = 0; from < kCount; from += static_cast<int>(kBatchRecordsMax)) {
        Batch batch;
        for (int n = from; n < from + static_cast<int>(kBatchRecordsMax); ++n)
            batch.records.push_back(sale_record(std::to_string(n), 1, "d"));
        ASSERT_TRUE(store->append(batch, kit::kNoon));
    }
    auto database = sqlite::Database::open(dir.file("aisle.db"), {.read_only = true});
    const auto folded = *database->integer("SELECT count(*) FROM keys");
    EXPECT_GE(folded, static_cast<std::int64_t>(kRecentKeysMax));
    EXPECT_LT(folded, store->sizes()->journal_rows);
    auto reader = StoreReader::open(dir.path());
    for (const int n : {0, 1, 7777, static_cast<int>(kRecentKeysMax) - 1,
                        static_cast<int>(kRecentKeysMax), kCount - 1}) {
        EXPECT_EQ(find_one(*store, {"sale", std::to_string(n), "d"}).known, Known::Same) << n;
        EXPECT_EQ(find_one(**reader, {"sale", std::to_string(n), "d"}).known, Known::Same) << n;
    }
    EXPECT_FALSE(store->append(batch_of({sale_record("7777", 1, "other")}), kit::kNoon));
    store.reset();
    store = open_store(dir);
    EXPECT_EQ(find_one(*store, {"sale", "0", "d"}).known, Known::Same);
    EXPECT_EQ(find_one(*store, {"sale", std::to_string(kCount - 1), "d"}).known, Known::Same);
}

TEST(FindLast, GivesTheHighestRevisionWithItsBody) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(batch_of({sale_record("a1", 1, "d1"), sale_record("a1", 2, "d2")}),
                              kit::kNoon));
    const auto last = store->find_last("sale", "a1");
    ASSERT_TRUE(last->has_value());
    EXPECT_EQ((*last)->id, 2);
    expect_same((*last)->record, sale_record("a1", 2, "d2"));
    EXPECT_FALSE(store->find_last("offer", "a1")->has_value());
}

TEST(JournalRead, GoesOnAfterAnIdWithinAKind) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(
        batch_of({record_of(Stream::Local, "crossing", 1), record_of(Stream::Offers, "offer", 2),
                  record_of(Stream::Local, "crossing", 3),
                  record_of(Stream::Local, "crossing", 4)}),
        kit::kNoon));
    auto rows = store->read(JournalQuery{.kind = "crossing", .limit = 2});
    ASSERT_EQ(rows->size(), 2u);
    EXPECT_EQ(rows->at(1).id, 3);
    rows = store->read(JournalQuery{.kind = "crossing", .after_id = 3});
    ASSERT_EQ(rows->size(), 1u);
    expect_same(rows->at(0).record, record_of(Stream::Local, "crossing", 4));
}

TEST(JournalRead, GivesEveryRevisionOfAnEvent) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(batch_of({sale_record("a1", 1, "d1"), sale_record("b1", 1, "d1"),
                                        sale_record("a1", 2, "d2")}),
                              kit::kNoon));
    EXPECT_EQ(store->read(JournalQuery{.kind = "sale", .event_id = "a1"})->size(), 2u);
    EXPECT_EQ(store->read(JournalQuery{.kind = "sale", .event_id = "a1", .after_id = 1})->size(),
              1u);
    EXPECT_EQ(store->read(JournalQuery{.kind = "sale", .event_id = "a1", .limit = 1})
                  ->at(0)
                  .record.revision,
              1);
    EXPECT_EQ(store->read(JournalQuery{.event_id = "a1"}).error().fault, Fault::Malformed);
}

TEST(Sizes, CountWhatAnOperatorAsksFor) {
    TempDir dir;
    auto store = open_store(dir);
    Batch batch = minutes_of(1, 3);
    batch.quarantine.push_back(
        {.source = "till", .reason = "schema", .at = kit::at(), .payload = "12345"});
    ASSERT_TRUE(store->append(batch, kit::kNoon));
    const auto sizes = store->sizes();
    EXPECT_EQ(sizes->journal_rows, 3);
    EXPECT_EQ(sizes->quarantine_rows, 1);
    EXPECT_EQ(sizes->quarantine_bytes, 5);
    EXPECT_GE(sizes->database_bytes, 4096);
}

TEST(Facts, NameTheShopAndTheSchema) {
    TempDir dir;
    auto store = open_store(dir, {.store = StoreId{"s-0001"}, .epoch = "0123456789abcdef"});
    const auto facts = store->facts();
    EXPECT_EQ(facts->store, "s-0001");
    EXPECT_EQ(facts->epoch, "0123456789abcdef");
    EXPECT_EQ(facts->created, kit::kNoon);
    EXPECT_GE(facts->schema, 2);
}

TEST(StoreReader, SeesWhatTheWriterCommitsMeanwhile) {
    TempDir dir;
    auto store = open_store(dir);
    auto reader = StoreReader::open(dir.path());
    ASSERT_TRUE(reader);
    ASSERT_TRUE(store->append(batch_of({sale_record("a1", 1, "d1")}), kit::kNoon));
    EXPECT_EQ(rows_of(**reader, Stream::Ledger).size(), 1u);
    EXPECT_EQ(find_one(**reader, {"sale", "a1", "d1"}).known, Known::Same);
    ASSERT_TRUE(store->append(batch_of({sale_record("b1", 1, "d1")}), kit::kNoon));
    EXPECT_EQ(find_one(**reader, {"sale", "b1", "d1"}).known, Known::Same);
    EXPECT_EQ(depth_of(**reader, Stream::Ledger).next, 3);
}

TEST(StoreReader, ReadsWithTheDaemonDownAndLeavesTheFileAsItIs) {
    TempDir dir;
    ASSERT_TRUE(open_store(dir)->append(minutes_of(1, 3), kit::kNoon));
    const auto size = std::filesystem::file_size(dir.file("aisle.db"));
    {
        auto reader = StoreReader::open(dir.path());
        ASSERT_TRUE(reader);
        EXPECT_EQ(rows_of(**reader, Stream::Footfall).size(), 3u);
    }
    EXPECT_EQ(std::filesystem::file_size(dir.file("aisle.db")), size);
    EXPECT_NE(open_store(dir), nullptr);
}

TEST(StoreReader, IsUnavailableWhereThereIsNothing) {
    TempDir dir;
    EXPECT_EQ(StoreReader::open(dir.path()).error().fault, Fault::Unavailable);
}

TEST(StoreReader, IsMalformedOnAnEmptyFile) {
    TempDir dir;
    ::fclose(::fopen(dir.file("aisle.db").c_str(), "w"));
    EXPECT_EQ(StoreReader::open(dir.path()).error().fault, Fault::Malformed);
}

}  // namespace
}  // namespace aisle::store
