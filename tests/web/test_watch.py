"""The interviewer's socket: typed facts, stored ones first, at its address and the one before."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import msgspec
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from server.core.events import CandidateConnected, Fact, InterviewStarted, QuestionAsked
from server.realtime.wire import FactTold
from server.store import facts
from tests.driver import lease
from tests.live import Viva, running
from tests.resumes import KOREAN_RESUME


@pytest.fixture
async def viva(database_url: str, redis_url: str) -> AsyncIterator[Viva]:
    async with running(database_url, redis_url) as system:
        yield system


def address(viva: Viva, prefix: str, interview_id: object, after: int = 0) -> str:
    base = viva.base.replace("http", "ws")
    return f"{base}{prefix}/interviews/{interview_id}/watch?after={after}"


ASKED = QuestionAsked(
    turn=1, question_id=str(uuid4()), text="왜 지원하셨나요?", source="bank", kind="opening",
    stage="motivation", parent_id=None, model=None, reason="no model", language="ko", prompt=None,
)  # fmt: skip


@pytest.mark.parametrize("prefix", ["/v1", ""])
async def test_every_fact_is_told_as_its_type(viva: Viva, pool: asyncpg.Pool, prefix: str) -> None:
    ticket = await viva.interview(KOREAN_RESUME)
    interview_id = UUID(ticket["interview_id"])
    stored: list[Fact] = [InterviewStarted("보안 엔지니어", "ko"), ASKED]
    epoch = await lease(pool, interview_id)
    await facts.append(pool, interview_id, epoch, 1, stored)
    async with connect(address(viva, prefix, interview_id)) as socket:
        told = [await socket.recv(), await socket.recv()]
        await facts.append(pool, interview_id, epoch, 3, [CandidateConnected(0)])
        live = json.loads(await socket.recv())
    first = msgspec.json.decode(told[0], type=FactTold[InterviewStarted])
    assert (first.seq, first.kind, first.data) == (1, "interview_started", stored[0])
    second = msgspec.json.decode(told[1], type=FactTold[QuestionAsked])
    assert (second.seq, second.kind, second.data) == (2, "question_asked", ASKED)
    assert json.loads(told[1])["type"] == "fact"
    assert second.recorded_at.utcoffset() is not None
    assert (live["seq"], live["kind"]) == (3, "candidate_connected")
    async with connect(address(viva, prefix, interview_id, after=2)) as socket:
        assert json.loads(await socket.recv())["seq"] == 3


@pytest.mark.parametrize("prefix", ["/v1", ""])
async def test_of_no_interview_nothing_is_told(viva: Viva, prefix: str) -> None:
    async with connect(address(viva, prefix, uuid4())) as socket:
        with pytest.raises(ConnectionClosedError) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4404
