-- A follow-up says which words of the answer it rests on and which line of the rubric it asks for. Both stand
-- in the facts; those that were asked before this are filled in from there.

ALTER TABLE questions
    ADD COLUMN evidence text,   -- words of the answer, null where it rests on none in particular
    ADD COLUMN line     text;   -- of the rubric

UPDATE questions
SET evidence = facts.data ->> 'evidence', line = facts.data ->> 'line'
FROM facts
WHERE facts.interview_id = questions.interview_id
  AND facts.kind = 'question_asked'
  AND facts.data ->> 'question_id' = questions.id::text;
