"""Somebody floods a server: how long its neighbours wait, with limits of a WebSocket and without.

``python -m bench.flood``, from the repository's root. Two ``viva serve``, a worker, PostgreSQL and
Valkey are processes of their own; of one server ``VIVA_EVENTS_PER_SECOND`` and
``VIVA_BYTES_PER_SECOND`` are 0. A candidate, in a process of its own, sends events and frames of
sound on their interview as fast as they are taken; meanwhile ``/health/live`` is asked for, ten
times a second. Told is also what of a core the server takes, which an idle machine tells as well as
a busy one. The four are measured in turns, so that whatever else the machine does is in each.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import subprocess
import sys
import tempfile
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from time import monotonic, perf_counter

import httpx
import structlog

from bench.bench_stt import machine
from bench.probe import cpu_seconds
from tests.chaos.faults import nothing
from tests.chaos.house import ONE, TWO, House
from tests.chaos.plan import Fault
from tests.chaos.scenes import Size, Stage
from tests.chaos.verdict import share

UNBOUND = {"VIVA_EVENTS_PER_SECOND": "0", "VIVA_BYTES_PER_SECOND": "0"}
EVERY_S = 0.1
SERVERS = {ONE: "500 events, 2 MiB a second", TWO: "no limit"}


async def asked(base: str, seconds: float) -> list[float]:
    """Seconds of each answer. One that does not come counts with what was waited for it."""
    took_s, ends = [], monotonic() + seconds
    async with httpx.AsyncClient(base_url=base, timeout=10) as http:
        while monotonic() < ends:
            began = perf_counter()
            with suppress(httpx.HTTPError):
                await http.get("/health/live")
            took_s.append(perf_counter() - began)
            await asyncio.sleep(max(0.0, EVERY_S - took_s[-1]))
    return took_s


async def flooded(
    house: House, stage: Stage, server: str, number: int, seconds: float
) -> tuple[list[float], float]:
    """Seconds of each answer, and of CPU that the server took."""
    about = Fault("flood", nothing, "the others are answered", servers=(server,))
    whose = await stage.candidate(about, number, speaks=False)
    command = [sys.executable, "-m", "bench.flooder", whose.homes[0], whose.token]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        await process.stdout.readline()  # it has begun
        before = cpu_seconds(house.pid(server))
        took_s = await asked(house.base(server), seconds)
        return took_s, cpu_seconds(house.pid(server)) - before
    finally:
        process.kill()
        await process.wait()


async def bench(seconds: float, rounds: int) -> None:
    took_s: dict[tuple[str, bool], list[float]] = {}
    used_s: defaultdict[tuple[str, bool], float] = defaultdict(float)
    with tempfile.TemporaryDirectory(prefix="viva-") as folder:
        async with House(Path(folder), {TWO: UNBOUND}) as house:
            stage = Stage(house, Size(spoken=0))
            await stage.prepare()
            for number in range(rounds):
                for server in SERVERS:
                    before = cpu_seconds(house.pid(server))
                    quiet = await asked(house.base(server), seconds)
                    took_s.setdefault((server, False), []).extend(quiet)
                    used_s[server, False] += cpu_seconds(house.pid(server)) - before
                    busy, used = await flooded(house, stage, server, number, seconds)
                    took_s.setdefault((server, True), []).extend(busy)
                    used_s[server, True] += used
    print(f"{machine()}; {rounds} rounds of {seconds:g} s each")
    print("| a WebSocket may send | flood | of a core | asked | p50 | p95 | longest |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for (server, busy_too), all_s in took_s.items():
        figures = (
            f"{one * 1_000:.0f} ms" for one in (share(all_s, 0.5), share(all_s, 0.95), max(all_s))
        )
        core = f"{used_s[server, busy_too] / seconds / rounds:.0%}"
        cells = SERVERS[server], "yes" if busy_too else "no", core, str(len(all_s)), *figures
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(bench(given.seconds, given.rounds))
