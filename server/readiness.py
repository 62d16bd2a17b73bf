"""The state of every part, for ``/health/ready``."""

from __future__ import annotations

import asyncio
from time import monotonic

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.engines.chat import ChatWriter
from server.engines.choice import RecognizerChoice
from server.ports import Voice
from server.queue import HEALTH_KEY
from server.web.services import Part

ASK_S = 2.0
KEEP_S = 10.0


class Readiness:
    """Asks every part at once. A model server is asked every ten seconds at the most."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        redis: Redis,
        recognition: RecognizerChoice,
        writer: ChatWriter | None,
        voice: Voice,
    ) -> None:
        self._pool = pool
        self._redis = redis
        self._recognition = recognition
        self._writer = writer
        self._voice = voice
        self._writer_part: Part | None = None
        self._writer_asked = 0.0

    async def parts(self) -> list[Part]:
        database, queue, llm = await asyncio.gather(
            self._database(), self._queue(), self._language_model()
        )
        used = self._recognition.in_use()
        return [
            database,
            *queue,
            Part("vad", True, "silero"),
            Part("stt", True, f"{used.name}: {used.why}"),
            llm,
            Part("tts", True, self._voice.name),
        ]

    async def _database(self) -> Part:
        try:
            async with asyncio.timeout(ASK_S):
                await self._pool.fetchval("SELECT 1")
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            return Part("database", False, f"does not answer ({type(error).__name__})")
        return Part("database", True, "answers")

    async def _queue(self) -> list[Part]:
        try:
            async with asyncio.timeout(ASK_S):
                alive = await self._redis.exists(HEALTH_KEY)
        except (OSError, TimeoutError, RedisError) as error:
            why = f"does not answer ({type(error).__name__})"
            return [Part("redis", False, why), Part("worker", False, "unknown without redis")]
        worker = Part("worker", bool(alive), "alive" if alive else "no worker has reported")
        return [Part("redis", True, "answers"), worker]

    async def _language_model(self) -> Part:
        if self._writer is None:
            return Part("llm", True, "question bank: no language model is configured")
        if self._writer_part is None or monotonic() - self._writer_asked > KEEP_S:
            ok, why = await self._writer.check()
            self._writer_asked = monotonic()
            self._writer_part = Part("llm", ok, why if ok else f"{why}; the question bank asks")
        return self._writer_part
