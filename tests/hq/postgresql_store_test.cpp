#include "sync/hq/postgresql_store.hpp"

#include <gtest/gtest.h>

#include "postgresql_kit.hpp"
#include "sync/hq/postgresql_connection.hpp"
#include "sync/hq/postgresql_schema.hpp"

// What only PostgreSQL has: its types, its months, its other collectors, its ways of dying. What it
// has in common with SQLite is in event_store_contract.hpp.
namespace aisle::hq {
namespace {

Inbound bodies(std::int64_t first, const std::vector<std::string>& texts) {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < texts.size(); ++i)
        lines.push_back(line_for(first + static_cast<std::int64_t>(i), texts[i]));
    const auto last = first + static_cast<std::int64_t>(texts.size()) - 1;
    return inbound(header_for(first, last), lines);
}

TEST(PostgresqlStore, OffersTheContractsRelation) {
    NEEDS_POSTGRES();
    ChainShelf shelf;
    const std::string body = R"({"revision":2,"total":100})";
    shelf.apply({inbound(header_for(1, 1), {line_for(1, body, "sale", "00ff")})});
    const std::string mono = std::to_string(kit::at().mono.time_since_epoch().count());
    EXPECT_EQ(
        shelf.text("SELECT concat_ws('|', store, epoch, stream, seq, from_seq, kind, event_id, "
                   "revision, at AT TIME ZONE 'UTC', boot, mono, "
                   "received_at AT TIME ZONE 'UTC', body->>'total') FROM events"),
        "s-0001|0123456789abcdef|ledger|1|1|sale|00ff|2|2026-06-12 04:00:00|1|" + mono +
            "|2026-06-12 04:00:00|100");
    EXPECT_EQ(shelf.text("SELECT string_agg(column_name || ' ' || data_type, ', ' ORDER BY "
                         "ordinal_position) FROM information_schema.columns WHERE table_name = "
                         "'events'"),
              "store text, epoch text, stream text, seq bigint, from_seq bigint, kind text, "
              "event_id text, revision bigint, at timestamp with time zone, boot bigint, mono "
              "bigint, received_at timestamp with time zone, body jsonb");
}

TEST(PostgresqlStore, KeepsEachMonthInAPartitionAndMakesTheNextOneAhead) {
    NEEDS_POSTGRES();
    ChainShelf shelf;
    auto late = inbound(3, 4);
    late.received = *parse_rfc3339("2026-12-31T23:59:59.999Z");
    shelf.apply({inbound(1, 2), late});
    EXPECT_EQ(shelf.text("SELECT count(*) FROM event_2026_6"), "2");
    EXPECT_EQ(shelf.text("SELECT count(*) FROM event_2026_12"), "2");
    EXPECT_EQ(shelf.text("SELECT count(*) FROM event_2026_7"), "0");
    EXPECT_EQ(shelf.text("SELECT count(*) FROM event_2027_1"), "0");
    EXPECT_EQ(shelf.text("SELECT count(*) FROM events"), "4");
}

TEST(PostgresqlStore, DropsAMonthWithoutTouchingTheOthers) {
    NEEDS_POSTGRES();
    ChainShelf shelf;
    auto late = inbound(3, 4);
    late.received = *parse_rfc3339("2026-08-01T00:00:00.000Z");
    shelf.apply({inbound(1, 2), late});
    EXPECT_EQ(shelf.text("DROP TABLE event_2026_6"), "");
    EXPECT_EQ(shelf.text("SELECT min(seq) FROM events"), "3");
    EXPECT_FALSE(shelf.try_apply({inbound(5, 6)}));  // into that very month: made again next time
    EXPECT_EQ(shelf.apply({inbound(5, 6)}).answers.at(0).ack.next, 7);
}

TEST(PostgresqlStore, ABodyThatJsonbCannotHoldBecomesAGapAndBlocksNothing) {
    NEEDS_POSTGRES();
    ChainShelf shelf;
    const std::vector<std::string> poison{R"({"name":"a\u0000b"})", R"({"\u0000":1})"};
    const auto applied =
        shelf.apply({bodies(1, {"{\"good\":1}", poison[0], "{\"good\":2}", poison[1], poison[0]}),
                     bodies(6, {"{\"good\":3}"})});
    ASSERT_EQ(applied.answers.size(), 1U);
    EXPECT_EQ(applied.answers[0].ack.kind, wire::AckKind::Ack);
    EXPECT_EQ(applied.answers[0].ack.next, 7);
    EXPECT_EQ(shelf.text("SELECT string_agg(seq || kind, ' ' ORDER BY seq) FROM events"),
              "1test 2gap 3test 4gap 5gap 6test");
    EXPECT_EQ(shelf.text("SELECT sum(seq - from_seq + 1) FROM events"), "6");
    EXPECT_EQ(shelf.text("SELECT count(*) FROM quarantine WHERE reason LIKE '%jsonb%'"), "2");
    EXPECT_EQ(shelf.text("SELECT max(times) FROM quarantine"), "2");
    EXPECT_EQ(shelf.text("SELECT count(*) FROM quarantine WHERE convert_from(payload, 'UTF8') = '" +
                         poison[0] + "'"),
              "1");
}

TEST(PostgresqlStore, CountsWhatItSetAside) {
    NEEDS_POSTGRES();
    ChainShelf shelf;
    shelf.apply({bodies(1, {"{}", R"({"x":"\u0000"})", "{}"})});
    for (const auto proof : {EventStore::Proof::Counted, EventStore::Proof::Recounted}) {
        const auto all = *shelf.store->completeness(proof, "s-0001");
        ASSERT_EQ(all.size(), 1U);
        EXPECT_EQ(all[0].expected, 3);
        EXPECT_EQ(all[0].received, 2);
        EXPECT_EQ(all[0].gaps, (std::vector<GapCount>{{"unreadable", 1, 1}}));
        EXPECT_EQ(all[0].missing, 0);
        EXPECT_EQ(all[0].quarantined, 1);
    }
}

TEST(PostgresqlStore, AGapWhoseReasonCannotBeKeptStillStandsForItsRun) {
    NEEDS_POSTGRES();
    ChainShelf shelf;
    shelf.apply({inbound(
        header_for(1, 5),
        {R"({"seq":4,"from":1,"kind":"gap","body":{"reason":"\u0000","n":4}})", line_for(5)})});
    EXPECT_EQ(shelf.text("SELECT sum(seq - from_seq + 1) FROM events"), "5");
    EXPECT_EQ(shelf.store->completeness(EventStore::Proof::Recounted, "")->at(0).missing, 0);
}

TEST(PostgresqlStore, IsSharedByCollectorsThatNeverBothAdvanceAStream) {
    NEEDS_POSTGRES();
    ChainShelf shelf;
    const auto other = std::move(*open_postgresql_store(shelf.url));
    for (std::int64_t seq = 1; seq <= 20; seq += 2) {
        EXPECT_EQ(shelf.apply({inbound(seq, seq + 1)}).rows, 2);
        const std::vector<Inbound> same{inbound(seq, seq + 1)};
        const auto again = *other->apply(same, shelf.clock);
        EXPECT_EQ(again.rows, 0);
        EXPECT_EQ(again.repeated, 1);
        EXPECT_EQ(again.answers.at(0).ack.next, seq + 2);
    }
    EXPECT_EQ(shelf.text("SELECT count(*) FROM events"), "20");
}

TEST(PostgresqlStore, TwoMayMakeItsTablesAtTheSameTime) {
    NEEDS_POSTGRES();
    const std::string url = kit::Postgres::shared().fresh_database();
    auto one = *PostgresqlConnection::open(url);
    ASSERT_TRUE(set_up_schema(one));
    EXPECT_TRUE(set_up_schema(one));
}

TEST(PostgresqlStore, RefusesTablesOfALaterVersion) {
    NEEDS_POSTGRES();
    ChainShelf shelf;
    shelf.text("UPDATE aisle_hq SET version = 99");
    const auto refused = open_postgresql_store(shelf.url);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::Malformed);
    EXPECT_NE(refused.error().detail.find("version 99"), std::string::npos);
}

