-- Links by which somebody without an account reads one interview, for a while.

CREATE TABLE shares (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL DEFAULT viva_organisation() REFERENCES organisations ON DELETE CASCADE,
    interview_id    uuid NOT NULL REFERENCES interviews ON DELETE CASCADE,
    token_sha256    bytea NOT NULL UNIQUE,
    name            text NOT NULL CHECK (name <> ''),     -- for whom, as whoever made it wrote
    author          text NOT NULL CHECK (author <> ''),   -- who made it, as of audit.actor
    user_id         uuid REFERENCES users ON DELETE SET NULL,
    judgement       boolean NOT NULL DEFAULT false,       -- submitted scorecards and decisions are shown too
    made_at         timestamptz NOT NULL DEFAULT now(),
    expires_at      timestamptz NOT NULL,
    revoked_at      timestamptz,
    opened          int NOT NULL DEFAULT 0,
    opened_at       timestamptz                           -- the last time
);

CREATE INDEX shares_interview ON shares (interview_id, id);

SELECT viva_keep_apart('shares');
