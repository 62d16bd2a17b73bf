-- What a request with an Idempotency-Key was answered, so that sending it again does nothing again.

CREATE TABLE idempotency_keys (
    id         bytea PRIMARY KEY,              -- hash of operation, caller and key
    request    bytea NOT NULL,                 -- hash of what was asked
    answer     bytea,                          -- encrypted under the key itself, which is not stored
    expires_at timestamptz NOT NULL
);

CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);
