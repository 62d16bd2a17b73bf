"""A person steps into a running interview, over HTTP and the socket, and both sides are told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from server.core.events import InterviewEnded
from server.store import facts
from server.web.principal import KEY_PROTOCOL
from tests.driver import lease
from tests.live import Viva, running
from tests.server.store.test_board import LISTENED, created

Fits = Callable[[dict[str, Any]], bool]
KEY = "interviewers-only"
OWN = "What would you have done with twice the time?"


@pytest.fixture
async def viva(database_url: str, redis_url: str) -> AsyncIterator[Viva]:
    async with running(database_url, redis_url, worker=False, interviewer_key=KEY) as system:
        system.http.headers["authorization"] = f"Bearer {KEY}"
        yield system


async def come(socket: ClientConnection, fits: Fits) -> dict[str, Any]:
    """The next event that fits."""
    async with asyncio.timeout(20):
        while True:
            frame = await socket.recv()
            event: dict[str, Any] = json.loads(frame) if isinstance(frame, str) else {"type": ""}
            if fits(event):
                return event


async def all_of(socket: ClientConnection, *wanted: Fits) -> None:
    """In any order."""
    if wanted:
        got = await come(socket, lambda event: any(fits(event) for fits in wanted))
        await all_of(socket, *(fits for fits in wanted if not fits(got)))


async def sound(socket: ClientConnection) -> None:
    """Of the candidate."""
    async with asyncio.timeout(10):
        while not isinstance(frame := await socket.recv(), bytes) or frame[:1] != b"\x01":
            pass


def of(kind: str, **says: Any) -> Callable[[dict[str, Any]], bool]:
    return lambda event: event["type"] == kind and says.items() <= event.items()


def fact(kind: str, **says: Any) -> Callable[[dict[str, Any]], bool]:
    def fits(event: dict[str, Any]) -> bool:
        return event.get("kind") == kind and says.items() <= event["data"].items()

    return fits


async def taken_over(watcher: ClientConnection, candidate: ClientConnection) -> None:
    """And handed back."""
    await watcher.send("nonsense")
    await watcher.send(json.dumps({"type": "speak", "on": True, "now": True}))
    voice = await come(watcher, of("voice"))
    taken = await come(watcher, fact("stepped_in", step="take_over"))
    assert taken["data"]["step_id"] == voice["step_id"]
    await come(candidate, of("viva.question", reason="taken_over"))
    other = {"type": "speak", "on": True, "step_id": str(uuid4())}
    await watcher.send(json.dumps(other))  # is nobody's, and takes nothing over
    await watcher.send(json.dumps({"type": "speak", "on": False}))
    back = await come(watcher, lambda event: event.get("kind") == "stepped_in")
    assert back["data"]["step"] == "hand_back"


async def test_everything_a_person_can_do(viva: Viva, pool: asyncpg.Pool) -> None:
    made = await created(pool, "Nora")
    base = viva.base.replace("http", "ws")
    protocols = [Subprotocol("viva.v1"), Subprotocol(f"{KEY_PROTOCOL}{made.token}")]
    own = [Subprotocol("viva"), Subprotocol(f"{KEY_PROTOCOL}{KEY}")]
    steps = f"/v1/interviews/{made.interview_id}/steps"

    async def step(status: int = 202, **order: Any) -> dict[str, Any]:
        answer = await viva.http.post(steps, json=order)
        assert answer.status_code == status, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async with (
        connect(f"{base}/v1/realtime", subprotocols=protocols) as candidate,
        connect(f"{base}/v1/interviews/{made.interview_id}/watch", subprotocols=own) as watcher,
    ):
        await come(candidate, of("viva.company", people=1, listening=0))
        await come(watcher, fact("question_asked"))
        line = "Can you move closer to the microphone?"
        taken = await step(step="line", text=line)
        await come(candidate, of("viva.person", step="line", text=line))
        told = await come(watcher, fact("stepped_in", step="line"))
        assert (told["data"]["step_id"], told["data"]["by"]) == (taken["step_id"], "interviewer")
        warned = await step(step="question", text="Are you married?")
        assert (warned["step_id"], warned["warned"]) == (None, "private")
        warned = await step(step="line", text="Is your husband at home?")
        assert (warned["step_id"], warned["warned"]) == (None, "private")
        sure = await step(step="question", text="Are you married?", sure=True, now=True)
        assert sure["warned"] == "private"
        asked = fact("question_asked", source="interviewer", text="Are you married?")
        await come(watcher, asked)
        assert (await step(step="question", text=OWN, now=True))["warned"] is None
        await come(candidate, of("viva.question", text=OWN, source="interviewer"))
        await step(step="topic", text="on-call", now=True, sure=True)
        topic = await come(candidate, of("viva.question", source="bank"))
        assert "on-call" in topic["text"]
        await step(step="time", minutes=5)
        await come(candidate, of("viva.person", step="time", minutes=5))
        await step(step="pause")
        await come(candidate, of("viva.control", control="pause", by="interviewer"))
        await step(step="resume")
        await come(candidate, of("viva.control", control="resume"))
        await watcher.send(json.dumps({"type": "listen", "on": True}))
        await all_of(candidate, of("viva.person", step="listen"), of("viva.company", listening=1))
        await candidate.send(bytes(1_280))
        await sound(watcher)
        await taken_over(watcher, candidate)
        await step(status=422, step="line", text=" ")
        await step(status=400, step="dance")
        (row,) = (await viva.http.get("/v1/board")).json()["items"]
        assert (row["people"], row["minutes"]) == (1, 35)
        await step(step="stop")
        await come(candidate, of("viva.ended", reason="interviewer"))
    await step(status=409, step="line", text=line)
    log = await pool.fetch("SELECT detail->>'step' AS step FROM audit WHERE action = $1",
        "interview.stepped_in")  # fmt: skip
    assert {row["step"] for row in log} >= {"line", "question", "topic", "time", "listen", "stop"}


async def test_what_nobody_drives_any_more_can_be_stopped(viva: Viva, pool: asyncpg.Pool) -> None:
    made = await created(pool, "Nora")
    epoch = await lease(pool, made.interview_id)
    await facts.append(pool, made.interview_id, epoch, 1, LISTENED)
    await pool.execute("UPDATE leases SET holder = NULL, held_until = now()")
    answer = await viva.http.post(
        f"/v1/interviews/{made.interview_id}/steps", json={"step": "stop"}
    )
    assert answer.status_code == 202
    async with asyncio.timeout(20):
        while not await ended(pool, made.interview_id):
            await asyncio.sleep(0.05)


async def ended(pool: asyncpg.Pool, interview_id: UUID) -> list[InterviewEnded]:
    told = facts.told(await facts.everything(pool, interview_id))
    return [one for one in told if isinstance(one, InterviewEnded)]
