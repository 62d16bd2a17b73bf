"""Interviews and their planned questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from server.core.events import Language, PlannedQuestion
from server.core.pack import Packs
from server.jobs import GENERATE_QUESTIONS
from server.language.pack import shipped
from server.language.speech import NO_ROLE, Pack
from server.store import audit, outbox, secret
from server.store.openings import Opening
from server.store.pool import Executor, transaction

# The role is read here, from the résumé's row, and from nowhere else. The lock keeps a correction
# of the résumé from happening in between. The template is copied, and the organisation's own
# wording as it is now: later edits change nothing.
CREATE = """
WITH resume AS (
    SELECT id, organisation_id, structured_data,
           CASE WHEN structured_data->'meta'->>'language' = ANY ($5)
                THEN structured_data->'meta'->>'language' ELSE $6 END AS language
    FROM resumes WHERE id = $1 AND status = 'ready' FOR SHARE
), chosen AS (
    SELECT templates.* FROM templates JOIN resume USING (organisation_id)
    WHERE CASE WHEN $4::uuid IS NULL THEN is_default ELSE templates.id = $4 END
)
INSERT INTO interviews
    (organisation_id, resume_id, target_role, language, token_sha256, template_id, template,
     opening_id, opening, wording)
SELECT resume.organisation_id,
       resume.id,
       coalesce(nullif(btrim(structured_data->'header'->>'target_role'), ''), $2),
       CASE WHEN spoken.languages ? resume.language THEN resume.language
            ELSE coalesce(spoken.languages->>0, resume.language) END,
       $3,
       chosen.id,
       to_jsonb(chosen) - '{id,organisation_id,is_default,created_at,updated_at}'::text[],
       $7,
       $8,
       (SELECT jsonb_object_agg(language, texts) FROM (
            SELECT DISTINCT ON (wordings.language) wordings.language, texts FROM wordings
            WHERE wordings.organisation_id = resume.organisation_id
            ORDER BY wordings.language, wordings.id DESC
        ) AS newest WHERE texts <> '{}')
FROM resume LEFT JOIN chosen ON true
CROSS JOIN LATERAL (
    SELECT coalesce(nullif($8::jsonb->'languages', '[]'), chosen.languages) AS languages
) AS spoken
WHERE $4::uuid IS NULL OR chosen.id IS NOT NULL
RETURNING id, organisation_id, target_role, language
"""
GET = """
SELECT interviews.id, interviews.organisation_id,
       interviews.target_role, interviews.language, interviews.status,
       interviews.end_reason, interviews.created_at, interviews.started_at, interviews.ended_at,
       interviews.template_id, interviews.template, interviews.person_asked_at,
       interviews.opening_id, interviews.opening, interviews.wording,
       resumes.structured_data AS resume, invitations.adjustments
FROM interviews JOIN resumes ON resumes.id = interviews.resume_id
LEFT JOIN invitations ON invitations.interview_id = interviews.id
"""
BY_ID = GET + "WHERE interviews.id = $1"
RESUME_OF = "SELECT resume_id FROM interviews WHERE id = $1"
RUNNING = "SELECT id FROM interviews WHERE resume_id = $1 AND status <> 'ended'"
EXISTS = "SELECT EXISTS (SELECT FROM interviews WHERE id = $1)"
BY_TOKEN = GET + "WHERE interviews.token_sha256 = $1"
LIST = """
SELECT interviews.id AS interview_id, interviews.target_role, interviews.language,
       interviews.status, interviews.end_reason,
       resumes.structured_data->'header'->>'name' AS candidate_name,
       interviews.resume_id, interviews.opening_id,
       interviews.created_at, interviews.started_at, interviews.ended_at,
       interviews.person_asked_at,
       (SELECT count(*) FROM questions
        WHERE questions.interview_id = interviews.id AND questions.turn IS NOT NULL) AS turns
FROM interviews JOIN resumes ON resumes.id = interviews.resume_id
WHERE interviews.status = ANY ($1) AND ($2::uuid IS NULL OR interviews.id < $2)
    AND ($3::uuid IS NULL OR interviews.opening_id = $3)
    AND ($4::uuid IS NULL OR interviews.resume_id = $4)
    AND ($5::timestamptz IS NULL OR interviews.created_at >= $5)
