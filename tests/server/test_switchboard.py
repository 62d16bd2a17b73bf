"""Servers and the processes that hold calls find each other by a real Redis."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis

from server import switchboard
from server.background import end
from server.switchboard import (
    Answer,
    Desk,
    Full,
    Line,
    Nobody,
    NotUnderstood,
    Offer,
    Switchboard,
    new_call,
)


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as connected:
        yield connected


@asynccontextmanager
async def process(
    redis: Redis, room: int, answer: Answer | None = None
) -> AsyncIterator[tuple[Line, list[Offer], list[str]]]:
    taken: list[Offer] = []
    hung_up: list[str] = []

    async def take(offer: Offer) -> Answer:
        taken.append(offer)
        return answer or Answer(sdp="v=0 answer")

    line = Line(redis, Desk(lambda: room, take, hung_up.append))
    serving = asyncio.create_task(line.serve())
    try:
        await asyncio.wait_for(line.open.wait(), 20)
        yield line, taken, hung_up
    finally:
        await end(serving)


async def test_where_nobody_holds_calls_that_is_said_at_once(redis: Redis) -> None:
    board = Switchboard(redis)
    with pytest.raises(Nobody):
        await board.room()
    with pytest.raises(Nobody):
        await board.offer(new_call("gone"), "v=0", "ek_x", "viva")
    assert not await board.hang_up(new_call("gone"))
    assert not await board.hang_up("no call")


async def test_the_one_with_the_most_room_takes_it(redis: Redis) -> None:
    board = Switchboard(redis)
    async with process(redis, 1) as (_, none, _), process(redis, 3) as (line, taken, hung_up):
        chosen = await board.room()
        assert chosen == line.process
        call_id = new_call(chosen)
        assert await board.offer(call_id, "v=0 offer", "ek_x", "gpt") == "v=0 answer"
        (offer,) = taken
        assert (offer.call_id, offer.sdp, offer.secret, offer.model) == (
            call_id, "v=0 offer", "ek_x", "gpt",
        )  # fmt: skip
        assert none == []
        assert await board.hang_up(call_id)
        async with asyncio.timeout(20):
            while hung_up != [call_id]:
                await asyncio.sleep(0.01)


async def test_nothing_of_a_call_is_kept_in_redis(redis: Redis) -> None:
    async with process(redis, 1) as (line, _, _):
        await Switchboard(redis).offer(new_call(line.process), "v=0", "ek_x", "viva")
        assert [key async for key in redis.scan_iter("*rtc*")] == []


async def test_who_is_full_says_so(redis: Redis) -> None:
    board = Switchboard(redis)
    async with process(redis, 0, Answer()) as (line, _, _):
        with pytest.raises(Full):
            await board.room()
        with pytest.raises(Full):  # the last place went to somebody else in between
            await board.offer(new_call(line.process), "v=0", "ek_x", "viva")


async def test_why_an_offer_is_not_answered(redis: Redis) -> None:
    async with process(redis, 1, Answer(why="no audio")) as (line, _, _):
        with pytest.raises(NotUnderstood, match="no audio"):
            await Switchboard(redis).offer(new_call(line.process), "v=0", "ek_x", "viva")


async def test_who_says_nothing_is_not_waited_for_long(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(switchboard, "ROOM_S", 0.2)
    async with redis.pubsub() as silent:
        await silent.subscribe(switchboard.ASK)
        assert await silent.get_message(timeout=5) is not None
        with pytest.raises(Nobody):
            await Switchboard(redis).room()
        async with process(redis, 2) as (line, _, _):
            assert await Switchboard(redis).room() == line.process


async def test_a_redis_that_is_away_is_as_nobody(redis: Redis) -> None:
    away = Switchboard(Redis.from_url("redis://127.0.0.1:1"))
    with pytest.raises(Nobody):
        await away.room()
    with pytest.raises(Nobody):
        await away.hang_up(new_call("x"))
