-- Lists go by id, which is time-ordered and names a place in them.

DROP INDEX resumes_recent;
DROP INDEX interviews_open;
CREATE INDEX interviews_open ON interviews (id) WHERE status <> 'ended';
