-- How long what is kept of people is kept, what must not be deleted, and what was.

ALTER TABLE organisations
    ADD COLUMN media_days  int CHECK (media_days BETWEEN 1 AND 3650),   -- null: VIVA_RECORDING_DAYS
    ADD COLUMN record_days int NOT NULL DEFAULT 1826 CHECK (record_days BETWEEN 1 AND 36525);

-- What a court or an authority may ask for: neither a person nor the clocks delete it.
CREATE TABLE legal_holds (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL DEFAULT viva_organisation() REFERENCES organisations ON DELETE CASCADE,
    resume_id       uuid NOT NULL REFERENCES resumes ON DELETE CASCADE,
    interview_id    uuid REFERENCES interviews ON DELETE CASCADE,   -- null: all that is kept of the person
    reason          text NOT NULL CHECK (reason <> ''),
    placed_by       text NOT NULL,
    placed_at       timestamptz NOT NULL DEFAULT now(),
    lifted_by       text,
    lifted_at       timestamptz,                                    -- null: it is in force
    CHECK ((lifted_by IS NULL) = (lifted_at IS NULL))
);

CREATE INDEX legal_holds_resume ON legal_holds (resume_id) WHERE lifted_at IS NULL;

-- Whoever forgets to ask is refused by the database itself.
CREATE FUNCTION viva_refuse_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM legal_holds
        WHERE lifted_at IS NULL AND OLD.id = CASE TG_TABLE_NAME
            WHEN 'resumes' THEN resume_id ELSE interview_id END
    ) THEN
        RAISE EXCEPTION 'it is under legal hold' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END
$$;

CREATE TRIGGER resumes_held BEFORE DELETE ON resumes
    FOR EACH ROW EXECUTE FUNCTION viva_refuse_held();
CREATE TRIGGER interviews_held BEFORE DELETE ON interviews
    FOR EACH ROW EXECUTE FUNCTION viva_refuse_held();

-- What was deleted, and when: signed, with counts and ids that lead nowhere any more.
CREATE TABLE erasure_receipts (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL DEFAULT viva_organisation() REFERENCES organisations ON DELETE CASCADE,
    resume_id       uuid NOT NULL,              -- as it was
    signed          text NOT NULL,
    made_at         timestamptz NOT NULL
);

CREATE INDEX erasure_receipts_organisation ON erasure_receipts (organisation_id, id);

SELECT viva_keep_apart('legal_holds'), viva_keep_apart('erasure_receipts');

-- Which résumé or interview an answer that is kept under a client's key is about.
ALTER TABLE idempotency_keys ADD COLUMN about uuid;
CREATE INDEX idempotency_keys_about ON idempotency_keys (about) WHERE about IS NOT NULL;

-- The application may tidy up what it deleted.
DO $$
DECLARE name text;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('GRANT MAINTAIN ON %I TO viva_system', name);
    END LOOP;
END
$$;
