"""A candidate may say that they would rather speak with a person, and lose nothing by it."""

from __future__ import annotations

import asyncpg

from tests.live import running
from tests.web.house import company


async def test_the_people_who_hire_see_it_and_the_interview_stays_open(
    database_url: str, redis_url: str, pool: asyncpg.Pool
) -> None:
    async with running(database_url, redis_url, worker=False) as viva:
        here = await company(pool, "Hereby")
        candidate, viewer = here.headers["candidate"], here.headers["viewer"]
        interview = f"/v1/interviews/{here.ids['interview_id']}"

        async def listed() -> str | None:
            (one,) = (await viva.http.get("/v1/interviews", headers=viewer)).json()["items"]
            shown = (await viva.http.get(interview, headers=viewer)).json()
            assert one["person_asked_at"] == shown["person_asked_at"]
            asked_at: str | None = one["person_asked_at"]
            return asked_at

        async def ask(*, wanted: bool) -> str | None:
            answer = await viva.http.put(
                f"{interview}/person", json={"wanted": wanted}, headers=candidate
            )
            assert answer.status_code == 200
            asked_at: str | None = answer.json()["asked_at"]
            return asked_at

        assert await listed() is None
        since = await ask(wanted=True)
        assert since is not None
        assert await ask(wanted=True) == since == await listed()
        assert (await viva.http.get(f"{interview}/consent", headers=candidate)).status_code == 200
        assert await ask(wanted=False) is None
        assert await listed() is None
    actions = await pool.fetch(
        "SELECT action FROM audit WHERE actor = $1 ORDER BY n",
        f"candidate {here.ids['interview_id']}",
    )
    assert [row["action"] for row in actions] == ["person.asked", "person.not_asked"]
