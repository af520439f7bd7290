#include "agent/store/retention.hpp"

#include <gtest/gtest.h>

#include "agent/store/store.hpp"
#include "store_kit.hpp"

namespace aisle::store {
namespace {

Stamp after(days passed) {
    return {.boot = 1,
            .mono = MonoTime{passed},
            .wall = kit::kNoon + passed,
            .quality = ClockQuality::Ntp};
}

Record stamped(const std::string& kind, const Stamp& at) {
    Record record = record_of(kind == "sale" ? Stream::Ledger : Stream::Local, kind, 1);
    record.at = at;
    return record;
}

void append_at(Store& store, const std::string& kind, const Stamp& at) {
    ASSERT_TRUE(store.append(batch_of({stamped(kind, at)}), at.wall));
}

std::vector<std::string> kinds_left(Store& store) {
    std::vector<std::string> kinds;
    for (const JournalRow& row : *store.read(JournalQuery{})) kinds.push_back(row.record.kind);
    return kinds;
}

// The newest row always stays: this one takes that part in each test.
void append_last(Store& store, const Stamp& at) { append_at(store, "last", at); }

using Kinds = std::vector<std::string>;

TEST(Prune, KeepsEachClassForItsDays) {
    TempDir dir;
    auto store = open_store(dir);
    for (const char* kind : {"crossing", "footfall_minute", "health", "audit"})
        append_at(*store, kind, after(days{0}));
    append_last(*store, after(days{0}));
    EXPECT_EQ(store->prune(after(days{1}), default_retention())->journal_rows, 0);
    EXPECT_EQ(store->prune(after(days{2}), default_retention())->journal_rows, 1);
    EXPECT_EQ(kinds_left(*store), (Kinds{"footfall_minute", "health", "audit", "last"}));
    EXPECT_EQ(store->prune(after(days{91}), default_retention())->journal_rows, 2);
    EXPECT_EQ(kinds_left(*store), (Kinds{"audit", "last"}));
    EXPECT_EQ(store->prune(after(days{401}), default_retention())->journal_rows, 1);
}

TEST(Prune, LeavesTheNewestRowSoThatNoIdIsUsedTwice) {
    TempDir dir;
    auto store = open_store(dir);
    append_at(*store, "crossing", after(days{0}));
    append_at(*store, "crossing", after(days{0}));
    ASSERT_TRUE(store->prune(after(days{9}), default_retention()));
    store.reset();
    store = open_store(dir);
    append_at(*store, "crossing", after(days{9}));
    EXPECT_EQ(store->read(JournalQuery{})->back().id, 3);
}

TEST(Prune, KeepsWhatTheOutboxStillNeeds) {
    TempDir dir;
    auto store = open_store(dir);
    append_at(*store, "sale", after(days{0}));
    append_at(*store, "sale", after(days{0}));
    append_last(*store, after(days{0}));
    ASSERT_TRUE(store->acknowledged(Stream::Ledger, 2));
    EXPECT_EQ(store->prune(after(days{500}), default_retention())->journal_rows, 1);
    EXPECT_EQ(rows_of(*store, Stream::Ledger).size(), 1u);
    ASSERT_TRUE(store->acknowledged(Stream::Ledger, 3));
    EXPECT_EQ(store->prune(after(days{500}), default_retention())->journal_rows, 1);
}

TEST(Prune, LeavesTheRecordOfAGapToItsAge) {
    TempDir dir;
    auto store = open_store(dir);
    append_at(*store, "sale", after(days{0}));
    append_last(*store, after(days{0}));
    ASSERT_TRUE(store->replace_by_gap(Stream::Ledger, 1, 1, "too_big"));
    EXPECT_EQ(store->prune(after(days{500}), default_retention())->journal_rows, 1);
    EXPECT_EQ(rows_of(*store, Stream::Ledger).at(0).record.kind, "gap");
}

TEST(Prune, DeletesNoMoreThanItsRowsACallAndSaysSo) {
    TempDir dir;
    auto store = open_store(dir);
    for (int n = 0; n < 5; ++n) append_at(*store, "crossing", after(days{0}));
    append_last(*store, after(days{0}));
    RetentionSettings settings = default_retention();
    settings.rows_max = 2;
    const auto first = store->prune(after(days{9}), settings);
    EXPECT_EQ(first->journal_rows, 2);
    EXPECT_TRUE(first->more);
    EXPECT_EQ(store->prune(after(days{9}), settings)->journal_rows, 2);
    EXPECT_EQ(store->prune(after(days{9}), settings)->journal_rows, 1);
    EXPECT_EQ(kinds_left(*store), Kinds{"last"});
}

TEST(Prune, SaysWhenItIsDone) {
    TempDir dir;
    auto store = open_store(dir);
    append_at(*store, "crossing", after(days{0}));
    append_last(*store, after(days{0}));
    int calls = 0;
    while (store->prune(after(days{9}), default_retention())->more && calls < 10) ++calls;
    EXPECT_LT(calls, 10);
}

TEST(Prune, DeletesNothingByAClockThatKnowsNothing) {
    TempDir dir;
    auto store = open_store(dir);
    append_at(*store, "crossing", after(days{0}));
    append_last(*store, after(days{0}));
    Stamp lost = after(days{900});
    lost.quality = ClockQuality::None;
    EXPECT_EQ(store->prune(lost, default_retention())->journal_rows, 0);
}

TEST(Prune, DoesNotBelieveARowsWrongClock) {
    TempDir dir;
    auto store = open_store(dir);
    append_at(*store, "sale", {.boot = 2, .wall = WallTime{}, .quality = ClockQuality::None});
    append_last(*store, after(days{0}));
    ASSERT_TRUE(store->acknowledged(Stream::Ledger, 2));
    EXPECT_EQ(store->prune(after(days{1}), default_retention())->journal_rows, 0);
}

TEST(Prune, JudgesARowOfAWrongClockByALaterOne) {
    TempDir dir;
    auto store = open_store(dir);
    append_at(*store, "crossing",
              {.boot = 2, .wall = kit::kNoon + days{9000}, .quality = ClockQuality::None});
    append_at(*store, "crossing", after(days{0}));
    append_last(*store, after(days{0}));
    EXPECT_EQ(store->prune(after(days{2}), default_retention())->journal_rows, 2);
}

TEST(Prune, StartsAgainWhenAKindMovesToAnotherClass) {
    TempDir dir;
    auto store = open_store(dir);
    append_at(*store, "audit", after(days{0}));
    append_at(*store, "crossing", after(days{0}));
    append_last(*store, after(days{0}));
    ASSERT_TRUE(store->prune(after(days{2}), default_retention()));
    RetentionSettings settings = default_retention();
    settings.classes[0].kinds.emplace_back("audit");
    EXPECT_EQ(store->prune(after(days{2}), settings)->journal_rows, 1);
    EXPECT_EQ(kinds_left(*store), Kinds{"last"});
}

TEST(Prune, ForgetsTheKeyOfARecordThatIsGone) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(batch_of({sale_record("a1", 1, "d1")}), kit::kNoon));
    append_last(*store, after(days{0}));
    ASSERT_TRUE(store->acknowledged(Stream::Ledger, 2));
    ASSERT_EQ(store->prune(after(days{500}), default_retention())->journal_rows, 1);
    EXPECT_EQ(store->find(std::vector<RecordKey>{{"sale", "a1", "d1"}})->at(0).known,
              Known::Absent);
    EXPECT_TRUE(store->append(batch_of({sale_record("a1", 1, "d1")}), kit::kNoon));
}

