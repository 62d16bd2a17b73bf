"""The board: every interview of an organisation with how it stands, and the pulse that says so."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple, get_args
from uuid import UUID

import asyncpg

from server.store import audit, scope
from server.store.pool import Executor, transaction

Group = Literal["needs", "running", "to_score", "coming", "closed"]
STATES: Final[dict[Group, tuple[str, ...]]] = {
    "needs": ("help", "person", "asks", "cut_off", "unheard", "unclear", "silent"),
    "running": (
        "led", "paused", "away", "talking", "moment", "listening", "thinking", "speaking", "begins",
    ),
    "to_score": ("finished",),
    "coming": ("not_begun",),
    "closed": ("scored", "abandoned", "nothing_said", "over"),
}  # fmt: skip
"""Of each group, in the order in which they are shown."""

PLACES: Final[dict[Group, int]] = {group: place for place, group in enumerate(STATES)}
PLACE_OF: Final = {state: PLACES[group] for group, states in STATES.items() for state in states}

PULSE_S: Final = 2.5
"""A driver says every second that the candidate's line is alive; silent for longer, it is not."""
CUT_OFF: Final = "15 minutes"
"""So long after they were cut off a candidate calls for a person; then they are away."""
SILENT: Final = "30 seconds"
MOMENT: Final = "45 seconds"
UNCLEAR: Final = 3
"""So many pieces in a row that nobody could make out are more than chance."""

