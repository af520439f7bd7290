R"sql(
-- What still has to reach HQ. It refers to journal rows and never copies a body.

-- The seq of the next record is not kept: it follows from acked_next and the greatest slot, and so an append does not
-- have to write this page.
CREATE TABLE streams(
    stream     INTEGER PRIMARY KEY,
    acked_next INTEGER NOT NULL,           -- HQ has committed every seq below
    frozen_to  INTEGER NOT NULL            -- lines up to this seq may have been sent
);
INSERT INTO streams VALUES (0, 1, 0), (1, 1, 0), (2, 1, 0), (3, 1, 0);

CREATE TABLE outbox(
    slot    INTEGER PRIMARY KEY,           -- stream * 2^48 + seq
    journal INTEGER NOT NULL               -- 0: a gap, see gaps
);

-- Stands for the dropped rows [from_seq .. seq of slot]; keeps the stamp of the last of them.
CREATE TABLE gaps(
    slot     INTEGER PRIMARY KEY,
    from_seq INTEGER NOT NULL,
    reason   TEXT    NOT NULL,
    boot     INTEGER NOT NULL,
    mono     INTEGER NOT NULL,
    wall     INTEGER NOT NULL,
    quality  INTEGER NOT NULL
);
)sql"
