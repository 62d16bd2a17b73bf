"""The interviewer's socket: typed facts, stored ones first, at its address and the one before."""

from __future__ import annotations

import asyncio
import json
from uuid import UUID, uuid4

import asyncpg
import msgspec
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from server.core.events import CandidateConnected, Fact, InterviewStarted, QuestionAsked
from server.realtime import wire
from server.realtime.wire import FactsTold, FactTold
from server.store import facts
from tests.driver import lease
from tests.live import Browser, Viva, browser, running, watcher
from tests.resumes import ENGLISH_RESUME, KOREAN_RESUME
from tests.speech import recording, silence, spoken


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


async def test_what_came_before_comes_together_to_whoever_asks_for_it(
    viva: Viva, pool: asyncpg.Pool
) -> None:
    ticket = await viva.interview(KOREAN_RESUME)
    interview_id = UUID(ticket["interview_id"])
    epoch = await lease(pool, interview_id)
    await facts.append(
        pool, interview_id, epoch, 1, [InterviewStarted("보안 엔지니어", "ko"), ASKED]
    )
    async with connect(address(viva, "/v1", interview_id) + "&together=true") as socket:
        before = msgspec.json.decode(await socket.recv(), type=FactsTold)
        await facts.append(pool, interview_id, epoch, 3, [CandidateConnected(0)])
        live = json.loads(await socket.recv())
    assert [json.loads(bytes(one))["seq"] for one in before.facts] == [1, 2]
    assert msgspec.json.decode(before.facts[1], type=FactTold[QuestionAsked]).data == ASKED
    assert (live["type"], live["seq"]) == ("fact", 3)


@pytest.mark.parametrize("prefix", ["/v1", ""])
async def test_of_no_interview_nothing_is_told(viva: Viva, prefix: str) -> None:
    async with connect(address(viva, prefix, uuid4())) as socket:
        with pytest.raises(ConnectionClosedError) as closed:
            await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4404


FRAME = 1_280
"""Bytes, 40 ms."""


async def lead(interviewer: Browser, pcm: bytes) -> None:
    """They say it again and again, from their first sample on, until words of it come: where the
    machine has much to do, those of an answer that is over go first."""
    for at in range(0, 100 * len(pcm), FRAME):
        begin = at % len(pcm)
        header = wire.AUDIO_HEADER.pack(at // 2, 0)
        await interviewer.socket.send(header + pcm[begin : begin + FRAME])
        await asyncio.sleep(0.04)
        if begin + FRAME >= len(pcm) and came(interviewer, "person_partial"):
            return


async def answer(candidate: Browser, interviewer: Browser, pcm: bytes) -> None:
    """Likewise."""
    for _ in range(20):
        await candidate.say(pcm)
        if came(interviewer, "partial"):
            return


def came(who: Browser, kind: str) -> bool:
    return any(event["type"] == kind for event in who.events)


@pytest.mark.engine
async def test_all_that_is_sent_is_as_the_document_says(database_url: str, redis_url: str) -> None:
    """Both connections hold what comes against docs/asyncapi.json; here all of it comes."""
    async with running(database_url, redis_url, interviewer_key="interviewers-only") as viva:
        viva.http.headers["authorization"] = "Bearer interviewers-only"
        ticket = await viva.interview(ENGLISH_RESUME)
        async with watcher(viva, ticket["interview_id"]) as interviewer, browser(ticket) as there:
            await there.hear_question(1)
            await interviewer.send(type="listen", on=True)
            await there.event("viva.person", step="listen")
            await answer(there, interviewer, recording("two_cities.wav", 9.0))
            await interviewer.event("partial")
            assert interviewer.voice, "they hear the candidate"
            await interviewer.send(type="speak", on=True, now=True)
            step_id = (await interviewer.event("voice"))["step_id"]
            taken = await there.event("viva.question", reason="taken_over")
            await there.hear_question(taken["turn"])
            said = await spoken("What did you learn from all of it, and what would you do again?")
            await lead(interviewer, said[: len(said) // FRAME * FRAME] + silence(2.0))
            await interviewer.event("person_partial")
            await interviewer.event("kept", step_id=step_id)
            await there.event("viva.person", step="said")
            await interviewer.send(type="speak", on=False)
            await there.event("viva.person", step="hand_back")
    told = {event.get("kind", event["type"]) for event in interviewer.events}
    assert told >= {"partial", "person_partial", "voice", "kept", "stepped_in", "segment_heard"}
