-- Of which version a fact is; what was stored before there were versions is 0.

ALTER TABLE facts ADD COLUMN v smallint NOT NULL DEFAULT 0;
