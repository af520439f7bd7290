#include <gtest/gtest.h>

#include "agent/store/store.hpp"
#include "store_kit.hpp"

namespace aisle::store {
namespace {

// A store whose footfall stream holds the rows 1..count.
std::unique_ptr<Store> store_with_minutes(const TempDir& dir, int count) {
    auto store = open_store(dir);
    EXPECT_TRUE(store->append(minutes_of(1, count), kit::kNoon));
    return store;
}

std::vector<std::int64_t> seqs_of(Reads& store, Stream stream) {
    std::vector<std::int64_t> seqs;
    for (const OutboxRow& row : rows_of(store, stream)) seqs.push_back(row.seq);
    return seqs;
}

using Seqs = std::vector<std::int64_t>;

TEST(OutboxRead, BeginsWhereItIsTold) {
    TempDir dir;
    auto store = store_with_minutes(dir, 5);
    EXPECT_EQ(rows_of(*store, Stream::Footfall, 4).front().seq, 4);
    EXPECT_TRUE(rows_of(*store, Stream::Footfall, 6).empty());
}

TEST(OutboxRead, StopsAtItsRows) {
    TempDir dir;
    auto store = store_with_minutes(dir, 5);
    const auto rows = store->read(OutboxRead{.stream = Stream::Footfall, .rows_max = 2});
    EXPECT_EQ(rows->size(), 2u);
}

TEST(OutboxRead, StopsAtItsBytesButGivesOneRow) {
    TempDir dir;
    auto store = store_with_minutes(dir, 5);
    const std::size_t one = record_of(Stream::Footfall, "footfall_minute", 1).body.size();
    EXPECT_EQ(store->read(OutboxRead{.stream = Stream::Footfall, .bytes_max = 2 * one})->size(),
              2u);
    EXPECT_EQ(store->read(OutboxRead{.stream = Stream::Footfall, .bytes_max = 1})->size(), 1u);
}

TEST(OutboxDepths, NameEveryStreamFromTheStart) {
    TempDir dir;
    auto store = open_store(dir);
    const auto depths = store->depths();
    ASSERT_EQ(depths->size(), kUpStreams.size());
    for (std::size_t i = 0; i < depths->size(); ++i) {
        EXPECT_EQ(depths->at(i).stream, kUpStreams.at(i));
        EXPECT_EQ(depths->at(i).first, 1);
        EXPECT_EQ(depths->at(i).next, 1);
        EXPECT_EQ(depths->at(i).oldest, WallTime{});
    }
}

TEST(OutboxDepths, TellTheOldestRow) {
    TempDir dir;
    auto store = store_with_minutes(dir, 5);
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 3));
    const auto depth = depth_of(*store, Stream::Footfall);
    EXPECT_EQ(depth.first, 3);
    EXPECT_EQ(depth.next, 6);
    EXPECT_EQ(depth.oldest, kit::at(milliseconds{3}).wall);
}

TEST(Freeze, NeverGoesBack) {
    TempDir dir;
    auto store = store_with_minutes(dir, 5);
    ASSERT_TRUE(store->freeze(Stream::Footfall, 4));
    ASSERT_TRUE(store->freeze(Stream::Footfall, 2));
    EXPECT_EQ(depth_of(*store, Stream::Footfall).frozen_to, 4);
    EXPECT_EQ(depth_of(*store, Stream::Ledger).frozen_to, 0);
}

TEST(Freeze, HoldsAfterReopening) {
    TempDir dir;
    ASSERT_TRUE(store_with_minutes(dir, 5)->freeze(Stream::Footfall, 9));
    EXPECT_EQ(depth_of(*open_store(dir), Stream::Footfall).frozen_to, 9);
}

TEST(Acknowledged, DeletesTheRowsBelow) {
    TempDir dir;
    auto store = store_with_minutes(dir, 4);
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 3));
    EXPECT_EQ(seqs_of(*store, Stream::Footfall), (Seqs{3, 4}));
    EXPECT_EQ(store->read(JournalQuery{})->size(), 4u);  // the journal keeps them
}

TEST(Acknowledged, LeavesOtherStreamsAlone) {
    TempDir dir;
    auto store = store_with_minutes(dir, 2);
    ASSERT_TRUE(store->append(
        batch_of({record_of(Stream::Ledger, "audit", 1), record_of(Stream::Health, "health", 2)}),
        kit::kNoon));
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 3));
    EXPECT_EQ(seqs_of(*store, Stream::Ledger), Seqs{1});
    EXPECT_EQ(seqs_of(*store, Stream::Health), Seqs{1});
}

TEST(Acknowledged, NeverGoesBack) {
    TempDir dir;
    auto store = store_with_minutes(dir, 4);
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 4));
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 2));
    EXPECT_EQ(depth_of(*store, Stream::Footfall).first, 4);
}