TEST(PostgresqlStore, BringsTablesOfTheVersionBeforeUpToDate) {
    NEEDS_POSTGRES();
    ChainShelf shelf;
    shelf.text("DROP TABLE rivals");
    shelf.text("UPDATE aisle_hq SET version = 1");
    shelf.open();
    shelf.apply({inbound(1, 2)});
    EXPECT_EQ(shelf.text("SELECT count(*) FROM rivals"), "0");
    EXPECT_EQ(shelf.text("SELECT version FROM aisle_hq"), "2");
}

TEST(PostgresqlStore, ReadsOnlyWhereItIsToldSo) {
    NEEDS_POSTGRES();
    ChainShelf shelf;
    shelf.apply({inbound(1, 2)});
    shelf.open({.read_only = true});
    EXPECT_EQ(shelf.try_apply({inbound(3, 4)}).error().fault, Fault::Denied);
    EXPECT_EQ(shelf.store->streams()->at(0).next, 3);
    EXPECT_FALSE(
        open_postgresql_store(kit::Postgres::shared().fresh_database(), {.read_only = true}));
}

TEST(PostgresqlStore, IsUnavailableWhereNobodyListens) {
    const auto refused = open_postgresql_store("postgresql://postgres@127.0.0.1:1/x");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().fault, Fault::Unavailable);
    EXPECT_EQ(open_postgresql_store("mysql://x").error().fault, Fault::Malformed);
}

TEST(PostgresqlStore, RemembersHqsOwnState) {
    NEEDS_POSTGRES();
    ChainShelf shelf;
    const std::string bytes{"\0\xff'\"\\", 5};
    ASSERT_TRUE(shelf.store->write_state(
        std::vector<StateChange>{{"room", "b", "old"}, {"room", "a", "1"}, {"room", "b", bytes}}));
    const auto rows = *shelf.store->read_state("room");
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].key, "a");
    EXPECT_EQ(rows[1].bytes, bytes);
    ASSERT_TRUE(shelf.store->write_state(std::vector<StateChange>{{"room", "b", ""}}));
    EXPECT_EQ(shelf.store->read_state("room")->size(), 1U);
    EXPECT_TRUE(shelf.store->read_state("other")->empty());
}

}  // namespace
}  // namespace aisle::hq