Batch quarantine_of(int count, const Stamp& at) {
    Batch batch;
    for (int n = 0; n < count; ++n)
        batch.quarantine.push_back(
            {.source = "till", .reason = "schema", .at = at, .payload = std::string(1000, 'x')});
    return batch;
}

TEST(Prune, DropsQuarantineAfterItsDays) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(quarantine_of(2, after(days{0})), after(days{0}).wall));
    ASSERT_TRUE(store->append(quarantine_of(1, after(days{20})), after(days{20}).wall));
    EXPECT_EQ(store->prune(after(days{31}), default_retention())->quarantine_rows, 2);
    EXPECT_EQ(store->quarantined({})->size(), 1u);
}

TEST(Prune, EmptiesTheOldestPayloadsBeyondTheirBytesAndKeepsTheRows) {
    TempDir dir;
    auto store = open_store(dir);
    ASSERT_TRUE(store->append(quarantine_of(5, after(days{0})), after(days{0}).wall));
    RetentionSettings settings = default_retention();
    settings.quarantine_bytes_max = 2500;
    EXPECT_EQ(store->prune(after(days{1}), settings)->payloads_emptied, 3);
    const auto rows = store->quarantined({.payloads = true});
    ASSERT_EQ(rows->size(), 5u);
    EXPECT_TRUE(rows->at(2).item.payload.empty());
    EXPECT_EQ(rows->at(3).item.payload.size(), 1000u);
    EXPECT_EQ(store->sizes()->quarantine_bytes, 2000);
}

}  // namespace
}  // namespace aisle::store
