-- To which groups candidates say that they belong, of their own will and after the interview, so that it can be
-- counted whether decisions fall on groups unequally (New York City, Local Law 144). Nobody reads one of these: the
-- application may add and delete them, and count; what was declared comes out as numbers alone.

CREATE TABLE declarations (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organisation_id uuid NOT NULL DEFAULT viva_organisation() REFERENCES organisations ON DELETE CASCADE,
    interview_id    uuid NOT NULL UNIQUE REFERENCES interviews ON DELETE CASCADE,
    sex             text CHECK (sex IN ('female', 'male', 'other')),
    race            text CHECK (race IN (
                        'hispanic', 'white', 'black', 'pacific', 'asian', 'native', 'two_or_more')),
    CHECK (num_nonnulls(sex, race) > 0)
);

SELECT viva_keep_apart('declarations');
REVOKE SELECT, UPDATE ON declarations FROM viva_app, viva_system;
GRANT SELECT (id, organisation_id, interview_id) ON declarations TO viva_app, viva_system;

-- Of everybody whom somebody decided on, in the organisation of the connection: how many of each group went on.
CREATE FUNCTION viva_impact(wanted uuid)
    RETURNS TABLE (sex text, race text, selected boolean, people bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
    SELECT declarations.sex, declarations.race, decided.outcome = 'advance', count(*)
    FROM interviews
    JOIN LATERAL (
        SELECT outcome FROM decisions WHERE decisions.interview_id = interviews.id
        ORDER BY decisions.id DESC LIMIT 1
    ) AS decided ON decided.outcome <> 'open'
    LEFT JOIN declarations ON declarations.interview_id = interviews.id
    WHERE interviews.organisation_id = viva_organisation()
        AND (wanted IS NULL OR interviews.opening_id = wanted)
    GROUP BY 1, 2, 3;
END;
REVOKE ALL ON FUNCTION viva_impact FROM PUBLIC;
GRANT EXECUTE ON FUNCTION viva_impact TO viva_app;
