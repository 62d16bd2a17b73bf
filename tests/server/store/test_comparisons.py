"""Whom an opening lets one compare: those whose interviews are over, and who said something."""

from __future__ import annotations

import asyncpg

from server.store import comparisons, openings
from server.store.openings import Opening
from tests.interviewed import TALK, held


async def test_those_whose_interviews_are_over(pool: asyncpg.Pool) -> None:
    opening_id = await openings.add(pool, Opening("Pilot"))
    made = [await held(pool, name=name) for name in ("Yuna Seo", "Lee Min")]
    made.append(await held(pool, name="Still there", over=False))
    await held(pool, name="Elsewhere")
    of = [one.interview_id for one in made]
    await pool.execute("UPDATE interviews SET opening_id = $1 WHERE id = ANY($2)", opening_id, of)
    found = await comparisons.candidates(pool, opening_id)
    assert [(one.interview_id, one.candidate_name) for one in found] == [
        (of[0], "Yuna Seo"), (of[1], "Lee Min"),
    ]  # fmt: skip
    plan = await comparisons.plan(pool, of[0])
    assert [one.ordinal for one in plan] == [1, 2, 3, 4, 5]
    assert TALK[1].question in plan[1].texts
