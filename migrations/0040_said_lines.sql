-- What was said, sentence by sentence, as it is found again: numbers made of its syllables and stems, so that
-- endings, particles and spaces may differ. Written by the report's job; the words stay in answers.

CREATE TABLE said_lines (
    interview_id uuid NOT NULL REFERENCES interviews ON DELETE CASCADE,
    number       int NOT NULL,               -- as the report counts sentences
    answer_id    uuid NOT NULL REFERENCES answers ON DELETE CASCADE,
    turn         int NOT NULL,
    text         text NOT NULL,
    start_ms     bigint,                     -- on the session's audio clock; null: nothing was heard of it
    pieces       int[] NOT NULL,
    PRIMARY KEY (interview_id, number)
);

CREATE INDEX said_lines_pieces ON said_lines USING gin (pieces);
CREATE INDEX said_lines_answer ON said_lines (answer_id);

SELECT viva_keep_apart('said_lines', 'EXISTS (SELECT FROM interviews WHERE interviews.id = interview_id)');

-- Those that are over are read once more; where the words are the same, their report stays.
INSERT INTO jobs (kind, subject, organisation_id)
SELECT 'write_report', id, organisation_id FROM interviews WHERE status = 'ended'
ON CONFLICT DO NOTHING;
