"""A person's utterances: what goes to the candidate, and what is left when one is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import numpy as np
import pytest
from redis.asyncio import Redis

from server.realtime.audience import Audience
from server.realtime.candidate import Candidate
from server.realtime.hearing import Hearing
from server.realtime.loudspeaker import Loudspeaker
from server.realtime.monitor import Monitor
from server.realtime.mouth import Mouth, Utterance
from tests.clock import ClockLoop
from tests.realtime.stage import LOUD, STILL, WINDOW, WINDOW_S, Loudness, Page, loud


class Speaker:
    """Says one window after the other, as fast as they are judged."""

    def __init__(self, mouth: Mouth) -> None:
        self.mouth = mouth
        self.at = 0

    async def say(self, seconds: float, sound: bytes, *, late: bool = False) -> None:
        for _ in range(round(seconds / WINDOW_S)):
            self.mouth.say(self.at, sound, late=late)
            self.at += WINDOW
            await asyncio.sleep(WINDOW_S)


@pytest.fixture
async def hearing() -> AsyncIterator[Hearing]:
    hearing = Hearing(Loudness())
    running = asyncio.create_task(hearing.run())
    yield hearing
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_an_utterance_is_heard_while_it_is_spoken_and_is_whole_when_it_is_over(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str, hearing: Hearing
) -> None:
    candidate, page = Candidate(loudspeaker := Loudspeaker()), Page()
    candidate.take(page.line, {
        "interview_id": "i", "target_role": "r", "language": "en", "engines": [],
        "audio_ms": 0, "heard_ms": 0,
    }, 2, [])  # fmt: skip
    reading = asyncio.create_task(page.read())
    over: list[Utterance] = []
    redis = Redis.from_url(redis_url)
    audience = Audience(Monitor(pool, redis), uuid4(), candidate)
    mouth = Mouth(hearing, candidate, audience, 2, over.append)
    speaker = Speaker(mouth)
    await speaker.say(1.0, STILL)
    assert page.voice == {}
    await speaker.say(1.0, LOUD)
    assert mouth.speaking
    assert page.voice[2] >= 0.9 * 24_000
    assert np.abs(loudspeaker.play(16_000).astype(np.int32)).max() > 2_000
    await speaker.say(1.0, STILL)
    assert not mouth._segmenter.speaking
    (one,) = over
    assert loud(one.pcm) >= 0.99 * loud(LOUD * 31)
    assert 0.7 * 16_000 < one.at < 16_000
    assert mouth.open_at >= speaker.at - WINDOW
    await speaker.say(1.0, LOUD)
    mouth.close()
    assert len(over) == 2, "what is being said is not lost"
    reading.cancel()
    await redis.aclose()


async def test_what_comes_late_is_an_utterance_and_not_heard(
    clock: ClockLoop, pool: asyncpg.Pool, redis_url: str, hearing: Hearing
) -> None:
    candidate, over = Candidate(Loudspeaker()), list[Utterance]()
    redis = Redis.from_url(redis_url)
    audience = Audience(Monitor(pool, redis), uuid4(), candidate)
    mouth = Mouth(hearing, candidate, audience, 2, over.append)
    speaker = Speaker(mouth)
    speaker.at = 50 * WINDOW
    await speaker.say(1.0, LOUD, late=True)
    await speaker.say(1.0, STILL, late=True)
    assert [one.at // WINDOW for one in over] == [50]
    mouth.close()
    await redis.aclose()
