"""The outbox's carrier: sends the workers what is due. Nothing else here knows arq.

The table says what is to be done; what is lost on the way, or in Redis, is sent again.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

import asyncpg
import msgspec
import structlog
from arq.connections import ArqRedis
from arq.constants import (
    in_progress_key_prefix,
    job_key_prefix,
    result_key_prefix,
    retry_key_prefix,
)
from redis.asyncio import ConnectionPool
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from server.jobs import Pace
from server.store import outbox
from server.store.pool import STORE_AWAY

QUEUE_NAME = "viva:jobs"
HEALTH_KEY = f"{QUEUE_NAME}:health"
KEYS_OF_A_JOB = job_key_prefix, result_key_prefix, retry_key_prefix, in_progress_key_prefix
ANSWER_S = 2.0
"""The longest any call waits for Redis."""

AWAY = (RedisError, OSError)
"""What a Redis that is gone, frozen or full raises."""

log = structlog.get_logger()


def open_redis(url: str) -> ArqRedis:
    """Connections for jobs, made when they are needed: a Redis that is away stops nobody here.
    Job arguments travel as msgpack, never pickle. Calls raise ``AWAY``."""
    connections = ConnectionPool.from_url(
        url,
        socket_timeout=ANSWER_S,
        socket_connect_timeout=ANSWER_S,
        retry_on_error=[RedisConnectionError],  # once: a restarted Redis is another connection
    )
    return ArqRedis(
        connections,
        default_queue_name=QUEUE_NAME,
        job_serializer=msgspec.msgpack.encode,
        job_deserializer=msgspec.msgpack.decode,
    )


class Queue:
    """``run`` is one task of the server and one of each worker: whoever is left sends."""

    def __init__(self, pool: asyncpg.Pool, redis: ArqRedis, pace: Pace = Pace()) -> None:  # noqa: B008
        self._pool = pool
        self._redis = redis
        self._pace = pace
        self._unsent: deque[outbox.Due] = deque()
        self._woken = asyncio.Event()
        self._away = False

    def wake(self) -> None:
        """A job was written: send it now. Never waits, never fails."""
        self._woken.set()

    async def run(self) -> None:
        while True:
            self._woken.clear()
            try:
                await self.send_due()
                self._tell(None)
            except (*AWAY, *STORE_AWAY) as error:
                self._tell(error)
            await self._wait()

    async def send_due(self) -> None:
        """Sends everything that is due. Raises ``AWAY`` and as asyncpg does; what could not be sent
        is kept for the next time."""
        while self._unsent or await self._take():
            due = self._unsent[0]
            # One sending has one id: what still lies in Redis is not put there twice, and a dead
            # worker's lock on an earlier sending holds up nothing.
            job_id = f"{due.id}:{due.epoch}"
            await self._redis.enqueue_job(due.kind, due.id, due.epoch, _job_id=job_id)
            self._unsent.popleft()

    async def forget(self, jobs: Sequence[tuple[int, int]]) -> None:
        """What was sent of jobs, number and epoch, that are not to be done. Redis being away is no
        matter: whoever receives one finds no such job, and it holds nothing but its number."""
        sent = [f"{job}:{epoch}" for job, epoch in jobs]
        if not sent:
            return
        keys = [prefix + one for one in sent for prefix in KEYS_OF_A_JOB]
        with suppress(*AWAY):
            await self._redis.delete(*keys)
            await self._redis.zrem(QUEUE_NAME, *sent)

    async def _take(self) -> bool:
        self._unsent.extend(await outbox.take_due(self._pool, self._pace.resend_s))
        return bool(self._unsent)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._pace.sweep_s):
                await self._woken.wait()
        except TimeoutError:
            pass

    def _tell(self, error: Exception | None) -> None:
        """Once when it begins and once when it is over."""
        if error is not None and not self._away:
            log.warning("jobs wait in the database", error=type(error).__name__)
        if error is None and self._away:
            log.info("jobs are sent again")
        self._away = error is not None
