"""The interviewer's desk: captions under many watchers, the board, one page, and the report.

``python -m bench.desk``, from the repository's root. ``viva serve`` is a child process with the
recogniser that comes with viva, PostgreSQL and Valkey; somebody speaks to it in real time, first
with nobody and then with ``--watchers`` looking on. What the pages are asked about is made by the
store's own functions. There is no language model.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import logging
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from time import monotonic, perf_counter
from typing import Any, Final

import asyncpg
import httpx
import structlog

from bench.bench_stt import machine
from bench.bench_voice import free_port
from bench.candidates import answers_from
from bench.watched import HEAD, Broken, Place, ratios, spoken, two
from server.assets import share
from server.child import Child
from server.embedded import Embedded, EmbeddedError
from server.store import migrations, openings
from server.store.openings import Opening
from server.store.pool import open_pool
from server.store.scope import LOCAL, Scope
from tests.interviewed import CORRECT, DECIDES, QUESTION_MS, WORD_MS, Held, Turn, held, recorded
from tests.live import SOUND_KEY
from tests.speech import ENGLISH_READINGS, clip
from workers.report import write_report
from workers.tools import Tools

UP_S, STOP_S = 90.0, 15.0
AT_ONCE: Final = 8
BOARD_PAGE: Final = 50
BOARD_ROUNDS: Final = 5
TIMES: Final = 10
REPORTS: Final = 3
KEY: Final = "of-the-bench-alone"


def long_talk(minutes: float, texts: Sequence[str]) -> list[Turn]:
    """Questions and answers that take so long."""
    turns = [Turn("What do you do now?", texts[0], "introduction")]
    criteria = ("Keeps data correct", CORRECT), ("Decides and gives reasons", DECIDES)
    while sum(QUESTION_MS + WORD_MS * len(one.answer.split()) for one in turns) < minutes * 60_000:
        number = len(turns)
        competency, lines = criteria[number // 2 % 2]
        probed = lines[number // 4 % 2] if number % 2 == 0 else None
        answer = texts[number % len(texts)]
        turn = Turn(f"What came of step {number}?", answer, "experience", competency, lines, probed)
        turns.append(turn)
    return turns


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    began = perf_counter()
    await work()
    return perf_counter() - began


async def got(http: httpx.AsyncClient, path: str, **asked: str) -> dict[str, Any]:
    answer = await http.get(path, params=asked)
    if not answer.is_success:
        raise Broken(f"{path} was answered with {answer.status_code}")
    said: dict[str, Any] = answer.json()
    return said


async def board(http: httpx.AsyncClient, pool: asyncpg.Pool, count: int) -> tuple[list[float], int]:
    """Seconds of each page, from the first to the last and over again; how many rows there were.
    Four of five interviews are over."""
    about = Opening("Pilot")
    opening, place = (await openings.add(pool, about), about), asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> None:
        async with place:
            await held(pool, name=f"Person {number}", over=number % 5 > 0, opening=opening)

    await asyncio.gather(*(one(number) for number in range(count)))
    took_s, rows = [], 0
    for _ in range(BOARD_ROUNDS):
        asked, rows = {"opening_id": str(opening[0]), "limit": str(BOARD_PAGE)}, 0
        while True:
            began = perf_counter()
            page = await got(http, "/v1/board", **asked)
            took_s.append(perf_counter() - began)
            rows += len(page["items"])
            if page["next_cursor"] is None:
                break
            asked["cursor"] = page["next_cursor"]
    return took_s, rows


async def page(http: httpx.AsyncClient, made: Held) -> None:
    """What the page of one interview asks for, in its order."""
    of = f"/v1/interviews/{made.interview_id}"
    many = {"limit": "100"}
    await asyncio.gather(
        got(http, f"{of}/report"), got(http, f"{of}/scorecards"),
        got(http, f"{of}/recordings", **many), got(http, "/v1/session"),
    )  # fmt: skip
    await asyncio.gather(
        got(http, f"{of}/notes", **many), got(http, f"{of}/release"),
        got(http, f"/v1/resumes/{made.resume_id}"),
    )  # fmt: skip


async def desk(given: argparse.Namespace, http: httpx.AsyncClient, pool: asyncpg.Pool) -> None:
    with (ENGLISH_READINGS / "transcripts.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["transcript"] for row in csv.DictReader(file)]
    took_s, rows = await board(http, pool, given.interviews)
    print(f"| board of {rows} interviews, each page of {BOARD_PAGE} | {two(took_s)} | 200 |")
    long = await held(pool, long_talk(given.minutes, texts))
    await recorded(pool, long)
    tools = {"tools": Tools(pool, None, None, 5)}
    written_s = await timed(lambda: write_report(tools, str(long.interview_id)))
    opened_s = [await timed(lambda: page(http, long)) for _ in range(TIMES)]
    length = f"{long.end_ms / 60_000:.0f} minutes, {len(long.answers)} answers"
    print(f"| all that the page of one interview asks for ({length}) | {two(opened_s)} | 1000 |")
    print(f"| report of that interview, without a model | {two([written_s])} | |")
    took_s.clear()
    for _ in range(REPORTS):
        half = await held(pool, long_talk(given.minutes / 2, texts))
        job = str(half.interview_id)
        took_s.append(await timed(lambda job=job: write_report(tools, job)))  # type: ignore[misc]
    length = f"{half.end_ms / 60_000:.0f} minutes, {len(half.answers)} answers"
    print(f"| report without a model ({length}) | {two(took_s)} | 60000 |", flush=True)


async def watched(given: argparse.Namespace, place: Place) -> None:
    files = sorted(given.audio.glob("*.wav")) if given.audio.is_dir() else [given.audio]
    answers = list(chain.from_iterable(answers_from(clip(one, None)) for one in files))
    if not answers:
        raise Broken(f"no answer of 8 s of speech is in {given.audio}")
    await spoken(place, answers, speakers=1, seconds=given.warm, watchers=0)
    print(f"\n{HEAD}\n|{' --- |' * (HEAD.count('|') - 1)}", flush=True)
    rounds = []
    for count in (0, given.watchers):
        about = {"speakers": given.speakers, "watchers": count}
        rounds.append(await spoken(place, answers, seconds=given.seconds, **about))
        print(rounds[-1], flush=True)
    cells = " | ".join(ratios(*each) for each in zip(*(one.own for one in rounds), strict=True))
    print(f"| with over without | {cells} | | | | |\n")
    for each in rounds:
        print(each.changed)


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[Place]:
    """Nothing of the environment brings a model or another database."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    async with Embedded(folder / "stores") as stores:
        await migrations.migrate(stores.database_url, share("migrations"))
        given = {name: one for name, one in os.environ.items() if not name.startswith("VIVA_")}
        urls = {"DATABASE_URL": stores.database_url, "REDIS_URL": stores.redis_url}
        ours = {"VIVA_PORT": str(port), "VIVA_DATA": str(folder), "VIVA_STT": "whisper-base"}
        ours |= {"VIVA_LOG_LEVEL": "error", "VIVA_SOUND_KEY": SOUND_KEY}
        ours |= {"VIVA_INTERVIEWER_KEY": KEY, "VIVA_ADMISSION": "off"}
        ours |= {"VIVA_WATCHERS_PER_INTERVIEW": "0"}
        command = [sys.executable, "-P", "-m", "server.cli", "serve"]
        server = await Child.start(command, env=given | urls | ours, output=sys.stderr.buffer)
        try:
            async with await open_pool(stores.database_url, scope=Scope(LOCAL)) as pool:
                await _answers(base)
                yield Place(base, pool, KEY)
        finally:
            await server.stop(STOP_S)


