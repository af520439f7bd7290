#include "tests/kit/sim_disk.hpp"

#include <gtest/gtest.h>

#include "agent/sqlite/database.hpp"

namespace aisle::kit {
namespace {

using sqlite::Database;

Database wal_database(SimDisk& disk) {
    auto database = Database::open("/shop/a.db", {.vfs = disk.vfs()});
    EXPECT_TRUE(database);
    EXPECT_TRUE(
        database->exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                       "CREATE TABLE IF NOT EXISTS t(a INTEGER PRIMARY KEY, b)"));
    return std::move(*database);
}

std::int64_t rows_in(SimDisk& disk) {
    auto database = Database::open("/shop/a.db", {.vfs = disk.vfs()});
    EXPECT_TRUE(database->integrity_check());
    return database->integer("SELECT count(*) FROM t").value();
}

TEST(SimDisk, KeepsADatabaseInItsMemoryAlone) {
    SimDisk disk;
    {
        Database database = wal_database(disk);
        ASSERT_TRUE(database.exec("INSERT INTO t(b) VALUES (zeroblob(100000))"));
        EXPECT_EQ(disk.paths(), (std::vector<std::string>{"/shop/a.db", "/shop/a.db-wal"}));
    }
    EXPECT_EQ(rows_in(disk), 1);
    EXPECT_EQ(disk.paths(), std::vector<std::string>{"/shop/a.db"});
}

TEST(SimDisk, GoesWithItsName) {
    std::string name;
    {
        const SimDisk disk;
        name = disk.vfs();
        EXPECT_TRUE(Database::open("x", {.vfs = name}));
    }
    EXPECT_FALSE(Database::open("x", {.vfs = name}));
}

TEST(SimDisk, KeepsTwoDisksApart) {
    SimDisk one;
    SimDisk two;
    one.put("x", "1");
    EXPECT_NE(one.vfs(), two.vfs());
    EXPECT_FALSE(two.exists("x"));
}

TEST(SimDisk, DrawsTheSameRandomBytesForTheSameSeed) {
    const auto drawn = [](std::uint64_t seed) {
        SimDisk disk{seed};
        auto database = Database::open("x", {.vfs = disk.vfs()});
        return database->text("SELECT hex(randomblob(8))").value();
    };
    EXPECT_EQ(drawn(7), drawn(7));
    EXPECT_NE(drawn(7), drawn(8));
}

TEST(SimDisk, TellsTheTimeThatWasSet) {
    SimDisk disk;
    disk.set_now(WallTime{seconds{1'781'236'800}});
    auto database = Database::open("x", {.vfs = disk.vfs()});
    EXPECT_EQ(database->text("SELECT datetime('now')").value(), "2026-06-12 04:00:00");
}

TEST(SimDisk, LetsReadersSeeTheirOwnViewBesideTheWriter) {
    SimDisk disk;
    Database writer = wal_database(disk);
    auto reader = Database::open(
        "/shop/a.db", {.read_only = true, .checkpoint_on_close = false, .vfs = disk.vfs()});
    auto view = sqlite::Transaction::begin_read(*reader);
    EXPECT_EQ(reader->integer("SELECT count(*) FROM t").value(), 0);
    ASSERT_TRUE(writer.exec("INSERT INTO t(b) VALUES (1)"));
    EXPECT_EQ(reader->integer("SELECT count(*) FROM t").value(), 0);
    ASSERT_TRUE(view->commit());
    EXPECT_EQ(reader->integer("SELECT count(*) FROM t").value(), 1);
}

TEST(SimDisk, LetsOneWriterInAndAddsUpTheOthersWaiting) {
    SimDisk disk;
    Database first = wal_database(disk);
    auto second = Database::open("/shop/a.db", {.vfs = disk.vfs()});
    auto held = sqlite::Transaction::begin(first);
    const auto refused = sqlite::Transaction::begin(*second);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::Unavailable);
    EXPECT_GT(disk.slept(), seconds{1});
}

TEST(SimDisk, KeepsWhatWasCommittedInAPowerCutAndNothingElseOfTheBatch) {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        SimDisk disk{seed};
        std::int64_t committed = 0;
        {
            Database database = wal_database(disk);
            disk.cut_after(static_cast<std::int64_t>(seed));
            while (database.exec("INSERT INTO t(b) VALUES (randomblob(300)), (2), (3)"))
                ++committed;
            EXPECT_TRUE(disk.is_off());
        }
        disk.restart({.seed = seed});
        const std::int64_t rows = rows_in(disk);
        ASSERT_GE(rows, committed * 3) << seed;
        ASSERT_LE(rows, committed * 3 + 3) << seed;
        ASSERT_EQ(rows % 3, 0) << seed;
    }
}

TEST(SimDisk, KeepsAllWhenOnlyTheProcessDied) {
    SimDisk disk;
    auto database = Database::open("/shop/a.db", {.vfs = disk.vfs()});
    ASSERT_TRUE(
        database->exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;"
                       "CREATE TABLE t(a); INSERT INTO t VALUES (1)"));
    disk.restart({.mode = PowerLoss::Mode::KeepAll});
    EXPECT_FALSE(database->exec("INSERT INTO t VALUES (2)")) << "a handle of the dead process";
    EXPECT_EQ(rows_in(disk), 1);
}

TEST(SimDisk, LosesACommitWhenItLies) {
    SimDisk disk;
    disk.set_lying(true);
    {
        Database database = wal_database(disk);
        ASSERT_TRUE(database.exec("INSERT INTO t(b) VALUES (1)"));
        disk.cut_after(1);
    }
    disk.restart({.mode = PowerLoss::Mode::DropAll});
    EXPECT_TRUE(disk.paths().empty());
}

TEST(SimDisk, FailsTheNthCallOnceOrForEver) {
    SimDisk disk;
    Database database = wal_database(disk);
    const auto insert = [&] { return bool(database.exec("INSERT INTO t(b) VALUES (1)")); };
    disk.fail({.call = DiskCall::Sync, .nth = 2});
    EXPECT_EQ((std::vector{insert(), insert(), insert()}), (std::vector{true, false, true}));
    EXPECT_EQ(disk.failed_calls(), 1);
    disk.heal();
    disk.fail({.call = DiskCall::Write, .nth = 1, .fault = DiskFault::NoSpace, .for_ever = true});
    EXPECT_EQ((std::vector{insert(), insert()}), (std::vector{false, false}));
    disk.heal();
    EXPECT_TRUE(insert());
    EXPECT_EQ(database.integer("SELECT count(*) FROM t").value(), 3);
}

TEST(SimDisk, SaysFullForNoSpaceAndForAShortWrite) {
    for (const DiskFault fault : {DiskFault::NoSpace, DiskFault::ShortWrite, DiskFault::IoError}) {
        SimDisk disk;
        Database database = wal_database(disk);
        disk.fail({.call = DiskCall::Write, .fault = fault});
        const auto refused = database.exec("INSERT INTO t(b) VALUES (1)");
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().fault, Fault::Full);
        const bool full = refused.error().detail.find("(sqlite 13)") != std::string::npos;
        EXPECT_EQ(full, fault != DiskFault::IoError) << refused.error().detail;
    }
}

