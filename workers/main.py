"""The composition root of the worker: ``viva work`` or ``python -m workers.main``."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from typing import Any

import msgspec
import structlog
from arq import cron, func
from arq.connections import ArqRedis
from arq.worker import Function, Worker

from server import log as logging
from server.background import end
from server.child import say_ready
from server.drift import Drift
from server.engines.chat import ChatWriter
from server.engines.encoder import Encoder
from server.engines.mail import SmtpMail
from server.engines.registry import chat_writer
from server.engines.understanding import OfflineUnderstanding
from server.engines.webhook import Caller, networks
from server.environment import secret
from server.jobs import (
    DELIVER_MAIL,
    DELIVER_WEBHOOK,
    DRAW_PAGES,
    GENERATE_QUESTIONS,
    PARSE_RESUME,
    READ_SCAN,
    WRITE_REPORT,
    Pace,
)
from server.language.pack import PackError, known
from server.queue import AWAY, HEALTH_KEY, QUEUE_NAME, Queue, open_redis
from server.settings import Settings, SettingsError
from server.store import outbox
from server.store.keys import keys_at
from server.store.mails import Post
from server.store.pool import STORE_AWAY, open_pool
from server.store.scope import everywhere
from server.store.sealing import Ring
from server.store.signing import Signer
from server.store.webhooks import Hooks
from workers import deliver, herald, second_reading
from workers.attempt import Job, attempt
from workers.questions import generate_questions
from workers.report import ONE_S, write_report
from workers.resume import draw_resume, give_up, parse_resume, read_pictures
from workers.retention import let_go
from workers.tools import Tools
from workers.turns import Lane, Turns

READING = Lane("reading", places=4, each=2)
"""Reading takes a core: two slow files of an organisation leave places for others' quick ones."""
SCANNING = Lane("scanning", places=1, each=1)
"""Pictures of text take long, and delay no text."""
DRAWING = Lane("drawing", places=1, each=1)
CALLING = Lane("calling", places=6, each=2)
"""An address that answers slowly delays its own organisation's others alone."""
JOBS = (
    Job(PARSE_RESUME, parse_resume, give_up, READING),
    Job(READ_SCAN, read_pictures, give_up, SCANNING),
    Job(DRAW_PAGES, draw_resume, lane=DRAWING),
    Job(GENERATE_QUESTIONS, generate_questions),
    Job(WRITE_REPORT, write_report),
    Job(DELIVER_MAIL, deliver.deliver_mail, deliver.give_up),
    Job(DELIVER_WEBHOOK, herald.deliver_webhook, herald.give_up, CALLING),
)
PLAN_TOKENS = 3_000
PLAN_S = GENERATE_QUESTIONS.timeout_s - 5
RECEIVED_AT_ONCE = 20
CONNECTIONS = 16
HANDED_OVER_S = 5
"""How long arq holds a sending back from other workers: until it is claimed in the database."""
LET_GO_AT = 17
"""Minutes past every hour, when one of the workers lets go of what is not to be kept."""
LET_GO_S = 3_000
LOOK_AGAIN_S = 1.0

Tasks = dict[tuple[int, int], asyncio.Task[None]]
"""What waits for its turn here or is being done: by number and epoch of the job."""

log = structlog.get_logger()


async def work(
    settings: Settings,
    jobs: Sequence[Job] = JOBS,
    pace: Pace = Pace(),  # noqa: B008
    ready: int | None = None,
) -> None:
    """Does jobs until it is cancelled; what it had in hand is given back. ``ready``: a descriptor
    on which we say once that Redis knows of us. Raises SettingsError, and as asyncpg does where
    there is no database to begin with."""
    if settings.database_url is None or settings.redis_url is None:
        raise SettingsError("the worker needs DATABASE_URL and REDIS_URL; `viva up` brings its own")
    async with AsyncExitStack() as stack:
        stack.enter_context(everywhere())  # but for what a job does for its own organisation
        packs = known(settings.packs)  # before any job, so that none waits for it
        url, name = settings.database_url.get_secret_value(), "viva worker"
        pool = await open_pool(url, application_name=name, max_size=CONNECTIONS)
        stack.push_async_callback(pool.close)
        redis = open_redis(settings.redis_url.get_secret_value())
        stack.push_async_callback(redis.aclose, close_connection_pool=True)
        writer, reader, evidence = _models(settings, stack)
        encoder = Encoder()
        stack.push_async_callback(encoder.close)
        understanding = OfflineUnderstanding(encoder)
        queue = Queue(pool, redis, pace)
        for beside in (queue.run(), Drift(pool, redis, "worker").run()):
            stack.push_async_callback(end, asyncio.create_task(beside))
        mail, post = _mail(settings)
        keys = keys_at(secret(settings.sound_key), settings.data)
        signer, hooks = Signer(keys), Hooks(Ring(keys.of("webhooks")))
        caller = Caller(networks(settings.webhook_networks))
        days = settings.recording_days
        turns = {job.lane: Turns(job.lane) for job in jobs}
        tools = Tools(
            pool,
            writer,
            reader,
            PLAN_S,
            understanding,
            mail,
            post,
            signer,
            days,
            packs,
            evidence,
            hooks,
            caller,
        )
        tasks: Tasks = {}
        stack.push_async_callback(_end_all, tasks)
        functions = [_function(job, pace, turns[job.lane], queue, tasks) for job in jobs]
        await _obey(redis, tools, functions, ready)


