R"sql(
-- The outbox as runs instead of rows, where rows come from, and what was forgotten. An expansion: `outbox` stays for the
-- version before, as a view that it can read and write, and user_version stays where that version accepts it.

-- n seqs from slot on. id_from > 0: they are the journal's rows of this stream with ids from id_from to id_to, of which
-- there are n. id_from = 0: one gap, told by `gaps` under the slot of its last seq.
CREATE TABLE runs(
    slot    INTEGER PRIMARY KEY,           -- stream * 2^48 + the first seq
    n       INTEGER NOT NULL,
    id_from INTEGER NOT NULL,
    id_to   INTEGER NOT NULL,
    bytes   INTEGER NOT NULL               -- of bodies, and 64 for each row; what the quota counts
);
INSERT INTO runs
    SELECT min(slot), count(*), min(journal), max(journal), sum(64 + length(CAST(body AS BLOB)))
    FROM (SELECT slot, journal, slot - row_number() OVER (ORDER BY slot) AS island FROM outbox WHERE journal > 0)
    JOIN journal ON journal.id = journal
    GROUP BY island, slot >> 48, slot / 256, journal / 4096;
INSERT INTO runs
    SELECT slot - (slot % 281474976710656 - from_seq), slot % 281474976710656 - from_seq + 1, 0, 0, 0 FROM gaps;
DROP TABLE outbox;
ALTER TABLE gaps ADD COLUMN kinds TEXT NOT NULL DEFAULT '';   -- what was dropped: "kind=count,..."

CREATE VIEW outbox(slot, journal) AS
    SELECT slot + n - 1, 0 FROM runs WHERE id_from = 0
    UNION ALL
    SELECT run.slot + (SELECT count(*) FROM journal AS before
                       WHERE before.id >= run.id_from AND before.id < member.id AND before.stream = run.slot >> 48),
           member.id
    FROM runs AS run JOIN journal AS member
         ON member.id BETWEEN run.id_from AND run.id_to AND member.stream = run.slot >> 48
    WHERE run.id_from > 0;
CREATE TRIGGER outbox_insert INSTEAD OF INSERT ON outbox BEGIN
    INSERT INTO runs VALUES (NEW.slot, 1, NEW.journal, NEW.journal,
        coalesce((SELECT 64 + length(CAST(body AS BLOB)) FROM journal WHERE id = NEW.journal), 0));
END;
CREATE TRIGGER outbox_delete INSTEAD OF DELETE ON outbox BEGIN
    INSERT INTO runs SELECT OLD.slot + 1, slot + n - 1 - OLD.slot, OLD.journal + 1, id_to,
                            bytes * (slot + n - 1 - OLD.slot) / n
        FROM runs WHERE slot = (SELECT max(slot) FROM runs WHERE slot <= OLD.slot)
                        AND id_from > 0 AND slot + n - 1 > OLD.slot;
    UPDATE runs SET bytes = bytes * (OLD.slot - slot) / n, n = OLD.slot - slot, id_to = OLD.journal - 1
        WHERE slot = (SELECT max(slot) FROM runs WHERE slot <= OLD.slot) AND id_from > 0;
    DELETE FROM runs
        WHERE slot = (SELECT max(slot) FROM runs WHERE slot <= OLD.slot) AND (n = 0 OR id_from = 0);
END;
-- The version before writes a gap's place first and what it stands for afterwards.
CREATE TRIGGER gaps_insert AFTER INSERT ON gaps
    WHEN NEW.slot % 281474976710656 > NEW.from_seq
         AND EXISTS (SELECT 1 FROM runs WHERE slot = NEW.slot AND n = 1 AND id_from = 0) BEGIN
    UPDATE runs SET slot = NEW.slot - (NEW.slot % 281474976710656 - NEW.from_seq),
                    n = NEW.slot % 281474976710656 - NEW.from_seq + 1
        WHERE slot = NEW.slot;
END;

-- The rows [from_seq, to_seq] of a stream stood at seq + shift in an earlier epoch.
CREATE TABLE origins(
    stream   INTEGER NOT NULL,
    age      INTEGER NOT NULL,             -- ascending: the latest epoch has the greatest
    from_seq INTEGER NOT NULL,
    to_seq   INTEGER NOT NULL,
    shift    INTEGER NOT NULL,
    epoch    TEXT    NOT NULL,
    PRIMARY KEY(stream, age, from_seq)
) WITHOUT ROWID;

-- All that this database has had, the latest with the greatest number.
CREATE TABLE epochs(
    number INTEGER PRIMARY KEY,
    epoch  TEXT NOT NULL,
    why    TEXT NOT NULL
);
INSERT INTO epochs(epoch, why) SELECT value, 'before' FROM meta WHERE key = 'epoch';

-- Who was forgotten, as a hash of the pseudonym: a tombstone names nobody.
CREATE TABLE erasures(
    subject INTEGER PRIMARY KEY            -- FNV-1a 64
);
)sql"
