-- What an interviewer decides beforehand, and what became of each question of the plan.

CREATE TABLE templates (
    id         uuid PRIMARY KEY DEFAULT uuidv7(),
    name       text NOT NULL UNIQUE CHECK (name <> ''),
    is_default boolean NOT NULL DEFAULT false,
    languages  jsonb NOT NULL,                 -- the first is spoken where the résumé's is not among them
    minutes    int NOT NULL CHECK (minutes BETWEEN 5 AND 180),
    pace       double precision NOT NULL CHECK (pace BETWEEN 0.5 AND 3),
    follow_ups int NOT NULL CHECK (follow_ups BETWEEN 0 AND 5),
    stages     jsonb NOT NULL,                 -- [{name, questions, minutes, follow_ups}] in order
    questions  jsonb NOT NULL DEFAULT '[]',    -- [{stage, text: {ko, en}, competency, rubric}], asked word for word
    company    jsonb NOT NULL DEFAULT '[]',    -- [{topic, text: {ko, en}}], what may be told
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE UNIQUE INDEX templates_one_default ON templates (is_default) WHERE is_default;

INSERT INTO templates (name, is_default, languages, minutes, pace, follow_ups, stages)
VALUES (
    '기본 면접 · Standard interview', true, '["ko", "en"]', 30, 1.0, 1,
    '[{"name": "introduction",    "questions": 1, "minutes": 4,    "follow_ups": null},
      {"name": "motivation",      "questions": 1, "minutes": 4,    "follow_ups": null},
      {"name": "knowledge",       "questions": 1, "minutes": 5,    "follow_ups": null},
      {"name": "experience",      "questions": 1, "minutes": 6,    "follow_ups": null},
      {"name": "problem_solving", "questions": 1, "minutes": 5,    "follow_ups": null},
      {"name": "collaboration",   "questions": 1, "minutes": 4,    "follow_ups": null},
      {"name": "closing",         "questions": 1, "minutes": 2,    "follow_ups": 0}]'
);

-- The interview keeps its own copy: a template that is edited later changes nothing about it.
ALTER TABLE interviews
    ADD COLUMN template_id uuid REFERENCES templates ON DELETE SET NULL,
    ADD COLUMN template    jsonb;

ALTER TABLE questions
    ADD COLUMN competency     text NOT NULL DEFAULT '',
    ADD COLUMN rests_on       jsonb NOT NULL DEFAULT '[]',   -- [{path, quote}] in the résumé's structured data
    ADD COLUMN rubric         jsonb NOT NULL DEFAULT '[]',   -- what a good answer would show
    ADD COLUMN language       text CHECK (language IN ('ko', 'en')),
    ADD COLUMN simpler        text,                          -- the same in other words
    ADD COLUMN elsewhere      text,                          -- the same in the other language
    ADD COLUMN prompt         text,                          -- version of the prompt a model wrote it under
    ADD COLUMN outcome        text CHECK (outcome IN ('asked', 'answered', 'skipped')),
    ADD COLUMN outcome_reason text,
    DROP CONSTRAINT questions_kind_check,
    ADD CONSTRAINT questions_kind_check
        CHECK (kind IN ('opening', 'planned', 'follow_up', 'repeat', 'rephrase', 'closing'));
