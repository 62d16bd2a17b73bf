-- Whether a spoken wish is meant is asked, and some things are said without asking.
ALTER TABLE questions
    DROP CONSTRAINT questions_kind_check,
    ADD CONSTRAINT questions_kind_check CHECK (
        kind IN (
            'opening', 'planned', 'follow_up', 'repeat', 'rephrase', 'confirm', 'aside', 'closing'
        )
    );
