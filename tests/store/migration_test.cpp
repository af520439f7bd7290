// Databases as earlier versions left them, written out here as they were: a step that was shipped
// must go on leading to today's tables.
#include <gtest/gtest.h>

#include "agent/store/migrations.hpp"
#include "sim_store.hpp"

namespace aisle::store {
namespace {

const char* const kVersion1 = R"sql(
PRAGMA journal_mode = WAL; PRAGMA application_id = 1095324492; PRAGMA user_version = 1;
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE boots(number INTEGER PRIMARY KEY, boot_id TEXT NOT NULL UNIQUE);
CREATE TABLE journal(id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, kind TEXT NOT NULL, event_id TEXT,
    revision INTEGER NOT NULL, boot INTEGER NOT NULL, mono INTEGER NOT NULL, wall INTEGER NOT NULL,
    quality INTEGER NOT NULL, committed INTEGER NOT NULL, digest TEXT, body TEXT NOT NULL);
CREATE TABLE keys(key INTEGER NOT NULL, journal INTEGER NOT NULL, PRIMARY KEY(key, journal)) WITHOUT ROWID;
CREATE TABLE keys_folded(folded_to INTEGER NOT NULL);
INSERT INTO keys_folded VALUES (0);
CREATE TABLE state(room TEXT NOT NULL, key TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY(room, key)) WITHOUT ROWID;
CREATE TABLE positions(source TEXT NOT NULL, item TEXT NOT NULL, position TEXT NOT NULL,
    PRIMARY KEY(source, item)) WITHOUT ROWID;
CREATE TABLE quarantine(id INTEGER PRIMARY KEY, source TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL,
    origin TEXT NOT NULL, byte_from INTEGER NOT NULL, byte_to INTEGER NOT NULL, boot INTEGER NOT NULL,
    mono INTEGER NOT NULL, wall INTEGER NOT NULL, quality INTEGER NOT NULL, committed INTEGER NOT NULL,
    payload_bytes INTEGER NOT NULL, payload BLOB NOT NULL);
CREATE TABLE retention(class TEXT PRIMARY KEY, done_to INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('epoch', '00000000000000aa'), ('store', 's-0001'), ('created', '5');
INSERT INTO journal VALUES (1, 0, 'sale', 'a1', 1, 1, 2, 3, 2, 4, 'd1', '{"n":1}');
INSERT INTO journal VALUES (2, 2, 'footfall_minute', NULL, 0, 1, 2, 3, 2, 4, NULL, '{"n":2}');
INSERT INTO state VALUES ('room', 'key', x'76');
)sql";

const char* const kVersion2 = R"sql(
PRAGMA user_version = 2;
CREATE TABLE streams(stream INTEGER PRIMARY KEY, acked_next INTEGER NOT NULL, frozen_to INTEGER NOT NULL);
INSERT INTO streams VALUES (0, 7, 0), (1, 1, 0), (2, 4, 6), (3, 1, 0);
CREATE TABLE outbox(slot INTEGER PRIMARY KEY, journal INTEGER NOT NULL);
CREATE TABLE gaps(slot INTEGER PRIMARY KEY, from_seq INTEGER NOT NULL, reason TEXT NOT NULL, boot INTEGER NOT NULL,
    mono INTEGER NOT NULL, wall INTEGER NOT NULL, quality INTEGER NOT NULL);
INSERT INTO journal SELECT 10 + value, 2, 'footfall_minute', NULL, 0, 1, 2, 3, 2, 4, NULL, '{"n":' || value || '}'
    FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 600)
          SELECT value FROM n);
INSERT INTO outbox VALUES (7, 1);
INSERT INTO outbox SELECT (2 << 48) + 3 + id - 10, id FROM journal WHERE id > 10 AND id <= 110;
INSERT INTO outbox VALUES ((2 << 48) + 113, 0);
INSERT INTO gaps VALUES ((2 << 48) + 113, 104, 'quota', 1, 2, 3, 2);
INSERT INTO outbox SELECT (2 << 48) + 3 + id - 10, id FROM journal WHERE id > 120;
)sql";

const char* const kVersion3 = R"sql(
PRAGMA user_version = 3;
ALTER TABLE streams ADD COLUMN acked_check TEXT NOT NULL DEFAULT '';
UPDATE streams SET acked_check = 'cccccccccccccccc' WHERE stream = 2;
)sql";

