"""A real worker whose reading of a résumé kills it: ``python poisoned_worker.py``."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Any

from server.jobs import PARSE_RESUME, Pace
from server.settings import Settings
from workers.attempt import Job
from workers.main import work
from workers.resume import give_up


async def deadly(ctx: dict[str, Any], subject: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    job = Job(PARSE_RESUME, deadly, give_up)
    asyncio.run(work(Settings.from_env(os.environ), [job], Pace(lease_s=0.5, sweep_s=0.1)))
