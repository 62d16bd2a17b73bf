-- What candidates say is wrong in what was read from their résumé.

CREATE TABLE resume_disputes (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    resume_id   uuid NOT NULL REFERENCES resumes ON DELETE CASCADE,
    field       text NOT NULL,
    words       text NOT NULL CHECK (words <> ''),
    disputed_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX resume_disputes_resume ON resume_disputes (resume_id, id);

SELECT viva_keep_apart('resume_disputes', 'EXISTS (SELECT FROM resumes WHERE resumes.id = resume_id)');
