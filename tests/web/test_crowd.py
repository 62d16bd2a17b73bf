"""So many of one address at a time; a proxy's are those of whom it asks for."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from server.web.crowd import LOOPBACK, Crowd, Crowded
from tests.web.test_metrics import value


def test_each_address_has_its_own_room_and_gets_it_back() -> None:
    crowd = Crowd(2, [])
    refused = value("viva_strangers_refused_total", what="connections")
    assert [crowd.come("192.0.2.1") for _ in range(3)] == [True, True, False]
    assert value("viva_strangers_refused_total", what="connections") == refused + 1
    assert crowd.come("192.0.2.2")
    crowd.leave("192.0.2.1")
    assert crowd.come("192.0.2.1")
    for address in ("192.0.2.1", "192.0.2.1", "192.0.2.2"):
        crowd.leave(address)
    assert not crowd._here, "nothing is kept of who left"


def test_proxies_and_this_machine_are_not_counted() -> None:
    crowd = Crowd(1, [*LOOPBACK, "10.0.0.0/8", "192.0.2.9"])
    for address in ("127.0.0.1", "::1", "10.1.2.3", "192.0.2.9"):
        assert all(crowd.come(address) for _ in range(5))
    assert crowd.come("a name")
    assert not crowd.come("a name")
    assert all(Crowd(0, []).come("192.0.2.1") for _ in range(5_000))


class Inside:
    """An application in which whoever came stays."""

    def __init__(self) -> None:
        self.open = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.open.wait()


async def asked(door: Crowded, kind: str, client: Any) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": f"{kind}.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope: Any = {"type": kind, "client": client}
    await door(scope, receive, send)  # type: ignore[arg-type]
    return sent


async def test_what_is_being_answered_and_what_is_open_counts() -> None:
    inside = Inside()
    door = Crowded(inside, Crowd(2, []))
    staying = [
        asyncio.create_task(asked(door, kind, ("192.0.2.1", 1))) for kind in ("http", "websocket")
    ]
    await asyncio.sleep(0)
    start, body = await asked(door, "http", ("192.0.2.1", 2))
    assert start["status"] == 429
    assert json.loads(body["body"])["code"] == "too_many_connections"
    (closed,) = await asked(door, "websocket", ("192.0.2.1", 3))
    assert (closed["type"], closed["code"]) == ("websocket.close", 1013)
    inside.open.set()
    assert await asyncio.gather(*staying) == [[], []]
    assert await asked(door, "http", ("192.0.2.1", 4)) == []
    assert await asked(door, "http", None) == []