async def _end_all(tasks: Tasks) -> None:
    await end(*list(tasks.values()))


async def _obey(
    redis: ArqRedis, tools: Tools, functions: Sequence[Function], ready: int | None
) -> None:
    """arq's worker does not outlive an error of Redis; then the next one takes its place, and what
    is in hand goes on. What it has reported runs out by itself: others report at the same key."""
    running: set[asyncio.Task[None]] = set()

    async def report(ctx: dict[Any, Any]) -> None:  # noqa: ARG001 - arq gives it by name
        nonlocal ready
        await worker.record_health()
        if ready is not None:
            say_ready(ready)
            ready = None

    try:
        while True:
            worker = _worker(redis, tools, functions)
            worker.on_startup = report
            receiving = asyncio.create_task(worker.async_run())
            try:
                # It is cancelled here, not in the client of Redis: that writes by ``wait_for``,
                # which until Python 3.12 may return its result instead of being cancelled.
                await asyncio.wait([receiving])
                receiving.result()
            except AWAY as error:
                log.warning("no job can be received", error=type(error).__name__)
            finally:
                await end(receiving)
                if worker.main_task is not None:
                    await end(worker.main_task)
                running.update(worker.tasks.values())
            running = {task for task in running if not task.done()}
            await asyncio.sleep(LOOK_AGAIN_S)
    finally:
        await end(*running)


def _worker(redis: ArqRedis, tools: Tools, functions: Sequence[Function]) -> Worker:
    worker = Worker(
        functions=functions,
        cron_jobs=[cron(let_go, minute=LET_GO_AT, run_at_startup=True, timeout=LET_GO_S)],
        queue_name=QUEUE_NAME,
        redis_pool=redis,
        job_serializer=msgspec.msgpack.encode,
        job_deserializer=msgspec.msgpack.decode,
        ctx={"tools": tools},
        keep_result=0,
        max_jobs=RECEIVED_AT_ONCE,
        poll_delay=0.1,
        health_check_interval=10,
        health_check_key=HEALTH_KEY,
        handle_signals=False,
    )
    worker.in_progress_timeout_s = HANDED_OVER_S
    return worker


def _function(job: Job, pace: Pace, turns: Turns, queue: Queue, tasks: Tasks) -> Function:
    """What arq calls for a sending: it is taken, and done when it is its turn. Its message is gone
    then; the table knows of it, and sends it again should this worker die."""

    async def do(ctx: dict[str, Any], job_id: int, epoch: int) -> None:
        try:
            organisation = await outbox.whose(ctx["tools"].pool, job_id, epoch)
            async with turns.taken(organisation):
                await attempt(job, pace, ctx, job_id, epoch)
        except STORE_AWAY as error:
            log.warning("job left for later", job=job.kind.name, error=type(error).__name__)
        finally:
            del tasks[job_id, epoch]
            queue.wake()  # more of the same organisation may be sent

    async def take(ctx: dict[str, Any], job_id: int, epoch: int) -> None:
        if (job_id, epoch) not in tasks:
            tasks[job_id, epoch] = asyncio.create_task(do(ctx, job_id, epoch))

    return func(take, name=job.kind.name, keep_result=0)


def _mail(settings: Settings) -> tuple[SmtpMail | None, Post | None]:
    url = secret(settings.smtp_url)
    if url is None:
        return None, None
    keys = keys_at(secret(settings.sound_key), settings.data)
    return SmtpMail(url, settings.sender), Post(Ring(keys.of("mail")))


def _models(
    settings: Settings, stack: AsyncExitStack
) -> tuple[ChatWriter | None, ChatWriter | None, ChatWriter | None]:
    writer = chat_writer(settings, max_tokens=PLAN_TOKENS, total_s=PLAN_S)
    reader = chat_writer(settings, total_s=second_reading.SECONDS)
    evidence = chat_writer(settings, total_s=ONE_S)
    for model in (writer, reader, evidence):
        if model is not None:
            stack.push_async_callback(model.close)
    return writer, reader, evidence


async def _until_asked(settings: Settings, ready: int | None) -> None:
    """Until SIGINT or SIGTERM; asking again does not break off the ordered stop."""
    working = asyncio.ensure_future(work(settings, ready=ready))
    loop, asked = asyncio.get_running_loop(), asyncio.Event()

    def stop() -> None:
        if not asked.is_set():
            asked.set()
            working.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    with suppress(asyncio.CancelledError):
        await working


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--ready", type=int, help=argparse.SUPPRESS)  # `viva up` gives it
    ready = parser.parse_args().ready
    try:
        settings = Settings.from_env(os.environ)
        logging.configure(settings.log, settings.log_level)
        asyncio.run(_until_asked(settings, ready))
    except (SettingsError, PackError) as error:
        print(f"viva: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
