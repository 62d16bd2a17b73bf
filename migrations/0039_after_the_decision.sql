-- What the candidate learns after the interview, and what they say of it.

ALTER TABLE openings ADD COLUMN releases boolean NOT NULL DEFAULT false;    -- once somebody has decided

ALTER TABLE interviews
    ADD COLUMN released_at     timestamptz,                 -- null: the candidate sees only how far it is
    ADD COLUMN review_asked_at timestamptz,                 -- the candidate wants a person to look at it again
    ADD COLUMN review_reason   text NOT NULL DEFAULT '';

-- What people write to the candidate. One draft at a time; what was sent stays.
CREATE TABLE feedback_letters (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    interview_id uuid NOT NULL REFERENCES interviews ON DELETE CASCADE,
    author       text NOT NULL CHECK (author <> ''),        -- as of audit.actor
    user_id      uuid REFERENCES users ON DELETE SET NULL,
    text         text NOT NULL CHECK (text <> ''),
    saved_at     timestamptz NOT NULL DEFAULT now(),
    sent_at      timestamptz
);

CREATE UNIQUE INDEX feedback_letters_one_draft ON feedback_letters (interview_id) WHERE sent_at IS NULL;
CREATE INDEX feedback_letters_interview ON feedback_letters (interview_id, id);

CREATE TRIGGER feedback_letters_sent BEFORE UPDATE ON feedback_letters
    FOR EACH ROW
    WHEN (OLD.sent_at IS NOT NULL AND to_jsonb(NEW) - 'user_id' IS DISTINCT FROM to_jsonb(OLD) - 'user_id')
    EXECUTE FUNCTION viva_refuse_change();

-- Lines that are said to read otherwise, by the candidate beside what was heard, or by a person who put
-- them right; made from facts.
CREATE TABLE amendments (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    interview_id uuid NOT NULL REFERENCES interviews ON DELETE CASCADE,
    answer_id    uuid NOT NULL REFERENCES answers ON DELETE CASCADE,
    turn         int NOT NULL,
    first_word   int NOT NULL CHECK (first_word >= 0),
    last_word    int NOT NULL CHECK (last_word >= first_word),
    heard        text NOT NULL,
    said         text NOT NULL CHECK (said <> ''),
    author       text,                                      -- as of audit.actor; null: the candidate
    made_at      timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX amendments_interview ON amendments (interview_id, id);

SELECT viva_keep_apart(
    name::regclass, 'EXISTS (SELECT FROM interviews WHERE interviews.id = interview_id)'
)
FROM unnest(ARRAY['feedback_letters', 'amendments']) AS name;
