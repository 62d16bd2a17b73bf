-- How every interview stands, kept up with its facts, so that a list of hundreds needs none of them;
-- who follows one just now; what a person wants done with one; and when one counts as abandoned.

CREATE TABLE standings (
    interview_id    uuid PRIMARY KEY REFERENCES interviews ON DELETE CASCADE,
    organisation_id uuid NOT NULL DEFAULT viva_organisation() REFERENCES organisations ON DELETE CASCADE,
    present         boolean NOT NULL DEFAULT false,  -- as the facts say; see seen_at
    present_at      timestamptz,                     -- since when so
    seen_at         timestamptz,                     -- the candidate's line was last alive, as its driver saw it
    floor           text,
    floor_at        timestamptz,
    talking         boolean NOT NULL DEFAULT false,
    talked_at       timestamptz,                     -- when talk last began or ended
    rests_at        timestamptz,                     -- the candidate was granted a moment
    unheard_at      timestamptz,                     -- no sound comes from their microphone
    unclear         integer NOT NULL DEFAULT 0,      -- so many pieces in a row nobody could make out
    paused_at       timestamptz,
    led             boolean NOT NULL DEFAULT false,  -- a person leads by voice
    help            text,                            -- what calls for a person: self_harm, distress, …
    help_at         timestamptz,
    asks            integer[] NOT NULL DEFAULT '{}', -- turns in which the candidate asked what only a person can answer
    asks_at         timestamptz,
    turns           integer NOT NULL DEFAULT 0,
    answers         integer NOT NULL DEFAULT 0,
    minutes         double precision,                -- agreed; null: has not begun
    more_minutes    double precision NOT NULL DEFAULT 0,
    spent_ms        bigint NOT NULL DEFAULT 0,       -- of the interview's time, up to …
    runs_since      timestamptz                      -- … then; null: its time stands still
) WITH (fillfactor = 70);
SELECT viva_keep_apart('standings');

INSERT INTO standings (interview_id, organisation_id, turns, answers)
SELECT id, organisation_id,
       (SELECT count(*) FROM questions WHERE interview_id = interviews.id AND turn IS NOT NULL),
       (SELECT count(*) FROM answers WHERE interview_id = interviews.id)
FROM interviews;

CREATE FUNCTION viva_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO standings (interview_id, organisation_id) VALUES (NEW.id, NEW.organisation_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER stands AFTER INSERT ON interviews FOR EACH ROW EXECUTE FUNCTION viva_stands();

ALTER TABLE interviews
    DROP CONSTRAINT interviews_status_check,
    ADD CONSTRAINT interviews_status_check
        CHECK (status IN ('created', 'live', 'abandoned', 'ended')),
    ADD COLUMN abandoned_at timestamptz;             -- nobody came back; the link still opens it

-- After so long with nobody there an interview that had begun counts as abandoned.
ALTER TABLE organisations ADD COLUMN abandon_minutes integer NOT NULL DEFAULT 120
    CHECK (abandon_minutes BETWEEN 10 AND 10080);

ALTER TABLE resumes ADD COLUMN candidate_name text
    GENERATED ALWAYS AS (structured_data->'header'->>'name') STORED;

-- What people want done with an interview, until whoever drives it has told it as a fact.
CREATE TABLE steps (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL DEFAULT viva_organisation() REFERENCES organisations ON DELETE CASCADE,
    interview_id    uuid NOT NULL REFERENCES interviews ON DELETE CASCADE,
    step            jsonb NOT NULL,
    wanted_at       timestamptz NOT NULL DEFAULT now()
);
SELECT viva_keep_apart('steps');
CREATE INDEX steps_interview ON steps (interview_id, id);

-- How many follow an interview in which process; gone with the process.
CREATE UNLOGGED TABLE watching (
    interview_id uuid NOT NULL REFERENCES interviews ON DELETE CASCADE,
    process      uuid NOT NULL,
    people       integer NOT NULL,
    listening    integer NOT NULL,
    seen_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (interview_id, process)
);
SELECT viva_keep_apart(
    'watching', 'EXISTS (SELECT FROM interviews WHERE interviews.id = interview_id)'
);
