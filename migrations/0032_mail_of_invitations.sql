-- Which mail brought the newest link of an invitation; null: none did, or it is longer ago than that is kept.
ALTER TABLE invitations ADD COLUMN mail_id uuid REFERENCES mails ON DELETE SET NULL;
CREATE INDEX invitations_mail ON invitations (mail_id) WHERE mail_id IS NOT NULL;