ORDER BY interviews.id DESC LIMIT $6
"""
PERSON_ASKED = "SELECT person_asked_at FROM interviews WHERE id = $1"
ASK_FOR_PERSON = """
UPDATE interviews
SET person_asked_at = CASE WHEN $2 THEN coalesce(person_asked_at, now()) END
WHERE id = $1 RETURNING old.person_asked_at AS before, new.person_asked_at AS asked_at
"""
ADD_PLANNED = """
INSERT INTO questions
    (id, interview_id, ordinal, text, stage, source, kind, model, competency, rests_on, rubric,
     language, simpler, elsewhere, prompt)
VALUES ($1, $2, $3::int, $4, $5, $6, CASE $3::int WHEN 1 THEN 'opening' ELSE 'planned' END, $7, $8,
        $9, $10, $11, $12, $13, $14)
ON CONFLICT (id) DO UPDATE
    SET ordinal = EXCLUDED.ordinal, rests_on = EXCLUDED.rests_on,
        competency = EXCLUDED.competency, rubric = EXCLUDED.rubric
    WHERE questions.ordinal IS NULL
"""
# Two workers may plan the same interview: the second waits here and finds the plan of the first.
ONE_PLANNER = "SELECT language FROM interviews WHERE id = $1 FOR NO KEY UPDATE"
HAS_PLAN = """
SELECT EXISTS (SELECT FROM questions WHERE interview_id = $1 AND ordinal IS NOT NULL)
"""
PLAN = """
SELECT id::text AS question_id, ordinal, text, stage, source, model, competency, rests_on, rubric,
       language, simpler, elsewhere, prompt
FROM questions
WHERE interview_id = $1 AND ordinal IS NOT NULL ORDER BY ordinal
"""
QUESTIONS = """
SELECT id, ordinal, turn, text, source, kind, stage, parent_id AS parent, model, reason, asked_at,
       competency, rests_on, rubric, language, prompt, outcome, outcome_reason,
       evidence, line
FROM questions WHERE interview_id = $1 ORDER BY turn NULLS LAST, ordinal
"""
ANSWERS = """
SELECT id, question_id, turn, text, coalesce(clear, text) AS clear, words, engine, language,
       timings, created_at,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('start_ms', start_ms, 'end_ms', end_ms)
                                  ORDER BY segment), '[]')
        FROM pending_segments AS gaps
        WHERE gaps.interview_id = answers.interview_id AND gaps.turn = answers.turn) AS gaps
