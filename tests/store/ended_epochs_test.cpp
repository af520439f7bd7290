#include "agent/store/ended_epochs.hpp"

#include <gtest/gtest.h>

#include "store_kit.hpp"

namespace aisle::store {
namespace {

constexpr const char* kCheck = "ba7816bf8f01cfea";

std::unique_ptr<Store> store_with_three_acked(const TempDir& dir) {
    auto store = open_store(dir, {.epoch = "00000000000000aa"});
    Batch batch;
    for (int i = 0; i < 5; ++i)
        batch.records.push_back(
            {.stream = Stream::Ledger, .kind = "audit", .at = kit::at(), .body = "{}"});
    EXPECT_TRUE(store->append(batch, kit::kNoon));
    EXPECT_TRUE(store->acknowledged(Stream::Ledger, 4, kCheck));
    return store;
}

TEST(EndedEpochs, KeepWhatHqHadAcknowledged) {
    TempDir dir;
    auto store = store_with_three_acked(dir);
    EXPECT_TRUE(ended_epochs(*store)->empty());
    ASSERT_TRUE(store->new_epoch("00000000000000ab"));
    const auto ended = *ended_epochs(*store);
    ASSERT_EQ(ended.size(), 1U);
    EXPECT_EQ(ended[0].epoch, "00000000000000aa");
    ASSERT_EQ(ended[0].streams.size(), 1U);  // of the others HQ had nothing
    EXPECT_EQ(ended[0].streams[0].stream, Stream::Ledger);
    EXPECT_EQ(ended[0].streams[0].next, 4);
    EXPECT_EQ(ended[0].streams[0].check, kCheck);
}

TEST(EndedEpochs, SurviveARestartTheLatestFirst) {
    TempDir dir;
    {
        auto store = store_with_three_acked(dir);
        ASSERT_TRUE(store->new_epoch("00000000000000ab"));
        ASSERT_TRUE(store->acknowledged(Stream::Ledger, 2));
        ASSERT_TRUE(store->new_epoch("00000000000000ac"));
    }
    auto store = open_store(dir);
    const auto ended = *ended_epochs(*store);
    ASSERT_EQ(ended.size(), 2U);
    EXPECT_EQ(ended[0].epoch, "00000000000000ab");
    EXPECT_EQ(ended[0].streams[0].check, "");
    EXPECT_EQ(ended[1].epoch, "00000000000000aa");
}

TEST(EndedEpochs, AreForgottenBeyondTheBoundTheOldestFirst) {
    TempDir dir;
    auto store = store_with_three_acked(dir);
    for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(store->new_epoch("00000000000000" + std::to_string(10 + i)));
        ASSERT_TRUE(store->append(
            {.records =
                 {{.stream = Stream::Ledger, .kind = "audit", .at = kit::at(), .body = "{}"}}},
            kit::kNoon));
        ASSERT_TRUE(store->acknowledged(Stream::Ledger, 2));
    }
    ASSERT_TRUE(store->new_epoch("00000000000000ff"));
    const auto ended = *ended_epochs(*store);
    EXPECT_EQ(ended.size(), kEndedEpochsKept);
    EXPECT_EQ(ended.front().epoch, "0000000000000029");
}

}  // namespace
}  // namespace aisle::store
