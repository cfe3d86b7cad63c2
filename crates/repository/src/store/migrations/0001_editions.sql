-- What has been published, by whom, and what is on its way. One text for SQLite and PostgreSQL; BYTES is BLOB or BYTEA.
-- Moments are ISO 8601 text in UTC, days ISO 8601 dates: text sorts as time does. '' is no beginning, '~' no end.

-- One row: what is changed under it happens one after the other, also between several servers.
CREATE TABLE repository (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    name TEXT NOT NULL,
    turn BIGINT NOT NULL
);

CREATE TABLE authority (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    territory TEXT,
    publishes TEXT NOT NULL,
    unofficial BIGINT NOT NULL,
    officers BIGINT NOT NULL,
    keys TEXT NOT NULL,
    admitted_at TEXT NOT NULL
);

-- Signed roles of The Update Framework, every version.
CREATE TABLE role (
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    bytes BYTES NOT NULL,
    made_at TEXT NOT NULL,
    PRIMARY KEY (name, version)
);
-- The version of each role that counts, as the next snapshot lists it.
CREATE TABLE listed (
    name TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    length BIGINT NOT NULL,
    sha256 TEXT NOT NULL
);
-- Published files that the static host does not have yet: `path` there, and which file or role it is.
CREATE TABLE outbox (
    path TEXT PRIMARY KEY,
    stage BIGINT NOT NULL,
    source TEXT NOT NULL,
    version BIGINT
);

-- Files that are published under their hash: parts, manifests, the list of authorities.
CREATE TABLE file (
    sha256 TEXT PRIMARY KEY,
    bytes BYTES NOT NULL
);

CREATE TABLE edition (
    hash TEXT PRIMARY KEY,
    authority TEXT NOT NULL REFERENCES authority (id),
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    manifest BYTES NOT NULL,
    role BYTES NOT NULL,
    report TEXT NOT NULL,
    impact TEXT,
    news TEXT,
    submitted_by TEXT NOT NULL,
    submitted_at TEXT NOT NULL,
    not_before TEXT,
    known_from TEXT NOT NULL,
    next_due TEXT,
    published_at TEXT
);
CREATE INDEX edition_of ON edition (authority, number);
CREATE INDEX edition_state ON edition (state, not_before);
CREATE INDEX edition_published ON edition (published_at);
-- Of a number one edition is published, whoever tries at the same time.
CREATE UNIQUE INDEX edition_one ON edition (authority, number) WHERE published_at IS NOT NULL;
-- Which editions correct or withdraw which.
CREATE TABLE concern (
    edition TEXT NOT NULL REFERENCES edition (hash),
    authority TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (edition, number)
);

-- An approver's word that a warning is meant.
CREATE TABLE word (
    edition TEXT NOT NULL REFERENCES edition (hash),
    warning TEXT NOT NULL,
    says TEXT NOT NULL,
    actor TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (edition, warning)
);

-- Every record with its two times.
CREATE TABLE record (
    authority TEXT NOT NULL REFERENCES authority (id),
    seq BIGINT NOT NULL,
    territory TEXT NOT NULL,
    part TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_before TEXT NOT NULL,
    known_from TEXT NOT NULL,
    known_before TEXT NOT NULL,
    first_edition BIGINT NOT NULL,
    last_before BIGINT,
    hash TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (authority, seq)
);
-- Finding by goods code or key on a pair of days.
CREATE INDEX record_key ON record (territory, key, kind, known_from, known_before);
-- The same within one kind, and everything of one kind in the order of keys.
CREATE INDEX record_kind ON record (territory, kind, key, known_from, known_before);
-- What the newest edition says, part by part.
CREATE INDEX record_open ON record (authority, part) WHERE last_before IS NULL;

CREATE TABLE submission (
    id TEXT PRIMARY KEY,
    authority TEXT NOT NULL REFERENCES authority (id),
    idempotency_key TEXT,
    sha256 TEXT NOT NULL,
    question TEXT NOT NULL,
    actor TEXT NOT NULL,
    at TEXT NOT NULL,
    outcome TEXT NOT NULL,
    edition TEXT,
    receipt TEXT NOT NULL
);
CREATE UNIQUE INDEX submission_key ON submission (authority, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX submission_of ON submission (authority, at);

-- Who did what, why and when; each row carries the hash of the one before.
CREATE TABLE audit (
    seq BIGINT PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    reason TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);

CREATE TABLE token (
    hash TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    role TEXT NOT NULL,
    authority TEXT,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    revoked_at TEXT
);

-- Addresses of authorities that are looked at on a schedule.
CREATE TABLE pull (
    authority TEXT NOT NULL REFERENCES authority (id),
    url TEXT NOT NULL,
    question TEXT NOT NULL,
    every_seconds BIGINT NOT NULL,
    etag TEXT,
    modified TEXT,
    sha256 TEXT,
    next_at TEXT NOT NULL,
    last_at TEXT,
    outcome TEXT,
    PRIMARY KEY (authority, url)
);

-- Who wants to hear of changes: a server (webhook) or a mailbox (mail). `told_until` is the last day a mailbox was told of.
CREATE TABLE subscription (
    id TEXT PRIMARY KEY,
    channel TEXT NOT NULL,
    address TEXT NOT NULL,
    secret TEXT NOT NULL,
    interest TEXT NOT NULL,
    made_at TEXT NOT NULL,
    ended_at TEXT,
    told_until TEXT NOT NULL
);
-- Messages to servers: on their way while `next_at` is there, dead letters once `dead_at` is.
CREATE TABLE delivery (
    id TEXT PRIMARY KEY,
    subscription TEXT NOT NULL REFERENCES subscription (id),
    edition TEXT NOT NULL REFERENCES edition (hash),
    body BYTES NOT NULL,
    attempts BIGINT NOT NULL,
    next_at TEXT,
    outcome TEXT,
    dead_at TEXT
);
CREATE INDEX delivery_next ON delivery (next_at) WHERE next_at IS NOT NULL;

-- The newest edition of each authority that is in the tables for download.
CREATE TABLE exported (
    authority TEXT PRIMARY KEY REFERENCES authority (id),
    number BIGINT NOT NULL
);
