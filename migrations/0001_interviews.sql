-- Résumés, interviews, their questions and answers, and the facts they are made of.

CREATE TABLE resumes (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    sha256          text NOT NULL UNIQUE,
    filename        text NOT NULL,
    status          text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'ready', 'failed')),
    error           jsonb,
    structured_data jsonb,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    CHECK (status <> 'ready' OR structured_data ? 'header'),
    CHECK (status <> 'failed' OR error IS NOT NULL)
);

-- The bytes apart from the row, so that reading a résumé's state never reads the file.
CREATE TABLE resume_files (
    resume_id uuid PRIMARY KEY REFERENCES resumes ON DELETE CASCADE,
    content   bytea NOT NULL
);

CREATE TABLE interviews (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    resume_id    uuid NOT NULL REFERENCES resumes,
    target_role  text NOT NULL CHECK (target_role <> ''),
    language     text NOT NULL CHECK (language IN ('ko', 'en')),
    status       text NOT NULL DEFAULT 'created' CHECK (status IN ('created', 'live', 'ended')),
    end_reason   text,
    token_sha256 bytea NOT NULL UNIQUE,
    created_at   timestamptz NOT NULL DEFAULT now(),
    started_at   timestamptz,
    ended_at     timestamptz
);

CREATE INDEX interviews_resume ON interviews (resume_id);
CREATE INDEX interviews_open ON interviews (created_at DESC) WHERE status <> 'ended';

CREATE FUNCTION refuse_role_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'interviews.target_role is fixed when the interview is created'
        USING ERRCODE = 'integrity_constraint_violation', COLUMN = 'target_role', TABLE = 'interviews';
END
$$;

CREATE TRIGGER interviews_role_is_fixed
    BEFORE UPDATE ON interviews
    FOR EACH ROW
    WHEN (NEW.target_role IS DISTINCT FROM OLD.target_role OR NEW.resume_id <> OLD.resume_id)
    EXECUTE FUNCTION refuse_role_change();

CREATE TABLE questions (
    id           uuid PRIMARY KEY,
    interview_id uuid NOT NULL REFERENCES interviews ON DELETE CASCADE,
    ordinal      int,                       -- place in the plan; null for what was not planned
    turn         int,                       -- null until it is asked
    text         text NOT NULL,
    stage        text NOT NULL,
    source       text NOT NULL CHECK (source IN ('bank', 'llm', 'interviewer')),
    kind         text NOT NULL CHECK (kind IN ('opening', 'planned', 'follow_up', 'repeat', 'closing')),
    parent_id    uuid REFERENCES questions ON DELETE CASCADE,
    model        text,
    reason       text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    asked_at     timestamptz,
    UNIQUE (interview_id, ordinal),
    UNIQUE (interview_id, turn)
);

CREATE TABLE answers (
    id           uuid PRIMARY KEY,
    interview_id uuid NOT NULL REFERENCES interviews ON DELETE CASCADE,
    question_id  uuid NOT NULL REFERENCES questions ON DELETE CASCADE,
    turn         int NOT NULL,
    text         text NOT NULL,
    words        jsonb NOT NULL DEFAULT '[]',
    engine       text NOT NULL,
    language     text NOT NULL,
    timings      jsonb NOT NULL DEFAULT '{}',
    created_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (interview_id, turn)
);

CREATE TABLE facts (
    interview_id uuid NOT NULL REFERENCES interviews ON DELETE CASCADE,
    seq          bigint NOT NULL,
    kind         text NOT NULL,
    data         jsonb NOT NULL,
    recorded_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (interview_id, seq)
);