TEST(Acknowledged, RefusesWhatWasNeverGivenOut) {
    TempDir dir;
    auto store = store_with_minutes(dir, 4);
    EXPECT_EQ(store->acknowledged(Stream::Footfall, 6).error().fault, Fault::Malformed);
    EXPECT_EQ(seqs_of(*store, Stream::Footfall).size(), 4u);
}

TEST(ReplaceByGap, PutsOneRecordInThePlaceOfARange) {
    TempDir dir;
    auto store = store_with_minutes(dir, 5);
    ASSERT_TRUE(store->replace_by_gap(Stream::Footfall, 2, 4, "quota"));
    const auto rows = rows_of(*store, Stream::Footfall);
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[1].from, 2);
    EXPECT_EQ(rows[1].seq, 4);
    EXPECT_EQ(rows[1].record.kind, "gap");
    EXPECT_EQ(rows[1].record.body, R"({"reason":"quota","n":3,"kinds":{"footfall_minute":3}})");
    EXPECT_EQ(rows[1].record.stream, Stream::Footfall);
    EXPECT_EQ(rows[1].record.at, kit::at(milliseconds{4}));
    EXPECT_EQ(rows[2].seq, 5);
}

TEST(ReplaceByGap, IsFoundByAnySeqInsideIt) {
    TempDir dir;
    auto store = store_with_minutes(dir, 5);
    ASSERT_TRUE(store->replace_by_gap(Stream::Footfall, 2, 4, "quota"));
    EXPECT_EQ(rows_of(*store, Stream::Footfall, 3).front().seq, 4);
}

TEST(ReplaceByGap, MergesWithUnsentNeighboursOfItsReason) {
    TempDir dir;
    auto store = store_with_minutes(dir, 7);
    ASSERT_TRUE(store->replace_by_gap(Stream::Footfall, 2, 2, "quota"));
    ASSERT_TRUE(store->replace_by_gap(Stream::Footfall, 5, 6, "quota"));
    ASSERT_TRUE(store->replace_by_gap(Stream::Footfall, 3, 4, "quota"));
    const auto rows = rows_of(*store, Stream::Footfall);
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[1].from, 2);
    EXPECT_EQ(rows[1].seq, 6);
    EXPECT_EQ(rows[1].record.body, R"({"reason":"quota","n":5,"kinds":{"footfall_minute":5}})");
    EXPECT_EQ(rows[1].record.at, kit::at(milliseconds{6}));
}

TEST(ReplaceByGap, KeepsNeighboursOfAnotherReasonApart) {
    TempDir dir;
    auto store = store_with_minutes(dir, 4);
    ASSERT_TRUE(store->replace_by_gap(Stream::Footfall, 1, 2, "quota"));
    ASSERT_TRUE(store->replace_by_gap(Stream::Footfall, 3, 4, "quota_health"));
    EXPECT_EQ(seqs_of(*store, Stream::Footfall), (Seqs{2, 4}));
}

TEST(ReplaceByGap, RefusesARangeWithFrozenRows) {
    TempDir dir;
    auto store = store_with_minutes(dir, 5);
    ASSERT_TRUE(store->freeze(Stream::Footfall, 2));
    EXPECT_EQ(store->replace_by_gap(Stream::Footfall, 2, 3, "quota").error().fault, Fault::Denied);
    EXPECT_EQ(seqs_of(*store, Stream::Footfall).size(), 5u);
}

TEST(ReplaceByGap, ReplacesOneFrozenRowAsADeadLetterWithoutMerging) {
    TempDir dir;
    auto store = store_with_minutes(dir, 3);
    ASSERT_TRUE(store->replace_by_gap(Stream::Footfall, 1, 1, "too_big"));
    ASSERT_TRUE(store->freeze(Stream::Footfall, 2));
    ASSERT_TRUE(store->replace_by_gap(Stream::Footfall, 2, 2, "too_big"));
    EXPECT_EQ(seqs_of(*store, Stream::Footfall), (Seqs{1, 2, 3}));
}

TEST(ReplaceByGap, DoesNotMergeIntoAFrozenNeighbour) {
    TempDir dir;
    auto store = store_with_minutes(dir, 3);
    ASSERT_TRUE(store->replace_by_gap(Stream::Footfall, 1, 1, "quota"));
    ASSERT_TRUE(store->freeze(Stream::Footfall, 1));
    ASSERT_TRUE(store->replace_by_gap(Stream::Footfall, 2, 3, "quota"));
    EXPECT_EQ(seqs_of(*store, Stream::Footfall), (Seqs{1, 3}));
}

