-- Which languages there are, the packs say; a column only says what a language's tag looks like. What a
-- planned question is in other languages is kept by their tags.

ALTER TABLE interviews DROP CONSTRAINT interviews_language_check;
ALTER TABLE interviews ADD CONSTRAINT interviews_language_check
    CHECK (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$');

ALTER TABLE questions DROP CONSTRAINT questions_language_check;
ALTER TABLE questions ADD CONSTRAINT questions_language_check
    CHECK (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$');
ALTER TABLE questions ALTER COLUMN elsewhere TYPE jsonb
    USING CASE WHEN elsewhere IS NULL THEN '{}'
               ELSE jsonb_build_object(CASE language WHEN 'ko' THEN 'en' ELSE 'ko' END, elsewhere)
          END;
ALTER TABLE questions ALTER COLUMN elsewhere SET DEFAULT '{}', ALTER COLUMN elsewhere SET NOT NULL;
