#include "agent/sqlite/database.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/kit/temp_folder.hpp"

namespace aisle::sqlite {
namespace {

using kit::TempFolder;

Database memory_with_table() {
    auto database = Database::open(":memory:");
    EXPECT_TRUE(database);
    EXPECT_TRUE(database->exec("CREATE TABLE t(a INTEGER PRIMARY KEY, b)"));
    return std::move(*database);
}

std::int64_t rows_in(Database& database) {
    return database.integer("SELECT count(*) FROM t").value();
}

TEST(Statement, GivesEveryTypeBackAsItWasBound) {
    Database database = memory_with_table();
    auto select = database.prepare("SELECT ?1, ?2, ?3, ?4, ?5, ?6");
    const std::string blob{"\0\xff", 2};
    select->bind(1, std::int64_t{-9'000'000'000'000'000'000}).bind(2, "购物").bind_blob(3, blob);
    select->bind_null(4).bind(5, std::optional<int>{}).bind(6, std::optional<int>{7});
    ASSERT_TRUE(select->step().value());
    EXPECT_EQ(select->integer(0), -9'000'000'000'000'000'000);
    EXPECT_EQ(select->text(1), "购物");
    EXPECT_EQ(select->view(2), blob);
    EXPECT_TRUE(select->is_null(3));
    EXPECT_TRUE(select->is_null(4));
    EXPECT_EQ(select->integer(5), 7);
    EXPECT_FALSE(select->step().value());
}

TEST(Statement, BindsAnEmptyTextAsTextAndNotAsNull) {
    Database database = memory_with_table();
    auto select = database.prepare("SELECT typeof(?1), typeof(?2)");
    select->bind(1, std::string_view{}).bind_blob(2, std::string_view{});
    ASSERT_TRUE(select->step().value());
    EXPECT_EQ(select->text(0), "text");
    EXPECT_EQ(select->text(1), "blob");
}

TEST(Statement, RunsAgainWithOtherValues) {
    Database database = memory_with_table();
    auto insert = database.prepare("INSERT INTO t VALUES (?1, ?2)");
    for (int i = 1; i <= 3; ++i) ASSERT_TRUE(insert->bind(1, i).bind(2, "x").run());
    EXPECT_EQ(rows_in(database), 3);
    EXPECT_EQ(database.last_insert_id(), 3);
}

TEST(Statement, IsUsableAgainAfterAnError) {
    Database database = memory_with_table();
    auto insert = database.prepare("INSERT INTO t VALUES (?1, 0)");
    ASSERT_TRUE(insert->bind(1, 1).run());
    const auto twice = insert->run();
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().fault, Fault::Denied);
    EXPECT_TRUE(insert->bind(1, 2).run());
}

TEST(Statement, LetsItsSnapshotGoWhenResetEarly) {
    Database database = memory_with_table();
    ASSERT_TRUE(database.exec("INSERT INTO t VALUES (1, 1), (2, 2)"));
    auto select = database.prepare("SELECT a FROM t");
    {
        const ResetAtEnd reset{*select};
        ASSERT_TRUE(select->step().value());
        EXPECT_FALSE(database.exec("DROP TABLE t"));  // locked by the running statement
    }
    EXPECT_TRUE(database.exec("DROP TABLE t"));
}

TEST(StatementDeathTest, AssertsOnAWrongParameter) {
    Database database = memory_with_table();
    auto select = database.prepare("SELECT ?1");
    EXPECT_DEATH(select->bind(2, 1), "no such parameter");
}

TEST(Transaction, KeepsItsRowsAfterCommit) {
    Database database = memory_with_table();
    {
        auto transaction = Transaction::begin(database);
        ASSERT_TRUE(database.exec("INSERT INTO t VALUES (1, 1)"));
        ASSERT_TRUE(transaction->commit());
    }
    EXPECT_EQ(rows_in(database), 1);
}

TEST(Transaction, RollsBackWhenItGoesWithoutCommit) {
    Database database = memory_with_table();
    {
        auto transaction = Transaction::begin(database);
        ASSERT_TRUE(database.exec("INSERT INTO t VALUES (1, 1)"));
        EXPECT_TRUE(database.in_transaction());
    }
    EXPECT_FALSE(database.in_transaction());
    EXPECT_EQ(rows_in(database), 0);
}

TEST(Transaction, IsUnavailableWhileAnotherConnectionWrites) {
    TempFolder dir;
    auto first = Database::open(dir.file("a.db"));
    auto second = Database::open(dir.file("a.db"), {.busy_timeout = milliseconds{0}});
    ASSERT_TRUE(first->exec("PRAGMA journal_mode = WAL; CREATE TABLE t(a)"));
    auto held = Transaction::begin(*first);
    const auto refused = Transaction::begin(*second);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::Unavailable);
}

