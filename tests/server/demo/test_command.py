"""``viva demo`` against a real server: held, rated, decided, disputed, and taken away."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import asyncpg
import pytest
from pydantic import SecretStr

from server.demo.command import Order, demonstrate
from server.load.clips import LoadError
from tests.live import free_port, running, until

pytestmark = pytest.mark.engine

KEY = "of-this-test-alone"


async def test_it_is_there_and_gone(database_url: str, redis_url: str) -> None:
    said: list[str] = []
    async with running(database_url, redis_url, interviewer_key=SecretStr(KEY)) as viva:
        viva.http.headers["Authorization"] = f"Bearer {KEY}"
        order = Order(viva.base, KEY, remove=False)
        showing = asyncio.create_task(demonstrate(order, said.append))

        async def there() -> bool | None:
            if showing.done():
                showing.result()
            return True if any("is in the interview now" in one for one in said) else None

        await until(there, 240)
        with pytest.raises(LoadError, match="there already"):
            await demonstrate(order, said.append)
        rows = (await viva.http.get("/v1/board", params={"limit": 20})).json()["items"]
        states = [row["state"] for row in rows]
        assert [states.count("finished"), states.count("scored"), len(states)] == [2, 3, 6]
        by_name = {row["candidate_name"]: row["interview_id"] for row in rows}
        asked = await viva.http.get(f"/v1/interviews/{by_name['Ines Calder']}/scorecards")
        assert [one["outcome"] for one in asked.json()["decisions"]] == ["advance"]
        shown = await viva.show(by_name["Amira Fenn"])
        assert (shown["status"], shown["end_reason"]) == ("ended", "complete")
        assert shown["target_role"] == "Product Designer"
        showing.cancel()
        with suppress(asyncio.CancelledError):
            await showing
        await demonstrate(Order(viva.base, KEY, remove=True), said.append)
    connection = await asyncpg.connect(database_url)
    tables = ("openings", "invitations", "interviews", "facts", "resumes")
    left = [await connection.fetchval(f"SELECT count(*) FROM {name}") for name in tables]
    await connection.close()
    assert said[-1] == "gone: the opening, and all that was kept of 6 people"
    assert left == [0, 0, 0, 0, 0]


async def test_a_server_that_is_not_there_is_said_to_be() -> None:
    with pytest.raises(LoadError, match="does not answer"):
        await demonstrate(Order(f"http://127.0.0.1:{free_port()}", None, remove=True), print)
