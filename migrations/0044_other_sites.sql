-- Other sites whose pages may come to interviews, and the secrets by which their browsers do.

ALTER TABLE organisations ADD COLUMN allowed_origins text[] NOT NULL DEFAULT '{}';

CREATE INDEX organisations_allowed_origins ON organisations USING gin (allowed_origins);

CREATE TABLE client_secrets (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL DEFAULT viva_organisation() REFERENCES organisations ON DELETE CASCADE,
    interview_id    uuid NOT NULL REFERENCES interviews ON DELETE CASCADE,
    token_sha256    bytea NOT NULL UNIQUE,
    session         jsonb NOT NULL,           -- what of the client's wishes holds on its connection
    made_at         timestamptz NOT NULL DEFAULT now(),
    expires_at      timestamptz NOT NULL,
    used_at         timestamptz               -- it connects once
);

CREATE INDEX client_secrets_interview ON client_secrets (interview_id);

SELECT viva_keep_apart('client_secrets');
