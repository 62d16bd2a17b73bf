"""The board over HTTP: pages, filters and counts, and who is there just now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from server.core.events import CandidateDisconnected
from server.store.scope import LOCAL
from server.web.principal import KEY_PROTOCOL
from tests.live import Viva, until
from tests.server.store.test_board import LISTENED, another, created, tell
from tests.server.store.test_standings import HEARD, READ

pytestmark = pytest.mark.viva(worker=False)


async def test_all_of_it_page_by_page_with_counts(viva: Viva, pool: asyncpg.Pool) -> None:
    made = [await another(pool, name) for name in ("Imani", "Tomás", "Haru", "Nora")]
    await tell(pool, made[0], [*LISTENED, HEARD, READ])
    await tell(pool, made[1], [*LISTENED, CandidateDisconnected(0)])
    first = (await viva.http.get("/v1/board", params={"limit": 3})).json()
    assert first["counts"] == {"needs": 2, "running": 0, "to_score": 0, "coming": 2, "closed": 0}
    assert [row["candidate_name"] for row in first["items"][:2]] == ["Imani", "Tomás"]
    asks = first["items"][0]
    assert (asks["state"], asks["asks"], asks["question"]) == ("asks", [1], HEARD.text)
    assert (asks["status"], asks["turns"], asks["topics"]) == ("live", 1, 0)
    rest = {"limit": 3, "cursor": first["next_cursor"]}
    last = (await viva.http.get("/v1/board", params=rest)).json()
    assert last["next_cursor"] is None
    shown = [UUID(row["interview_id"]) for row in (*first["items"], *last["items"])]
    assert sorted(shown) == sorted(made)
    params = {"group": "needs", "search": "tom", "language": "en"}
    found = (await viva.http.get("/v1/board", params=params)).json()
    assert [row["candidate_name"] for row in found["items"]] == ["Tomás"]
    assert found["counts"]["coming"] == 0
    of_none = (await viva.http.get("/v1/board", params={"opening_id": str(LOCAL)})).json()
    assert of_none["items"] == []
    for wrong, status in (
        ({"group": "x"}, 400),
        ({"cursor": "x"}, 422),
        ({"opening_id": "x"}, 400),
    ):
        assert (await viva.http.get("/v1/board", params=wrong)).status_code == status


async def test_who_is_there_just_now_is_told_within_seconds(viva: Viva, pool: asyncpg.Pool) -> None:
    made = await created(pool, "Nora")
    url = f"{viva.base.replace('http', 'ws')}/v1/realtime"
    protocols = [Subprotocol("viva.v1"), Subprotocol(f"{KEY_PROTOCOL}{made.token}")]

    async def row(wanted: str) -> dict[str, Any] | None:
        (one,) = (await viva.http.get("/v1/board")).json()["items"]
        return one if one["state"] == wanted else None

    async with connect(url, subprotocols=protocols) as socket:
        await socket.recv()
        begun = await until(lambda: row("speaking"), 20)
        assert (begun["here"], begun["minutes"], begun["status"]) == (True, 30, "live")
    gone = await until(lambda: row("cut_off"), 20)
    assert not gone["here"]
