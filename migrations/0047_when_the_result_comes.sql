-- What candidates are promised: so many days after their interview they hear the result, from whom.
ALTER TABLE openings
    ADD COLUMN result_days integer CHECK (result_days BETWEEN 1 AND 365),  -- null: nothing is said of it
    ADD COLUMN result_by   text NOT NULL DEFAULT '';
