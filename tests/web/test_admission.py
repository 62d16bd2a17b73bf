"""A server that is full begins no interview, says so to whoever asks, and lets everybody back
in."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import asyncpg
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from server.fullness import RETRY_S
from server.store import resumes
from server.store.invitations import Person
from tests.live import Viva, browser, until
from tests.server.store.test_board import created
from tests.web.test_invited import READ, ask, invited
from tests.web.test_metrics import value

ROOM_FOR_ONE: dict[str, Any] = {
    "admission": "on",
    "max_sessions": 1,
    # However busy the machine of the tests is.
    "max_stt_wait_ms": 60_000,
    "max_loop_lag_ms": 60_000,
    "max_memory_percent": 100,
}


pytestmark = pytest.mark.viva(worker=False, **ROOM_FOR_ONE)


def ticket(viva: Viva, token: str) -> dict[str, Any]:
    return {"token": token, "websocket_url": viva.base.replace("http", "ws") + "/v1/realtime"}


async def test_one_more_is_not_begun_and_nobody_is_kept_out_of_what_runs(
    viva: Viva, pool: asyncpg.Pool
) -> None:
    first, second = [ticket(viva, (await created(pool, name)).token) for name in ("Ada", "Bo")]
    resume_id, _ = await resumes.add(pool, b"%PDF-c", "cv.pdf")
    await resumes.mark_ready(pool, resume_id, READ)
    _, link = await invited(pool, Person("Cho", None, resume_id))
    refused = value("viva_interviews_refused_total", cause="sessions")

    async with browser(first) as ada:
        await ada.event("viva.question", turn=1)
        answers = [
            await viva.http.post("/interviews/realtime", json={"resume_id": str(resume_id)}),
            await ask(viva, link, "POST", "/interview"),
        ]
        for answer in answers:
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == str(RETRY_S)
            assert answer.json()["code"] == "server_full"
            assert f"try again in {RETRY_S} s" in answer.json()["detail"]
        assert await turned_away(second, viva=True) == (4503, [])
        code, events = await turned_away(second, viva=False)
        assert (code, [event["type"] for event in events]) == (4503, ["error"])
        assert events[0]["error"]["code"] == "server_full"
        assert value("viva_interviews_refused_total", cause="sessions") == refused + 4
        parts = (await viva.http.get("/health/ready")).json()["parts"]
        (room,) = [part for part in parts if part["name"] == "room"]
        assert not room["ok"]
        assert room["detail"].startswith("full (sessions): 1 interviews")
        assert (await ask(viva, link)).json()["state"] == "opened", "the link leads there still"
    async with browser(first) as ada:  # back again, with the server as full as before
        await ada.event("viva.question", turn=1)
        await ada.send(type="viva.end")
        await ada.event("viva.ended")

    async def begun() -> bool | None:
        """As soon as the first is over."""
        async with browser(second) as bo:
            try:
                return bool(await bo.event("viva.question", 2.0, turn=1))
            except TimeoutError:
                return None

    assert await until(begun)


async def test_what_was_created_before_is_answered_again(viva: Viva, pool: asyncpg.Pool) -> None:
    """A client that sends the same request again has its interview, full or not."""
    resume_id, _ = await resumes.add(pool, b"%PDF-d", "cv.pdf")
    await resumes.mark_ready(pool, resume_id, READ)
    first = ticket(viva, (await created(pool, "Ada")).token)
    order: dict[str, Any] = {
        "json": {"resume_id": str(resume_id)},
        "headers": {"Idempotency-Key": "one"},
    }
    made = await viva.http.post("/interviews/realtime", **order)
    async with browser(first) as ada:
        await ada.event("viva.question", turn=1)
        again = await viva.http.post("/interviews/realtime", **order)
    assert (again.status_code, again.json()) == (201, made.json())


async def turned_away(ticket: dict[str, Any], *, viva: bool) -> tuple[int, list[dict[str, Any]]]:
    """How the connection was closed, and what was said before."""
    protocols: list[Any] = ["realtime", f"openai-insecure-api-key.{ticket['token']}"]
    if viva:
        protocols.append("viva.v1")
    events: list[dict[str, Any]] = []
    async with connect(ticket["websocket_url"], subprotocols=protocols) as socket:
        with suppress(ConnectionClosed):
            while True:
                events.append(json.loads(await socket.recv()))
    assert socket.close_code is not None
    assert "full" in (socket.close_reason or "")
    return socket.close_code, events
