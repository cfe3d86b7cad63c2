-- The period whose return would have a line of tax that no later return may have any more: its draft says so.
ALTER TABLE tax ADD COLUMN missed TEXT NOT NULL DEFAULT '';
CREATE INDEX tax_missed ON tax (seller, scheme, missed) WHERE missed <> '';
