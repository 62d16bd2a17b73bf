-- Attempts to sign in that did not succeed, or have not yet: too many of them for one account or from
-- one address, and no more are taken for a while. Only viva itself sees them.

CREATE TABLE sign_in_attempts (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key  bytea NOT NULL,                      -- hash of the account's address, or of where it came from
    at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX sign_in_attempts_key ON sign_in_attempts (key, at);
CREATE INDEX sign_in_attempts_age ON sign_in_attempts (at);

SELECT viva_keep_apart('sign_in_attempts', 'false');
