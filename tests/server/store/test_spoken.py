"""The candidate's language takes the place of the résumé's until the interview begins."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import asyncpg
import pytest

from server.jobs import GENERATE_QUESTIONS
from server.store import interviews, outbox, spoken
from tests.driver import lease
from tests.realtime.stage import an_interview, planned


async def test_another_language_is_planned_anew_and_the_role_stays(pool: asyncpg.Pool) -> None:
    before = await an_interview(pool)
    await pool.execute("DELETE FROM jobs")
    await spoken.choose(pool, before.id, "ko")
    now = await interviews.get(pool, before.id)
    assert now == replace(before, language="ko")
    assert await interviews.plan(pool, before.id) == ()
    assert await outbox.waiting(pool, GENERATE_QUESTIONS, before.id) is not None

    late, new = [planned(1, "Late?")], [planned(1, "New?")]
    await interviews.add_plan(pool, before.id, late, "en")
    assert await interviews.plan(pool, before.id) == (), "it was made for the language before"
    await interviews.add_plan(pool, before.id, new, "ko")
    await spoken.choose(pool, before.id, "ko")
    assert [one.text for one in await interviews.plan(pool, before.id)] == ["New?"]


@pytest.mark.parametrize("how", ["driven", "ended"])
async def test_what_has_begun_keeps_its_language(pool: asyncpg.Pool, how: str) -> None:
    stored = await an_interview(pool)
    if how == "driven":
        await lease(pool, stored.id)
    else:
        await pool.execute("UPDATE interviews SET status = 'ended' WHERE id = $1", stored.id)
    with pytest.raises(spoken.Begun):
        await spoken.choose(pool, stored.id, "ko")
    assert await language(pool, stored.id) == "en"
    assert len(await interviews.plan(pool, stored.id)) == 3


async def language(pool: asyncpg.Pool, interview_id: UUID) -> str:
    found: str = await pool.fetchval("SELECT language FROM interviews WHERE id = $1", interview_id)
    return found
