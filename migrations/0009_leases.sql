-- Who drives an interview: one server process at a time. Every group of facts is written only while
-- the epoch is still the writer's own, so that a process that was overtaken, or woke up late, writes
-- nothing. A table of its own: it changes every few seconds, the interview's row hardly ever.

CREATE TABLE leases (
    interview_id uuid PRIMARY KEY REFERENCES interviews ON DELETE CASCADE,
    epoch        bigint NOT NULL,            -- grows with every driver
    holder       uuid,                       -- the process; null: given back
    held_until   timestamptz NOT NULL        -- unless it is renewed; its process may be dead by then
);