# ``here``: the facts say so, and whoever drives it still does. Whose server died was there until
# that was last seen.
PLACED: Final = f"""
WITH found AS (
    SELECT interviews.id, interviews.status, interviews.end_reason, interviews.created_at,
           interviews.started_at, interviews.ended_at, interviews.abandoned_at,
           interviews.released_at,
           interviews.person_asked_at, interviews.opening_id, interviews.target_role,
           (interviews.opening->>'result_days')::integer AS result_days,
           interviews.language, resumes.candidate_name, interviews.resume_id, standings.*,
           coalesce(present AND seen_at > now() - interval '{PULSE_S} seconds', false) AS here,
           CASE WHEN present THEN coalesce(seen_at, present_at) ELSE present_at END AS gone_at,
           greatest(floor_at, talked_at) AS quiet_at
    FROM interviews
    JOIN standings ON standings.interview_id = interviews.id
    JOIN resumes ON resumes.id = interviews.resume_id
    WHERE ($1::uuid IS NULL OR interviews.opening_id = $1)
        AND ($2::text IS NULL OR interviews.language = $2)
        AND ($3::text IS NULL OR resumes.candidate_name ILIKE $3 OR interviews.target_role ILIKE $3)
), stated AS (
    SELECT *, CASE
        WHEN status = 'ended' AND answers = 0 THEN 'nothing_said'
        WHEN status = 'ended' AND end_reason = 'erased' THEN 'over'
        WHEN status = 'ended' AND EXISTS (
            SELECT FROM scorecards WHERE scorecards.interview_id = found.id
                AND author = $5::text AND submitted_at IS NOT NULL
        ) THEN 'scored'
        WHEN status = 'ended' THEN 'finished'
        WHEN status = 'abandoned' THEN 'abandoned'
        WHEN help = 'self_harm' THEN 'help'
        WHEN person_asked_at IS NOT NULL THEN 'person'
        WHEN status = 'created' AND NOT here THEN 'not_begun'
        WHEN help IS NOT NULL THEN 'help'
        WHEN asks <> '{{}}' THEN 'asks'
        WHEN NOT here AND paused_at IS NULL AND gone_at > now() - interval '{CUT_OFF}'
            THEN 'cut_off'
        WHEN NOT here THEN 'away'
        WHEN led THEN 'led'
        WHEN paused_at IS NOT NULL THEN 'paused'
        WHEN unheard_at IS NOT NULL THEN 'unheard'
        WHEN unclear >= {UNCLEAR} THEN 'unclear'
        WHEN floor = 'listening' AND talking THEN 'talking'
        WHEN floor = 'listening' AND rests_at > now() - interval '{MOMENT}' THEN 'moment'
        WHEN floor = 'listening' AND quiet_at < now() - interval '{SILENT}' THEN 'silent'
        ELSE coalesce(floor, 'begins')
    END AS state FROM found
), timed AS (
    SELECT *, CASE state
        WHEN 'help' THEN help_at WHEN 'person' THEN person_asked_at WHEN 'asks' THEN asks_at
        WHEN 'cut_off' THEN gone_at WHEN 'away' THEN gone_at WHEN 'unheard' THEN unheard_at
        WHEN 'paused' THEN paused_at WHEN 'moment' THEN rests_at WHEN 'silent' THEN quiet_at
        WHEN 'talking' THEN talked_at WHEN 'finished' THEN ended_at WHEN 'over' THEN ended_at
        WHEN 'scored' THEN ended_at
        WHEN 'nothing_said' THEN ended_at WHEN 'abandoned' THEN abandoned_at
        WHEN 'not_begun' THEN created_at WHEN 'begins' THEN present_at ELSE floor_at
    END AS since FROM stated
), placed AS (
    SELECT *, ($4::jsonb->>state)::integer AS place,
           -- A person in distress goes before whoever waits longer.
           CASE state WHEN 'help' THEN -1e10 ELSE 0 END
               + CASE WHEN ($4::jsonb->>state)::integer < 3 THEN 1 ELSE -1 END
               * extract(epoch FROM CASE ($4::jsonb->>state)::integer
                   WHEN 1 THEN coalesce(started_at, created_at) ELSE coalesce(since, created_at) END
               )::double precision AS key
    FROM timed
)
"""  # noqa: S608 - no input
# What is behind the numbers is looked up for those that are shown only.
LIST: Final = f"""
{PLACED}, shown AS (
    SELECT * FROM placed
    WHERE ($6::integer IS NULL OR place = $6)
        AND ($7::integer IS NULL OR (place, key, id) > ($7, $8::double precision, $9::uuid))
    ORDER BY place, key, id LIMIT $10
)
SELECT shown.id AS interview_id, place, key, state, since, candidate_name, target_role, language,
       status, end_reason, here, help, asks, opening_id, for_what.title AS opening, turns, answers,
       minutes + more_minutes AS minutes, spent_ms, runs_since, paused_at, unheard_at, unclear,
       started_at, ended_at, created_at, floor, plan.topics, plan.covered, lost.gaps, lost.lost_ms,
       asked.text AS question, company.people, now() AS at,
       unanswered_since, unanswered_since + make_interval(days => result_days) AS promised_until
FROM shown
LEFT JOIN LATERAL (
    SELECT title FROM openings WHERE openings.id = shown.opening_id
) AS for_what ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS topics,
           count(*) FILTER (WHERE outcome IS NOT NULL OR turn IS NOT NULL) AS covered
    FROM questions WHERE questions.interview_id = shown.id AND ordinal IS NOT NULL
) AS plan ON true
LEFT JOIN LATERAL (
    SELECT count(*) AS gaps, coalesce(sum(end_ms - start_ms), 0) AS lost_ms
    FROM pending_segments WHERE pending_segments.interview_id = shown.id
) AS lost ON true
LEFT JOIN LATERAL (
    SELECT string_agg(data->>'text', ' ' ORDER BY seq) AS text FROM facts
    WHERE shown.state = 'asks' AND facts.interview_id = shown.id AND kind = 'segment_heard'
        AND data->'turn' = to_jsonb(asks[1])
) AS asked ON true
LEFT JOIN LATERAL (
    SELECT coalesce(sum(people), 0) AS people FROM watching
    WHERE watching.interview_id = shown.id AND watching.seen_at > now() - interval '6 seconds'
) AS company ON true
LEFT JOIN LATERAL (
    -- By a letter, or by a decision that they may read.
    SELECT EXISTS (
        SELECT FROM feedback_letters
        WHERE feedback_letters.interview_id = shown.id AND sent_at IS NOT NULL
    ) OR shown.released_at IS NOT NULL AND coalesce((
        SELECT outcome <> 'open' FROM decisions WHERE decisions.interview_id = shown.id
        ORDER BY decisions.id DESC LIMIT 1
    ), false) AS answered
) AS told ON true
LEFT JOIN LATERAL (
    SELECT CASE WHEN status = 'ended' AND end_reason <> 'erased' AND NOT answered THEN ended_at END
        AS unanswered_since
) AS due ON true
ORDER BY place, key, shown.id
"""  # noqa: S608 - no input
COUNTS: Final = f"{PLACED} SELECT place, count(*) AS count FROM placed GROUP BY place"  # noqa: S608

