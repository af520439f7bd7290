#include "sync/hq/sqlite_schema.hpp"

#include <string>

namespace aisle::hq {
namespace {

constexpr std::int64_t kApplicationId = 0x41534851;  // "ASHQ"
constexpr std::int64_t kVersion = 3;

constexpr const char* kFirst = R"sql(
PRAGMA application_id = 1095977041;

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
)sql";

// From version 1: several epochs, counters, notices, HQ's own state.
constexpr const char* kSecond = R"sql(
PRAGMA user_version = 2;

-- Counters of what each transaction added. `rows` are shown, gaps left out; `again` are numbers whose record is
-- shown under another epoch.
ALTER TABLE streams ADD COLUMN rows INTEGER NOT NULL DEFAULT 0;
ALTER TABLE streams ADD COLUMN again INTEGER NOT NULL DEFAULT 0;
ALTER TABLE streams ADD COLUMN quarantined INTEGER NOT NULL DEFAULT 0;
CREATE TABLE gaps(
    stream_key INTEGER NOT NULL, reason TEXT NOT NULL, records INTEGER NOT NULL, rows INTEGER NOT NULL,
    PRIMARY KEY(stream_key, reason)) WITHOUT ROWID;
UPDATE streams SET rows = (SELECT count(*) FROM event
    WHERE event.key >= streams.key << 40 AND event.key < (streams.key + 1) << 40 AND kind <> 'gap');
INSERT INTO gaps SELECT key >> 40, 'unknown', count(*), sum((key & 1099511627775) - coalesce(from_seq, key & 1099511627775) + 1)
    FROM event WHERE kind = 'gap' GROUP BY key >> 40;

-- Numbers [from_seq, to_seq] whose records are shown elsewhere, to_seq at the row shown_key, to_seq - 1 before it.
CREATE TABLE elsewhere(
    stream_key INTEGER NOT NULL, to_seq INTEGER NOT NULL, from_seq INTEGER NOT NULL, shown_key INTEGER NOT NULL,
    PRIMARY KEY(stream_key, to_seq)) WITHOUT ROWID;

-- Ids, only of stores and streams with several epochs; `listed` says which. `sent` is the revision in the body.
CREATE TABLE ids(
    store TEXT NOT NULL, stream TEXT NOT NULL, kind TEXT NOT NULL, event_id TEXT NOT NULL, key INTEGER NOT NULL,
    sent INTEGER NOT NULL, shown INTEGER NOT NULL, digest TEXT NOT NULL,
    PRIMARY KEY(store, stream, kind, event_id, key)) WITHOUT ROWID;
CREATE TABLE listed(store TEXT NOT NULL, stream TEXT NOT NULL, PRIMARY KEY(store, stream)) WITHOUT ROWID;

-- Rows of `event` that HQ itself acts on, in the order of their commit.
CREATE TABLE notices(id INTEGER PRIMARY KEY, key INTEGER NOT NULL);
CREATE TABLE state(room TEXT NOT NULL, key TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY(room, key)) WITHOUT ROWID;

-- epoch '' holds for epochs of the store that have no word of their own on the boot.
ALTER TABLE boots ADD COLUMN error_ms INTEGER NOT NULL DEFAULT 60000;
ALTER TABLE boots ADD COLUMN source TEXT NOT NULL DEFAULT '';

DROP VIEW IF EXISTS events;
-- Walls that a clock server had set are true already.
CREATE VIEW events AS SELECT
    s.store AS store, s.epoch AS epoch, s.stream AS stream, e.key & 1099511627775 AS seq,
    coalesce(e.from_seq, e.key & 1099511627775) AS from_seq, e.kind AS kind, e.event_id AS event_id,
    e.revision AS revision,
    strftime('%Y-%m-%dT%H:%M:%fZ',
             coalesce(e.at + CASE WHEN e.clock IN ('ntp', 'hq') THEN 0 ELSE coalesce(b.offset_ms, a.offset_ms, 0) END,
                      e.received_at) / 1000.0, 'unixepoch') AS at,
    e.boot AS boot, e.mono AS mono,
    strftime('%Y-%m-%dT%H:%M:%fZ', e.received_at / 1000.0, 'unixepoch') AS received_at,
    e.body AS body
FROM event e JOIN streams s ON s.key = e.key >> 40
LEFT JOIN boots b ON b.store = s.store AND b.epoch = s.epoch AND b.boot = e.boot
LEFT JOIN boots a ON a.store = s.store AND a.epoch = '' AND a.boot = e.boot;
)sql";

// From version 2: records that had a place which another record has. Both keys as in `event`.
constexpr const char* kThird = R"sql(
PRAGMA user_version = 3;
CREATE TABLE rivals(
    key INTEGER NOT NULL, shown_key INTEGER NOT NULL, PRIMARY KEY(key, shown_key)) WITHOUT ROWID;
)sql";

}  // namespace

Status check_schema(sqlite::Database& database) {
    const auto owner = database.integer("PRAGMA application_id");
    if (!owner) return owner.error();
    const auto version = database.integer("PRAGMA user_version");
    if (!version) return version.error();
    if (*owner != kApplicationId) return malformed("this file is no database of aisle-hq");
    if (*version != kVersion)
        return malformed("the database is of version " + std::to_string(*version) +
                         ", this program reads " + std::to_string(kVersion));
    return {};
}

Status set_up_schema(sqlite::Database& database) {
    const auto owner = database.integer("PRAGMA application_id");
    if (!owner) return owner.error();
    const auto version = database.integer("PRAGMA user_version");
    if (!version) return version.error();
    const auto tables = database.integer("SELECT count(*) FROM sqlite_master");
    if (!tables) return tables.error();
    const bool fresh = *tables == 0 && *owner == 0;
    const bool older = *owner == kApplicationId && (*version == 1 || *version == 2);
    if (!fresh && !older) return check_schema(database);
    auto transaction = sqlite::Transaction::begin(database);
    if (!transaction) return transaction.error();
    if (fresh)
        if (auto made = database.exec(kFirst); !made) return made;
    if (fresh || *version == 1)
        if (auto made = database.exec(kSecond); !made) return made;
    if (auto made = database.exec(kThird); !made) return made;
    return transaction->commit();
}

}  // namespace aisle::hq
