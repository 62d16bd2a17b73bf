"""``make soak``: interviews one after the other in so many places, and what grows meanwhile.

``python -m bench.soak --minutes 120 --sessions 30``, from the repository's root. Server, worker,
PostgreSQL and Valkey are processes of their own; every fifth candidate speaks in real time, the
others type, as fast as people who have thought before. They come one after the other. Told are
memory, file descriptors and tasks of each process and the size of the database, and their slopes
per hour and place; the first fifth of the time is not counted: then caches fill. Ends with 1 where
the server grows by a MB or more per hour and place, if it went on for half an hour, or where
anything that was said is lost.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import httpx
import numpy as np
import structlog

from tests.chaos.candidate import Candidate
from tests.chaos.faults import Told, nothing
from tests.chaos.house import POSTGRES, SERVERS, VALKEY, WORKER, House
from tests.chaos.plan import Fault
from tests.chaos.scenes import Size, Stage
from tests.chaos.verdict import judge

EVERY_S = 10.0
WARM = 0.2
"""Of the time, while which nothing is judged."""
LONG_ENOUGH_MIN = 30
MOST_MB = 1.0
SPEAKS = 5
TYPING_S = 8.0, 20.0
APART_S = 2.0
"""Between the first candidates of two places."""
MB = 1 << 20
SERVER = SERVERS[0]
AS_USUAL = Fault("soak", nothing, "nothing grows")
SIZE = "SELECT pg_database_size(current_database())"


@dataclass
class Series:
    """One figure over time; ``per`` divides it in the table."""

    name: str
    unit: str
    read: Callable[[], float]
    at_s: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def slope(self) -> float:
        """Per hour, by least squares, of what is judged."""
        times, values = np.array(self.at_s), np.array(self.values)
        late = times >= times[0] + WARM * (times[-1] - times[0])
        if late.sum() < 3:
            return float("nan")
        return float(np.polyfit(times[late] / 3_600, values[late], 1)[0])

    def row(self, places: int) -> str:
        first, last, slope = self.values[0], self.values[-1], self.slope()
        cells = f"{first:,.1f}", f"{max(self.values):,.1f}", f"{last:,.1f}", f"{slope:+,.2f}"
        return f"| {self.name} | {self.unit} | {' | '.join(cells)} | {slope / places:+,.3f} |"


HEAD = """\
| what | | at first | most | at last | per hour | per hour and place |
| --- | --- | --- | --- | --- | --- | --- |"""


class Soak:
    def __init__(self, house: House, stage: Stage, places: int) -> None:
        self._house = house
        self._stage = stage
        self._places = places
        self._tasks = self._database = 0.0
        self.wrong: list[str] = []
        self.held = 0
        self.series = [*self._of(SERVER, "server"), *self._of(WORKER, "worker")]
        self.series += [*self._of(POSTGRES, "PostgreSQL"), *self._of(VALKEY, "Valkey")]
        self.series += [
            Series("tasks of the server", "", lambda: self._tasks),
            Series("database", "MB", lambda: self._database),
        ]

    def _of(self, part: str, name: str) -> list[Series]:
        def tree() -> list[int]:
            return self._house.tree(part)

        own = [
            Series(f"{name}, memory of its own", "MB", lambda: memory_mb([self._house.pid(part)])),
            Series(f"{name}, with its children", "MB", lambda: memory_mb(tree())),
            Series(f"{name}, open files", "", lambda: float(open_files(self._house.pid(part)))),
        ]
        return own if part in (SERVER, WORKER) else own[1:2]

    async def run(self, seconds: float) -> None:
        until_s = monotonic() + seconds
        places = [asyncio.create_task(self._place(n, until_s)) for n in range(self._places)]
        looking = asyncio.create_task(self._look())
        try:
            await asyncio.gather(*places)
        finally:
            looking.cancel()
            for one in places:
                one.cancel()

    async def _place(self, place: int, until_s: float) -> None:
        """One candidate after the other."""
        number = place
        await asyncio.sleep(place * APART_S)
        while monotonic() < until_s:
            speaks = place % SPEAKS == 0
            candidate = await self._stage.candidate(AS_USUAL, number, speaks=speaks)
            candidate.takes_s = TYPING_S
            if speaks:
                candidate.answers = 3
            await candidate.hold()
            await self._judge(candidate)
            number += self._places

    async def _judge(self, candidate: Candidate) -> None:
        async with self._house.database() as database:
            figures = await judge(AS_USUAL, [candidate], (0, 0), Told(), database)
        self.held += 1
        self.wrong += figures.wrong

    async def _look(self) -> None:
        began = monotonic()
        async with (
            self._house.database() as database,
            httpx.AsyncClient(base_url=self._house.base(SERVER), timeout=30) as http,
        ):
            while True:
                self._database = await database.fetchval(SIZE) / MB
                self._tasks = gauge((await http.get("/metrics")).text, "viva_tasks")
                for one in self.series:
                    one.at_s.append(monotonic() - began)
                    one.values.append(one.read())
                await asyncio.sleep(EVERY_S)

    def told(self, minutes: float) -> list[str]:
        database = self.series[-1].values
        per_interview = (database[-1] - database[0]) * 1024 / max(1, self.held)
        said = (
            f"{self.held} interviews in {self._places} places, {minutes:g} minutes; "
            f"{len(self.wrong)} facts wrong; the database grew by {per_interview:,.0f} kB for each"
        )
        return [
            said,
            "",
            HEAD,
            *(one.row(self._places) for one in self.series),
        ]


def memory_mb(pids: Sequence[int]) -> float:
    """What is in memory, what is shared with others in shares."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:  # it ended
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def open_files(pid: int) -> int:
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def gauge(text: str, name: str) -> float:
    (line,) = [one for one in text.splitlines() if one.startswith(f"{name} ")]
    return float(line.split()[1])


async def main(minutes: float, places: int) -> int:
    with tempfile.TemporaryDirectory(prefix="viva-") as folder:
        async with House(Path(folder)) as house:
            stage = Stage(house, Size(spoken=1, answers=None))
            await stage.prepare()
            soak = Soak(house, stage, places)
            await soak.run(60 * minutes)
    print(*soak.told(minutes), sep="\n")
    print(*soak.wrong, sep="\n", file=sys.stderr)
    grows = soak.series[0].slope() / places
    return 1 if soak.wrong or (minutes >= LONG_ENOUGH_MIN and grows >= MOST_MB) else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--sessions", type=int, default=30)
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    sys.exit(asyncio.run(main(arguments.minutes, arguments.sessions)))
