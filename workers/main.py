"""The composition root of the worker: ``viva work`` or ``python -m workers.main``."""

from __future__ import annotations

import os
import sys
from typing import Any

import msgspec
from arq import cron, func
from arq.worker import Worker

from server import log
from server.engines.chat import ChatWriter
from server.jobs import GENERATE_QUESTIONS, PARSE_RESUME
from server.queue import HEALTH_KEY, QUEUE_NAME, Queue, redis_settings
from server.settings import Settings, SettingsError
from server.store import resumes
from server.store.pool import open_pool
from workers import second_reading
from workers.questions import generate_questions
from workers.resume import parse_resume
from workers.tools import Tools

PARSE_S = 60
PLAN_S = 60
PLAN_TOKENS = 3_000
TRIES = 3
AT_ONCE = 2
"""Jobs at a time: reading a PDF takes a core."""


async def find_forgotten(ctx: dict[str, Any]) -> None:
    """Résumés whose job was lost on the way to Redis are enqueued again."""
    tools: Tools = ctx["tools"]
    for resume_id in await resumes.forgotten(tools.pool):
        await tools.queue.parse_resume(str(resume_id))


def create_worker(settings: Settings, *, handle_signals: bool = True) -> Worker:
    """Raises SettingsError."""
    if settings.database_url is None or settings.redis_url is None:
        raise SettingsError("the worker needs DATABASE_URL and REDIS_URL; `viva up` brings its own")
    database_url = settings.database_url

    async def start(ctx: dict[str, Any]) -> None:
        writer = reader = None
        if settings.llm_url is not None:
            server = settings.llm_url, settings.llm_model, settings.llm_api_key
            writer = ChatWriter(*server, max_tokens=PLAN_TOKENS, total_s=PLAN_S - 5)
            reader = ChatWriter(*server, total_s=second_reading.SECONDS)
        pool = await open_pool(database_url, application_name="viva worker", max_size=AT_ONCE + 2)
        ctx["tools"] = Tools(pool, Queue(ctx["redis"]), writer, reader, PLAN_S - 5)

    async def stop(ctx: dict[str, Any]) -> None:
        tools: Tools = ctx["tools"]
        for model in (tools.writer, tools.reader):
            if model is not None:
                await model.close()
        await tools.pool.close()

    return Worker(
        functions=[
            func(parse_resume, name=PARSE_RESUME, timeout=PARSE_S, keep_result=0, max_tries=TRIES),
            func(
                generate_questions,
                name=GENERATE_QUESTIONS,
                timeout=PLAN_S,
                keep_result=0,
                max_tries=TRIES,
            ),
        ],
        cron_jobs=[cron(find_forgotten, second=0, run_at_startup=True, keep_result=0)],
        queue_name=QUEUE_NAME,
        redis_settings=redis_settings(settings.redis_url),
        job_serializer=msgspec.msgpack.encode,
        job_deserializer=msgspec.msgpack.decode,
        on_startup=start,
        on_shutdown=stop,
        max_jobs=AT_ONCE,
        poll_delay=0.1,
        health_check_interval=10,
        health_check_key=HEALTH_KEY,
        handle_signals=handle_signals,
    )


def main() -> int:
    try:
        settings = Settings.from_env(os.environ)
        log.configure(settings.log, settings.log_level)
        worker = create_worker(settings)
    except SettingsError as error:
        print(f"viva: {error}", file=sys.stderr)
        return 2
    worker.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
