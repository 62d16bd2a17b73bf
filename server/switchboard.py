"""How a call over WebRTC finds a process that has room for it: by Redis, where nothing is kept.

Servers and the processes that hold calls (``viva rtc``) know no address of each other. A server
asks all of them who has room, and offers the call to the one that has the most.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

ASK: Final = "viva:rtc:ask"
ROOM_S: Final = 1.0
"""How long processes are waited for that do not say whether they have room."""
ANSWER_S: Final = 10.0
AGAIN_S: Final = 1.0
AWAY: Final = (RedisError, OSError)
CALL: Final = "rtc"

log = structlog.get_logger()


class Nobody(Exception):
    """No process that holds calls is there, or Redis is away."""


class Full(Exception):
    """None of those that are there has room."""


class NotUnderstood(Exception):
    """The offer is none that could be answered; the message says why."""


class Room(msgspec.Struct):
    process: str
    room: int


class Offer(msgspec.Struct, tag="offer"):
    """``secret``: by which the process connects to the interview, as often as it has to; ``model``:
    what the client calls us."""

    call_id: str
    sdp: str
    secret: str
    model: str
    reply: str


class HangUp(msgspec.Struct, tag="hang_up"):
    call_id: str


class Answer(msgspec.Struct):
    """``sdp``, or else ``why`` there is none; neither: no room any more."""

    sdp: str | None = None
    why: str | None = None


Order = Offer | HangUp
_order: Final = msgspec.json.Decoder(Order)


def new_call(process: str) -> str:
    """A name that says who holds it."""
    return f"{CALL}_{process}_{secrets.token_hex(8)}"


def _process_of(call_id: str) -> str | None:
    parts = call_id.split("_")
    return parts[1] if len(parts) == 3 and parts[0] == CALL else None


def _orders_of(process: str) -> str:
    return f"viva:rtc:process:{process}"


class Switchboard:
    """The server's end."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def room(self) -> str:
        """The process that has the most room. Raises Nobody, Full."""
        try:
            async with self._replies() as (reply, replies):
                asked = await self._redis.publish(ASK, reply)
                rooms = await _first(asked, replies)
        except AWAY as error:
            raise Nobody from error
        if not rooms:
            raise Nobody
        best = max(rooms, key=lambda one: one.room)
        if best.room <= 0:
            raise Full
        return best.process

    async def offer(self, call_id: str, sdp: str, secret: str, model: str) -> str:
        """The answer, as SDP. Raises Nobody, Full, NotUnderstood."""
        try:
            async with self._replies() as (reply, replies):
                order = Offer(call_id, sdp, secret, model, reply)
                if not await self._send(call_id, order):
                    raise Nobody
                async with asyncio.timeout(ANSWER_S):
                    answer = msgspec.json.decode(await anext(replies), type=Answer)
        except AWAY as error:  # a time-out is one of them
            raise Nobody from error
        if answer.sdp is not None:
            return answer.sdp
        if answer.why is not None:
            raise NotUnderstood(answer.why)
        raise Full

    async def hang_up(self, call_id: str) -> bool:
        """False where nobody holds it. Raises Nobody."""
        try:
            return await self._send(call_id, HangUp(call_id))
        except AWAY as error:
            raise Nobody from error

    async def _send(self, call_id: str, order: Order) -> bool:
        process = _process_of(call_id)
        if process is None:
            return False
        heard = await self._redis.publish(_orders_of(process), msgspec.json.encode(order))
        return bool(heard)

    @asynccontextmanager
    async def _replies(self) -> AsyncIterator[tuple[str, AsyncIterator[bytes]]]:
        channel = f"viva:rtc:reply:{secrets.token_hex(8)}"
        async with self._redis.pubsub() as pubsub:
            await _subscribed(pubsub, channel)
            yield channel, _messages(pubsub)


async def _first(asked: int, replies: AsyncIterator[bytes]) -> list[Room]:
    """Of as many as were asked, those that reply in time."""
    rooms: list[Room] = []
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(ROOM_S):
            while len(rooms) < asked:
                rooms.append(msgspec.json.decode(await anext(replies), type=Room))
    return rooms


async def _subscribed(pubsub: PubSub, *channels: str) -> None:
    """Redis has said so: what is published from now on is heard."""
    await pubsub.subscribe(*channels)
    left = set(channels)
    while left:
        message = await pubsub.get_message(timeout=ANSWER_S)
        if message is None:
            raise TimeoutError
        if message["type"] == "subscribe":
            left.discard(message["channel"].decode())


async def _messages(pubsub: PubSub) -> AsyncIterator[bytes]:
    async for message in pubsub.listen():
        if message["type"] == "message":
            yield message["data"]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a process that holds calls does. ``room``: for how many more it has room; ``take``: an
    offer; ``hang_up``: a call, by its name."""

    room: Callable[[], int]
    take: Callable[[Offer], Awaitable[Answer]]
    hang_up: Callable[[str], None]


class Line:
    """The process's end, under a name of its own."""

    def __init__(self, redis: Redis, desk: Desk) -> None:
        self.process = secrets.token_hex(6)
        self._redis = redis
        self._desk = desk
        self._taking: set[asyncio.Task[None]] = set()
        self.open = asyncio.Event()

    async def serve(self) -> None:
        """Until it is cancelled; a Redis that is away is waited for."""
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await _subscribed(pubsub, ASK, _orders_of(self.process))
                    self.open.set()
                    await self._hear(pubsub)
            except AWAY as error:
                log.warning("no calls can be offered", error=type(error).__name__)
                await asyncio.sleep(AGAIN_S)

    async def _hear(self, pubsub: PubSub) -> None:
        async for message in pubsub.listen():
            if message["type"] != "message":
                continue
            if message["channel"] == ASK.encode():
                room = Room(self.process, self._desk.room())
                await self._redis.publish(message["data"].decode(), msgspec.json.encode(room))
                continue
            match _order.decode(message["data"]):
                case Offer() as offer:
                    task = asyncio.create_task(self._take(offer))
                    self._taking.add(task)
                    task.add_done_callback(self._taking.discard)
                case HangUp(call_id):
                    self._desk.hang_up(call_id)

    async def _take(self, offer: Offer) -> None:
        answer: Any = await self._desk.take(offer)
        await self._redis.publish(offer.reply, msgspec.json.encode(answer))
