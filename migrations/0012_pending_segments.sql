-- Sound that is not words yet, made from the facts: what is left to be written down, and the gaps in
-- answers until then.

CREATE TABLE pending_segments (
    interview_id uuid NOT NULL REFERENCES interviews ON DELETE CASCADE,
    turn         int NOT NULL,
    segment      int NOT NULL,
    start_ms     bigint NOT NULL,             -- on the session's audio clock
    end_ms       bigint NOT NULL,
    since        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (interview_id, turn, segment)
);
