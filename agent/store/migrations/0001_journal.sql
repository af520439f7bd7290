R"sql(
-- The journal and what lives beside it in the same transactions. This file is included into migrations.cpp as one
-- C++ raw string, hence its first and last line. A migration that has been shipped is never edited.

CREATE TABLE meta(
    key   TEXT PRIMARY KEY,                -- store, epoch, created (ms), retention
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE boots(
    number  INTEGER PRIMARY KEY,
    boot_id TEXT NOT NULL UNIQUE           -- /proc/sys/kernel/random/boot_id
);

-- Grows at its end. Bodies come last, so that the other columns are read without a long body's overflow pages.
CREATE TABLE journal(
    id        INTEGER PRIMARY KEY,         -- never used twice: pruning leaves the greatest
    stream    INTEGER NOT NULL,            -- 0 ledger, 1 offers, 2 footfall, 3 health, 4 local
    kind      TEXT    NOT NULL,
    event_id  TEXT,                        -- null where the kind has no identity
    revision  INTEGER NOT NULL,
    boot      INTEGER NOT NULL,
    mono      INTEGER NOT NULL,            -- microseconds since boot
    wall      INTEGER NOT NULL,            -- UTC, milliseconds
    quality   INTEGER NOT NULL,            -- 0 none, 1 rtc, 2 ntp, 3 hq
    committed INTEGER NOT NULL,            -- UTC, milliseconds
    digest    TEXT,
    body      TEXT    NOT NULL
);

-- Finds rows by a 64 bit hash of kind and event_id, compared in full afterwards. Behind the journal by what the program
-- holds in memory (key_index.hpp): rows with an id above folded_to are not in here yet.
CREATE TABLE keys(
    key     INTEGER NOT NULL,
    journal INTEGER NOT NULL,
    PRIMARY KEY(key, journal)
) WITHOUT ROWID;

CREATE TABLE keys_folded(
    folded_to INTEGER NOT NULL             -- one row
);
INSERT INTO keys_folded VALUES (0);

CREATE TABLE state(
    room  TEXT NOT NULL,
    key   TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY(room, key)
) WITHOUT ROWID;

CREATE TABLE positions(
    source   TEXT NOT NULL,
    item     TEXT NOT NULL,
    position TEXT NOT NULL,
    PRIMARY KEY(source, item)
) WITHOUT ROWID;

CREATE TABLE quarantine(
    id            INTEGER PRIMARY KEY,
    source        TEXT    NOT NULL,
    reason        TEXT    NOT NULL,
    detail        TEXT    NOT NULL,
    origin        TEXT    NOT NULL,
    byte_from     INTEGER NOT NULL,
    byte_to       INTEGER NOT NULL,
    boot          INTEGER NOT NULL,
    mono          INTEGER NOT NULL,
    wall          INTEGER NOT NULL,
    quality       INTEGER NOT NULL,
    committed     INTEGER NOT NULL,
    payload_bytes INTEGER NOT NULL,
    payload       BLOB    NOT NULL          -- masked
);

-- How far each class has been pruned: everything of the class up to this journal id has been looked at.
CREATE TABLE retention(
    class   TEXT PRIMARY KEY,
    done_to INTEGER NOT NULL
) WITHOUT ROWID;
)sql"
