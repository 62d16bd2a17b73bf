-- What of an answer may be quoted and rated, where that is not all of it: the rest is in no language
-- of the interview, or nobody could make it out, or is not words yet.

ALTER TABLE answers ADD COLUMN clear text;
