#include "agent/store/backup.hpp"

#include <gtest/gtest.h>

#include "sim_store.hpp"

namespace aisle::store {
namespace {

const std::string kCopy = "/usb/copy.db";

Status back_up(kit::SimDisk& disk) {
    return backup({.data_dir = kSimDir, .file = kCopy, .disk = &disk});
}
Status bring_back(kit::SimDisk& disk) {
    return restore_backup({.data_dir = kSimDir, .file = kCopy, .disk = &disk}, kit::kNoon);
}

TEST(Backup, HoldsWhatWasCommittedWhileTheWriterGoesOn) {
    kit::SimDisk disk;
    auto store = open_on(disk);
    ASSERT_TRUE(store->append(minutes_of(1, 100), kit::kNoon));
    ASSERT_TRUE(back_up(disk));
    ASSERT_TRUE(store->append(minutes_of(101, 100), kit::kNoon));
    store.reset();
    ASSERT_TRUE(bring_back(disk));
    EXPECT_EQ(records_of(*open_on(disk), "footfall_minute").size(), 100u);
}

TEST(Backup, IsOneFileWithoutALog) {
    kit::SimDisk disk;
    auto store = open_on(disk);
    ASSERT_TRUE(store->append(minutes_of(1, 100), kit::kNoon));
    ASSERT_TRUE(back_up(disk));
    int files = 0;
    for (const std::string& path : disk.paths()) files += path.starts_with("/usb/");
    EXPECT_EQ(files, 1);
}

TEST(Backup, SurvivesAPowerCutOnceItIsThere) {
    kit::SimDisk disk;
    auto store = open_on(disk);
    ASSERT_TRUE(store->append(minutes_of(1, 100), kit::kNoon));
    ASSERT_TRUE(back_up(disk));
    store.reset();
    disk.cut_after(1);
    (void)disk.replace("/data/else", "x");
    disk.restart({.mode = kit::PowerLoss::Mode::DropAll});
    ASSERT_TRUE(bring_back(disk));
    EXPECT_EQ(records_of(*open_on(disk), "footfall_minute").size(), 100u);
}

TEST(Backup, NeedsADatabase) {
    kit::SimDisk disk;
    EXPECT_EQ(back_up(disk).error().fault, Fault::Unavailable);
}

TEST(Restore, BeginsANewEpochOnceAndTellsWhatIsMissing) {
    kit::SimDisk disk;
    auto store = open_on(disk);
    ASSERT_TRUE(store->append(minutes_of(1, 100), kit::kNoon));
    const std::string epoch = *store->epoch();
    ASSERT_TRUE(back_up(disk));
    ASSERT_TRUE(store->append(minutes_of(101, 50), kit::kNoon));
    store.reset();
    disk.erase(kSimDir + "/manifest");
    ASSERT_TRUE(bring_back(disk));
    store = open_on(disk);
    EXPECT_EQ(store->opening().why, "restored");
    EXPECT_NE(*store->epoch(), epoch);
    EXPECT_EQ(rows_of(*store, Stream::Footfall).at(41).was, (std::vector<Origin>{{epoch, 42}}));
    store.reset();
    EXPECT_EQ(open_on(disk)->opening().why, "as_left");
}

TEST(Restore, NamesTheSeqsThatTheManifestKnowsAndTheCopyDoesNotHave) {
    kit::SimDisk disk;
    auto store = open_on(disk);
    ASSERT_TRUE(store->append(minutes_of(1, 100), kit::kNoon));
    ASSERT_TRUE(back_up(disk));
    ASSERT_TRUE(store->append(minutes_of(101, 50), kit::kNoon));
    ASSERT_TRUE(store->tend(kit::kNoon + minutes{61}));
    store.reset();
    ASSERT_TRUE(bring_back(disk));
    EXPECT_EQ(open_on(disk)->opening().lost.at(2), 50);
}

TEST(Restore, SetsTheDatabaseAsideThatWasThere) {
    kit::SimDisk disk;
    auto store = open_on(disk);
    ASSERT_TRUE(back_up(disk));
    ASSERT_TRUE(store->append(batch_of({sale_record("latest", 1, "d")}), kit::kNoon));
    store.reset();
    ASSERT_TRUE(bring_back(disk));
    int kept = 0;
    for (const std::string& path : disk.paths()) {
        kept += path.starts_with(kSimDatabase + ".bad-") &&
                disk.bytes_of(path).find("latest") != std::string::npos;
    }
    EXPECT_EQ(kept, 1);
}

TEST(Restore, RefusesWhatIsNoCopyAndChangesNothing) {
    kit::SimDisk disk;
    auto store = open_on(disk);
    const std::string epoch = *store->epoch();
    store.reset();
    disk.put(kCopy, std::string(8192, 'x'));
    EXPECT_EQ(bring_back(disk).error().fault, Fault::Malformed);
    EXPECT_EQ(*open_on(disk)->epoch(), epoch);
}

TEST(Restore, RefusesADamagedCopy) {
    kit::SimDisk disk;
    auto store = open_on(disk);
    for (int n = 0; n < 20; ++n) ASSERT_TRUE(store->append(minutes_of(n * 200, 200), kit::kNoon));
    ASSERT_TRUE(back_up(disk));
    store.reset();
    disk.damage(kCopy, 20 * kPageBytes, std::string(kPageBytes, 'x'));
    EXPECT_FALSE(bring_back(disk));
    EXPECT_EQ(open_on(disk)->opening().why, "as_left");
}

TEST(Restore, WaitsForTheDaemonToStop) {
    TempDir dir;
    const auto store = open_store(dir);
    ASSERT_TRUE(backup({.data_dir = dir.path(), .file = dir.file("copy.db")}));
    const auto refused =
        restore_backup({.data_dir = dir.path(), .file = dir.file("copy.db")}, kit::kNoon);
    EXPECT_EQ(refused.error().fault, Fault::Unavailable);
}

}  // namespace
}  // namespace aisle::store
