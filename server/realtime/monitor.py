"""Facts to watchers: Redis wakes them up, the store is what they read."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator
from uuid import UUID

import asyncpg
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.store import facts as store

CHANNEL = "viva:facts"
LOOK_AGAIN_S = 1.0
"""A watcher looks this often even when no wake-up comes, so that Redis may fail."""

ANSWER_S = 2.0
AWAY = (RedisError, OSError, TimeoutError)

log = structlog.get_logger()


class Monitor:
    """Wake-ups between processes. ``run`` is one task of the server."""

    def __init__(self, pool: asyncpg.Pool, redis: Redis) -> None:
        self._pool = pool
        self._redis = redis
        self._watchers: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._unsent: set[str] = set()
        self._news = asyncio.Event()

    def announce(self, interview_id: UUID) -> None:
        """New facts are stored. Never waits and never fails: an answer is not behind a watcher."""
        key = str(interview_id)
        self._wake(key)
        self._unsent.add(key)
        self._news.set()

    async def watch(self, interview_id: UUID, after: int) -> AsyncGenerator[store.StoredFact, None]:
        """Every fact with a higher number than ``after``, each once, in order, without end."""
        key = str(interview_id)
        woken = asyncio.Event()
        self._watchers[key].add(woken)
        try:
            while True:
                woken.clear()
                page = await store.after(self._pool, interview_id, after)
                for stored in page:
                    yield stored
                    after = stored.seq
                if len(page) < store.PAGE:
                    await _wait(woken, LOOK_AGAIN_S)
        finally:
            self._watchers[key].discard(woken)
            if not self._watchers[key]:
                del self._watchers[key]

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            tasks.create_task(self._send())

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL)
                    async for message in subscription.listen():
                        if message["type"] == "message":
                            self._wake(message["data"].decode())
            except AWAY as error:
                log.warning("wake-ups interrupted", error=type(error).__name__)
                await asyncio.sleep(LOOK_AGAIN_S)

    async def _send(self) -> None:
        """To the other processes. What cannot be sent is not sent later: they look anyway."""
        while True:
            await self._news.wait()
            self._news.clear()
            keys, self._unsent = self._unsent, set()
            try:
                async with asyncio.timeout(ANSWER_S):
                    for key in keys:
                        await self._redis.publish(CHANNEL, key)
            except AWAY as error:
                log.warning("watchers not woken", error=type(error).__name__)

    def _wake(self, key: str) -> None:
        for event in self._watchers.get(key, ()):
            event.set()


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
