#include <gtest/gtest.h>

#include "postgresql_kit.hpp"
#include "sync/hq/postgresql_connection.hpp"

// Connections that break and servers that die.
namespace aisle::hq {
namespace {

// Tried as the collector does: again after a while, until it works.
Applied apply_in_the_end(ChainShelf& shelf, const std::vector<Inbound>& batches) {
    for (int tries = 0; tries < 200; ++tries) {
        if (auto applied = shelf.try_apply(batches)) return std::move(*applied);
        shelf.clock.advance(seconds{1});
    }
    ADD_FAILURE() << "the store did not find its way back";
    return {};
}

TEST(PostgresqlFailure, AnswersNothingWhileItsConnectionIsCutAndFindsAnother) {
    NEEDS_POSTGRES();
    ChainShelf shelf;
    shelf.apply({inbound(1, 2)});
    kit::pg_text(kit::Postgres::shared().url(),
                 "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '" +
                     shelf.text("SELECT current_database()") +
                     "' AND application_name = 'aisle-hq'");
    const auto cut = shelf.try_apply({inbound(3, 4)});
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().fault, Fault::Unavailable);
    EXPECT_EQ(apply_in_the_end(shelf, {inbound(3, 4)}).answers.at(0).ack.next, 5);
    EXPECT_EQ(shelf.text("SELECT count(*) FROM events"), "4");
}

TEST(PostgresqlFailure, LosesAndDoublesNothingWhenTheServerIsKilledAgainAndAgain) {
    NEEDS_POSTGRES();
    kit::Postgres server;
    ASSERT_TRUE(server.start());
    ChainShelf shelf;
    shelf.url = server.fresh_database();
    shelf.open();
    std::int64_t next = 1;
    for (int round = 0; round < 5; ++round) {
        for (int i = 0; i < 10; ++i, next += 3)
            EXPECT_EQ(apply_in_the_end(shelf, {inbound(next, next + 2)}).answers.at(0).ack.next,
                      next + 3);
        server.kill();
        EXPECT_FALSE(shelf.try_apply({inbound(next, next + 2)}));
        ASSERT_TRUE(server.start());
    }
    EXPECT_EQ(apply_in_the_end(shelf, {inbound(next, next)}).answers.at(0).ack.next, next + 1);
    EXPECT_EQ(shelf.text("SELECT count(*) || ' ' || count(DISTINCT seq) || ' ' || max(seq) FROM "
                         "events"),
              std::to_string(next) + " " + std::to_string(next) + " " + std::to_string(next));
}

TEST(PostgresqlFailure, GivesUpAServerThatFallsSilent) {
    NEEDS_POSTGRES();
    kit::Postgres server;
    ASSERT_TRUE(server.start());
    auto connection = *PostgresqlConnection::open(server.url(), 300);
    ASSERT_TRUE(connection.run("SELECT 1"));
    server.freeze(true);
    const auto silent = connection.run("SELECT 1");
    server.freeze(false);
    ASSERT_FALSE(silent);
    EXPECT_EQ(silent.error().fault, Fault::Unavailable);
    EXPECT_TRUE(connection.broken());
    EXPECT_FALSE(connection.run("SELECT 1"));
}

TEST(PostgresqlFailure, SaysInOneLineWhatTheServerSaid) {
    NEEDS_POSTGRES();
    auto connection = *PostgresqlConnection::open(kit::Postgres::shared().url());
    const auto failed = connection.run("SELECT nothing_like_it");
    ASSERT_FALSE(failed);
    EXPECT_EQ(connection.state(), "42703");
    EXPECT_EQ(failed.error().detail.find('\n'), std::string::npos);
    EXPECT_TRUE(connection.run("SELECT 1"));
}

TEST(PostgresqlFailure, NeverWaitsLongForALockOfAnother) {
    NEEDS_POSTGRES();
    ChainShelf shelf;
    shelf.apply({inbound(1, 1)});
    auto other = *PostgresqlConnection::open(shelf.url);
    shelf.url += "?options=-c%20lock_timeout%3D100ms";
    shelf.open();
    ASSERT_TRUE(other.run("BEGIN; SELECT * FROM streams FOR UPDATE"));
    const auto waited = shelf.try_apply({inbound(2, 2)});
    ASSERT_FALSE(waited);
    EXPECT_EQ(waited.error().fault, Fault::Unavailable);
    ASSERT_TRUE(other.run("ROLLBACK"));
    EXPECT_EQ(shelf.apply({inbound(2, 2)}).rows, 1);
}

}  // namespace
}  // namespace aisle::hq
