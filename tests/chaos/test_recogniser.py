"""A recogniser that raises, hangs and recovers under live interviews: not a second of speech is
lost, and soon after the end of them nothing is pending. The engine is a fake behind its port;
server, database, voice detection and speech are real."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from server.core.events import Language, SegmentHeard, SpeechStarted
from server.engines import registry
from server.engines.lanes import SharedRecognizer
from server.engines.utterance import Heard, Utterance
from server.ports import Unheard
from server.store import facts
from tests.live import Viva, browser, running, until
from tests.resumes import ENGLISH_RESUME
from tests.speech import recording

AT_ONCE = 3
SPOKEN_MS = 12_000
SPEECH = recording("two_cities.wav", SPOKEN_MS / 1_000)
MOODS = ("well", "raises", "hangs", "well", "hangs", "raises", "well", "raises")
MOOD_S = 1.5
PENDING = "SELECT count(*) FROM pending_segments"
WAITED = "SELECT count(*) FROM facts WHERE kind = 'segment_pending'"
SOUND = "SELECT count(*) FROM recording_chunks"


@dataclass
class Moody:
    """Tells how long the speech was; or fails, or hangs until it is in another mood."""

    name: str = "moody"
    most: int = 8
    at_once: int = 1
    mood: str = "well"
    calls: dict[str, int] = field(default_factory=dict)
    go_on: Event = field(default_factory=Event)

    def covers(self, language: Language) -> bool:
        return True

    def load(self) -> None: ...

    def free(self) -> None: ...

    def hear(self, batch: Sequence[Utterance]) -> list[Heard]:
        mood = self.mood
        self.calls[mood] = self.calls.get(mood, 0) + 1
        if mood == "raises":
            raise Unheard("out of memory")
        if mood == "hangs":
            self.go_on.wait(30.0)
            raise Unheard("killed")
        return [Heard(f"I said {len(one.pcm) // 32} ms of it.") for one in batch]

    def be(self, mood: str) -> None:
        self.mood = mood
        was, self.go_on = self.go_on, Event()
        was.set()


async def test_not_a_second_is_lost_whatever_the_recogniser_does(
    database_url: str, redis_url: str, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Moody()

    def moody(row: registry.Row[Any]) -> registry.Row[Any]:
        recogniser = row.role == "stt"
        return replace(row, build=lambda _: SharedRecognizer(model)) if recogniser else row

    monkeypatch.setattr(registry, "ROWS", tuple(map(moody, registry.ROWS)))
    async with running(database_url, redis_url) as viva:
        tickets = [await viva.interview([*ENGLISH_RESUME, f"Person {n}"]) for n in range(AT_ONCE)]
        swinging = asyncio.create_task(_swing(model))
        await asyncio.gather(*(_say_and_end(ticket) for ticket in tickets))
        swinging.cancel()
        model.be("well")

        async def nothing_pending() -> bool | None:
            return (await pool.fetchval(PENDING) == 0 and await pool.fetchval(SOUND) == 0) or None

        await until(nothing_pending, 60.0)
        assert min(model.calls.get(mood, 0) for mood in MOODS) > 0, model.calls
        assert await pool.fetchval(WAITED) > 0
        for ticket in tickets:
            await _nothing_lost(viva, pool, UUID(ticket["interview_id"]))


async def _swing(model: Moody) -> None:
    while True:
        for mood in MOODS:
            model.be(mood)
            await asyncio.sleep(MOOD_S)


async def _say_and_end(ticket: dict[str, Any]) -> None:
    """End the interview in the middle of a sentence."""
    async with browser(ticket) as candidate:
        await candidate.hear_question(1)
        await candidate.say(SPEECH)
        await candidate.send(type="viva.end")
        await candidate.event("viva.ended", seconds=30.0)


async def _nothing_lost(viva: Viva, pool: asyncpg.Pool, interview_id: UUID) -> None:
    told = facts.told(await facts.everything(pool, interview_id))
    began = {(one.turn, one.segment) for one in told if isinstance(one, SpeechStarted)}
    heard = [one for one in told if isinstance(one, SegmentHeard)]
    assert began == {(one.turn, one.segment) for one in heard}
    assert [one.error for one in heard] == [None] * len(heard)
    assert max([one.end_ms for one in heard], default=0) >= SPOKEN_MS - 100, "to its very end"
    shown = await viva.show(str(interview_id))
    for one in heard:
        (answer,) = [a for a in shown["answers"] if a["turn"] == one.turn]
        assert one.text in answer["text"]
        assert answer["gaps"] == []
