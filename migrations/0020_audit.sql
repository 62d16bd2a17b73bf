-- Who saw, changed, decided, exported, deleted: a log that only grows. Each entry's hash takes in the one
-- before, so that an entry that was changed, left out or put elsewhere is found. It holds ids and kinds and
-- nothing that a person wrote or said, so that it can stay when a person is deleted.

CREATE TABLE audit (
    organisation_id uuid NOT NULL,              -- no reference: it outlives what it tells of
    n               bigint NOT NULL CHECK (n > 0),
    at              timestamptz NOT NULL,
    actor           text NOT NULL CHECK (actor <> ''),      -- "user <id>", "key <id>", "candidate <id>", "viva", …
    action          text NOT NULL CHECK (action <> ''),
    subject         text NOT NULL,              -- "resume <id>", "interview <id>", …
    detail          jsonb NOT NULL,             -- counts and kinds
    hash            bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (organisation_id, n)
);

CREATE INDEX audit_subject ON audit (organisation_id, subject, action, at);

-- Where each organisation's log stands. The row makes writers wait for one another, and tells when the
-- newest entries are gone.
CREATE TABLE audit_heads (
    organisation_id uuid PRIMARY KEY,
    n               bigint NOT NULL,
    hash            bytea NOT NULL
);

CREATE FUNCTION viva_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION viva_refuse_change();
CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION viva_refuse_change();

SELECT viva_keep_apart('audit'), viva_keep_apart('audit_heads');
REVOKE UPDATE, DELETE ON audit FROM viva_app, viva_system;
REVOKE DELETE ON audit_heads FROM viva_app, viva_system;

-- The candidate would rather speak with a person; nothing else about the interview changes.
ALTER TABLE interviews ADD COLUMN person_asked_at timestamptz;