void make(kit::SimDisk& disk, int version) {
    auto database = sqlite::Database::open(kSimDatabase, {.vfs = disk.vfs()});
    ASSERT_TRUE(database);
    for (const auto& [step, sql] :
         {std::pair{1, kVersion1}, std::pair{2, kVersion2}, std::pair{3, kVersion3}}) {
        if (step <= version) {
            ASSERT_TRUE(database->exec(sql));
        }
    }
}

void expect_rows_of_version_2(Store& store) {
    const auto rows = *store.read(OutboxRead{.stream = Stream::Footfall, .rows_max = 10'000});
    ASSERT_EQ(rows.size(), 100u + 1 + 490);
    std::int64_t expected = 4;
    for (const OutboxRow& row : rows) {
        ASSERT_EQ(row.from, expected);
        expected = row.seq + 1;
        if (row.record.kind == "gap") {
            EXPECT_EQ(row.record.body, R"({"reason":"quota","n":10})");
        } else {
            EXPECT_EQ(row.record.body, "{\"n\":" + std::to_string(row.seq - 3) + "}");
        }
    }
    EXPECT_EQ(depth_of(store, Stream::Footfall).next, 604);
    EXPECT_EQ(depth_of(store, Stream::Footfall).frozen_to, 6);
    EXPECT_EQ(rows_of(store, Stream::Ledger).at(0).seq, 7);
}

class OldDatabase : public testing::TestWithParam<int> {};

TEST_P(OldDatabase, IsBroughtUpToDateWithAllThatItHolds) {
    kit::SimDisk disk;
    make(disk, GetParam());
    auto store = open_on(disk, {.store = StoreId{"s-0001"}});
    EXPECT_EQ(store->opening().why, "as_left");
    EXPECT_EQ(*store->epoch(), "00000000000000aa");
    EXPECT_EQ(store->facts()->schema, static_cast<std::int64_t>(migrations().size()));
    EXPECT_EQ(store->read_state("room")->at(0).bytes, "v");
    EXPECT_EQ(store->find(std::vector<RecordKey>{{"sale", "a1", "d1"}})->at(0).known, Known::Same);
    if (GetParam() >= 2) expect_rows_of_version_2(*store);
    if (GetParam() >= 3) {
        EXPECT_EQ(depth_of(*store, Stream::Footfall).acked_check, "cccccccccccccccc");
    }
    EXPECT_TRUE(store->append(minutes_of(1, 10), kit::kNoon));
    EXPECT_EQ(rows_of(*store, Stream::Footfall, 1).back().record.kind, "footfall_minute");
}

// The power goes at each call of the migration: the next start finds the old tables or the new ones
// and the same rows.
TEST_P(OldDatabase, IsOldOrNewAfterAPowerCutAtAnyCall) {
    kit::SimDisk prepared;
    make(prepared, GetParam());
    const auto image = prepared.image();
    for (std::int64_t cut = 1;; cut += 2) {
        kit::SimDisk disk;
        disk.load(image);
        disk.cut_after(cut);
        const bool opened = Store::open(kSimDir, on(disk), kit::kNoon).has_value();
        const bool whole = opened && !disk.is_off();
        disk.cut_after(0);
        disk.restart({.seed = static_cast<std::uint64_t>(cut)});
        const auto store = open_on(disk);
        ASSERT_NE(store, nullptr);
        ASSERT_EQ(store->opening().why, "as_left") << cut;
        EXPECT_EQ(*store->epoch(), "00000000000000aa");
        if (GetParam() >= 2) expect_rows_of_version_2(*store);
        if (whole) break;
    }
}

INSTANTIATE_TEST_SUITE_P(Versions, OldDatabase, testing::Values(1, 2, 3));

// What version 3 asks and writes, word for word, against today's tables.
class AsVersion3 {
public:
    explicit AsVersion3(kit::SimDisk& disk)
        : database_{*sqlite::Database::open(kSimDatabase, {.vfs = disk.vfs()})} {}

    std::vector<std::pair<std::int64_t, std::string>> rows(std::int64_t from_seq) {
        auto select = database_.prepare(
            "SELECT slot, id, body FROM outbox LEFT JOIN journal ON id = outbox.journal "
            "WHERE slot >= ?1 AND slot < ?2 ORDER BY slot LIMIT ?3");
        select->bind(1, (std::int64_t{2} << 48) + from_seq);
        select->bind(2, std::int64_t{3} << 48).bind(3, 500);
        std::vector<std::pair<std::int64_t, std::string>> rows;
        while (*select->step()) {
            rows.emplace_back(select->integer(0) % (std::int64_t{1} << 48), select->text(2));
        }
        return rows;
    }
    void append(std::int64_t seq, int n) {
        const std::string body = record_of(Stream::Footfall, "footfall_minute", n).body;
        ASSERT_TRUE(database_.exec(
            "BEGIN; INSERT INTO journal(stream, kind, event_id, revision, boot, mono, wall, "
            "quality, committed, digest, body) VALUES (2, 'footfall_minute', NULL, 0, 1, 2, 3, 2, "
            "4, NULL, '" +
            body + "'); INSERT INTO outbox(slot, journal) VALUES ((2 << 48) + " +
            std::to_string(seq) + ", last_insert_rowid()); COMMIT"));
    }
    void acknowledge(std::int64_t next) {
        ASSERT_TRUE(database_.exec(
            "BEGIN; DELETE FROM outbox WHERE slot BETWEEN (2 << 48) AND (2 << 48) + " +
            std::to_string(next - 1) + "; UPDATE streams SET acked_next = " + std::to_string(next) +
            " WHERE stream = 2; COMMIT"));
    }
    void replace_by_gap(std::int64_t from, std::int64_t to) {
        const std::string slot = "(2 << 48) + " + std::to_string(to);
        ASSERT_TRUE(database_.exec(
            "BEGIN; DELETE FROM outbox WHERE slot BETWEEN (2 << 48) + " + std::to_string(from) +
            " AND " + slot + "; INSERT INTO outbox(slot, journal) VALUES (" + slot +
            ", 0); INSERT INTO gaps(slot, from_seq, reason, boot, mono, wall, quality) VALUES (" +
            slot + ", " + std::to_string(from) + ", 'too_large', 1, 2, 3, 2); COMMIT"));
    }

    sqlite::Database& database() { return database_; }

private:
    sqlite::Database database_;
};

TEST(TheVersionBefore, AcceptsTheMarksOfTodaysDatabase) {
    kit::SimDisk disk;
    open_on(disk).reset();
    AsVersion3 old{disk};
    EXPECT_EQ(*old.database().integer("PRAGMA application_id"), kApplicationId);
    EXPECT_EQ(*old.database().integer("PRAGMA user_version"), 3);
}

TEST(TheVersionBefore, ReadsWhatTodaysVersionWrote) {
    kit::SimDisk disk;
    {
        auto store = open_on(disk);
        ASSERT_TRUE(store->append(minutes_of(1, 200), kit::kNoon));
        ASSERT_TRUE(store->replace_by_gap(Stream::Footfall, 20, 29, "quota"));
        ASSERT_TRUE(store->acknowledged(Stream::Footfall, 11));
    }
    const auto rows = AsVersion3{disk}.rows(1);
    ASSERT_EQ(rows.size(), 200u - 10 - 9);
    EXPECT_EQ(rows[0].first, 11);
    EXPECT_EQ(rows[0].second, record_of(Stream::Footfall, "footfall_minute", 11).body);
    EXPECT_EQ(rows[9].first, 29);
    EXPECT_EQ(rows[9].second, "");
    EXPECT_EQ(rows[10].second, record_of(Stream::Footfall, "footfall_minute", 30).body);
}

TEST(TheVersionBefore, LeavesADatabaseThatTodaysVersionGoesOnWith) {
    kit::SimDisk disk;
    {
        auto store = open_on(disk);
        ASSERT_TRUE(store->append(minutes_of(1, 100), kit::kNoon));
    }
    {
        AsVersion3 old{disk};
        old.acknowledge(31);
        old.append(101, 101);
        old.append(102, 102);
        old.replace_by_gap(50, 50);
        old.replace_by_gap(60, 63);
    }
    auto store = open_on(disk);
    EXPECT_EQ(store->opening().why, "as_left");
    ASSERT_TRUE(store->append(minutes_of(103, 5), kit::kNoon));
    std::int64_t expected = 31;
    for (const OutboxRow& row : rows_of(*store, Stream::Footfall)) {
        ASSERT_EQ(row.from, expected);
        expected = row.seq + 1;
        if (row.record.kind == "gap") continue;
        const auto n = static_cast<int>(row.seq);
        EXPECT_EQ(row.record.body, record_of(Stream::Footfall, "footfall_minute", n).body);
    }
    EXPECT_EQ(expected, 108);
}

}  // namespace
}  // namespace aisle::store
