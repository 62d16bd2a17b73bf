-- All sound is kept until it is words, encrypted; consent decides whether it outlives that. Chunks
-- from before are Ogg in clear and stay playable.

ALTER TABLE recording_chunks
    ALTER COLUMN ogg DROP NOT NULL,
    ALTER COLUMN pages DROP NOT NULL,
    ALTER COLUMN granule DROP NOT NULL,
    ADD COLUMN answer boolean NOT NULL DEFAULT true,    -- else heard while the question was spoken
    ADD COLUMN sealed bytea,                            -- Opus packets under the interview's key
    ADD CHECK ((ogg IS NULL) <> (sealed IS NULL));

CREATE INDEX recording_chunks_by_time ON recording_chunks (interview_id, start_ms);

-- One for each interview that was heard. Without its row the sound can never be opened again.
CREATE TABLE sound_keys (
    interview_id uuid PRIMARY KEY REFERENCES interviews ON DELETE CASCADE,
    wrapped      bytea NOT NULL,                        -- under the server's VIVA_SOUND_KEY
    settled_ms   bigint NOT NULL DEFAULT 0,             -- before this on the audio clock all is words
    due_at       timestamptz                            -- when what is left is looked at; null: nothing is
);

CREATE INDEX sound_keys_due ON sound_keys (due_at) WHERE due_at IS NOT NULL;

-- What outlives its words: sound of answers, from after the candidate agreed to that.
CREATE VIEW recorded_chunks AS
SELECT chunks.* FROM recording_chunks AS chunks JOIN interviews ON interviews.id = interview_id
WHERE answer AND recorded_at >= recording_consent_at;
