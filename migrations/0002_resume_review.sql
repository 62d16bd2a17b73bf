-- What an interviewer sees of a résumé and may put right before an interview is made from it.

CREATE TABLE resume_corrections (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    resume_id    uuid NOT NULL REFERENCES resumes ON DELETE CASCADE,
    field        text NOT NULL,
    old_value    text,
    new_value    text,
    corrected_by text NOT NULL CHECK (corrected_by <> ''),
    corrected_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX resume_corrections_resume ON resume_corrections (resume_id, id);

-- Pictures of the pages, for the evidence to be shown on; sizes in PDF points as displayed.
CREATE TABLE resume_pages (
    resume_id uuid NOT NULL REFERENCES resumes ON DELETE CASCADE,
    page      int NOT NULL CHECK (page > 0),
    width     real NOT NULL,
    height    real NOT NULL,
    picture   bytea NOT NULL,
    PRIMARY KEY (resume_id, page)
);

CREATE INDEX resumes_recent ON resumes (created_at DESC);