TEST(Transaction, ShowsOneViewOverSeveralReads) {
    TempFolder dir;
    auto writer = Database::open(dir.file("a.db"));
    ASSERT_TRUE(writer->exec("PRAGMA journal_mode = WAL; CREATE TABLE t(a)"));
    auto reader =
        Database::open(dir.file("a.db"), {.read_only = true, .checkpoint_on_close = false});
    auto view = Transaction::begin_read(*reader);
    EXPECT_EQ(rows_in(*reader), 0);
    ASSERT_TRUE(writer->exec("INSERT INTO t VALUES (1)"));
    EXPECT_EQ(rows_in(*reader), 0);
    ASSERT_TRUE(view->commit());
    EXPECT_EQ(rows_in(*reader), 1);
}

TEST(Database, IsFullBeyondItsPagesAndWorksAgainAfterwards) {
    TempFolder dir;
    auto database = Database::open(dir.file("a.db"));
    ASSERT_TRUE(database->exec("CREATE TABLE t(a); PRAGMA max_page_count = 8"));
    const auto refused = database->exec("INSERT INTO t VALUES (zeroblob(100000))");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::Full);
    EXPECT_TRUE(database->exec("INSERT INTO t VALUES (zeroblob(100))"));
}

TEST(Database, IsMalformedWhereThereIsNoDatabase) {
    TempFolder dir;
    std::ofstream{dir.file("a.db")} << std::string(4096, 'x');
    auto database = Database::open(dir.file("a.db"));
    const auto refused = database->integer("SELECT count(*) FROM sqlite_master");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::Malformed);
}

TEST(Database, IsUnavailableWhereThereIsNoFolder) {
    const auto refused = Database::open("/nowhere/at/all/a.db");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::Unavailable);
}

TEST(Database, MakesNoFileForAReader) {
    TempFolder dir;
    EXPECT_FALSE(Database::open(dir.file("a.db"), {.read_only = true}));
    EXPECT_FALSE(std::filesystem::exists(dir.file("a.db")));
}

TEST(Database, RefusesToWriteForAReader) {
    TempFolder dir;
    ASSERT_TRUE(Database::open(dir.file("a.db"))->exec("CREATE TABLE t(a)"));
    auto reader = Database::open(dir.file("a.db"), {.read_only = true});
    const auto refused = reader->exec("INSERT INTO t VALUES (1)");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::Denied);
}

TEST(Database, OpensAStillFileWhoseNameHasOddCharacters) {
    TempFolder dir;
    const std::string path = dir.file("50%?#.db");
    ASSERT_TRUE(Database::open(path)->exec("CREATE TABLE t(a); INSERT INTO t VALUES (1)"));
    auto still = Database::open(path, {.read_only = true, .immutable = true});
    ASSERT_TRUE(still);
    EXPECT_EQ(rows_in(*still), 1);
}

TEST(Database, LeavesTheLogAloneWhenAReaderClosesLast) {
    TempFolder dir;
    auto writer = std::optional{std::move(*Database::open(dir.file("a.db")))};
    ASSERT_TRUE(writer->exec("PRAGMA journal_mode = WAL; CREATE TABLE t(a)"));
    auto reader =
        std::optional{std::move(*Database::open(dir.file("a.db"), {.checkpoint_on_close = false}))};
    ASSERT_TRUE(writer->exec("INSERT INTO t VALUES (1)"));
    EXPECT_EQ(rows_in(*reader), 1);
    writer.reset();
    reader.reset();
    EXPECT_GT(std::filesystem::file_size(dir.file("a.db-wal")), 0u);
}

TEST(Database, MovesTheLogIntoTheFileAtACheckpoint) {
    TempFolder dir;
    auto database = Database::open(dir.file("a.db"));
    ASSERT_TRUE(database->exec(
        "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t(a);"
        "INSERT INTO t VALUES (zeroblob(50000))"));
    const auto before = std::filesystem::file_size(dir.file("a.db"));
    ASSERT_TRUE(database->checkpoint());
    EXPECT_GT(std::filesystem::file_size(dir.file("a.db")), before);
}

TEST(Database, AsksTheNamedDisk) {
    const auto refused = Database::open(":memory:", {.vfs = "no-such-disk"});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().detail.find("no-such-disk"), std::string::npos);
}

TEST(Database, AnswersUnavailableForAQuestionWithoutARow) {
    Database database = memory_with_table();
    EXPECT_EQ(database.integer("SELECT a FROM t").error().fault, Fault::Unavailable);
    EXPECT_EQ(database.text("SELECT b FROM t").error().fault, Fault::Unavailable);
}

}  // namespace
}  // namespace aisle::sqlite
