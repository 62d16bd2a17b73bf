-- What is still to be done in the background. A job is written with the row that wants it and deleted
-- when it is done; Redis only carries the news of it.

CREATE TABLE jobs (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         text NOT NULL,
    subject      uuid NOT NULL,                      -- of which résumé, interview, …
    attempts     int NOT NULL DEFAULT 0,
    epoch        int NOT NULL DEFAULT 0,             -- counts claims: whoever holds an older one is fenced
    due_at       timestamptz NOT NULL DEFAULT now(), -- when to send it again
    leased_until timestamptz,                        -- null: in nobody's hands
    error        jsonb,                              -- {code, detail} of the last attempt
    failed_at    timestamptz,                        -- not null: given up, for people to see
    created_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (kind, subject),
    CHECK (failed_at IS NULL OR error IS NOT NULL)
);

CREATE INDEX jobs_due ON jobs (due_at) WHERE failed_at IS NULL;

INSERT INTO jobs (kind, subject)
SELECT 'parse_resume', id FROM resumes WHERE status = 'queued';

INSERT INTO jobs (kind, subject)
SELECT 'generate_questions', id FROM interviews
WHERE status <> 'ended' AND NOT EXISTS (
    SELECT FROM questions WHERE interview_id = interviews.id AND ordinal IS NOT NULL
);
