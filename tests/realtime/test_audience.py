"""Who follows an interview hears what they asked for, and the candidate learns of them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from uuid import UUID, uuid4

import asyncpg
import pytest
from redis.asyncio import Redis

from server.realtime.audience import Audience
from server.realtime.candidate import Candidate
from server.realtime.line import Line
from server.realtime.loudspeaker import Loudspeaker
from server.realtime.monitor import MOST_WAITING, Follower, Monitor
from server.realtime.viva_dialect import VivaDialect
from server.store.watching import Company


@pytest.fixture
async def monitor(pool: asyncpg.Pool, redis_url: str) -> AsyncIterator[Monitor]:
    redis = Redis.from_url(redis_url)
    one = Monitor(pool, redis)
    running = asyncio.create_task(one.run())
    yield one
    running.cancel()
    await redis.aclose(close_connection_pool=True)


async def told(line: Line) -> list[dict[str, object]]:
    line.close(1000, "")
    frames = []
    while (frame := await line.next_frame()) is not None:
        frames.append(json.loads(frame))
    return frames


async def take(monitor: Monitor, interview_id: UUID, follower: Follower) -> str | bytes:
    async with asyncio.timeout(10), aclosing(monitor.follow(interview_id, 0, follower)) as frames:
        async for one in frames:
            if not isinstance(one, list):
                return one
    raise AssertionError


async def test_words_go_to_all_and_sound_to_who_listens(monitor: Monitor) -> None:
    interview_id = uuid4()
    line, candidate = Line(VivaDialect()), Candidate(Loudspeaker())
    candidate.take(line, {"interview_id": "x", "target_role": "x", "language": "en",
        "engines": [], "audio_ms": 0, "heard_ms": 0}, 1, [])  # fmt: skip
    audience = Audience(monitor, interview_id, candidate)
    reads, hears = Follower(), Follower(listening=True)
    reading = asyncio.create_task(take(monitor, interview_id, reads))
    hearing = asyncio.create_task(take(monitor, interview_id, hears))
    while monitor.company(interview_id) != Company(2, 1):
        await asyncio.sleep(0)
    audience.look()
    audience.look()
    audience.heard(b"\0\0")
    audience.caption(1, 1, "We moved", "the pain")
    assert await hearing == b"\x01\0\0"
    assert json.loads(await reading) == {
        "type": "partial", "turn": 1, "segment": 1, "text": "We moved", "tentative": "the pain",
    }  # fmt: skip
    while monitor.company(interview_id) != Company():
        await asyncio.sleep(0)
    audience.look()
    company = [one for one in await told(line) if one["type"] == "viva.company"]
    assert [(one["people"], one["listening"]) for one in company] == [(2, 1), (0, 0)]


async def test_the_words_of_a_person_who_leads_go_to_all_by_the_step_that_they_will_be(
    monitor: Monitor,
) -> None:
    interview_id = uuid4()
    audience = Audience(monitor, interview_id, Candidate(Loudspeaker()))
    audience.led_caption(2, "s", "nobody", "follows")
    reading = asyncio.create_task(take(monitor, interview_id, Follower()))
    while monitor.company(interview_id) != Company(1, 0):
        await asyncio.sleep(0)
    audience.led_caption(2, "s", "What would", "you")
    assert json.loads(await reading) == {
        "type": "person_partial", "turn": 2, "step_id": "s", "text": "What would",
        "tentative": "you", "over": False,
    }  # fmt: skip


async def test_it_reaches_who_follows_in_another_process(
    monitor: Monitor, pool: asyncpg.Pool, redis_url: str
) -> None:
    redis = Redis.from_url(redis_url)
    other = Monitor(pool, redis)
    running = asyncio.create_task(other.run())
    interview_id = uuid4()
    other.know({interview_id: Company(1, 0)})
    taking = asyncio.create_task(take(monitor, interview_id, Follower()))
    while not taking.done():
        other.pass_on(interview_id, "words")
        other.pass_on(interview_id, b"sound that nobody there hears")
        await asyncio.sleep(0.05)
    assert await taking == "words"
    running.cancel()
    await redis.aclose(close_connection_pool=True)


async def test_who_does_not_read_loses_the_oldest_and_keeps_nobody_waiting() -> None:
    follower = Follower()
    for number in range(MOST_WAITING + 5):
        follower.take(str(number))
    assert len(follower.passed) == MOST_WAITING
    assert follower.passed[0] == "5"