TEST(ReplaceByGap, TakesAGapThatBeginsAtTheMarkOrBelowForFrozen) {
    TempDir dir;
    auto store = store_with_minutes(dir, 6);
    ASSERT_TRUE(store->replace_by_gap(Stream::Footfall, 2, 4, "quota"));
    ASSERT_TRUE(store->freeze(Stream::Footfall, 3));
    EXPECT_EQ(store->replace_by_gap(Stream::Footfall, 2, 5, "quota").error().fault, Fault::Denied);
    ASSERT_TRUE(store->replace_by_gap(Stream::Footfall, 5, 5, "quota"));
    EXPECT_EQ(seqs_of(*store, Stream::Footfall), (Seqs{1, 4, 5, 6}));
}

TEST(ReplaceByGap, RefusesToCutAGapInTwo) {
    TempDir dir;
    auto store = store_with_minutes(dir, 5);
    ASSERT_TRUE(store->replace_by_gap(Stream::Footfall, 2, 4, "quota"));
    EXPECT_EQ(store->replace_by_gap(Stream::Footfall, 3, 5, "erased").error().fault,
              Fault::Malformed);
    EXPECT_EQ(store->replace_by_gap(Stream::Footfall, 1, 3, "erased").error().fault,
              Fault::Malformed);
}

TEST(ReplaceByGap, RefusesARangeThatIsNotThere) {
    TempDir dir;
    auto store = store_with_minutes(dir, 5);
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 3));
    for (const auto& [from, to] : {std::pair{2, 4}, std::pair{4, 6}, std::pair{5, 4}}) {
        EXPECT_EQ(store->replace_by_gap(Stream::Footfall, from, to, "quota").error().fault,
                  Fault::Malformed);
    }
}

TEST(ReplaceByGap, RefusesAReasonThatWouldBreakTheLine) {
    TempDir dir;
    auto store = store_with_minutes(dir, 1);
    EXPECT_EQ(store->replace_by_gap(Stream::Footfall, 1, 1, "a\"b").error().fault,
              Fault::Malformed);
    EXPECT_EQ(store->replace_by_gap(Stream::Footfall, 1, 1, "").error().fault, Fault::Malformed);
}

TEST(ReplaceByGap, LeavesWithItsAcknowledgement) {
    TempDir dir;
    auto store = store_with_minutes(dir, 3);
    ASSERT_TRUE(store->replace_by_gap(Stream::Footfall, 1, 3, "quota"));
    EXPECT_EQ(depth_of(*store, Stream::Footfall).first, 1);
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 4));
    EXPECT_TRUE(rows_of(*store, Stream::Footfall).empty());
    ASSERT_TRUE(store->append(minutes_of(4, 1), kit::kNoon));
    EXPECT_EQ(seqs_of(*store, Stream::Footfall), Seqs{4});
}

TEST(NewEpoch, NumbersWhatIsLeftFromOne) {
    TempDir dir;
    auto store = store_with_minutes(dir, 6);
    ASSERT_TRUE(store->append(batch_of({record_of(Stream::Ledger, "audit", 1)}), kit::kNoon));
    ASSERT_TRUE(store->freeze(Stream::Footfall, 3));
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 3));
    ASSERT_TRUE(store->replace_by_gap(Stream::Footfall, 5, 6, "quota"));
    ASSERT_TRUE(store->new_epoch("00000000000000ab"));

    EXPECT_EQ(*store->epoch(), "00000000000000ab");
    const auto rows = rows_of(*store, Stream::Footfall);
    ASSERT_EQ(rows.size(), 3u);
    expect_same(rows[0].record, record_of(Stream::Footfall, "footfall_minute", 3));
    EXPECT_EQ(rows[0].seq, 1);
    EXPECT_EQ(rows[2].from, 3);
    EXPECT_EQ(rows[2].seq, 4);
    const auto depth = depth_of(*store, Stream::Footfall);
    EXPECT_EQ(depth.first, 1);
    EXPECT_EQ(depth.next, 5);
    EXPECT_EQ(depth.frozen_to, 0);
    EXPECT_EQ(seqs_of(*store, Stream::Ledger), Seqs{1});
}

TEST(NewEpoch, GoesOnFromItsLastRow) {
    TempDir dir;
    auto store = store_with_minutes(dir, 4);
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 3));
    ASSERT_TRUE(store->new_epoch(""));
    ASSERT_TRUE(store->append(minutes_of(5, 1), kit::kNoon));
    EXPECT_EQ(seqs_of(*store, Stream::Footfall), (Seqs{1, 2, 3}));
}

TEST(NewEpoch, IsRandomWhenNoneIsGiven) {
    TempDir dir;
    auto store = open_store(dir);
    const auto first = *store->epoch();
    EXPECT_EQ(first.size(), 16u);
    ASSERT_TRUE(store->new_epoch(""));
    EXPECT_NE(*store->epoch(), first);
    EXPECT_EQ(store->new_epoch("XYZ").error().fault, Fault::Malformed);
}

}  // namespace
}  // namespace aisle::store
