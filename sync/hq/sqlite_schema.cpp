#include "sync/hq/sqlite_schema.hpp"

#include <string>

namespace aisle::hq {
namespace {

constexpr std::int64_t kApplicationId = 0x41534851;  // "ASHQ"
constexpr std::int64_t kVersion = 1;

constexpr const char* kTables = R"sql(
PRAGMA application_id = 1095977041;
PRAGMA user_version = 1;

-- The watermark: everything below `next` is in `event`. Only ever moved in the transaction that inserts.
CREATE TABLE streams(
    key INTEGER PRIMARY KEY, store TEXT NOT NULL, epoch TEXT NOT NULL, stream TEXT NOT NULL,
    next INTEGER NOT NULL, "check" TEXT NOT NULL, updated_at INTEGER NOT NULL,
    UNIQUE(store, epoch, stream));

-- key = streams.key << 40 | seq. Times in milliseconds; `at` as the store's clock had it.
CREATE TABLE event(
    key INTEGER PRIMARY KEY, from_seq INTEGER, kind TEXT NOT NULL, event_id TEXT, revision INTEGER,
    at INTEGER, boot INTEGER NOT NULL, mono INTEGER NOT NULL, clock TEXT, received_at INTEGER NOT NULL,
    body TEXT NOT NULL);

-- How far the wall clock of a boot was off, once the truth is known.
CREATE TABLE boots(
    store TEXT NOT NULL, epoch TEXT NOT NULL, boot INTEGER NOT NULL, offset_ms INTEGER NOT NULL,
    PRIMARY KEY(store, epoch, boot)) WITHOUT ROWID;

-- The first record of a stream that came on a day (UTC), so that a day is found without an index on `at`.
CREATE TABLE days(
    stream_key INTEGER NOT NULL, day INTEGER NOT NULL, first_seq INTEGER NOT NULL,
    PRIMARY KEY(stream_key, day)) WITHOUT ROWID;

-- What could not be read. The same payload again only counts.
CREATE TABLE quarantine(
    digest TEXT PRIMARY KEY, received_at INTEGER NOT NULL, topic TEXT NOT NULL, reason TEXT NOT NULL,
    times INTEGER NOT NULL, payload BLOB NOT NULL) WITHOUT ROWID;

CREATE VIEW events AS SELECT
    s.store AS store, s.epoch AS epoch, s.stream AS stream, e.key & 1099511627775 AS seq,
    coalesce(e.from_seq, e.key & 1099511627775) AS from_seq, e.kind AS kind, e.event_id AS event_id,
    e.revision AS revision,
    strftime('%Y-%m-%dT%H:%M:%fZ',
             (coalesce(e.at + coalesce(b.offset_ms, 0), e.received_at)) / 1000.0, 'unixepoch') AS at,
    e.boot AS boot, e.mono AS mono,
    strftime('%Y-%m-%dT%H:%M:%fZ', e.received_at / 1000.0, 'unixepoch') AS received_at,
    e.body AS body
FROM event e JOIN streams s ON s.key = e.key >> 40
LEFT JOIN boots b ON b.store = s.store AND b.epoch = s.epoch AND b.boot = e.boot;
)sql";

}  // namespace

Status set_up_schema(sqlite::Database& database) {
    const auto owner = database.integer("PRAGMA application_id");
    if (!owner) return owner.error();
    const auto version = database.integer("PRAGMA user_version");
    if (!version) return version.error();
    const auto tables = database.integer("SELECT count(*) FROM sqlite_master");
    if (!tables) return tables.error();
    if (*tables == 0 && *owner == 0) {
        auto transaction = sqlite::Transaction::begin(database);
        if (!transaction) return transaction.error();
        if (auto made = database.exec(kTables); !made) return made;
        return transaction->commit();
    }
    if (*owner != kApplicationId) return malformed("this file is no database of aisle-hq");
    if (*version != kVersion)
        return malformed("the database is of version " + std::to_string(*version) +
                         ", this program reads " + std::to_string(kVersion));
    return {};
}

}  // namespace aisle::hq
