"""The server's own time between an answer and the request that leaves for the language model.

``make bench-llm``. ``viva up`` as people run it, candidates who type, and a model server in a
process of its own that notes when each request was there. All share one monotonic clock, so what is
measured is from the browser's send to the model server's receipt: the transports are included.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from bench.bench_stt import machine
from tests.live import Viva, browser, free_port
from tests.resumes import ENGLISH_RESUME
from tests.server.test_up import viva_up

PROGRAM = Path(__file__).parents[1] / "tests" / "server" / "model_server.py"
REPLY = "You moved the nightly reports to Airflow; what did you do when it failed?"
ANSWER = "I moved the nightly reports from cron jobs to Airflow, and that was number {}."
LIMIT_MS = 5.0


@asynccontextmanager
async def model_server(record: Path) -> AsyncIterator[str]:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(PROGRAM), "serve", "m", "--host", "127.0.0.1"),
        *("--port", str(port), "--served-model-name", "m"),
        env={**os.environ, "RECORD": str(record), "REPLY": REPLY},
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def interview(viva: Viva, sent: dict[int, float]) -> None:
    """Answer every question at once; ``sent`` takes when each answer left, by its number."""
    ticket = await viva.interview(ENGLISH_RESUME)
    async with browser(ticket) as candidate:
        turn = 1
        while (await candidate.event("viva.question", turn=turn))["kind"] != "closing":
            await candidate.hear_question(turn)
            number = len(sent)
            content = [{"type": "input_text", "text": ANSWER.format(number)}]
            item = {"type": "message", "role": "user", "content": content}
            sent[number] = time.monotonic()
            await candidate.send(type="conversation.item.create", item=item)
            turn += 1


def received(record: Path) -> dict[int, float]:
    """When each answer's first request was there, by the answer's number."""
    found: dict[int, float] = {}
    for line in record.read_text().splitlines():
        note = json.loads(line)
        if "asked" in note and (number := re.search(r"number (\d+)\.", note["last"])):
            found.setdefault(int(number[1]), note["asked"])
    return found


async def run(rounds: int, at_once: int) -> list[float]:
    sent: dict[int, float] = {}
    with tempfile.TemporaryDirectory(prefix="viva-") as folder:
        record = Path(folder) / "record"
        async with (
            model_server(record) as url,
            viva_up(Path(folder) / "data", VIVA_LLM_URL=url) as started,
        ):
            await started.until("interviewer")
            async with httpx.AsyncClient(base_url=started.base, timeout=30) as http:
                viva = Viva(started.base, http)
                await interview(viva, {})  # the first one of all warms up
                record.write_text("")
                for _ in range(rounds):
                    await asyncio.gather(*(interview(viva, sent) for _ in range(at_once)))
            started.process.terminate()
            await started.process.wait()
        came = received(record)
    return sorted((came[number] - sent[number]) * 1_000 for number in came if number in sent)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--at-once", type=int, default=1)
    given = parser.parse_args()
    took = asyncio.run(run(given.rounds, given.at_once))
    p95 = statistics.quantiles(took, n=20)[-1]
    print(f"{time.strftime('%Y-%m-%d', time.gmtime())}, {machine()}")
    print(
        f"answer sent to request received, {len(took)} turns, {given.at_once} at once: "
        f"median {statistics.median(took):.1f} ms, p95 {p95:.1f} ms, most {took[-1]:.1f} ms"
    )
    return 0 if p95 <= LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