// What reliability.md measured: no room for the WAL's index is an I/O error and not FULL.
TEST(SimDisk, SaysIoErrorWhereTheSharedMemoryCannotGrow) {
    SimDisk disk;
    { const Database made = wal_database(disk); }
    disk.fail({.call = DiskCall::ShmGrow, .fault = DiskFault::NoSpace});
    auto database = Database::open("/shop/a.db", {.vfs = disk.vfs()});
    const auto refused = database->exec("INSERT INTO t(b) VALUES (1)");
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().detail.find("(sqlite 4874)"), std::string::npos);
}

TEST(SimDisk, TakesNothingBeyondItsCapacityUntilItIsRaised) {
    SimDisk disk;
    Database database = wal_database(disk);
    disk.set_capacity(disk.used_bytes() + 50'000);
    EXPECT_EQ(disk.free_bytes("/shop").value(), 50'000);
    EXPECT_EQ(database.exec("INSERT INTO t(b) VALUES (zeroblob(100000))").error().fault,
              Fault::Full);
    disk.set_capacity(disk.used_bytes() + 200'000);
    EXPECT_TRUE(database.exec("INSERT INTO t(b) VALUES (zeroblob(100000))"));
}

TEST(SimDisk, LeavesAReplacedFileWholeWhereverThePowerGoes) {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        SimDisk disk;
        disk.put("/manifest", "old");
        disk.cut_after(static_cast<std::int64_t>(1 + seed % 5));
        const bool answered = bool(disk.replace("/manifest", "new"));
        disk.restart({.seed = seed});
        const std::string bytes = disk.read("/manifest").value();
        if (answered) {
            ASSERT_EQ(bytes, "new");
        } else {
            ASSERT_TRUE(bytes == "old" || bytes == "new") << bytes;
        }
    }
}

TEST(SimDisk, AnswersFullAndLeavesNoPartOfABallastThatDoesNotFit) {
    SimDisk disk;
    disk.set_capacity(1000);
    EXPECT_EQ(disk.allocate("/ballast", 2000).error().fault, Fault::Full);
    EXPECT_FALSE(disk.exists("/ballast"));
    ASSERT_TRUE(disk.allocate("/ballast", 900));
    EXPECT_FALSE(disk.replace("/manifest", std::string(200, 'x')));
    ASSERT_TRUE(disk.remove("/ballast"));
    EXPECT_TRUE(disk.replace("/manifest", std::string(200, 'x')));
}

TEST(SimDisk, CountsBytesAndSyncsByPath) {
    SimDisk disk;
    Database database = wal_database(disk);
    disk.reset_counters();
    ASSERT_TRUE(database.exec("INSERT INTO t(b) VALUES (1)"));
    const DiskCounters log = disk.counters("/shop/a.db-wal");
    EXPECT_EQ(log.syncs, 1);
    EXPECT_EQ(log.bytes_written, 4096 + 24);  // one frame: SQLite's file format, section 4.1
    EXPECT_EQ(disk.counters().bytes_written, log.bytes_written);
    EXPECT_EQ(disk.counters("/shop/a.db").writes, 0);
}

TEST(SimDisk, BringsAnImageBackAsItWas) {
    SimDisk disk;
    { ASSERT_TRUE(wal_database(disk).exec("INSERT INTO t(b) VALUES (1)")); }
    const auto image = disk.image();
    { ASSERT_TRUE(wal_database(disk).exec("INSERT INTO t(b) VALUES (2)")); }
    EXPECT_EQ(rows_in(disk), 2);
    disk.load(image);
    EXPECT_EQ(rows_in(disk), 1);
}

TEST(SimDisk, ShowsDamageToWhoOpensTheFile) {
    SimDisk disk;
    { ASSERT_TRUE(wal_database(disk).exec("INSERT INTO t(b) VALUES (1)")); }
    disk.damage("/shop/a.db", 0, "not a database");
    auto database = Database::open("/shop/a.db", {.vfs = disk.vfs()});
    EXPECT_EQ(database->quick_check().error().fault, Fault::Malformed);
}

}  // namespace
}  // namespace aisle::kit
