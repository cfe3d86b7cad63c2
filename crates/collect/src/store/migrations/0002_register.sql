-- Who may come in, which authorities receive, what was applied for, sent and seen at the border. One text for SQLite and PostgreSQL.
-- An empty text is nothing. Moments and days as in the first step.

-- One row: whatever is noted in the log happens one after the other.
CREATE TABLE house (
    id BIGINT PRIMARY KEY,
    turn BIGINT NOT NULL
);
INSERT INTO house (id, turn) VALUES (1, 0);

-- Who did what, when; each row carries the hash of the one before.
CREATE TABLE audit (
    seq BIGINT PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    reason TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE
);
CREATE INDEX audit_object ON audit (object, seq);

-- Tokens: their hashes alone. The subject is a seller or an authority.
CREATE TABLE token (
    hash TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    role TEXT NOT NULL,
    subject TEXT NOT NULL,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    revoked_at TEXT NOT NULL DEFAULT ''
);

-- Who receives the returns of a scheme, where it works with this service. Several states may share a scheme.
CREATE TABLE authority (
    id TEXT PRIMARY KEY,
    scheme TEXT NOT NULL,
    member_state TEXT NOT NULL,
    name TEXT NOT NULL,
    form TEXT NOT NULL,
    form_version BIGINT NOT NULL,
    issued BIGINT NOT NULL,
    made_at TEXT NOT NULL
);

CREATE TABLE application (
    id TEXT PRIMARY KEY,
    seller TEXT NOT NULL REFERENCES seller (id),
    authority TEXT NOT NULL REFERENCES authority (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    answers TEXT NOT NULL,
    form_version BIGINT NOT NULL,
    sent_at TEXT NOT NULL,
    first_day TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    says TEXT NOT NULL,
    number TEXT NOT NULL
);
CREATE INDEX application_seller ON application (seller, sent_at);
CREATE INDEX application_authority ON application (authority, state, sent_at);
-- One that waits is enough.
CREATE UNIQUE INDEX application_waits ON application (seller, authority) WHERE state IN ('sent', 'asked');

-- Those who are or were registered, with the particulars of today.
CREATE TABLE vendor (
    authority TEXT NOT NULL REFERENCES authority (id),
    seller TEXT NOT NULL REFERENCES seller (id),
    number TEXT NOT NULL,
    first_day TEXT NOT NULL,
    before_day TEXT NOT NULL,
    answers TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    PRIMARY KEY (authority, seller)
);
CREATE UNIQUE INDEX vendor_number ON vendor (authority, number);

-- Returns as they were received. The first of a period is 1; amended ones count on.
CREATE TABLE received (
    authority TEXT NOT NULL REFERENCES authority (id),
    seller TEXT NOT NULL REFERENCES seller (id),
    period TEXT NOT NULL,
    n BIGINT NOT NULL,
    number TEXT NOT NULL,
    at TEXT NOT NULL,
    due TEXT NOT NULL,
    late BIGINT NOT NULL,
    nil BIGINT NOT NULL,
    currency TEXT NOT NULL,
    owed TEXT NOT NULL,
    document TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    receipt TEXT NOT NULL,
    PRIMARY KEY (authority, seller, period, n)
);

-- What was declared in them, by territory of the buyers; one without a territory where the return does not tell them apart.
CREATE TABLE declared (
    authority TEXT NOT NULL,
    seller TEXT NOT NULL,
    period TEXT NOT NULL,
    n BIGINT NOT NULL,
    buyer TEXT NOT NULL,
    net TEXT NOT NULL,
    tax TEXT NOT NULL,
    PRIMARY KEY (authority, seller, period, n, buyer)
);

-- What an authority saw at the border, by the number on the parcels and the month. One file may be handed in again: it replaces itself.
CREATE TABLE border_file (
    authority TEXT NOT NULL REFERENCES authority (id),
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    at TEXT NOT NULL,
    lines BIGINT NOT NULL,
    PRIMARY KEY (authority, name)
);
CREATE TABLE border (
    authority TEXT NOT NULL,
    file TEXT NOT NULL,
    number TEXT NOT NULL,
    month TEXT NOT NULL,
    buyer TEXT NOT NULL,
    currency TEXT NOT NULL,
    consignments BIGINT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (authority, file, number, month, buyer, currency)
);
