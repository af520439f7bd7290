// A disk without room: the ballast goes, then what is kept for convenience, and the ledger last.
#include <gtest/gtest.h>

#include "sim_store.hpp"

namespace aisle::store {
namespace {

constexpr std::int64_t kMiB = 1024 * 1024;
const std::string kBallast = kSimDir + "/ballast";

StoreSettings small(kit::SimDisk& disk) {
    return {.disk = &disk, .ballast_bytes = 8 * kMiB, .ledger_reserve_bytes = kMiB};
}

std::unique_ptr<Store> open_small(kit::SimDisk& disk) {
    auto opened = Store::open(kSimDir, small(disk), kit::kNoon);
    if (!opened) ADD_FAILURE() << opened.error().detail;
    return opened ? std::move(*opened) : nullptr;
}

Batch batch_with(Stream stream, const std::string& kind, int n, std::size_t bytes) {
    Record record = record_of(stream, kind, n);
    record.body = "\"" + std::string(bytes, 'x') + "\"";
    return batch_of({record});
}

TEST(Ballast, IsThereAfterAStartAndOfItsSize) {
    kit::SimDisk disk;
    const auto store = open_small(disk);
    EXPECT_EQ(*disk.size(kBallast), 8 * kMiB);
}

TEST(Ballast, IsNotMadeWhereItWouldTakeWhatIsLeft) {
    kit::SimDisk disk;
    disk.set_capacity(10 * kMiB);
    const auto store = open_small(disk);
    EXPECT_FALSE(disk.exists(kBallast));
}

TEST(Ballast, GoesWhereTheSettingSaysNone) {
    kit::SimDisk disk;
    open_small(disk).reset();
    StoreSettings settings = small(disk);
    settings.ballast_bytes = 0;
    const auto store = Store::open(kSimDir, settings, kit::kNoon);
    EXPECT_FALSE(disk.exists(kBallast));
}

TEST(AFullDisk, CostsTheBallastAndThenTheSaleIsTaken) {
    kit::SimDisk disk;
    auto store = open_small(disk);
    disk.set_capacity(disk.used_bytes());
    ASSERT_TRUE(store->append(batch_with(Stream::Ledger, "audit", 1, 100'000), kit::kNoon));
    EXPECT_FALSE(disk.exists(kBallast));
    EXPECT_EQ(rows_of(*store, Stream::Ledger).size(), 1u);
}

TEST(AFullDisk, CostsQuarantinedPayloadsAndLocalRecords) {
    kit::SimDisk disk;
    auto store = open_small(disk);
    Batch batch = batch_with(Stream::Local, "crossing", 1, 1000);
    batch.quarantine.push_back({.source = "till",
                                .reason = "schema",
                                .at = kit::at(),
                                .payload = std::string(100'000, 'q')});
    ASSERT_TRUE(store->append(batch, kit::kNoon));
    disk.set_capacity(disk.used_bytes());
    ASSERT_TRUE(store->append(batch_with(Stream::Ledger, "audit", 1, 100'000), kit::kNoon));
    EXPECT_EQ(store->quarantined({})->at(0).payload_bytes, 0);
    EXPECT_LE(records_of(*store, "crossing").size(), 1U) << "the newest keeps its id";
}

TEST(AnIoError, OnADiskWithRoomCostsNothing) {
    kit::SimDisk disk;
    auto store = open_small(disk);
    ASSERT_TRUE(store->append(batch_with(Stream::Local, "crossing", 1, 1000), kit::kNoon));
    disk.fail({.call = kit::DiskCall::Write, .nth = 1, .fault = kit::DiskFault::IoError});
    EXPECT_EQ(store->append(minutes_of(1, 10), kit::kNoon).error().fault, Fault::Full);
    EXPECT_TRUE(disk.exists(kBallast));
    EXPECT_EQ(records_of(*store, "crossing").size(), 1u);
    EXPECT_TRUE(store->append(minutes_of(1, 10), kit::kNoon));
}

TEST(AFullDisk, RefusesAllButTheLedgerFirstAndThenTheLedgerToo) {
    kit::SimDisk disk;
    auto store = open_small(disk);
    disk.set_capacity(disk.used_bytes() + kMiB);
    int minutes_taken = 0, sales_taken = 0, sales_after_minutes = 0;
    bool minutes_refused = false;
    for (int n = 0; n < 3000; ++n) {
        const auto minute = store->append(batch_with(Stream::Footfall, "x", n, 10'000), kit::kNoon);
        minutes_refused |= !minute;
        minutes_taken += minute.has_value();
        const auto sale = store->append(batch_with(Stream::Ledger, "audit", n, 10'000), kit::kNoon);
        sales_after_minutes += minutes_refused && !minute && sale;
        sales_taken += sale.has_value();
        if (sale) continue;
        EXPECT_EQ(sale.error().fault, Fault::Full);
        break;
    }
    EXPECT_GT(minutes_taken, 0);
    EXPECT_GT(sales_after_minutes, 20);
    EXPECT_LT(sales_taken, 3000);  // in the end even the ledger is refused
    EXPECT_EQ(store->read(OutboxRead{.rows_max = 10'000, .bytes_max = 1u << 30U})->size(),
              static_cast<std::size_t>(sales_taken));

    disk.set_capacity(std::nullopt);
    ASSERT_TRUE(store->tend(kit::kNoon));
    EXPECT_TRUE(disk.exists(kBallast));
    EXPECT_TRUE(store->append(minutes_of(1, 10), kit::kNoon));
}

TEST(AFullDisk, AtAStartCostsTheBallastAndNoEpoch) {
    kit::SimDisk disk;
    {
        auto store = open_small(disk);
        ASSERT_TRUE(store->append(minutes_of(1, 200), kit::kNoon));
    }
    disk.set_capacity(disk.used_bytes());
    const auto store = open_small(disk);
    ASSERT_NE(store, nullptr);
    EXPECT_EQ(store->opening().why, "as_left");
    EXPECT_EQ(rows_of(*store, Stream::Footfall).size(), 200u);
}

}  // namespace
}  // namespace aisle::store
