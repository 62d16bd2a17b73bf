-- How loud recorded sound is, for the line that an interviewer finds their way by before they listen.

ALTER TABLE recording_chunks
    ADD COLUMN loudness bytea;    -- a byte for each 60 ms, sealed as the sound is; null: from before

CREATE OR REPLACE VIEW recorded_chunks WITH (security_invoker = true) AS
SELECT chunks.* FROM recording_chunks AS chunks JOIN interviews ON interviews.id = interview_id
WHERE answer AND recorded_at >= recording_consent_at;
