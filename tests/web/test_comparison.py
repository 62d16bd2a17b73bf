"""Two candidates side by side: what both were asked, and one's own levels after one's card."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import asyncpg

from server.store import openings
from server.store.openings import Opening
from server.store.scope import LOCAL, within
from tests.interviewed import TALK, held
from tests.live import running
from tests.web.house import company
from tests.web.test_reports import DATA, Desk, write


async def test_side_by_side(database_url: str, redis_url: str, pool: asyncpg.Pool) -> None:
    house = await company(pool, "Acme", LOCAL)
    with within(LOCAL):
        opening_id = await openings.add(pool, Opening("Pilot"))
    short = [TALK[0], *TALK[3:]]
    made = [await held(pool), await held(pool, short, name="Lee Min")]
    for one in made:
        await pool.execute(
            "UPDATE interviews SET opening_id = $1 WHERE id = $2", opening_id, one.interview_id
        )
        await write(pool, one)
    async with running(database_url, redis_url, worker=False) as viva:
        desk = Desk(viva, house, made[0], "interviewer")

        async def ask(*of: object) -> Any:
            path = f"/v1/openings/{opening_id}/comparison"
            query = {"of": [str(one) for one in of]}
            return (await viva.http.get(path, params=query, headers=desk.headers)).json()

        assert [one["candidate_name"] for one in (await ask())["choices"]] == [
            "Yuna Seo", "Lee Min",
        ]  # fmt: skip
        ids = [one.interview_id for one in made]
        for wrong in (ids[:1], [*ids, uuid4()], [ids[0], uuid4()]):
            assert (await ask(*wrong))["code"] == "comparison_few"
        told = await ask(*ids)
        cells = [
            [cell and (cell["topic"]["asked"], cell["probes"]) for cell in row["cells"]]
            for row in told["rows"]
        ]
        assert [row["text"] for row in told["rows"]][:2] == [TALK[0].question, TALK[3].question]
        assert cells[:3] == [[(True, 0), (True, 0)]] * 3
        alone = next(row for row in told["rows"] if row["text"] == TALK[1].question)
        assert (alone["common"], alone["cells"][1]) == (False, None)
        assert alone["cells"][0]["probes"] == 1
        assert [one["own"] for one in told["candidates"]] == [None, None]
        await desk.submit()
        own = [one["own"] for one in (await ask(*ids))["candidates"]]
        assert (own[0][DATA], own[1]) == ("yes", None)
