"""What a server under load costs: CPU, memory and the lag of its event loop. Standard library only.

The server's side answers ``begin`` and ``end`` on its standard input with a line of JSON each.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from server.load.findings import percentiles

EVERY_S = 0.010
"""How often the loop's lag is looked at: how much later than asked a timer fires."""

TICK = os.sysconf("SC_CLK_TCK")
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1_048_576


def pin(core: int | None) -> None:
    if core is not None and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})


def ahead(pid: int | None = None) -> bool:
    """This process or another before what else the machine does, with all children of its own
    session, where that is allowed (Linux, root).

    The threads of a server still share a core among themselves as they do on a machine of its own.
    """
    try:
        os.setpriority(os.PRIO_PROCESS, pid or 0, -20)
        Path(f"/proc/{pid or 'self'}/autogroup").write_text("-20")
    except OSError:
        return False
    return True


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and its threads (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def memory_mb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_MB


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(one) for one in found.read_text().split()] if found.exists() else []


class Probe:
    """Runs inside the server. ``extra`` adds to what ``end`` reports."""

    def __init__(self, extra: Callable[[], dict[str, Any]] = dict) -> None:
        self._extra = extra
        self._lags_ms: list[float] = []

    async def watch(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + EVERY_S
        while True:
            await asyncio.sleep(due - loop.time())
            now = loop.time()
            self._lags_ms.append(max(0.0, now - due) * 1_000)
            due = now + EVERY_S

    async def obey(self) -> None:
        """Until standard input ends."""
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        watching = asyncio.create_task(self.watch())
        try:
            while line := await reader.readline():
                if line.strip() == b"begin":
                    self._extra()
                    self._lags_ms.clear()
                    answer({"at": time.monotonic()})
                else:
                    answer({"lag_ms": percentiles(self._lags_ms), **self._extra()})
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching


def answer(said: dict[str, Any]) -> None:
    print(json.dumps(said), flush=True)
