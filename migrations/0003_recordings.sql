-- The candidate's voice, answer by answer, kept only where the candidate agreed to it.

ALTER TABLE interviews
    ADD COLUMN recording_consent_at   timestamptz,   -- null: did not agree, or withdrew
    ADD COLUMN recording_withdrawn_at timestamptz;

-- The chunks of one turn, one after another, are one Ogg/Opus file. Times are on the session's audio
-- clock, as those of answers.words; a chunk that does not follow the one before begins a new part.
CREATE TABLE recording_chunks (
    interview_id uuid NOT NULL REFERENCES interviews ON DELETE CASCADE,
    turn         int NOT NULL,
    n            int NOT NULL,
    start_ms     bigint NOT NULL,
    duration_ms  int NOT NULL,
    lost_ms      int NOT NULL DEFAULT 0,             -- audio before this chunk that was not kept
    pages        int NOT NULL,                       -- Ogg pages of the turn up to here
    granule      bigint NOT NULL,                    -- samples at 48 kHz of the turn up to here
    ogg          bytea NOT NULL,
    recorded_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (interview_id, turn, n)
);

CREATE INDEX recording_chunks_age ON recording_chunks USING brin (recorded_at);