SEEN = """
UPDATE standings SET seen_at = now() WHERE interview_id = ANY($1)
"""
ABANDON = """
WITH gone AS (
    SELECT interviews.id FROM interviews
    JOIN standings ON standings.interview_id = interviews.id
    JOIN organisations ON organisations.id = interviews.organisation_id
    WHERE interviews.status = 'live'
        AND greatest(present_at, CASE WHEN present THEN seen_at END, interviews.started_at)
            < $1::timestamptz - make_interval(mins => organisations.abandon_minutes)
    FOR UPDATE OF interviews SKIP LOCKED
)
UPDATE interviews SET status = 'abandoned', abandoned_at = $1 FROM gone
WHERE interviews.id = gone.id RETURNING interviews.id, interviews.organisation_id
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the board is asked for; None: all of it."""

    opening_id: UUID | None = None
    language: str | None = None
    search: str | None = None
    group: Group | None = None


class Place(NamedTuple):
    """Where a row stands: its group, its place in there, and the interview."""

    place: int
    key: float
    interview_id: UUID


async def rows(
    pool: asyncpg.Pool, asked: Asked, after: Place | None = None, limit: int | None = None
) -> list[dict[str, Any]]:
    """Who needs a person first, and there who has waited the longest. What whoever asks has scored
    is closed for them."""
    group = None if asked.group is None else PLACES[asked.group]
    args = *_args(asked), group, *(after or (None, None, None)), limit
    found = [dict(row) for row in await pool.fetch(LIST, *args)]
    return [{**row, "group": get_args(Group)[row["place"]]} for row in found]


async def counts(pool: asyncpg.Pool, asked: Asked) -> dict[Group, int]:
    """How many there are in every group, whichever of them is asked for."""
    found = {row["place"]: row["count"] for row in await pool.fetch(COUNTS, *_args(asked))}
    return {group: found.get(place, 0) for group, place in PLACES.items()}


async def seen(on: Executor, interviews: Collection[UUID]) -> None:
    """Their candidates' lines are alive."""
    await on.execute(SEEN, list(interviews))


async def abandon(pool: asyncpg.Pool, now: datetime) -> list[UUID]:
    """Those to which nobody came back for as long as their organisation waits. Nothing of them is
    over: whoever comes by the link goes on."""
    async with transaction(pool) as connection:
        gone = await connection.fetch(ABANDON, now)
        for row in gone:
            await audit.add(
                connection,
                "interview.abandoned",
                f"interview {row['id']}",
                organisation=row["organisation_id"],
            )
    return [row["id"] for row in gone]


def _args(asked: Asked) -> tuple[Any, ...]:
    search = None if not asked.search else f"%{_literal(asked.search)}%"
    return asked.opening_id, asked.language, search, PLACE_OF, scope.actor()


def _literal(words: str) -> str:
    """None of it is a wildcard."""
    return "".join(f"\\{one}" if one in r"\%_" else one for one in words.strip())
