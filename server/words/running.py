"""The words that run viva, or parts of it."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from server.certificates import Certificates
from server.manual import INTERRUPTED, Parser, Words, add, refused
from server.settings import Settings

NEED_URLS = "Needs DATABASE_URL and REDIS_URL. All of viva's variables: docs/settings.md."

LASTING = {0: "stopped, as it was asked to", 1: "could not start, or could not go on"}


def add_words(words: Words[Parser]) -> None:
    add(
        words,
        "up",
        "run everything: databases, server and worker",
        up,
        more="Brings its own PostgreSQL and Valkey where DATABASE_URL and REDIS_URL are not set, "
        "brings the database up to date, starts server and worker again when they die, and vLLM "
        "where this machine has it. Prints the addresses of the pages when it is ready. Ctrl-C "
        "stops all of it in order. What it keeps is in VIVA_DATA (.viva).",
        statuses=LASTING,
        examples=[("VIVA_PORT=8080 viva up", "at another port than 8000")],
    )
    add(
        words,
        "restart",
        "put new processes in place of those of a running `viva up`, without a break",
        restart,
        more="For a new version of viva, after it was installed: the database is brought up to "
        "date, then worker and servers are replaced one by one. Interviews go on. Finds the "
        "`viva up` of the same VIVA_DATA.",
        statuses={
            0: "all were replaced",
            1: "none runs, or a new process was not ready in time; the old ones stay",
            INTERRUPTED: "no longer watched; it goes on",
        },
    )
    serving = add(
        words,
        "serve",
        "run the server alone, as one of several behind a load balancer",
        serve,
        more=f"{NEED_URLS} SIGTERM lets interviews go on elsewhere before it ends "
        "(VIVA_DRAIN_SECONDS).",
        statuses=LASTING,
    )
    serving.add_argument("--door", type=int, help=argparse.SUPPRESS)  # `viva up` gives them
    serving.add_argument("--ready", type=int, help=argparse.SUPPRESS)
    serving.add_argument("--beside", type=Path, help=argparse.SUPPRESS)
    working = add(
        words,
        "work",
        "run the background worker alone: it reads résumés, plans questions, writes reports",
        work,
        more=NEED_URLS,
        statuses={
            0: f"{LASTING[0]}; with --check: a worker is alive",
            1: f"{LASTING[1]}; with --check: none reports",
        },
    )
    working.add_argument(
        "--check",
        dest="command",
        action="store_const",
        const=check_worker,
        help="start nothing; tell by the exit status whether a worker is alive",
    )
    calling = add(
        words,
        "rtc",
        "hold calls over WebRTC, for pages of other sites",
        rtc,
        more="`viva up` does this by itself where VIVA_RTC says so. Needs REDIS_URL, and a server "
        "that it finds at VIVA_RTC_SERVER, or at VIVA_HOST and VIVA_PORT. SIGTERM lets calls end "
        "before it does (VIVA_DRAIN_SECONDS).",
        statuses=LASTING,
    )
    calling.add_argument("--beside", type=Path, help=argparse.SUPPRESS)  # `viva up` gives it
    add(
        words,
        "llm",
        "become vLLM, with the model that fits this machine's GPU or VIVA_LLM_MODEL",
        llm,
        more="`viva up` does this by itself. For a container or service of its own.",
        statuses={0: "does not happen: vLLM takes its place", 1: "this machine cannot run it"},
    )


def up(arguments: argparse.Namespace) -> int:
    from server.crew import UpError
    from server.embedded import EmbeddedError
    from server.store.migrations import MigrationError
    from server.up import up as run_up

    try:
        asyncio.run(run_up(arguments.settings, os.environ))
    except (EmbeddedError, MigrationError, UpError, OSError) as error:
        return refused(error)
    return 0


def restart(arguments: argparse.Namespace) -> int:
    from server.embedded import EmbeddedError
    from server.renewal import RenewalError, renew

    settings: Settings = arguments.settings
    try:
        done = renew(settings.data, settings.port, lambda said: print(said, flush=True))
    except (RenewalError, EmbeddedError, OSError) as error:
        return refused(error)
    except KeyboardInterrupt:
        print("viva: it goes on; the log of `viva up` says how it ends", file=sys.stderr)
        return INTERRUPTED
    return 0 if done else refused("not all of it was replaced; the log of `viva up` says why")


def serve(arguments: argparse.Namespace) -> int:
    settings: Settings = arguments.settings
    missing = _missing_urls(settings)
    if missing:
        return refused(missing)

    from server.language.pack import PackError, known
    from server.serving import serve as run_server

    try:
        known(settings.packs)
    except PackError as error:
        return refused(error)
    try:
        tls = _certificates(settings)
    except OSError as error:
        return refused(f"VIVA_TLS_CERT and VIVA_TLS_KEY cannot be used: {error}")
    given = arguments.door, arguments.ready, arguments.beside
    return 0 if run_server(settings, tls, *given) else 1


def _certificates(settings: Settings) -> Certificates | None:
    if settings.tls_cert is None or settings.tls_key is None:
        return None
    return Certificates(settings.tls_cert, settings.tls_key)


def work(arguments: argparse.Namespace) -> int:
    missing = _missing_urls(arguments.settings)
    if not missing:
        os.execv(sys.executable, [sys.executable, "-P", "-m", "workers.main"])
    return refused(missing)


def check_worker(arguments: argparse.Namespace) -> int:
    """0 while a worker reports to Redis: the health check of a container."""
    from redis.asyncio import Redis
    from redis.exceptions import RedisError

    from server.queue import HEALTH_KEY

    settings: Settings = arguments.settings
    if settings.redis_url is None:
        return refused("REDIS_URL is not set")

    async def alive(url: str) -> bool:
        async with Redis.from_url(url, socket_timeout=3, socket_connect_timeout=3) as redis:
            return bool(await redis.exists(HEALTH_KEY))

    try:
        found = asyncio.run(alive(settings.redis_url.get_secret_value()))
    except (RedisError, OSError) as error:
        return refused(f"Redis does not answer ({type(error).__name__})")
    return 0 if found else refused("no worker reports to Redis")


def rtc(arguments: argparse.Namespace) -> int:
    settings: Settings = arguments.settings
    if settings.redis_url is None:
        return refused("REDIS_URL is not set; only `viva up` brings its own")

    from server.ports import EngineError
    from server.rtc.process import rtc as hold_calls

    try:
        hold_calls(settings, arguments.beside)
    except EngineError as error:
        return refused(error)
    except OSError as error:
        return refused(f"VIVA_RTC_METRICS cannot be used: {error}")
    return 0


def llm(arguments: argparse.Namespace) -> int:
    from server.vllm import launch
    from server.vllm import serve as become

    found = launch(arguments.settings)
    if isinstance(found, str):
        return refused(f"no language model is started: {found}")
    print(f"viva: starting {found.program} with {found.served_name}", file=sys.stderr, flush=True)
    try:
        become(found, arguments.settings, os.environ)
    except OSError as error:
        return refused(error)


def _missing_urls(settings: Settings) -> str | None:
    urls = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    missing = [name for name, url in urls.items() if url is None]
    if not missing:
        return None
    verb = "is" if len(missing) == 1 else "are"
    return f"{' and '.join(missing)} {verb} not set; only `viva up` brings its own"
