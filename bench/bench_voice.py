"""What a live session costs: CPU, delay and loop lag, ours and Pipecat's, for the same audio.

``python -m bench.bench_voice``, from the repository's root. The server runs alone on one core, the
candidates on another; ``--replicas 1,2``: the same sessions by so many servers on that core, in
turns. Recogniser, language model and voice only take their time (``stub_times``);
WebSockets, VAD, turn model, turn-taking and, on our side, PostgreSQL are real. Pipecat comes from
its wheel, in an environment of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import asyncpg
import structlog
from redis.asyncio import Redis

from bench.bench_stt import machine
from bench.candidates import PipecatCandidate, answers_from
from bench.probe import ahead, children, cpu_seconds, memory_mb, pin
from server.assets import share
from server.core.events import PlannedQuestion
from server.embedded import Embedded
from server.load.candidate import Candidate, VivaCandidate
from server.load.crowd import crowd
from server.load.findings import Findings, percentiles
from server.store import interviews, migrations
from server.store.pool import open_pool
from server.store.scope import LOCAL, Scope
from tests.speech import recording

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "viva"
PIPECAT = "1.14.0"
"""The version whose turn model we use too: deploy/models.py."""
SETTLE_S = 4.0
PLAN = ("Tell me about a decision you would take again.", "What broke, and how did you notice?")
RESUME = {"header": {"name": "B", "target_role": "Engineer"}, "meta": {"language": "en"}}
HEAD = (
    "| system | sessions | CPU s per session-minute | of the core | loop lag p50 / p95 / p99 ms "
    "| last speech to decision p50 / p95 / p99 ms | server's part p50 / p95 / p99 ms "
    "| answers | cut-ins | memory MB | database CPU | commands of Redis |"
)


@dataclass(frozen=True)
class Row:
    system: str
    sessions: int
    cpu_per_minute: float
    core: float
    lag_ms: list[float]
    findings: Findings
    memory: float
    database: float
    redis: Mapping[str, float]
    """How often each command, in a session-minute."""

    def __str__(self) -> str:
        found = self.findings
        return (
            f"| {self.system} | {self.sessions} | {self.cpu_per_minute:.3f} | {self.core:.0%} "
            f"| {_three(self.lag_ms, 1)} | {_three(_ms(found.delays_s))} "
            f"| {_three(_ms(found.overheads_s))} | {len(found.delays_s)} | {found.cut_ins} "
            f"| {self.memory:.0f} | {self.database:.3f} | {sum(self.redis.values()):.1f} |"
        )

    def doubts(self) -> list[str]:
        late = percentiles(self.findings.sending_late_s, (99,))[0] * 1_000
        said = [f"{self.findings.broken} connections broke"] if self.findings.broken else []
        said += [f"{self.findings.stuck} answers got no question"] if self.findings.stuck else []
        said += [f"candidates sent {late:.0f} ms late at p99"] if late > 20 else []
        return [f"  {self.system}, {self.sessions}: {one}" for one in said]


def _ms(seconds: Sequence[float]) -> list[float]:
    return [one * 1_000 for one in percentiles(seconds)]


def _three(values: Sequence[float], places: int = 0) -> str:
    return " / ".join("–" if one != one else f"{one:.{places}f}" for one in values)  # noqa: PLR0124


class Server:
    """A server as a child process that answers ``begin`` and ``end``."""

    def __init__(self, child: asyncio.subprocess.Process) -> None:
        self._child = child
        self.pid = child.pid

    async def ask(self, word: str) -> dict[str, Any]:
        assert self._child.stdin is not None
        self._child.stdin.write(f"{word}\n".encode())
        await self._child.stdin.drain()
        return await self.told()

    async def told(self) -> dict[str, Any]:
        assert self._child.stdout is not None
        while line := await self._child.stdout.readline():
            if line.startswith(b"{"):
                said: dict[str, Any] = json.loads(line)
                return said
        raise SystemExit("bench-voice: the server ended; see what it wrote above")


@asynccontextmanager
async def started(python: str, module: str, *arguments: str) -> AsyncIterator[Server]:
    child = await asyncio.create_subprocess_exec(
        python, "-m", module, *arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    server = Server(child)
    try:
        await server.told()
        yield server
    finally:
        if child.stdin is not None:
            child.stdin.close()
        try:
            async with asyncio.timeout(10):
                await child.wait()
        except TimeoutError:
            child.kill()
            await child.wait()


async def measured(
    system: str,
    servers: Sequence[Server],
    candidates: Sequence[Candidate],
    findings: Findings,
    seconds: float,
    embedded: Embedded | None = None,
    *,
    favoured: bool = False,
) -> Row:
    """Of several servers what they need together, and the loop that was latest."""
    database = embedded.pids.get("postgres") if embedded is not None else None
    async with crowd(candidates):
        if favoured and database is not None:
            for one in [database, *children(database)]:  # each in a session of its own
                ahead(one)
        await asyncio.sleep(SETTLE_S)
        for server in servers:
            await server.ask("begin")
        findings.open = True
        before, began = sum(cpu_seconds(one.pid) for one in servers), monotonic()
        stored, asked = _family_cpu(database), await _commands(embedded)
        await asyncio.sleep(seconds)
        took, used = monotonic() - began, sum(cpu_seconds(one.pid) for one in servers) - before
        stored = _family_cpu(database) - stored
        asked = await _commands(embedded) - asked
        memory = sum(memory_mb(one.pid) for one in servers)
        lags_ms = [(await server.ask("end"))["lag_ms"] for server in servers]
        findings.open = False
    count = len(candidates)
    minutes = count * took / 60
    return Row(
        system, count, used / minutes, used / took,
        [max(one) for one in zip(*lags_ms, strict=True)], findings, memory, stored / minutes,
        {name: times / minutes for name, times in asked.most_common()},
    )  # fmt: skip


async def _commands(embedded: Embedded | None) -> Counter[str]:
    """How often each was asked of Redis so far."""
    if embedded is None:
        return Counter()
    async with Redis.from_url(embedded.redis_url) as redis:
        told = await redis.info("commandstats")
    return Counter({name.removeprefix("cmdstat_"): one["calls"] for name, one in told.items()})


def _family_cpu(pid: int | None) -> float:
    if pid is None:
        return 0.0
    total = 0.0
    for one in [pid, *children(pid)]:
        try:
            total += cpu_seconds(one)
        except OSError:
            continue  # it ended a moment ago
    return total


async def ours(given: argparse.Namespace, answers: Sequence[bytes]) -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        async with Embedded(Path(folder)) as embedded:
            await migrations.migrate(embedded.database_url, share("migrations"))
            async with await open_pool(embedded.database_url, scope=Scope(LOCAL)) as pool:
                for count in given.sessions:
                    for replicas in given.replicas:
                        rows.append(await _ours(given, answers, embedded, pool, count, replicas))
                        print(rows[-1], flush=True)
    return rows


async def _ours(
    given: argparse.Namespace,
    answers: Sequence[bytes],
    embedded: Embedded,
    pool: asyncpg.Pool,
    count: int,
    replicas: int,
) -> Row:
    findings, ports = Findings(), [free_port() for _ in range(replicas)]
    arguments = ["--database", embedded.database_url]
    arguments += ["--redis", embedded.redis_url, "--turn-model", given.turn_model]
    arguments += ["--canceller", given.canceller]
    arguments += _core(given)
    async with AsyncExitStack() as stack:
        servers = [
            await stack.enter_async_context(
                started(sys.executable, "bench.voice_server", "--port", str(port), *arguments)
            )
            for port in ports
        ]
        made = [await planned(pool, PLAN) for _ in range(count)]
        urls = [f"ws://127.0.0.1:{port}/v1/realtime" for port in ports]
        candidates = [
            VivaCandidate(urls[number % replicas], one.token, answers, number, findings)
            for number, one in enumerate(made)
        ]
        system = "viva" if replicas == 1 else f"viva, {replicas} servers"
        return await measured(
            system, servers, candidates, findings, given.seconds, embedded, favoured=given.ahead
        )


async def planned(pool: asyncpg.Pool, questions: Sequence[str]) -> interviews.CreatedInterview:
    """An interview that asks these."""
    resume_id = await pool.fetchval(
        "INSERT INTO resumes (sha256, filename, status, structured_data) "
        "VALUES (gen_random_uuid()::text, 'b.pdf', 'ready', $1) RETURNING id",
        RESUME,
    )
    created = await interviews.create(pool, resume_id)
    assert created is not None
    plan = [
        PlannedQuestion(
            await pool.fetchval("SELECT uuidv7()::text"), number, text, "experience", "bank"
        )
        for number, text in enumerate(questions, start=1)
    ]
    await interviews.add_plan(pool, created.interview_id, plan)
    return created


async def pipecats(given: argparse.Namespace, answers: Sequence[bytes]) -> list[Row]:
    python = pipecat_python() if given.pipecat else None
    rows: list[Row] = []
    for count in given.pipecat if python else []:
        port, findings = free_port(), Findings()
        arguments = ["--port", str(port), "--turn-model", given.turn_model, *_core(given)]
        async with started(str(python), "bench.pipecat_server", *arguments) as server:
            candidates = [
                PipecatCandidate(f"ws://127.0.0.1:{port}/", answers, number, findings)
                for number in range(count)
            ]
            rows.append(await measured("pipecat", [server], candidates, findings, given.seconds))
            print(rows[-1], flush=True)
    return rows


def pipecat_python() -> Path | None:
    """An environment with the whole of Pipecat."""
    wanted = f"pipecat-ai[silero,websocket]=={PIPECAT}"
    folder = CACHE / f"pipecat-{PIPECAT}"
    python = folder / "bin" / "python"
    ready = folder / "ready"
    if ready.is_file():
        return python
    print(f"installing {wanted} into {folder}", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    install = [str(python), "-m", "pip", "install", "-q", wanted, "uvicorn", "uvloop"]
    if subprocess.run(install, check=False).returncode:
        print("pipecat could not be installed: only viva is measured", file=sys.stderr)
        return None
    ready.touch()
    return python


def compare(rows: Sequence[Row], others: Sequence[Row]) -> None:
    if not rows or not others:
        return
    best = min(others, key=lambda row: row.cpu_per_minute)
    print("\nCPU per session-minute, Pipecat's best against ours at each number of sessions:")
    for row in rows:
        times = best.cpu_per_minute / row.cpu_per_minute
        print(f"  {best.sessions} Pipecat, {row.sessions} viva: {times:.1f} times")


def _core(given: argparse.Namespace) -> list[str]:
    return ["--core", str(given.core)] if given.core >= 0 else []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _counts(said: str) -> list[int]:
    return [int(one) for one in said.split(",") if one]


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--sessions", type=_counts, default=[1, 20, 50, 100])
    said.add_argument("--replicas", type=_counts, default=[1], help="servers that share them")
    said.add_argument("--pipecat", type=_counts, default=[1, 5, 10, 20], help="'' for none")
    said.add_argument("--seconds", type=float, default=60.0)
    said.add_argument("--quick", action="store_true", help="two sizes of each, 15 s")
    said.add_argument("--turn-model", choices=("on", "off"), default="on")
    said.add_argument("--canceller", choices=("on", "off"), default="on", help="of echoes")
    said.add_argument("--core", type=int, default=0, help="for the server; -1: not pinned")
    said.add_argument(
        "--ahead", action="store_true", help="ahead of other processes, on a busy machine (root)"
    )
    given = said.parse_args(argv)
    if given.quick:
        given.sessions, given.pipecat, given.seconds = [1, 50], given.pipecat[:2], 15.0
    return given


async def measure(given: argparse.Namespace) -> None:
    answers = answers_from(recording("two_cities.wav"))
    seconds = [len(one) / 32_000 for one in answers]
    print(
        f"{datetime.now(UTC):%Y-%m-%d}; {machine()}; one core for the server"
        f"{', ahead of what else ran' if given.ahead else ''}"
    )
    print(f"answers of {min(seconds):.0f} to {max(seconds):.0f} s, {given.seconds:g} s each\n")
    print(HEAD)
    print("|" + " --- |" * (HEAD.count("|") - 1), flush=True)
    rows = await ours(given, answers)
    others = await pipecats(given, answers)
    compare(rows, others)
    for row in [*rows, *others]:
        for doubt in row.doubts():
            print(doubt)
    for row in rows:
        asked = ", ".join(
            f"{name} {times:.1f}" for name, times in row.redis.items() if times >= 0.1
        )
        print(f"Redis, in a session-minute of {row.sessions}: {asked}")


def main(argv: Sequence[str]) -> int:
    given = _arguments(argv)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if given.core >= 0 and len(cores) > 1:
        pin(next(one for one in cores if one != given.core))
    if given.ahead and not ahead():
        print("not allowed to go ahead of other processes", file=sys.stderr)
    asyncio.run(measure(given))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
