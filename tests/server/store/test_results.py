"""Everybody of an opening has a row, with what people said of them and nothing that a model did."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg

from server.store import audit, decisions, invitations, openings, results
from server.store.invitations import Person
from server.store.openings import Opening
from server.store.results import Given
from server.store.scorecards import Author
from tests.interviewed import Held, held
from workers.report import write_report
from workers.tools import Tools

CARD = """
INSERT INTO scorecards (interview_id, author, version, report_version, ratings, submitted_at)
VALUES ($1, $2, $3, 1, jsonb_build_array(jsonb_build_object(
    'competency', 'Keeps data correct', 'level', $4::text, 'first', 'no')), $5)
"""
NOW = datetime.now(UTC)


async def an_opening(pool: asyncpg.Pool) -> tuple[UUID, Held]:
    opening_id = await openings.add(pool, Opening("Data Engineer"))
    people = [Person("Yuna Seo", "yuna@example.com"), Person("Lee", None)]
    yuna, _ = await invitations.add(pool, opening_id, people, NOW + timedelta(days=7))
    made = await held(pool)
    await pool.execute(
        "UPDATE interviews SET opening_id = $1 WHERE id = $2", opening_id, made.interview_id
    )
    await pool.execute(
        "UPDATE invitations SET resume_id = $2, interview_id = $3 WHERE id = $1",
        yuna.id, made.resume_id, made.interview_id,
    )  # fmt: skip
    await write_report({"tools": Tools(pool, None, None, 5)}, str(made.interview_id))
    return opening_id, made


async def test_a_row_for_everybody(pool: asyncpg.Pool) -> None:
    opening_id, made = await an_opening(pool)
    await pool.execute(CARD, made.interview_id, "user a", 1, "no", NOW)
    await pool.execute(CARD, made.interview_id, "user a", 2, "yes", NOW)
    await pool.execute(CARD, made.interview_id, "user b", 1, "strong_yes", None)
    early = await results.of_opening(pool, opening_id, rater="user b")
    assert early is not None
    assert (early[0].levels, early[0].withheld) == ({}, True), "before they rated"
    await decisions.decide(pool, made.interview_id, Author("user a"), "advance", "it was shown")
    found = await results.of_opening(pool, opening_id, rater="user b")
    assert found is not None
    first, second = found
    assert (first.name, first.email, first.state) == ("Yuna Seo", "yuna@example.com", "ended")
    assert first.levels == {"Keeps data correct": [Given("user a", "yes")]}, "the last, no draft"
    assert (first.probes, first.outcome, first.by, first.withheld) == (
        1,
        "advance",
        "user a",
        False,
    )
    assert first.trouble is not None
    assert first.trouble["doubted"] == 1
    assert (second.name, second.state, second.interview_id) == ("Lee", "invited", None)
    assert second.trouble is None
    await decisions.decide(pool, made.interview_id, Author("user a"), "open", "once more")
    found = await results.of_opening(pool, opening_id, rater=None)
    assert found is not None
    assert (found[0].outcome, found[0].by) == (None, None)
    newest, *_ = await audit.newest(pool)
    assert (newest.action, newest.detail) == ("opening.exported", {"candidates": 2})


async def test_nobody_of_another_opening(pool: asyncpg.Pool) -> None:
    await an_opening(pool)
    other = await openings.add(pool, Opening("Designer"))
    assert await results.of_opening(pool, other, rater=None) == []
    assert await results.of_opening(pool, uuid4(), rater=None) is None
