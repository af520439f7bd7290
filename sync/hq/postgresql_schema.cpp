#include "sync/hq/postgresql_schema.hpp"

#include <cstdio>

namespace aisle::hq {
namespace {

constexpr std::int64_t kVersion = 2;

// Who makes tables waits for the others who do: "ASHQ", and a number for each purpose.
constexpr const char* kSchemaLock = "SELECT pg_advisory_xact_lock(1095977041, 1)";

// No index on random ids: it costs five times the insert. `event_place` grows at its right edge, a
// page at a time for each stream.
constexpr const char* kTables = R"sql(
CREATE TABLE aisle_hq(version integer NOT NULL, id text NOT NULL);
INSERT INTO aisle_hq VALUES(1, gen_random_uuid()::text);

-- The watermark: everything below `next` is in `event` or in `elsewhere`. Only ever moved in the
-- transaction that inserts; the other columns add up what the rows are.
CREATE TABLE streams(
    key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    store text NOT NULL, epoch text NOT NULL, stream text NOT NULL,
    next bigint NOT NULL DEFAULT 1, "check" text NOT NULL DEFAULT '', updated_at timestamptz NOT NULL,
    rows bigint NOT NULL DEFAULT 0, again bigint NOT NULL DEFAULT 0,
    quarantined bigint NOT NULL DEFAULT 0,
    UNIQUE(store, epoch, stream));

CREATE TABLE event(
    received_at timestamptz NOT NULL, seq bigint NOT NULL, mono bigint NOT NULL, boot bigint NOT NULL,
    at timestamptz, from_seq bigint, revision bigint, stream_key bigint NOT NULL,
    kind text NOT NULL, event_id text, clock text, body jsonb NOT NULL) PARTITION BY RANGE(received_at);
CREATE INDEX event_place ON event(stream_key, seq);

CREATE TABLE gaps(
    stream_key bigint NOT NULL, reason text NOT NULL, records bigint NOT NULL, rows bigint NOT NULL,
    PRIMARY KEY(stream_key, reason));

-- Numbers whose records are shown at another place: `last` at `shown_seq`, and so on downwards.
CREATE TABLE elsewhere(
    stream_key bigint NOT NULL, first bigint NOT NULL, last bigint NOT NULL,
    shown_key bigint NOT NULL, shown_seq bigint NOT NULL, PRIMARY KEY(stream_key, last));

-- Ids of stores that have begun a new epoch, and only of these.
CREATE TABLE id_lists(store text NOT NULL, stream text NOT NULL, PRIMARY KEY(store, stream));
CREATE TABLE ids(
    store text NOT NULL, stream text NOT NULL, kind text NOT NULL, event_id text NOT NULL,
    stream_key bigint NOT NULL, seq bigint NOT NULL, sent bigint NOT NULL, shown bigint NOT NULL,
    digest text NOT NULL, PRIMARY KEY(store, stream, event_id, kind, stream_key, seq));

-- How far the wall clock of a boot was off, once the truth is known. The epoch '' holds for epochs of
-- the store that have no word of their own on that boot.
CREATE TABLE boots(
    store text NOT NULL, epoch text NOT NULL, boot bigint NOT NULL, offset_ms bigint NOT NULL,
    error_ms bigint NOT NULL DEFAULT 60000, source text NOT NULL DEFAULT '',
    PRIMARY KEY(store, epoch, boot));

CREATE TABLE notices(
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream_key bigint NOT NULL, seq bigint NOT NULL);

CREATE TABLE state(
    room text NOT NULL, key text NOT NULL, bytes bytea NOT NULL, PRIMARY KEY(room, key));

-- What could not be read. The same payload again only counts.
CREATE TABLE quarantine(
    digest text PRIMARY KEY, received_at timestamptz NOT NULL, topic text NOT NULL, reason text NOT NULL,
    times bigint NOT NULL, payload bytea NOT NULL);

-- Where PostgreSQL refuses a body, this tells which one.
CREATE FUNCTION aisle_is_jsonb(bytes bytea) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    PERFORM convert_from(bytes, 'UTF8')::jsonb;
    RETURN true;
EXCEPTION WHEN OTHERS THEN
    RETURN false;
END $$;

CREATE VIEW events AS SELECT
    s.store AS store, s.epoch AS epoch, s.stream AS stream, e.seq AS seq,
    coalesce(e.from_seq, e.seq) AS from_seq, e.kind AS kind, e.event_id AS event_id, e.revision AS revision,
    coalesce(e.at + CASE WHEN e.clock IN ('ntp', 'hq') THEN interval '0'
                         ELSE coalesce(b.offset_ms, a.offset_ms, 0) * interval '1 millisecond' END,
             e.received_at) AS at,
    e.boot AS boot, e.mono AS mono, e.received_at AS received_at, e.body AS body
FROM event e JOIN streams s ON s.key = e.stream_key
LEFT JOIN boots b ON b.store = s.store AND b.epoch = s.epoch AND b.boot = e.boot
LEFT JOIN boots a ON a.store = s.store AND a.epoch = '' AND a.boot = e.boot;
)sql";

// From version 1: records that had a place which another record has.
constexpr const char* kSecond = R"sql(
UPDATE aisle_hq SET version = 2;
CREATE TABLE rivals(
    stream_key bigint NOT NULL, seq bigint NOT NULL, shown_key bigint NOT NULL, shown_seq bigint NOT NULL,
    PRIMARY KEY(stream_key, seq, shown_key, shown_seq));
)sql";

