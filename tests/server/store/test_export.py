"""Every table that goes with a person is given, or it is said why not; what it looks like as an
archive ``tests/web/test_privacy.py`` shows."""

from __future__ import annotations

from uuid import UUID, uuid4

import asyncpg

from server.store import export
from tests.server.store.test_erasure import GO_WITH

GIVEN_ELSEWHERE = {
    "interviews", "legal_holds", "questions", "answers", "facts", "notices", "resume_corrections",
    "resume_disputes",
    "resume_files", "resume_pages", "recording_chunks", "invitations", "reports", "report_runs",
    "report_statements", "scorecards", "notes", "decisions", "amendments", "feedback_letters",
}  # fmt: skip
NOT_GIVEN = {
    "declarations": "nobody can read one, viva neither; whoever declared something deletes it",
    "client_secrets": "by what a browser is about to connect, for minutes",
    "shares": "which colleagues were given a link; the log says that it was opened",
    "webhook_deliveries": "that other systems were told, by id alone, for a month",
    "quotes_opened": "which quotes somebody who rates had opened; the card is given",
    "leases": "which process drives the interview",
    "sound_keys": "a key; the sound itself is given",
    "standings": "how the interview stands, made from the facts",
    "steps": "what is about to become a fact",
    "said_lines": "by what answers are found, made from them",
    "watching": "how many follow it just now",
    "pending_segments": "places in the sound that are not words yet, made from the facts",
}


async def test_every_table_is_given_or_it_is_said_why_not(pool: asyncpg.Pool) -> None:
    tables = {row["relname"] for row in await pool.fetch(GO_WITH)}
    assert tables == GIVEN_ELSEWHERE | set(NOT_GIVEN)


async def test_nobody_is_nobody(pool: asyncpg.Pool, resume_id: UUID) -> None:
    assert await export.held(pool, uuid4(), own=True) is None
    held = await export.held(pool, resume_id, own=True)
    assert held is not None
    assert (held.data["interviews"], held.pages, held.recorded) == ([], [], [])
    assert await export.file(pool, resume_id) == b"%PDF-"
    assert await export.picture(pool, resume_id, 1) is None
