-- How long what is kept was said to be kept when the candidate was told; null: it was not said.
ALTER TABLE notices
    ADD COLUMN media_days  int,
    ADD COLUMN record_days int;
