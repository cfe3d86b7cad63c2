-- Every registration that ever held, with its own number: a seller may end one and begin another, and still owes the returns of the first.
CREATE TABLE held (
    authority TEXT NOT NULL REFERENCES authority (id),
    seller TEXT NOT NULL REFERENCES seller (id),
    first_day TEXT NOT NULL,
    before_day TEXT NOT NULL,
    number TEXT NOT NULL,
    PRIMARY KEY (authority, seller, first_day)
);
CREATE INDEX held_number ON held (authority, number);
CREATE INDEX held_seller ON held (seller);
INSERT INTO held (authority, seller, first_day, before_day, number)
SELECT authority, seller, first_day, before_day, number FROM vendor;
