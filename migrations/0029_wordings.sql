-- An organisation's own wording over a language's pack. Each change is a row of its own, the newest counts;
-- an interview keeps what held when it was created.

CREATE TABLE wordings (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    organisation_id uuid NOT NULL DEFAULT viva_organisation() REFERENCES organisations ON DELETE CASCADE,
    language        text NOT NULL CHECK (language <> ''),
    texts           jsonb NOT NULL,            -- by place in the pack: {text, over}, the pack's text then
    made_by         uuid REFERENCES users ON DELETE SET NULL,   -- null: a program, or the installation's key
    made_at         timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX wordings_newest ON wordings (organisation_id, language, id DESC);

SELECT viva_keep_apart('wordings');
GRANT MAINTAIN ON wordings TO viva_system;

ALTER TABLE interviews ADD COLUMN wording jsonb;    -- texts by language; null: the packs'