FROM answers WHERE interview_id = $1 AND turn > $2 ORDER BY turn LIMIT $3
"""


@dataclass(frozen=True, slots=True)
class CreatedInterview:
    """``token`` lets the candidate's connection in; only its hash is stored."""

    interview_id: UUID
    target_role: str
    language: Language
    token: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which interviews are looked for; None: whichever."""

    statuses: tuple[str, ...] = ("created", "live")
    opening_id: UUID | None = None
    resume_id: UUID | None = None
    created_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredInterview:
    """``adjustments``: what the candidate needs, where they were invited: see ``invitations``.
    ``wording``: by language what the organisation had put in its own words; None: nothing."""

    id: UUID
    organisation_id: UUID
    target_role: str
    language: Language
    status: str
    end_reason: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    template_id: UUID | None
    template: dict[str, Any] | None
    opening_id: UUID | None
    opening: dict[str, Any] | None
    resume: dict[str, Any]
    adjustments: dict[str, Any] | None
    person_asked_at: datetime | None = None
    wording: dict[str, Any] | None = None


async def create(
    on: Executor,
    resume_id: UUID,
    template_id: UUID | None = None,
    *,
    packs: Packs[Pack] | None = None,
    opening: tuple[UUID, Opening] | None = None,
) -> CreatedInterview | None:
    """An interview with its role and language fixed and a copy of the template, or of the default
    one, and of the opening it is for, and the job that plans it; None where the résumé is not ready
    or the template is not there. ``packs``: those that come with viva where none are given.
    """
    packs = packs or shipped()
    token = secret.new("viva_")
    async with transaction(on) as connection:
        row = await connection.fetchrow(
            CREATE,
            resume_id,
            NO_ROLE,
            secret.hashed(token),
            template_id,
            list(packs.by_language),
            packs.otherwise,
            *(opening or (None, None)),
        )
        if row is None:
            return None
        await outbox.add(connection, GENERATE_QUESTIONS, row["id"])
        await audit.add(
            connection,
            "interview.created",
            f"interview {row['id']}",
            organisation=row["organisation_id"],
            resume=str(resume_id),
        )
    return CreatedInterview(row["id"], row["target_role"], row["language"], token)


async def get(pool: asyncpg.Pool, interview_id: UUID) -> StoredInterview | None:
    row = await pool.fetchrow(BY_ID, interview_id)
    return StoredInterview(**row) if row else None


async def exists(pool: asyncpg.Pool, interview_id: UUID) -> bool:
    return bool(await pool.fetchval(EXISTS, interview_id))


async def none(pool: asyncpg.Pool) -> bool:
    """Whether there is no interview at all."""
    return not await pool.fetchval("SELECT EXISTS (SELECT FROM interviews)")


async def resume_of(pool: asyncpg.Pool, interview_id: UUID) -> UUID | None:
    """None where there is no such interview."""
    resume_id: UUID | None = await pool.fetchval(RESUME_OF, interview_id)
    return resume_id


async def running(pool: asyncpg.Pool, resume_id: UUID) -> list[UUID]:
    """Those that were made from the résumé and have not ended."""
    return [row["id"] for row in await pool.fetch(RUNNING, resume_id)]


async def get_by_token(pool: asyncpg.Pool, token: str) -> StoredInterview | None:
    row = await pool.fetchrow(BY_TOKEN, secret.hashed(token))
    return StoredInterview(**row) if row else None


async def ask_for_person(on: Executor, interview_id: UUID, *, wanted: bool) -> datetime | None:
    """The candidate would rather speak with a person, or not any more; since when they would.
    The interview stays as it is, and open."""
    async with transaction(on) as connection:
        before, asked_at = await connection.fetchrow(ASK_FOR_PERSON, interview_id, wanted) or (
            None,
            None,
        )
        if before != asked_at:
            action = "person.asked" if wanted else "person.not_asked"
            await audit.add(connection, action, f"interview {interview_id}")
    return asked_at


async def person_asked_at(on: Executor, interview_id: UUID) -> datetime | None:
    """Since when the candidate would rather speak with a person."""
    asked_at: datetime | None = await on.fetchval(PERSON_ASKED, interview_id)
    return asked_at


async def listed(
    pool: asyncpg.Pool, wanted: Wanted, before: UUID | None = None, limit: int | None = None
) -> list[dict[str, Any]]:
    """The newest first, those older than ``before``."""
    found = await pool.fetch(
        LIST,
        list(wanted.statuses),
        before,
        wanted.opening_id,
        wanted.resume_id,
        wanted.created_since,
        limit,
    )
    return [dict(row) for row in found]


async def add_plan(
    pool: asyncpg.Pool,
    interview_id: UUID,
    questions: Sequence[PlannedQuestion],
    language: Language | None = None,
) -> None:
    """All of the plan or, when there already is one, nothing. What was asked before the plan was
    there keeps its words and gets its place. ``language``: that it was made for; where the
    candidate has chosen another since, it is none."""
    rows = [_planned_row(interview_id, question) for question in questions]
    async with pool.acquire() as connection, connection.transaction():
        spoken = await connection.fetchval(ONE_PLANNER, interview_id)
        if language not in (None, spoken):
            return
        if not await connection.fetchval(HAS_PLAN, interview_id):
            await connection.executemany(ADD_PLANNED, rows)


def _planned_row(interview_id: UUID, q: PlannedQuestion) -> tuple[Any, ...]:
    return (
        q.question_id, interview_id, q.ordinal, q.text, q.stage, q.source, q.model, q.competency,
        msgspec.to_builtins(q.rests_on), list(q.rubric), q.language, q.simpler, dict(q.elsewhere),
        q.prompt,
    )  # fmt: skip


async def plan(pool: asyncpg.Pool, interview_id: UUID) -> tuple[PlannedQuestion, ...]:
    rows = await pool.fetch(PLAN, interview_id)
    return tuple(msgspec.convert(dict(row), PlannedQuestion) for row in rows)


async def questions(pool: asyncpg.Pool, interview_id: UUID) -> list[dict[str, Any]]:
    return [dict(row) for row in await pool.fetch(QUESTIONS, interview_id)]


async def answers(
    pool: asyncpg.Pool, interview_id: UUID, after: int = -1, limit: int | None = None
) -> list[dict[str, Any]]:
    """In order, those of later turns than ``after``."""
    return [dict(row) for row in await pool.fetch(ANSWERS, interview_id, after, limit)]
