-- Whose everything is. All that was here before belongs to the local organisation. Row-level security
-- keeps organisations apart: server and workers act as viva_app, which sees the rows of the one
-- organisation that a connection says it works for, or, where they say so, as viva_system, which sees
-- all. Neither owns a table or can go round a policy.

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['viva_app', 'viva_system'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', name);
            END IF;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;  -- another database of this server
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'the roles viva_app and viva_system are missing and % may not make them; let an administrator run: CREATE ROLE viva_app NOLOGIN; CREATE ROLE viva_system NOLOGIN; GRANT viva_app, viva_system TO %', current_user, current_user;
        END;
        IF NOT pg_has_role(current_user, name, 'SET') THEN
            BEGIN
                EXECUTE format('GRANT %I TO %I WITH SET TRUE', name, current_user);
            EXCEPTION WHEN insufficient_privilege THEN
                RAISE EXCEPTION '% may not act as %; let an administrator run: GRANT viva_app, viva_system TO %', current_user, name, current_user;
            END;
        END IF;
        EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', name);
    END LOOP;
END
$$;

-- The organisation that the connection works for; null where it does not say.
CREATE FUNCTION viva_organisation() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('viva.organisation', true), '')::uuid;

-- To be called for every table that is made: `condition` says which rows are the organisation's own.
CREATE FUNCTION viva_keep_apart(
    kept regclass, condition text DEFAULT 'organisation_id = viva_organisation()'
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', kept);
    EXECUTE format('CREATE POLICY own ON %s TO viva_app USING (%s)', kept, condition);
    EXECUTE format('CREATE POLICY everything ON %s TO viva_system USING (true)', kept);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO viva_app, viva_system', kept);
END
$$;
REVOKE ALL ON FUNCTION viva_keep_apart FROM PUBLIC;

CREATE TABLE organisations (
    id         uuid PRIMARY KEY DEFAULT uuidv7(),
    name       text NOT NULL CHECK (name <> ''),
    created_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO organisations (id, name) VALUES ('00000000-0000-7000-8000-000000000001', 'local');

CREATE TABLE users (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL DEFAULT viva_organisation() REFERENCES organisations ON DELETE CASCADE,
    email           text CHECK (email = lower(email) AND email <> ''),  -- null: the person at this machine
    name            text NOT NULL,
    role            text NOT NULL CHECK (role IN ('admin', 'recruiter', 'interviewer', 'viewer')),
    password        text,                     -- Argon2id; null: none was chosen yet
    totp            bytea,                    -- secret of one-time codes, sealed; null: none are asked for
    totp_step       bigint,                   -- of the last code that was taken: none counts twice
    created_at      timestamptz NOT NULL DEFAULT now(),
    joined_at       timestamptz,              -- first signed in; null: invited only
    removed_at      timestamptz,              -- null: may sign in
    UNIQUE (organisation_id, email)
);

CREATE INDEX users_email ON users (email);

CREATE TABLE sessions (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    token_sha256 bytea NOT NULL UNIQUE,
    csrf         text NOT NULL,               -- what a page sends along to show that it is ours
    agent        text NOT NULL,               -- as the browser calls itself
    created_at   timestamptz NOT NULL DEFAULT now(),
    seen_at      timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL
);

CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE api_keys (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL DEFAULT viva_organisation() REFERENCES organisations ON DELETE CASCADE,
    name            text NOT NULL CHECK (name <> ''),
    token_sha256    bytea NOT NULL UNIQUE,
    scopes          text[] NOT NULL,
    created_by      uuid REFERENCES users ON DELETE SET NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    expires_at      timestamptz NOT NULL,
    used_at         timestamptz,
    revoked_at      timestamptz
);

CREATE INDEX api_keys_organisation ON api_keys (organisation_id, id);

-- Single-use ways in: to choose a password anew, to join, to sign in once.
CREATE TABLE links (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL DEFAULT viva_organisation() REFERENCES organisations ON DELETE CASCADE,
    kind         text NOT NULL CHECK (kind IN ('reset', 'join', 'sign_in')),
    user_id      uuid REFERENCES users ON DELETE CASCADE,   -- null: the person at this machine
    token_sha256 bytea NOT NULL UNIQUE,
    created_by   uuid REFERENCES users ON DELETE SET NULL,  -- null: viva itself
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz,
    CHECK (user_id IS NOT NULL OR kind = 'sign_in')
);

CREATE INDEX links_user ON links (user_id);

-- What there was.
ALTER TABLE resumes ADD COLUMN organisation_id uuid NOT NULL
    DEFAULT '00000000-0000-7000-8000-000000000001' REFERENCES organisations ON DELETE CASCADE;
ALTER TABLE resumes ALTER COLUMN organisation_id SET DEFAULT viva_organisation(),
    DROP CONSTRAINT resumes_sha256_key,
    ADD UNIQUE (organisation_id, sha256),
    ADD UNIQUE (organisation_id, id);

ALTER TABLE templates ADD COLUMN organisation_id uuid NOT NULL
    DEFAULT '00000000-0000-7000-8000-000000000001' REFERENCES organisations ON DELETE CASCADE;
ALTER TABLE templates ALTER COLUMN organisation_id SET DEFAULT viva_organisation(),
    DROP CONSTRAINT templates_name_key,
    ADD UNIQUE (organisation_id, name);
DROP INDEX templates_one_default;
CREATE UNIQUE INDEX templates_one_default ON templates (organisation_id) WHERE is_default;

ALTER TABLE interviews ADD COLUMN organisation_id uuid NOT NULL
    DEFAULT '00000000-0000-7000-8000-000000000001' REFERENCES organisations ON DELETE CASCADE;
ALTER TABLE interviews ALTER COLUMN organisation_id SET DEFAULT viva_organisation(),
    ADD FOREIGN KEY (organisation_id, resume_id) REFERENCES resumes (organisation_id, id);
DROP INDEX interviews_open;
CREATE INDEX interviews_open ON interviews (organisation_id, id) WHERE status <> 'ended';

-- An organisation that begins later begins with what this one began with.
CREATE FUNCTION viva_copy_default_template() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO templates
        (organisation_id, name, is_default, languages, minutes, pace, follow_ups, stages)
    VALUES (
        NEW.id, '기본 면접 · Standard interview', true, '[]', 30, 1.0, 1,
        '[{"name": "introduction",    "questions": 1, "minutes": 4,    "follow_ups": null},
          {"name": "motivation",      "questions": 1, "minutes": 4,    "follow_ups": null},
          {"name": "knowledge",       "questions": 1, "minutes": 5,    "follow_ups": null},
          {"name": "experience",      "questions": 1, "minutes": 6,    "follow_ups": null},
          {"name": "problem_solving", "questions": 1, "minutes": 5,    "follow_ups": null},
          {"name": "collaboration",   "questions": 1, "minutes": 4,    "follow_ups": null},
          {"name": "closing",         "questions": 1, "minutes": 2,    "follow_ups": 0}]'
    );
    RETURN NULL;
END
$$;

CREATE TRIGGER organisations_template AFTER INSERT ON organisations
    FOR EACH ROW EXECUTE FUNCTION viva_copy_default_template();

SELECT viva_keep_apart('organisations', 'id = viva_organisation()');
SELECT viva_keep_apart(name::regclass)
FROM unnest(ARRAY['users', 'api_keys', 'links', 'resumes', 'templates', 'interviews']) AS name;
SELECT viva_keep_apart('sessions', 'EXISTS (SELECT FROM users WHERE users.id = user_id)');
-- What belongs to a résumé or an interview is whose that is.
SELECT viva_keep_apart(
    name::regclass, 'EXISTS (SELECT FROM resumes WHERE resumes.id = resume_id)'
)
FROM unnest(ARRAY['resume_files', 'resume_pages', 'resume_corrections']) AS name;
SELECT viva_keep_apart(
    name::regclass, 'EXISTS (SELECT FROM interviews WHERE interviews.id = interview_id)'
)
FROM unnest(ARRAY[
    'questions', 'answers', 'facts', 'leases', 'recording_chunks', 'sound_keys', 'notices',
    'pending_segments'
]) AS name;
SELECT viva_keep_apart('jobs', 'EXISTS (SELECT FROM resumes WHERE resumes.id = subject)'
    ' OR EXISTS (SELECT FROM interviews WHERE interviews.id = subject)');
-- Of these nobody can read anything who has not the key: see 0006.
SELECT viva_keep_apart('idempotency_keys', 'true');

ALTER VIEW recorded_chunks SET (security_invoker = true);
GRANT SELECT ON recorded_chunks TO viva_app, viva_system;
