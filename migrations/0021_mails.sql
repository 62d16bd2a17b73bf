-- What viva writes to people. Recipient and words are sealed and stay only until the mail is handed over
-- or given up; that it was is kept for a month.

CREATE TABLE mails (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL DEFAULT viva_organisation() REFERENCES organisations ON DELETE CASCADE,
    sealed          bytea,                    -- recipient, subject and text; null: they are not needed any more
    created_at      timestamptz NOT NULL DEFAULT now(),
    sent_at         timestamptz,              -- handed over to the mail server
    failure         text,                     -- why it never will be; null: it was, or is still tried
    CHECK (sealed IS NOT NULL OR sent_at IS NOT NULL OR failure IS NOT NULL)
);

CREATE INDEX mails_age ON mails (created_at);

SELECT viva_keep_apart('mails');

DROP POLICY own ON jobs;
CREATE POLICY own ON jobs TO viva_app USING (
    EXISTS (SELECT FROM resumes WHERE resumes.id = subject)
    OR EXISTS (SELECT FROM interviews WHERE interviews.id = subject)
    OR EXISTS (SELECT FROM mails WHERE mails.id = subject)
);
