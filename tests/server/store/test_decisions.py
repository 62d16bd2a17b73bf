"""Decisions rest on somebody's card, only grow, and the log tells of them."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest

from server.store import audit, decisions
from server.store.decisions import NobodyRated
from server.store.scorecards import Author

LEE = Author("user lee")


async def test_nobody_decides_before_somebody_rated(pool: asyncpg.Pool, interview_id: UUID) -> None:
    with pytest.raises(NobodyRated):
        await decisions.decide(pool, interview_id, LEE, "decline", "too short")
    card = (
        "INSERT INTO scorecards (interview_id, author, version, report_version)"
        " VALUES ($1, $2, 1, 1)"
    )
    await pool.execute(card, interview_id, LEE.name)
    with pytest.raises(NobodyRated):
        await decisions.decide(pool, interview_id, LEE, "decline", "a draft is no card")
    await pool.execute("UPDATE scorecards SET submitted_at = now()")
    await decisions.decide(pool, interview_id, LEE, "decline", "no result was told")
    await decisions.decide(pool, interview_id, LEE, "open", "a second look")
    found = await decisions.of_interview(pool, interview_id)
    assert [(one.outcome, one.reason, one.cards, one.author) for one in found] == [
        ("decline", "no result was told", 1, "user lee"), ("open", "a second look", 1, "user lee"),
    ]  # fmt: skip
    told = [one.detail for one in await audit.newest(pool) if one.action == "interview.decided"]
    assert told == [{"outcome": "open", "cards": 1}, {"outcome": "decline", "cards": 1}]


async def test_a_decision_is_not_changed(pool: asyncpg.Pool, interview_id: UUID) -> None:
    row = (
        "INSERT INTO decisions (interview_id, author, outcome, reason, cards)"
        " VALUES ($1, $2, $3, $4, 1)"
    )
    await pool.execute(row, interview_id, "user lee", "advance", "good")
    for change in ("outcome = 'decline'", "reason = 'x'", "author = 'x'"):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await pool.execute(f"UPDATE decisions SET {change}")
    for wrong in (("hire", "x"), ("advance", "")):
        with pytest.raises(asyncpg.CheckViolationError):
            await pool.execute(row, interview_id, "user lee", *wrong)
