"""Real speech through the real socket, VAD and recogniser, into the database and to a watcher."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from bench.readings import readings, units
from server.core.rules import Stage
from server.load.alignment import alignment
from server.store import templates
from server.store.pool import open_pool
from server.store.templates import Template
from tests.databases import AT_HOME, Kept, connected
from tests.live import ON_ONE_SERVER, Viva, browser, running, watcher
from tests.resumes import ENGLISH_RESUME, KOREAN_RESUME
from tests.speech import READINGS, reading, recording, silence

pytestmark = ON_ONE_SERVER

SHORT = Template(
    "Short", (Stage("introduction"), Stage("experience"), Stage("closing")),
    minutes=20, follow_ups=0,
)  # fmt: skip
"""Three questions."""
SAID = (("reading3.wav", 17.9, 2), ("reading1.wav", 9.5, 1), ("reading2.wav", 8.2, 1))
"""What a candidate says in turn: a reading, up to this second, which is so many sentences of it."""


async def test_a_recorded_answer_is_heard_stored_followed_up_and_watched(viva: Viva) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    interview_id = ticket["interview_id"]
    async with watcher(viva, interview_id) as interviewer, browser(ticket) as candidate:
        session = await candidate.event("viva.session")
        assert session["target_role"] == "Data Engineer"
        opening = await candidate.hear_question(1)
        assert "Data Engineer" in opening
        await candidate.say(recording("two_cities.wav", 9.0) + silence(5.0), speed=6)
        answer = await candidate.event("conversation.item.input_audio_transcription.completed")
        assert "best of times" in answer["transcript"].lower()
        question = await candidate.event("viva.question", turn=2)
        assert question["text"] != opening
        await candidate.event("viva.voice_done", turn=2)
        assert len(candidate.voice[2]) > 24_000
        seen = await interviewer.event("fact", kind="question_asked")
        assert seen["data"]["text"] == opening
        heard = await interviewer.event("fact", kind="answer_given")
        # Heard once more as a whole, where there is time: the surer words stand.
        assert "best of times" in heard["data"]["text"].lower()
    shown = await viva.show(interview_id)
    (stored,) = shown["answers"]
    assert "best of times" in stored["text"].lower()
    assert stored["engine"].startswith("whisper base")
    assert stored["timings"]["speech_end_ms"] > stored["timings"]["speech_start_ms"]
    asked = [question for question in shown["questions"] if question["turn"]]
    assert [question["kind"] for question in asked] in (
        ["opening", "follow_up"],
        ["opening", "planned"],  # a novel says nothing of work that could be gone into
    )
    if asked[1]["kind"] == "follow_up":
        assert asked[1]["parent"] == asked[0]["id"]
    assert {question["source"] for question in asked} == {"bank"}


async def test_everything_is_still_there_after_a_restart_and_goes_on(
    database_url: str, redis_url: str
) -> None:
    async with running(database_url, redis_url) as before:
        ticket = await before.interview(ENGLISH_RESUME)
        async with browser(ticket) as candidate:
            await candidate.hear_question(1)
            await candidate.send(**typed("I built the nightly export pipeline in Airflow myself."))
            second = (await candidate.event("viva.question", turn=2))["text"]
    async with running(database_url, redis_url) as after:
        shown = await after.show(ticket["interview_id"])
        assert [answer["text"] for answer in shown["answers"]] == [
            "I built the nightly export pipeline in Airflow myself."
        ]
        ticket["websocket_url"] = after.base.replace("http", "ws") + "/v1/realtime"
        async with browser(ticket) as candidate:
            assert (await candidate.event("viva.question", turn=2))["text"] == second
            await candidate.hear_question(2)
            await candidate.send(**typed("The retries were the hardest part of all of it."))
            await candidate.event("viva.question", turn=3)


async def test_a_korean_interview_asks_in_korean_and_takes_typed_answers(viva: Viva) -> None:
    ticket = await viva.interview(KOREAN_RESUME)
    assert (ticket["language"], ticket["target_role"]) == ("ko", "보안 엔지니어")
    async with browser(ticket) as candidate:
        opening = await candidate.hear_question(1)
        assert "보안 엔지니어" in opening
        answer = "침입 탐지 시스템을 구축하면서 오탐을 삼십 퍼센트 줄였습니다."
        await candidate.send(**typed(answer))
        question = await candidate.event("viva.question", turn=2)
        assert question["kind"] in ("follow_up", "planned")
        await candidate.event("viva.voice_done", turn=2)
        await candidate.send(type="viva.end")
        assert (await candidate.event("viva.ended"))["reason"] == "candidate"
    shown = await viva.show(ticket["interview_id"])
    assert (shown["status"], shown["end_reason"]) == ("ended", "candidate")


def said_in_all() -> str:
    transcripts = {one.name: one.transcript.split(". ") for one in readings(READINGS)}
    return " ".join(one for name, _, number in SAID for one in transcripts[name][:number])


async def test_a_whole_korean_interview_is_spoken_and_heard_to_its_end(
    viva: Viva, shared: Kept
) -> None:
    async with await open_pool(shared.url, scope=AT_HOME) as pool:
        short = replace(viva, template_id=str(await templates.add(pool, SHORT)))
    ticket = await short.interview(KOREAN_RESUME)
    interview_id = ticket["interview_id"]
    async with browser(ticket) as candidate, watcher(short, interview_id) as interviewer:
        for turn, (name, seconds, _) in enumerate(SAID, start=1):
            await candidate.hear_question(turn)
            await candidate.say(reading(name, seconds) + silence(4.0), speed=6)
            await candidate.event("viva.question", turn=turn + 1, seconds=40)
        farewell = await candidate.event("viva.question", turn=len(SAID) + 1)
        assert farewell["kind"] == "closing"
        done = await candidate.event("viva.voice_done", turn=len(SAID) + 1)
        played = {"turn": len(SAID) + 1, "played_ms": done["duration_ms"], "complete": True}
        await candidate.send(type="viva.played", **played)
        assert (await candidate.event("viva.ended"))["reason"] == "complete"
        ended = await interviewer.event("fact", kind="interview_ended")
        assert ended["data"] == {"reason": "complete"}
        heard = await interviewer.event("fact", kind="segment_heard")
        assert heard["data"]["sounds_like"]["language"] == "ko"
        assert all(0 <= word["sure"] <= 1 for word in heard["data"]["words"])
    shown = await short.show(interview_id)
    assert (shown["status"], shown["end_reason"]) == ("ended", "complete")
    assert [one["turn"] for one in shown["answers"]] == [1, 2, 3]
    planned = [one for one in shown["questions"] if one["ordinal"]]
    assert [one["outcome"] for one in planned] == ["answered"] * 3
    for answer in shown["answers"]:
        assert (answer["language"], answer["gaps"]) == ("ko", [])
        assert answer["engine"].startswith("whisper base")
        assert answer["clear"] == answer["text"], "nothing of it was taken for noise"
    told = units(" ".join(one["text"] for one in shown["answers"]), "ko")
    meant = units(said_in_all(), "ko")
    errors = alignment(meant, told).errors
    assert errors / len(meant) <= 0.15
    async with connected(shared.url) as database:
        waits = "SELECT count(*) FROM pending_segments WHERE interview_id = $1"
        assert await database.fetchval(waits, UUID(interview_id)) == 0


async def test_what_cannot_be_understood_gets_an_error_and_the_session_lives_on(
    viva: Viva,
) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    async with browser(ticket) as candidate:
        await candidate.hear_question(1)
        bad: list[Any] = [
            "{", "[]", '{"type": "no.such.event"}', '{"type": "input_audio_buffer.append"}',
            '{"type": "conversation.item.create", "item": {"content": 3}}', "\x00" * 50,
            '{"type": "viva.played", "turn": "x"}', '{"type": "response.create"}', "[" * 5_000,
            '{"type": "input_audio_buffer.append", "audio": "%%%"}',
        ]  # fmt: skip
        for message in bad:
            await candidate.socket.send(message)
        await candidate.send(**typed("I am still here \x00 and I can still answer this."))
        await candidate.event("viva.question", turn=2)
        errors = [event for event in candidate.events if event["type"] == "error"]
        assert len(errors) == len(bad) - 1  # an append without audio is empty audio
        for event in errors:
            assert event["error"]["message"]
            assert event["error"]["code"]


async def test_a_wrong_token_is_told_so(viva: Viva) -> None:
    url = viva.base.replace("http", "ws") + "/v1/realtime"
    for token in ("wrong", ""):
        headers = {"Authorization": f"Bearer {token}"}
        page: Any = ["viva.v1"]
        async with connect(url, subprotocols=page, additional_headers=headers) as socket:
            with pytest.raises(ConnectionClosed):
                await socket.recv()
            assert socket.close_code == 4401, token


async def test_the_newer_connection_takes_over(viva: Viva) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    async with browser(ticket) as first:
        await first.hear_question(1)
        async with browser(ticket) as second:
            await first.socket.wait_closed()
            assert first.socket.close_code == 4001
            await second.hear_question(1)


async def test_a_stock_client_gets_openai_events_only(viva: Viva) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    headers = {"Authorization": f"Bearer {ticket['token']}"}
    types: list[str] = []
    async with connect(ticket["websocket_url"], additional_headers=headers) as socket:
        async with asyncio.timeout(60):
            while "response.done" not in types:
                types.append(json.loads(await socket.recv())["type"])
            chunk = base64.b64encode(bytes(4_800)).decode()
            await socket.send(json.dumps({"type": "input_audio_buffer.append", "audio": chunk}))
    assert types[0] == "session.created"
    assert not [kind for kind in types if kind.startswith("viva.")]
    assert types.index("response.created") < types.index("response.output_audio.delta")


def typed(text: str) -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    item = {"type": "message", "role": "user", "content": content}
    return {"type": "conversation.item.create", "item": item}
