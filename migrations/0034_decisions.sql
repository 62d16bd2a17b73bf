-- What people decided about an interview, and why. A later decision stands beside the one before.

CREATE TABLE decisions (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    interview_id uuid NOT NULL REFERENCES interviews ON DELETE CASCADE,
    author       text NOT NULL CHECK (author <> ''),        -- as of audit.actor
    user_id      uuid REFERENCES users ON DELETE SET NULL,
    outcome      text NOT NULL CHECK (outcome IN ('advance', 'decline', 'open')),
    reason       text NOT NULL CHECK (reason <> ''),
    cards        int NOT NULL CHECK (cards > 0),            -- so many people had rated it by then
    decided_at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX decisions_interview ON decisions (interview_id, id);

CREATE TRIGGER decisions_only_grow BEFORE UPDATE ON decisions
    FOR EACH ROW WHEN (to_jsonb(NEW) - 'user_id' IS DISTINCT FROM to_jsonb(OLD) - 'user_id')
    EXECUTE FUNCTION viva_refuse_change();

SELECT viva_keep_apart('decisions', 'EXISTS (SELECT FROM interviews WHERE interviews.id = interview_id)');
