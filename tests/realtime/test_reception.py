"""What is wrong with a message is answered, on either wire, and harms nothing."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest

from server.clock import now
from server.core.events import InterviewEnded
from server.realtime.conductor import Conductor
from server.realtime.hearing import BACKLOG_S, Hearing
from server.realtime.line import Line
from server.realtime.openai_dialect import RealtimeDialect
from server.realtime.openai_reception import RealtimeReception
from server.realtime.reception import LONGEST_BYTES, MOST_BEHIND, Reception
from server.realtime.terms import Terms
from server.realtime.viva_dialect import VivaDialect
from server.realtime.viva_reception import VivaReception
from tests.clock import ClockLoop
from tests.realtime.stage import (
    LOUD,
    STILL,
    Loudness,
    Page,
    Stage,
    an_interview,
    stage,
)


@dataclass
class Wire:
    on: Stage
    page: Page
    reception: Reception

    async def send(self, kind: str, **event: object) -> None:
        await self.reception.take(None, json.dumps({"type": kind, **event}))

    async def append(self, pcm: bytes) -> None:
        await self.send("input_audio_buffer.append", audio=base64.b64encode(pcm).decode())

    def errors(self) -> list[tuple[str, str | None]]:
        """Codes, and ids of the events that were at fault."""
        found = [event["error"] for event in self.page.of("error")]
        return [(error["code"], error.get("event_id")) for error in found]


async def stock_client(on: Stage) -> tuple[Conductor, Wire]:
    stock = RealtimeDialect(Terms())
    conductor, page = await on.join(page=Page(Line(stock)))
    return conductor, Wire(on, page, RealtimeReception(page.line, stock, conductor))


@pytest.fixture(params=["viva.v1", "realtime"])
async def wire(
    request: pytest.FixtureRequest, clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> AsyncIterator[Wire]:
    async with stage(pool, redis_url, await an_interview(pool)) as on:
        if request.param == "viva.v1":
            ours = VivaDialect()
            conductor, page = await on.join(page=Page(Line(ours)))
            yield Wire(on, page, VivaReception(page.line, ours, conductor))
        else:
            yield (await stock_client(on))[1]


@pytest.mark.parametrize(
    ("text", "code", "event_id"),
    [
        ("{", "invalid_json", None),
        ("[]", "invalid_event", None),
        ('{"type": "no.such.event", "event_id": "x"}', "invalid_event", None),
        ('{"type": "conversation.item.create", "item": {"content": 3}}', "invalid_event", None),
        (
            '{"type": "input_audio_buffer.append", "audio": "%", "event_id": "mine"}',
            "invalid_audio",
            "mine",
        ),
    ],
)
async def test_a_message_that_cannot_be_taken_gets_an_error_and_only_that(
    wire: Wire, text: str, code: str, event_id: str | None
) -> None:
    await wire.reception.take(None, text)
    await wire.page.event("error")
    assert wire.errors() == [(code, event_id)]
    assert wire.page.line.close_code is None
    assert await wire.on.told(InterviewEnded) == []


async def test_more_audio_than_a_message_may_have_is_refused_once_until_some_is_taken(
    wire: Wire,
) -> None:
    too_much = bytes(2 * LONGEST_BYTES)
    await wire.append(too_much)
    await wire.append(too_much)
    await wire.page.event("error")
    assert wire.errors() == [("audio_too_fast", None)]
    await wire.append(bytes(640))
    await wire.append(too_much)
    await wire.send("input_audio_buffer.clear")
    await wire.page.event("input_audio_buffer.cleared")
    assert wire.errors() == [("audio_too_fast", None)] * 2


class Stalled(Hearing):
    """Judges nothing until it is told to go on."""

    def __init__(self) -> None:
        super().__init__(Loudness())
        self.goes_on = asyncio.Event()

    async def run(self) -> None:
        await self.goes_on.wait()
        await super().run()


async def test_who_speaks_to_a_server_that_is_far_behind_is_told_of_no_error_and_all_is_heard(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    hearing = Stalled()
    async with stage(pool, redis_url, await an_interview(pool), hearing=hearing) as on:
        conductor, wire = await stock_client(on)
        page = wire.page
        await page.event("response.done")
        for second in range(2 * BACKLOG_S):
            still = second < 2 * BACKLOG_S - 2
            await wire.append((STILL if still else LOUD) * 47)  # a second at 24 kHz
            await asyncio.sleep(1)
        assert page.of("input_audio_buffer.speech_started") == []
        hearing.goes_on.set()
        await conductor.judged()
        assert wire.errors() == []
        started = await page.event("input_audio_buffer.speech_started")
        assert 116_000 < started["audio_start_ms"] < 119_000


async def test_while_an_event_waits_the_line_is_read_on_and_what_comes_stays_in_order(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    """Pings stand behind what is not read."""
    hearing = Stalled()
    async with stage(pool, redis_url, await an_interview(pool), hearing=hearing) as on:
        conductor, wire = await stock_client(on)
        page = wire.page
        await page.event("response.done")
        await wire.append(STILL * 47)
        await wire.send("input_audio_buffer.commit", event_id="nothing was said")
        began, heard_ms = now(), conductor._microphone.fed_ms
        for _ in range(50):
            await wire.append(STILL * 47)
        assert wire.reception.take_sound(STILL)
        await wire.send("no.such.event", event_id="behind it")
        assert now() == began, "nobody waited"
        assert conductor._microphone.fed_ms == heard_ms, "what came after is heard after"
        assert wire.errors() == []
        hearing.goes_on.set()
        await wire.reception.done()
        assert conductor._microphone.fed_ms > heard_ms + 50 * 990
        await page.event("error", 5)
        assert [code for code, _ in wire.errors()] == [
            "input_audio_buffer_commit_empty",
            "binary_not_expected",
            "invalid_event",
        ]


async def test_where_too_much_stands_behind_an_event_the_line_is_not_read_on(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str
) -> None:
    hearing = Stalled()
    async with stage(pool, redis_url, await an_interview(pool), hearing=hearing) as on:
        ours = VivaDialect()
        conductor, page = await on.join(page=Page(Line(ours)))
        reception = VivaReception(page.line, ours, conductor)
        await reception.take(STILL, None)
        await reception.take(None, '{"type": "input_audio_buffer.commit"}')
        second = bytes(32_000)
        taken = 0
        while reception.take_sound(second):
            taken += 1
        assert MOST_BEHIND / len(second) < taken + 1 < MOST_BEHIND / len(second) + 3
        waits = asyncio.create_task(reception.take(second, None))
        await asyncio.sleep(5)
        assert not waits.done()
        hearing.goes_on.set()
        await waits
        assert conductor._microphone.fed_ms > (taken + 1) * 990, "and nothing is lost"


async def test_an_event_of_the_other_wire_is_named_as_such(wire: Wire) -> None:
    ours = isinstance(wire.reception, VivaReception)
    await wire.send("session.update" if ours else "viva.end", event_id="e")
    await wire.page.event("error")
    assert wire.errors() == [("not_on_this_connection", "e")]
