-- The ledgers of sellers. One text for SQLite and PostgreSQL. Moments are ISO 8601 text in UTC, days ISO 8601 dates: text sorts as time does.
-- Only `entry` counts: everything else follows from it and can be made again.

-- One row a seller. What is changed under it happens one after the other, also between several programs.
CREATE TABLE seller (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    made_at TEXT NOT NULL,
    turn BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    head TEXT NOT NULL
);

-- What happened, in order, each with the hash of the one before. `about` is the sale of a refund or correction, the payment of a bank entry.
CREATE TABLE entry (
    seller TEXT NOT NULL REFERENCES seller (id),
    seq BIGINT NOT NULL,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    document TEXT NOT NULL,
    about TEXT NOT NULL,
    event TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (seller, seq)
);
CREATE UNIQUE INDEX entry_document ON entry (seller, document, kind);
CREATE INDEX entry_about ON entry (seller, about, kind) WHERE about <> '';
CREATE INDEX entry_rare ON entry (seller, kind, seq) WHERE kind IN ('registration', 'rate', 'return', 'amendment', 'payment', 'bank', 'claim');

-- Tax as it goes into returns. Amounts are whole numbers of ten-thousandths of the currency, so that the database adds them up exactly.
CREATE TABLE tax (
    seller TEXT NOT NULL,
    seq BIGINT NOT NULL,
    n BIGINT NOT NULL,
    why TEXT NOT NULL,
    document TEXT NOT NULL,
    sale TEXT NOT NULL,
    day TEXT NOT NULL,
    sold TEXT NOT NULL,
    scheme TEXT NOT NULL,
    buyer TEXT NOT NULL,
    sender TEXT NOT NULL,
    charge TEXT NOT NULL,
    rate TEXT NOT NULL,
    rate_type TEXT NOT NULL,
    currency TEXT NOT NULL,
    net BIGINT NOT NULL,
    tax BIGINT NOT NULL,
    about TEXT NOT NULL,
    declared TEXT NOT NULL,
    PRIMARY KEY (seller, seq, n)
);
CREATE INDEX tax_declared ON tax (seller, scheme, declared);

-- What every account holds.
CREATE TABLE balance (
    seller TEXT NOT NULL,
    account TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount TEXT NOT NULL,
    PRIMARY KEY (seller, account, currency)
);

-- Tax by period of the return, currency of the sales and territory.
CREATE TABLE collected (
    seller TEXT NOT NULL,
    scheme TEXT NOT NULL,
    declared TEXT NOT NULL,
    currency TEXT NOT NULL,
    buyer TEXT NOT NULL,
    amount TEXT NOT NULL,
    PRIMARY KEY (seller, scheme, declared, currency, buyer)
);
