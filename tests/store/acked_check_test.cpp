#include <gtest/gtest.h>

#include "agent/store/migrations.hpp"
#include "agent/store/store.hpp"
#include "store_kit.hpp"

// What stays of a line that HQ has: its check, so that the next batch can be chained to it.
namespace aisle::store {
namespace {

constexpr const char* kCheck = "ba7816bf8f01cfea";
constexpr const char* kLater = "e3b0c44298fc1c14";

std::unique_ptr<Store> store_with_minutes(const TempDir& dir, int count) {
    auto store = open_store(dir);
    EXPECT_TRUE(store->append(minutes_of(1, count), kit::kNoon));
    return store;
}

std::string check_of(Reads& store, Stream stream = Stream::Footfall) {
    return depth_of(store, stream).acked_check;
}

TEST(AckedCheck, IsEmptyBeforeAnythingWasAcknowledged) {
    TempDir dir;
    auto store = store_with_minutes(dir, 3);
    for (const Stream stream : kUpStreams) EXPECT_EQ(check_of(*store, stream), "");
}

TEST(AckedCheck, IsTheLatestThatCameWithAnAcknowledgement) {
    TempDir dir;
    auto store = store_with_minutes(dir, 5);
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 3, kCheck));
    EXPECT_EQ(check_of(*store), kCheck);
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 6, kLater));
    EXPECT_EQ(check_of(*store), kLater);
}

TEST(AckedCheck, BelongsToItsStreamAlone) {
    TempDir dir;
    auto store = store_with_minutes(dir, 2);
    ASSERT_TRUE(store->append(batch_of({record_of(Stream::Ledger, "audit", 1)}), kit::kNoon));
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 3, kCheck));
    EXPECT_EQ(check_of(*store, Stream::Ledger), "");
    ASSERT_TRUE(store->acknowledged(Stream::Ledger, 2, kLater));
    EXPECT_EQ(check_of(*store), kCheck);
    EXPECT_EQ(check_of(*store, Stream::Ledger), kLater);
}

TEST(AckedCheck, IsThereAfterReopening) {
    TempDir dir;
    ASSERT_TRUE(store_with_minutes(dir, 3)->acknowledged(Stream::Footfall, 4, kCheck));
    auto store = open_store(dir);
    EXPECT_EQ(check_of(*store), kCheck);
    EXPECT_EQ(depth_of(*store, Stream::Footfall).next, 4);
}

TEST(AckedCheck, IsToldToAReaderBesideTheWriter) {
    TempDir dir;
    auto store = store_with_minutes(dir, 3);
    auto reader = std::move(*StoreReader::open(dir.path()));
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 2, kCheck));
    EXPECT_EQ(check_of(*reader), kCheck);
}

TEST(AckedCheck, IsNotReplacedByThatOfAnEarlierMark) {
    TempDir dir;
    auto store = store_with_minutes(dir, 5);
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 4, kCheck));
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 3, kLater));
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 4, kLater));
    EXPECT_EQ(check_of(*store), kCheck);
}

TEST(AckedCheck, IsNotTakenFromAnAcknowledgementThatIsRefused) {
    TempDir dir;
    auto store = store_with_minutes(dir, 2);
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 2, kCheck));
    ASSERT_FALSE(store->acknowledged(Stream::Footfall, 9, kLater));
    EXPECT_EQ(check_of(*store), kCheck);
}

// A check of another line would be worse than none: it would look like a fork.
TEST(AckedCheck, IsForgottenWhenTheMarkMovesWithoutOne) {
    TempDir dir;
    auto store = store_with_minutes(dir, 3);
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 2, kCheck));
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 3));
    EXPECT_EQ(check_of(*store), "");
}

TEST(AckedCheck, MeansNothingInANewEpoch) {
    TempDir dir;
    auto store = store_with_minutes(dir, 3);
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 2, kCheck));
    ASSERT_TRUE(store->new_epoch("00000000000000ab"));
    EXPECT_EQ(check_of(*store), "");
}

TEST(AckedCheck, IsUnknownInADatabaseOfTheSecondSchema) {
    TempDir dir;
    {
        auto database = std::move(*sqlite::Database::open(dir.file("aisle.db")));
        ASSERT_TRUE(migrate(database, 2));
        ASSERT_TRUE(
            database.exec("INSERT INTO meta VALUES ('epoch', '00000000000000aa'), ('store', ''), "
                          "('created', '5');"
                          "UPDATE streams SET acked_next = 41, frozen_to = 60 WHERE stream = 2"));
    }
    auto store = open_store(dir);
    const StreamDepth depth = depth_of(*store, Stream::Footfall);
    EXPECT_EQ(depth.first, 41);
    EXPECT_EQ(depth.frozen_to, 60);
    EXPECT_EQ(depth.acked_check, "");
    ASSERT_TRUE(store->append(minutes_of(41, 1), kit::kNoon));
    ASSERT_TRUE(store->acknowledged(Stream::Footfall, 42, kCheck));
    EXPECT_EQ(check_of(*store), kCheck);
}

}  // namespace
}  // namespace aisle::store
