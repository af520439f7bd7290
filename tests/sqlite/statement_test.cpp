#include "agent/sqlite/statement.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "agent/sqlite/database.hpp"

namespace aisle::sqlite {
namespace {

Database with_table(const std::string& table = "t(a INTEGER PRIMARY KEY, b TEXT NOT NULL)") {
    auto database = Database::open(":memory:");
    EXPECT_TRUE(database);
    EXPECT_TRUE(database->exec("CREATE TABLE " + table));
    return std::move(*database);
}

TEST(StatementValues, KeepTheirEnds) {
    Database database = with_table();
    for (const std::int64_t number : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1},
                                      std::int64_t{0}, std::numeric_limits<std::int64_t>::max()}) {
        auto select = database.prepare("SELECT ?1");
        select->bind(1, number);
        ASSERT_TRUE(select->step().value());
        EXPECT_EQ(select->integer(0), number);
    }
}

TEST(StatementValues, OfEveryWidthAreTheSameNumber) {
    Database database = with_table();
    auto select = database.prepare("SELECT ?1, ?2, ?3, ?4");
    select->bind(1, std::int8_t{-5}).bind(2, std::uint16_t{65'535}).bind(3, true);
    select->bind(4, std::uint32_t{4'000'000'000});
    ASSERT_TRUE(select->step().value());
    EXPECT_EQ(select->integer(0), -5);
    EXPECT_EQ(select->integer(1), 65'535);
    EXPECT_EQ(select->integer(2), 1);
    EXPECT_EQ(select->integer(3), 4'000'000'000);
}

TEST(StatementValues, TextKeepsItsZeroBytes) {
    Database database = with_table();
    auto select = database.prepare("SELECT ?1, length(CAST(?1 AS BLOB))");
    const std::string text{"a\0b", 3};
    select->bind(1, text);
    ASSERT_TRUE(select->step().value());
    EXPECT_EQ(select->text(0), text);
    EXPECT_EQ(select->integer(1), 3);
}

TEST(StatementValues, NullReadsAsNothingOfAnyType) {
    Database database = with_table();
    auto select = database.prepare("SELECT NULL");
    ASSERT_TRUE(select->step().value());
    EXPECT_TRUE(select->is_null(0));
    EXPECT_EQ(select->integer(0), 0);
    EXPECT_EQ(select->text(0), "");
    EXPECT_TRUE(select->view(0).empty());
}

TEST(StatementValues, AnOptionalTextIsTextOrNull) {
    Database database = with_table();
    auto select = database.prepare("SELECT ?1, typeof(?2)");
    select->bind(1, std::optional<std::string_view>{}).bind(2, std::optional{std::string_view{""}});
    ASSERT_TRUE(select->step().value());
    EXPECT_TRUE(select->is_null(0));
    EXPECT_EQ(select->text(1), "text");
}

TEST(StatementValues, StayBoundUntilTheyAreBoundAnew) {
    Database database = with_table();
    auto insert = database.prepare("INSERT INTO t(b) VALUES (?1)");
    const std::string word = "same";
    ASSERT_TRUE(insert->bind(1, word).run());
    ASSERT_TRUE(insert->run());
    EXPECT_EQ(database.integer("SELECT count(*) FROM t WHERE b = 'same'").value(), 2);
}

TEST(StatementValues, OfAMegabyteComeBackWhole) {
    Database database = with_table();
    const std::string large(1'000'000, 'x');
    auto insert = database.prepare("INSERT INTO t(b) VALUES (?1)");
    ASSERT_TRUE(insert->bind(1, large).run());
    EXPECT_EQ(database.text("SELECT b FROM t").value(), large);
}

TEST(StatementRows, EndAndBeginAgain) {
    Database database = with_table();
    ASSERT_TRUE(database.exec("INSERT INTO t VALUES (1, 'a'), (2, 'b')"));
    auto select = database.prepare("SELECT a FROM t ORDER BY a");
    for (int round = 0; round < 2; ++round) {
        ASSERT_TRUE(select->step().value());
        EXPECT_EQ(select->integer(0), 1);
        ASSERT_TRUE(select->step().value());
        EXPECT_EQ(select->integer(0), 2);
        EXPECT_FALSE(select->step().value());
    }
}

TEST(StatementRows, AreReadFromTheStartAfterAReset) {
    Database database = with_table();
    ASSERT_TRUE(database.exec("INSERT INTO t VALUES (1, 'a'), (2, 'b')"));
    auto select = database.prepare("SELECT a FROM t ORDER BY a");
    ASSERT_TRUE(select->step().value());
    select->reset();
    ASSERT_TRUE(select->step().value());
    EXPECT_EQ(select->integer(0), 1);
}

TEST(StatementRows, OfARunAreDropped) {
    Database database = with_table();
    ASSERT_TRUE(database.exec("INSERT INTO t VALUES (1, 'a')"));
    auto select = database.prepare("SELECT a FROM t");
    EXPECT_TRUE(select->run());
    EXPECT_TRUE(database.exec("DROP TABLE t"));  // nothing holds it any more
}

struct Refused {
    const char* table;
    const char* sql;
};

class Constraints : public testing::TestWithParam<Refused> {};

TEST_P(Constraints, AreDeniedAndLeaveTheStatementUsable) {
    Database database = with_table(GetParam().table);
    auto statement = database.prepare(GetParam().sql);
    ASSERT_TRUE(statement) << statement.error().detail;
    const auto refused = statement->run();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::Denied);
    EXPECT_FALSE(refused.error().detail.empty());
    EXPECT_FALSE(statement->run());  // again, and not a crash
    EXPECT_EQ(database.integer("SELECT count(*) FROM t").value(), 0);
}

INSTANTIATE_TEST_SUITE_P(OfEachKind, Constraints,
                         testing::Values(Refused{"t(a NOT NULL)", "INSERT INTO t VALUES (NULL)"},
                                         Refused{"t(a CHECK(a > 0))", "INSERT INTO t VALUES (0)"},
                                         Refused{"t(a UNIQUE)", "INSERT INTO t VALUES (1), (1)"},
                                         Refused{"t(a INTEGER PRIMARY KEY) STRICT",
                                                 "INSERT INTO t VALUES ('x')"}));

TEST(Prepare, IsMalformedForWrongSql) {
    Database database = with_table();
    for (const char* sql : {"SELEKT 1", "SELECT * FROM nowhere", "SELECT (", "INSERT INTO t"}) {
        const auto refused = database.prepare(sql);
        ASSERT_FALSE(refused) << sql;
        EXPECT_EQ(refused.error().fault, Fault::Malformed) << sql;
    }
}

TEST(PrepareDeathTest, AssertsOnMoreThanOneStatementAndOnNone) {
    Database database = with_table();
    EXPECT_DEATH((void)database.prepare("SELECT 1; SELECT 2"), "more than one statement");
    EXPECT_DEATH((void)database.prepare("  -- only words"), "no statement");
}

TEST(Prepare, ReadsNoFurtherThanItsText) {
    Database database = with_table();
    const std::string_view text = "SELECT 1garbage";
    auto select = database.prepare(text.substr(0, 8));
    ASSERT_TRUE(select);
    ASSERT_TRUE(select->step().value());
    EXPECT_EQ(select->integer(0), 1);
}

TEST(Exec, StopsAtTheFirstStatementThatFailsAndKeepsTheOnesBefore) {
    Database database = with_table();
    EXPECT_FALSE(
        database.exec("INSERT INTO t VALUES (1, 'a'); NONSENSE; INSERT INTO t VALUES (2, 'b')"));
    EXPECT_EQ(database.integer("SELECT count(*) FROM t").value(), 1);
}

TEST(Changes, CountTheRowsOfTheLastStatementThatWrote) {
    Database database = with_table();
    ASSERT_TRUE(database.exec("INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')"));
    EXPECT_EQ(database.changes(), 3);
    ASSERT_TRUE(database.exec("UPDATE t SET b = 'x' WHERE a > 1"));
    EXPECT_EQ(database.changes(), 2);
    ASSERT_TRUE(database.exec("DELETE FROM t WHERE a = 99"));
    EXPECT_EQ(database.changes(), 0);
}

TEST(TransactionEnds, WithTheFirstThingThatItCouldNotDo) {
    Database database = with_table();
    auto transaction = Transaction::begin(database);
    ASSERT_TRUE(transaction);
    ASSERT_TRUE(database.exec("INSERT INTO t VALUES (1, 'a')"));
    ASSERT_TRUE(database.exec("ROLLBACK"));  // as SQLite does by itself after some errors
    const auto committed = transaction->commit();
    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().fault, Fault::Unavailable);
    EXPECT_EQ(database.integer("SELECT count(*) FROM t").value(), 0);
}

TEST(TransactionEnds, OnceWhenItWasMoved) {
    Database database = with_table();
    {
        auto first = Transaction::begin(database);
        ASSERT_TRUE(first);
        Transaction second = std::move(*first);
        ASSERT_TRUE(database.exec("INSERT INTO t VALUES (1, 'a')"));
        ASSERT_TRUE(second.commit());
    }
    EXPECT_EQ(database.integer("SELECT count(*) FROM t").value(), 1);
}

TEST(TransactionEnds, BeforeTheNextBegins) {
    Database database = with_table();
    auto first = Transaction::begin(database);
    ASSERT_TRUE(first);
    EXPECT_FALSE(Transaction::begin(database));
    ASSERT_TRUE(first->commit());
    EXPECT_TRUE(Transaction::begin(database));
}

TEST(TransactionEnds, AndAConstraintInTheMiddleDoesNotEndIt) {
    Database database = with_table();
    auto transaction = Transaction::begin(database);
    ASSERT_TRUE(database.exec("INSERT INTO t VALUES (1, 'a')"));
    EXPECT_FALSE(database.exec("INSERT INTO t VALUES (1, 'again')"));
    ASSERT_TRUE(database.exec("INSERT INTO t VALUES (2, 'b')"));
    ASSERT_TRUE(transaction->commit());
    EXPECT_EQ(database.integer("SELECT count(*) FROM t").value(), 2);
}

TEST(Defence, NoSqlCanWriteTheSchemaOrTheFileHeader) {
    Database database = with_table();
    EXPECT_FALSE(database.exec("PRAGMA writable_schema = ON; DELETE FROM sqlite_master"));
    EXPECT_EQ(database.integer("SELECT count(*) FROM sqlite_master WHERE name = 't'").value(), 1);
}

}  // namespace
}  // namespace aisle::sqlite
