#include <gtest/gtest.h>

#include "agent/sqlite/database.hpp"
#include "tests/kit/sim_disk.hpp"

namespace aisle::sqlite {
namespace {

class Backup : public testing::Test {
protected:
    Database open(const std::string& path, int page_bytes = 0) {
        return Database::open(path, {.vfs = disk.vfs(), .page_bytes = page_bytes}).value();
    }
    Database live_database() {
        Database database = open("/live.db");
        EXPECT_TRUE(
            database.exec("PRAGMA journal_mode = WAL; CREATE TABLE t(a); "
                          "PRAGMA application_id = 77; INSERT INTO t VALUES (1), (2)"));
        return database;
    }
    kit::SimDisk disk;
};

TEST_F(Backup, HoldsWhatWasCommittedThoughItIsStillInTheLog) {
    Database live = live_database();
    ASSERT_TRUE(live.backup_to("/copy.db"));
    Database copy = open("/copy.db");
    EXPECT_EQ(copy.integer("SELECT count(*) FROM t").value(), 2);
    EXPECT_EQ(copy.integer("PRAGMA application_id").value(), 77);
    EXPECT_TRUE(copy.integrity_check());
}

TEST_F(Backup, IsOneFile) {
    Database live = live_database();
    ASSERT_TRUE(live.backup_to("/copy.db"));
    EXPECT_FALSE(disk.exists("/copy.db-wal"));
    EXPECT_FALSE(disk.exists("/copy.db-journal"));
    EXPECT_EQ(open("/copy.db").text("PRAGMA journal_mode").value(), "delete");
}

TEST_F(Backup, LeavesOutWhatIsNotCommitted) {
    Database live = live_database();
    Database second = open("/live.db");
    auto transaction = Transaction::begin(live);
    ASSERT_TRUE(live.exec("INSERT INTO t VALUES (3)"));
    ASSERT_TRUE(second.backup_to("/copy.db"));
    EXPECT_EQ(open("/copy.db").integer("SELECT count(*) FROM t").value(), 2);
}

TEST_F(Backup, OverwritesWhateverLiesThere) {
    Database live = live_database();
    for (const char* there : {"",
                              "no database at all, but some text of more than 100 bytes, so "
                              "that it has a whole header that is not one......"}) {
        disk.put("/copy.db", there);
        ASSERT_TRUE(live.backup_to("/copy.db"));
        EXPECT_EQ(open("/copy.db").integer("SELECT count(*) FROM t").value(), 2);
    }
}

TEST_F(Backup, IsFullOnAFullDiskAndTheDatabaseGoesOn) {
    Database live = live_database();
    ASSERT_TRUE(live.exec("INSERT INTO t VALUES (zeroblob(100000))"));
    disk.set_capacity(disk.used_bytes() + 60'000);
    EXPECT_EQ(live.backup_to("/copy.db").error().fault, Fault::Full);
    disk.set_capacity(std::nullopt);
    EXPECT_TRUE(live.exec("INSERT INTO t VALUES (4)"));
    EXPECT_TRUE(live.backup_to("/copy.db"));
}

TEST_F(Backup, OfADatabaseOfOtherPagesIsMadeOfThoseToo) {
    Database live = open("/small.db", 1024);
    ASSERT_TRUE(live.exec("PRAGMA journal_mode = WAL; CREATE TABLE t(a)"));
    EXPECT_EQ(live.integer("PRAGMA page_size").value(), 1024);
    ASSERT_TRUE(live.backup_to("/copy.db"));
    EXPECT_EQ(open("/copy.db").integer("PRAGMA page_size").value(), 1024);
}

TEST_F(Backup, OpensAnOldDatabaseWithItsOwnPages) {
    { ASSERT_TRUE(open("/a.db", 2048).exec("CREATE TABLE t(a)")); }
    EXPECT_EQ(open("/a.db", 8192).integer("PRAGMA page_size").value(), 2048);
}

TEST_F(Backup, CutsTheLogToNothingWhenAsked) {
    Database live = live_database();
    EXPECT_GT(disk.size("/live.db-wal").value(), 0);
    ASSERT_TRUE(live.checkpoint_and_truncate());
    EXPECT_EQ(disk.size("/live.db-wal").value(), 0);
}

TEST_F(Backup, CheckFindsADamagedPage) {
    {
        Database live = live_database();
        ASSERT_TRUE(live.integrity_check());
    }
    disk.damage("/live.db", 4096, std::string(64, '\x55'));
    EXPECT_EQ(open("/live.db").integrity_check().error().fault, Fault::Malformed);
}

}  // namespace
}  // namespace aisle::sqlite
