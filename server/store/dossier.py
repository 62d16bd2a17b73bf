"""All that is kept of one interview, read at one moment, for whoever takes it out of the house."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Final
from uuid import UUID

import asyncpg

from server.evidence import dossier
from server.evidence.dossier import FORMAT, Dossier
from server.store import audit
from server.store.export import (
    ANSWERS,
    FACTS,
    NOTICES,
    QUESTIONS,
    RECORDED,
    REPORTS,
    RUNS,
    STATEMENTS,
)
from server.store.pool import Connection

INTERVIEW = """
SELECT interviews.id, resume_id, resumes.structured_data->'header'->>'name' AS candidate_name,
       target_role, interviews.language, interviews.status, end_reason, interviews.created_at,
       started_at, ended_at, opening_id, opening, template, wording
FROM interviews JOIN resumes ON resumes.id = resume_id
WHERE interviews.id = $1
"""
ORGANISATION = """
SELECT id, name FROM organisations
WHERE id = (SELECT organisation_id FROM interviews WHERE id = $1)
"""
CARDS = """
SELECT cards.id, author, users.name, version, report_version, ratings, summary, saved_at,
       submitted_at
FROM scorecards AS cards LEFT JOIN users ON users.id = cards.user_id
WHERE interview_id = $1 AND submitted_at IS NOT NULL ORDER BY author, version
"""
DECISIONS = """
SELECT decisions.id, author, users.name, outcome, reason, cards, decided_at
FROM decisions LEFT JOIN users ON users.id = decisions.user_id
WHERE interview_id = $1 ORDER BY decisions.id
"""
EXPORTED: Final = "interview.exported"


async def gather(
    pool: asyncpg.Pool,
    interview_id: UUID,
    prompts: Mapping[str, Mapping[str, Any]],
    *,
    rater: str | None,
    form: str,
) -> Dossier | None:
    """``prompts``: by language. ``rater``: who takes it, where they may rate: they see others'
    cards once theirs is submitted or somebody has decided. ``form``: for the log, which tells of it
    first. None where there is no such interview."""
    if not await pool.fetchval(
        "SELECT EXISTS (SELECT FROM interviews WHERE id = $1)", interview_id
    ):
        return None
    await audit.add(pool, EXPORTED, f"interview {interview_id}", form=form)
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        return await _read(connection, interview_id, prompts, rater)


async def recorded(pool: asyncpg.Pool, interview_id: UUID) -> list[tuple[UUID, int]]:
    """Answers of which there is sound, with their turns."""
    return [(row["id"], row["turn"]) for row in await pool.fetch(RECORDED, interview_id)]


async def _read(
    connection: Connection,
    interview_id: UUID,
    prompts: Mapping[str, Mapping[str, Any]],
    rater: str | None,
) -> Dossier | None:
    async def rows(query: str) -> list[dict[str, Any]]:
        return [dict(row) for row in await connection.fetch(query, interview_id)]

    found = await rows(INTERVIEW)
    if not found:
        return None
    of = await connection.fetchrow(ORGANISATION, interview_id)
    assert of is not None
    interview = dossier.Interview(**found[0])
    plan = [dossier.Question(**row) for row in await rows(QUESTIONS)]
    answers = [dossier.Answer(**row) for row in await rows(ANSWERS)]
    runs = [dossier.Run(**row) for row in await rows(RUNS)]
    cards = [dossier.DossierCard(**row) for row in await rows(CARDS)]
    decisions = [dossier.DossierDecision(**row) for row in await rows(DECISIONS)]
    shown = cards if decisions or rater is None or _rated(cards, rater) else []
    entries = await audit.about(connection, [f"interview {interview_id}"])
    return Dossier(
        FORMAT,
        version("viva"),
        datetime.now(UTC),
        of["id"],
        of["name"],
        interview,
        plan,
        answers,
        [dossier.Fact(**row) for row in await rows(FACTS)],
        [dossier.Consent(**row) for row in await rows(NOTICES)],
        dossier.used(plan, answers, runs),
        dict(prompts.get(interview.language, {})),
        [dossier.Report(**row) for row in await rows(REPORTS)],
        runs,
        [dossier.Statement(**row) for row in await rows(STATEMENTS)],
        shown,
        len(cards) - len(shown),
        decisions,
        [
            dossier.LogEntry(
                one.n, one.at, one.actor, one.action, one.subject, one.detail, one.hash
            )
            for one in entries
        ],
    )


def _rated(cards: list[dossier.DossierCard], rater: str) -> bool:
    return any(card.author == rater for card in cards)
