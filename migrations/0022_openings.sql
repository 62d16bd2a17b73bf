-- What a company interviews for, and whom it asks to come. The role of an interview is the résumé's
-- still; an opening adds what everybody is asked for it, and what may be told.

ALTER TABLE templates ADD UNIQUE (organisation_id, id);

CREATE TABLE openings (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL DEFAULT viva_organisation() REFERENCES organisations ON DELETE CASCADE,
    title           text NOT NULL CHECK (title <> ''),
    description     text NOT NULL DEFAULT '',
    level           text NOT NULL DEFAULT '',
    team            text NOT NULL DEFAULT '',
    contact         text NOT NULL DEFAULT '',  -- whom a candidate may ask
    deadline        timestamptz,               -- no invitation lasts longer that is made before it
    template_id     uuid,                      -- null: the default one when an interview is created
    languages       jsonb NOT NULL DEFAULT '[]',  -- empty: those of the template
    competencies    jsonb NOT NULL DEFAULT '[]',  -- [{name, weight}]
    questions       jsonb NOT NULL DEFAULT '[]',  -- as of templates, asked after the bank's core questions
    company         jsonb NOT NULL DEFAULT '[]',  -- as of templates
    created_by      uuid REFERENCES users ON DELETE SET NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),
    closed_at       timestamptz,               -- nobody begins an interview any more; null: open
    UNIQUE (organisation_id, id),
    FOREIGN KEY (organisation_id, template_id) REFERENCES templates (organisation_id, id)
        ON DELETE SET NULL (template_id)
);

-- The interview keeps its own copy, as of its template.
ALTER TABLE interviews
    ADD COLUMN opening_id uuid,
    ADD COLUMN opening    jsonb,
    ADD UNIQUE (organisation_id, id),
    ADD FOREIGN KEY (organisation_id, opening_id) REFERENCES openings (organisation_id, id);

CREATE INDEX interviews_opening ON interviews (opening_id) WHERE opening_id IS NOT NULL;

-- One interview of one person. Whoever deletes the résumé or the interview deletes this too.
CREATE TABLE invitations (
    id               uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id  uuid NOT NULL DEFAULT viva_organisation() REFERENCES organisations ON DELETE CASCADE,
    opening_id       uuid NOT NULL,
    name             text NOT NULL DEFAULT '',
    email            text CHECK (email = lower(email) AND email <> ''),
    phone            text NOT NULL DEFAULT '',
    resume_id        uuid,
    attached         boolean NOT NULL DEFAULT false,   -- the company gave the résumé, not the candidate
    interview_id     uuid UNIQUE,
    created_by       uuid REFERENCES users ON DELETE SET NULL,
    created_at       timestamptz NOT NULL DEFAULT now(),
    expires_at       timestamptz NOT NULL,
    opened_at        timestamptz,                      -- the candidate first came; null: not yet
    revoked_at       timestamptz,
    adjustments      jsonb NOT NULL DEFAULT '{}',      -- what the candidate needs to be at their best
    wish             jsonb,                            -- another date: {at, note, asked_at, answer, answered_at}
    person_wanted_at timestamptz,                      -- would rather speak with a person
    FOREIGN KEY (organisation_id, opening_id) REFERENCES openings (organisation_id, id),
    FOREIGN KEY (organisation_id, resume_id) REFERENCES resumes (organisation_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organisation_id, interview_id) REFERENCES interviews (organisation_id, id)
        ON DELETE CASCADE
);

CREATE UNIQUE INDEX invitations_once ON invitations (opening_id, email)
    WHERE email IS NOT NULL AND revoked_at IS NULL;
CREATE INDEX invitations_opening ON invitations (opening_id, id);
CREATE INDEX invitations_resume ON invitations (resume_id) WHERE resume_id IS NOT NULL;
CREATE INDEX invitations_made ON invitations (organisation_id, created_at);

-- The ways in of one invitation: a new one takes the place of those before.
CREATE TABLE invitation_links (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL DEFAULT viva_organisation() REFERENCES organisations ON DELETE CASCADE,
    invitation_id   uuid NOT NULL REFERENCES invitations ON DELETE CASCADE,
    token_sha256    bytea NOT NULL UNIQUE,
    created_at      timestamptz NOT NULL DEFAULT now(),
    replaced_at     timestamptz
);

CREATE INDEX invitation_links_invitation ON invitation_links (invitation_id);

SELECT viva_keep_apart(name::regclass)
FROM unnest(ARRAY['openings', 'invitations', 'invitation_links']) AS name;
