"""Enqueue background jobs by name; the only place in the server that knows arq."""

from __future__ import annotations

import msgspec
import structlog
from arq.connections import ArqRedis, RedisSettings, create_pool

from server.jobs import (
    GENERATE_QUESTIONS,
    PARSE_RESUME,
    PLANNED_QUESTIONS,
    generate_questions_id,
    parse_resume_id,
)

QUEUE_NAME = "viva:jobs"
HEALTH_KEY = f"{QUEUE_NAME}:health"

log = structlog.get_logger()


def redis_settings(url: str) -> RedisSettings:
    """``redis://``, ``rediss://`` or ``unix://`` URL as arq wants it, quick to give up."""
    settings = RedisSettings.from_dsn(url)
    settings.conn_timeout = 2
    settings.conn_retries = 3
    settings.conn_retry_delay = 1
    return settings


async def open_redis(url: str) -> ArqRedis:
    """A pool for jobs and wake-ups. Job arguments travel as msgpack, never pickle."""
    return await create_pool(
        redis_settings(url),
        default_queue_name=QUEUE_NAME,
        job_serializer=msgspec.msgpack.encode,
        job_deserializer=msgspec.msgpack.decode,
    )


class Queue:
    """Jobs by noun. A job that cannot be enqueued is not lost: workers look for such rows."""

    def __init__(self, redis: ArqRedis) -> None:
        self._redis = redis

    async def parse_resume(self, resume_id: str) -> None:
        await self._enqueue(PARSE_RESUME, parse_resume_id(resume_id), resume_id)

    async def generate_questions(self, interview_id: str) -> None:
        await self._enqueue(
            GENERATE_QUESTIONS, generate_questions_id(interview_id), interview_id, PLANNED_QUESTIONS
        )

    async def _enqueue(self, name: str, job_id: str, *arguments: object) -> None:
        try:
            await self._redis.enqueue_job(name, *arguments, _job_id=job_id)
        except (OSError, ConnectionError) as error:
            log.warning(
                "job not enqueued, workers will find it", job=name, error=type(error).__name__
            )
