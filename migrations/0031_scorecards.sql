-- How people rate what was said, what they noted, and which quotes they opened before they rated.

CREATE TABLE scorecards (
    id             uuid PRIMARY KEY DEFAULT uuidv7(),
    interview_id   uuid NOT NULL REFERENCES interviews ON DELETE CASCADE,
    author         text NOT NULL CHECK (author <> ''),      -- as of audit.actor
    user_id        uuid REFERENCES users ON DELETE SET NULL, -- null: by the installation's key
    version        int NOT NULL CHECK (version > 0),
    report_version int NOT NULL,                            -- that its author had before them
    ratings        jsonb NOT NULL DEFAULT '[]',             -- [{competency, level, reason, first}]
    summary        text NOT NULL DEFAULT '',
    saved_at       timestamptz NOT NULL DEFAULT now(),
    submitted_at   timestamptz,                             -- null: a draft, which nobody else sees
    UNIQUE (interview_id, author, version)
);

CREATE UNIQUE INDEX scorecards_one_draft ON scorecards (interview_id, author) WHERE submitted_at IS NULL;

CREATE FUNCTION viva_refuse_submitted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a scorecard that was submitted stays as it is; make a new version'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER scorecards_submitted BEFORE UPDATE ON scorecards
    FOR EACH ROW
    WHEN (OLD.submitted_at IS NOT NULL AND (
        NEW.ratings IS DISTINCT FROM OLD.ratings OR NEW.summary <> OLD.summary
        OR NEW.submitted_at IS DISTINCT FROM OLD.submitted_at OR NEW.author <> OLD.author
        OR NEW.report_version <> OLD.report_version OR NEW.version <> OLD.version
    ))
    EXECUTE FUNCTION viva_refuse_submitted();

-- Of each competency the quotes that somebody opened. They outlive the report's version.
CREATE TABLE quotes_opened (
    interview_id uuid NOT NULL REFERENCES interviews ON DELETE CASCADE,
    author       text NOT NULL,
    statement_id uuid NOT NULL REFERENCES report_statements ON DELETE CASCADE,
    competency   text NOT NULL,
    opened_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (interview_id, author, statement_id)
);

CREATE TABLE notes (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    interview_id uuid NOT NULL REFERENCES interviews ON DELETE CASCADE,
    author       text NOT NULL CHECK (author <> ''),
    user_id      uuid REFERENCES users ON DELETE SET NULL,
    at_ms        bigint CHECK (at_ms >= 0),                 -- on the session's audio clock; null: of the whole
    text         text NOT NULL DEFAULT '',                  -- empty: a bookmark
    made_at      timestamptz NOT NULL DEFAULT now(),
    CHECK (text <> '' OR at_ms IS NOT NULL)
);

CREATE INDEX notes_interview ON notes (interview_id, id);

SELECT viva_keep_apart(
    name::regclass, 'EXISTS (SELECT FROM interviews WHERE interviews.id = interview_id)'
)
FROM unnest(ARRAY['scorecards', 'quotes_opened', 'notes']) AS name;
