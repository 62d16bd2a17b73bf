"""Broken events by the thousand: nothing breaks but they. VIVA_FUZZ_EVENTS sets how many."""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
import structlog.testing
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.live import Viva, running
from tests.mutation import Mutator
from tests.resumes import ENGLISH_RESUME, resume_pdf
from tests.stock import ORACLE

pytestmark = pytest.mark.engine

EVENTS = int(os.environ.get("VIVA_FUZZ_EVENTS", "4000"))
BATCH, PAUSE_S = 50, 0.03


@pytest.fixture
async def viva(database_url: str, redis_url: str) -> AsyncIterator[Viva]:
    async with running(database_url, redis_url) as system:
        yield system


@pytest.mark.parametrize("protocol", ["realtime", "viva.v1"])
async def test_broken_events_break_nothing(viva: Viva, protocol: str) -> None:
    unhandled: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
    resume_id = await viva.upload(resume_pdf(ENGLISH_RESUME))
    await viva.read(resume_id)
    mutator = Mutator(seed=EVENTS)
    await _end(await _new(viva, resume_id))  # what is started once is started now
    before = await _settled(viva)
    seen: Counter[str] = Counter()
    sent = 0
    with structlog.testing.capture_logs() as logs:
        while sent < EVENTS // 2:
            ticket = await _new(viva, resume_id)
            sent += await _torment(ticket, protocol, mutator, EVENTS // 2 - sent, seen)
            await _end(ticket)
        left = await _settled(viva) - before
    assert not left, left
    assert not unhandled
    assert not [entry for entry in logs if entry["log_level"] in ("error", "critical")]
    assert seen["error"] > sent // 20
    assert seen["session.created"] >= 1


async def _new(viva: Viva, resume_id: str) -> dict[str, Any]:
    answer = await viva.http.post("/interviews/realtime", json={"resume_id": resume_id})
    ticket: dict[str, Any] = answer.json()
    return ticket


async def _torment(
    ticket: dict[str, Any], protocol: str, mutator: Mutator, count: int, seen: Counter[str]
) -> int:
    """Send so many, or as many as it takes until the interview is over."""
    protocols: list[Any] = [protocol, f"openai-insecure-api-key.{ticket['token']}"]
    sent = 0
    async with connect(ticket["websocket_url"], subprotocols=protocols, max_size=None) as socket:
        reading = asyncio.create_task(_read(socket, seen, strict=protocol == "realtime"))
        try:
            while sent < count:
                for _ in range(min(BATCH, count - sent)):
                    await socket.send(mutator.event())
                    sent += 1
                await (await socket.ping())
                await asyncio.sleep(PAUSE_S)
        except ConnectionClosed:
            pass  # the interview is over, which the code tells
        await socket.close()
        await reading
        assert socket.close_code == 1000
    return sent


async def _read(socket: ClientConnection, seen: Counter[str], *, strict: bool) -> None:
    try:
        async for message in socket:
            if isinstance(message, str):
                event = json.loads(message)
                seen[event["type"]] += 1
                seen[event.get("error", {}).get("code", "")] += 1
                if strict:
                    ORACLE.validate_python(event, strict=True)
    except ConnectionClosed:
        pass


async def _end(ticket: dict[str, Any]) -> None:
    """So that its tasks can be counted, the interview must be over; its first question is heard."""
    protocols: list[Any] = ["viva.v1", f"openai-insecure-api-key.{ticket['token']}"]
    connected = connect(ticket["websocket_url"], subprotocols=protocols)
    async with asyncio.timeout(30), connected as socket:
        try:
            # It may have been left paused, or in the middle of an answer: no voice comes then.
            await socket.send('{"type": "viva.control", "control": "resume"}')
            async for message in socket:
                if isinstance(message, bytes) or '"floor":"listening"' in message:
                    await socket.send('{"type": "viva.end"}')
        except ConnectionClosed:
            pass


async def _settled(viva: Viva) -> Counter[str]:
    """The tasks by what they run, once nothing is going on any more."""
    tasks: Counter[str] = Counter()
    for _ in range(100):
        await asyncio.sleep(0.1)
        last, tasks = (
            tasks,
            Counter(str(task.get_coro()).split(" at ")[0] for task in asyncio.all_tasks()),
        )
        if last == tasks:
            break
    return tasks
