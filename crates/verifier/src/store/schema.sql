-- ONCE: the nonce is the key of the decision's row, so that consuming a
-- challenge and storing its decision are one insertion, and a second one for
-- the same challenge conflicts.
CREATE TABLE submission (
    nonce       BLOB PRIMARY KEY NOT NULL CHECK (length(nonce) = 16),
    reference   TEXT NOT NULL,
    partner     TEXT NOT NULL,
    policy      BLOB NOT NULL REFERENCES policy (hash),
    engine      TEXT NOT NULL,
    body        BLOB NOT NULL,
    decision    TEXT NOT NULL,
    received_at INTEGER NOT NULL -- seconds since 1970-01-01T00:00:00Z
) STRICT;

CREATE INDEX submission_by_reference ON submission (reference);

CREATE TABLE policy (
    hash          BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 32),
    id            TEXT NOT NULL,
    version       TEXT NOT NULL,
    bytes         BLOB NOT NULL,
    superseded_at INTEGER -- null while it is current
) STRICT;
