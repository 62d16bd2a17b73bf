-- What a candidate was told of what is kept of their voice, and what they agreed to: rows are added,
-- never changed, so that it can always be said what was known and agreed when.

CREATE TABLE notices (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    interview_id   uuid NOT NULL REFERENCES interviews ON DELETE CASCADE,
    kind           text NOT NULL CHECK (kind IN ('shown', 'agreed', 'withdrawn')),
    version        text,                    -- of the notice's text; null: a client showed its own
    language       text NOT NULL,           -- in which it was read
    who            text,                    -- asks; null: the notice did not name anybody
    recording_days int,                     -- how long a recording is kept; null: none was offered
    unwritten_days int NOT NULL,            -- how long sound is kept that no engine can write down
    told_at        timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX notices_interview ON notices (interview_id, id);

INSERT INTO notices (interview_id, kind, language, recording_days, unwritten_days, told_at)
SELECT id, 'agreed', language, 30, 0, recording_consent_at
FROM interviews WHERE recording_consent_at IS NOT NULL;