std::string first_of(int month) {
    char text[32];
    (void)std::snprintf(text, sizeof text, "%04d-%02d-01", month / 12, month % 12 + 1);
    return text;
}

std::string partition_of_month(int month) {
    const std::string name =
        "event_" + std::to_string(month / 12) + "_" + std::to_string(month % 12 + 1);
    // Made apart and then attached: that locks out nobody who writes into the other months.
    return "IF to_regclass('" + name + "') IS NULL THEN CREATE TABLE " + name +
           "(LIKE event INCLUDING ALL); ALTER TABLE event ATTACH PARTITION " + name +
           " FOR VALUES FROM ('" + first_of(month) + "') TO ('" + first_of(month + 1) +
           "'); END IF; ";
}

}  // namespace

Result<bool> has_schema(PostgresqlConnection& connection) {
    const auto found = connection.run("SELECT to_regclass('aisle_hq') IS NOT NULL");
    if (!found) return found.error();
    return found->text(0, 0) == "t";
}

namespace {

// Returns the version that the tables have then; a later program's are left as they are.
Result<std::int64_t> make_tables(PostgresqlConnection& connection) {
    const auto there = has_schema(connection);
    if (!there) return there.error();
    if (!*there)
        if (auto made = connection.run(kTables); !made) return made.error();
    const auto version = connection.run("SELECT version FROM aisle_hq");
    if (!version) return version.error();
    if (version->integer(0, 0) != 1) return version->integer(0, 0);
    if (auto made = connection.run(kSecond); !made) return made.error();
    return kVersion;
}

}  // namespace

Status set_up_schema(PostgresqlConnection& connection) {
    if (auto begun = connection.run(std::string{"BEGIN; "} + kSchemaLock); !begun)
        return begun.error();
    const auto version = make_tables(connection);
    if (!version) {
        (void)connection.run("ROLLBACK");
        return version.error();
    }
    if (auto done = connection.run("COMMIT"); !done) return done.error();
    if (*version != kVersion)
        return malformed("the database is of version " + std::to_string(*version) +
                         ", this program reads " + std::to_string(kVersion));
    return {};
}

int month_of(WallTime received) {
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(received)};
    return int{date.year()} * 12 + static_cast<int>(static_cast<unsigned>(date.month())) - 1;
}

Status make_partitions(PostgresqlConnection& connection, int month) {
    const std::string sql = std::string{kSchemaLock} + "; DO $$ BEGIN " +
                            partition_of_month(month) + partition_of_month(month + 1) + "END $$";
    if (auto made = connection.run(sql); !made) return made.error();
    return {};
}

}  // namespace aisle::hq
