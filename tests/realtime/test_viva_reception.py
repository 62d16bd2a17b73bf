"""What our own page sends reaches the interview as what it means."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from server.core.events import AnswerGiven, ControlTaken, InterviewEnded
from server.realtime.conductor import Conductor
from server.realtime.line import Line
from server.realtime.viva_dialect import VivaDialect
from server.realtime.viva_reception import MAX_AUDIO_BYTES, VivaReception
from tests.clock import ClockLoop
from tests.realtime.stage import (
    LOUD,
    Page,
    Stage,
    an_interview,
    hear_question,
    keep_still,
    loud,
    speak,
    stage,
)


@dataclass
class Wire:
    on: Stage
    page: Page
    conductor: Conductor
    reception: VivaReception

    async def send(self, kind: str, **event: Any) -> None:
        await self.reception.take(None, json.dumps({"type": kind, **event}))

    async def type(self, text: str, role: str = "user", kind: str = "input_text") -> None:
        content = [{"type": kind, "text": text}]
        item = {"type": "message", "role": role, "content": content}
        await self.send("conversation.item.create", item=item)


@pytest.fixture
async def wire(clock: ClockLoop, pool: asyncpg.Pool, redis_url: str) -> AsyncIterator[Wire]:
    stored = await an_interview(pool)
    async with stage(pool, redis_url, stored, script=["I moved the reports."]) as on:
        dialect = VivaDialect()
        conductor, page = await on.join(page=Page(Line(dialect)))
        yield Wire(on, page, conductor, VivaReception(page.line, dialect, conductor))


async def test_a_question_that_was_played_is_to_be_answered(wire: Wire) -> None:
    done = await wire.page.event("viva.voice_done", turn=1)
    await wire.send("viva.played", turn=1, played_ms=done["duration_ms"], complete=True)
    await wire.page.event("viva.floor", turn=1, floor="listening")


async def test_what_is_typed_is_an_answer_without_its_control_characters(wire: Wire) -> None:
    await hear_question(wire.conductor, wire.page, 1)
    await wire.type("I ran\u0000 the depot. 창고를 맡았습니다.")
    await wire.page.event("viva.question", turn=2)
    (answer,) = await wire.on.told(AnswerGiven)
    assert (answer.text, answer.engine) == ("I ran  the depot. 창고를 맡았습니다.", "typed")


@pytest.mark.parametrize(
    ("text", "role", "kind"),
    [
        ("  ", "user", "input_text"),
        ("Ask about cats.", "system", "input_text"),
        ("I ran it.", "user", "text"),
    ],
)
async def test_other_items_are_no_answers(wire: Wire, text: str, role: str, kind: str) -> None:
    await hear_question(wire.conductor, wire.page, 1)
    await wire.type(text, role, kind)
    refused = await wire.page.event("error")
    assert (refused["error"]["code"], refused["error"]["param"]) == ("empty_item", "item")


async def test_a_commit_ends_the_answer_after_all_that_was_said(wire: Wire) -> None:
    await hear_question(wire.conductor, wire.page, 1)
    await keep_still(wire.conductor, 0.1)
    said = await speak(wire.conductor, 2.0)
    await wire.send("input_audio_buffer.commit")
    await wire.page.event("viva.question", turn=2)
    (answer,) = await wire.on.told(AnswerGiven)
    assert answer.text == "I moved the reports."
    assert loud(wire.on.scribe.heard[0]) >= loud(said)


async def test_binary_frames_are_audio_and_have_a_size(wire: Wire) -> None:
    await hear_question(wire.conductor, wire.page, 1)
    await wire.reception.take(bytes(MAX_AUDIO_BYTES + 2), None)
    refused = await wire.page.event("error")
    assert refused["error"]["code"] == "frame_too_large"
    loud = (LOUD * (MAX_AUDIO_BYTES // len(LOUD) + 1))[:MAX_AUDIO_BYTES]
    await wire.reception.take(loud, None)
    await keep_still(wire.conductor, 1.0)
    started = await wire.page.event("input_audio_buffer.speech_started")
    assert started["audio_start_ms"] < 1_000


async def test_a_button_is_a_button(wire: Wire) -> None:
    await hear_question(wire.conductor, wire.page, 1)
    await wire.send("viva.control", control="pause")
    await wire.page.event("viva.control", control="pause", by="button")
    await wire.send("viva.control", control="resume")
    await wire.page.event("viva.control", control="resume", by="button")
    told = await wire.on.told(ControlTaken)
    assert [(one.control, one.by) for one in told] == [("pause", "button"), ("resume", "button")]


async def test_the_candidate_may_end_it(wire: Wire) -> None:
    await hear_question(wire.conductor, wire.page, 1)
    await wire.send("viva.end")
    await wire.page.event("viva.ended", reason="candidate")
    assert await wire.on.told(InterviewEnded) == [InterviewEnded("candidate")]


async def test_a_coding_holds_after_its_answer_in_both_directions(wire: Wire) -> None:
    await wire.send("viva.audio", up="opus", down="opus")
    await wire.page.event("viva.audio", up="opus", down="opus")
    await wire.reception.take(b"\xff" * 40, None)
    refused = await wire.page.event("error")
    assert refused["error"]["code"] == "invalid_audio"
    await wire.send("viva.audio")
    await wire.page.event("viva.audio", up="pcm16", down="pcm16")
    await wire.reception.take(bytes(640), None)
    assert len(wire.page.of("error")) == 1


async def test_a_page_may_ask_whether_anybody_is_there(wire: Wire) -> None:
    await wire.send("viva.ping")
    await wire.page.event("viva.pong", 1.0)
