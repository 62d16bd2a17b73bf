-- Whose a job is, so that one organisation's many do not stand before everybody else's.

ALTER TABLE jobs ADD COLUMN organisation_id uuid REFERENCES organisations ON DELETE CASCADE;

UPDATE jobs SET organisation_id = coalesce(
    (SELECT organisation_id FROM resumes WHERE resumes.id = subject),
    (SELECT organisation_id FROM interviews WHERE interviews.id = subject),
    (SELECT organisation_id FROM mails WHERE mails.id = subject)
);
