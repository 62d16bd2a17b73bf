-- What an interview's answers hold for its criteria, and what people made of it.

-- One row for each state of the words: where an answer reads differently later, another follows.
CREATE TABLE reports (
    interview_id uuid NOT NULL REFERENCES interviews ON DELETE CASCADE,
    version      int NOT NULL CHECK (version > 0),
    digest       text NOT NULL,              -- of the words, and of what they were asked for
    content      jsonb NOT NULL,             -- topics, criteria, trouble: server/evidence/report.py
    criteria     jsonb,                      -- of each the lines' states and the suggestion; null: being read
    engine       text,                       -- the model that read it; null: none did
    made_at      timestamptz NOT NULL DEFAULT now(),
    ready_at     timestamptz,
    PRIMARY KEY (interview_id, version),
    UNIQUE (interview_id, digest)
);

-- Every reading of a criterion by a model, also one that failed.
CREATE TABLE report_runs (
    interview_id  uuid NOT NULL REFERENCES interviews ON DELETE CASCADE,
    version       int NOT NULL,
    criterion     int NOT NULL,
    run           int NOT NULL,
    seed          int NOT NULL,
    wording       int NOT NULL,
    model         text NOT NULL,
    prompt        text NOT NULL,             -- its version
    prompt_sha256 text NOT NULL,             -- of messages, schema and seed as they were sent
    reply         jsonb,                     -- by line the numbers of sentences; null: it failed
    error         text,                      -- why, without what was said
    level         text,
    at            timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (interview_id, version, criterion, run),
    FOREIGN KEY (interview_id, version) REFERENCES reports ON DELETE CASCADE,
    CHECK ((reply IS NULL) = (error IS NOT NULL))
);

-- A sentence of an answer that shows a line of a criterion. None without its words, and none that
-- outlives the answer.
CREATE TABLE report_statements (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    interview_id uuid NOT NULL REFERENCES interviews ON DELETE CASCADE,
    version      int NOT NULL,
    criterion    int NOT NULL,
    line         int NOT NULL,
    sentence     int NOT NULL,
    answer_id    uuid NOT NULL REFERENCES answers ON DELETE CASCADE,
    first_word   int NOT NULL CHECK (first_word >= 0),
    last_word    int NOT NULL,
    start_ms     bigint,                     -- on the session's audio clock; null: nothing was heard of it
    end_ms       bigint,
    quote        text NOT NULL CHECK (quote <> ''),
    doubted      int[] NOT NULL DEFAULT '{}',  -- words of the answer that may not be what was said
    why          text NOT NULL DEFAULT '',
    runs         int NOT NULL DEFAULT 0,
    stale_at     timestamptz,                -- the answer reads differently since
    UNIQUE (interview_id, version, criterion, line, sentence),
    FOREIGN KEY (interview_id, version) REFERENCES reports ON DELETE CASCADE,
    CHECK (last_word >= first_word),
    CHECK ((start_ms IS NULL) = (end_ms IS NULL))
);

CREATE INDEX report_statements_answer ON report_statements (answer_id);

SELECT viva_keep_apart(
    name::regclass, 'EXISTS (SELECT FROM interviews WHERE interviews.id = interview_id)'
)
FROM unnest(ARRAY['reports', 'report_runs', 'report_statements']) AS name;