async def _answers(base: str) -> None:
    ends = monotonic() + UP_S
    async with httpx.AsyncClient(base_url=base, timeout=5) as http:
        while monotonic() < ends:
            with suppress(httpx.HTTPError):
                if (await http.get("/health/live")).is_success:
                    return
            await asyncio.sleep(0.1)
    raise Broken("the server does not answer; see what it wrote above")


async def measure(given: argparse.Namespace) -> None:
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{datetime.now(UTC):%Y-%m-%d}; {machine()}; load before {load}\n")
    with tempfile.TemporaryDirectory(prefix="viva-") as folder:
        async with serving(Path(folder)) as place:
            print("| what | p50 / p95 ms | aim |\n| --- | --- | --- |", flush=True)
            own = {"Authorization": f"Bearer {place.key}"}
            async with httpx.AsyncClient(base_url=place.base, timeout=60, headers=own) as http:
                await desk(given, http, place.pool)
            await watched(given, place)
    print(f"\nload after {', '.join(f'{one:.1f}' for one in os.getloadavg())}")


def main(argv: Sequence[str]) -> int:
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--audio", type=Path, default=ENGLISH_READINGS, help="a WAV, or a folder")
    said.add_argument("--speakers", type=int, default=1, help="interviews at once")
    said.add_argument("--watchers", type=int, default=200)
    said.add_argument("--seconds", type=float, default=60.0, help="without and with watchers each")
    said.add_argument("--warm", type=float, default=20.0, help="seconds of speech before that")
    said.add_argument("--interviews", type=int, default=500, help="of the board")
    said.add_argument("--minutes", type=float, default=60.0, help="of the interview that is opened")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        asyncio.run(measure(said.parse_args(argv)))
    except (Broken, EmbeddedError, TimeoutError) as error:
        print(f"bench-desk: {error!r}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
