"""What was said in an interview, on its way to its candidate and to all who watch."""

from __future__ import annotations

import asyncio
import json
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from time import monotonic
from typing import Any, Final

import asyncpg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from bench.bench_voice import planned
from server.load.candidate import FRAME_MS, VivaCandidate
from server.load.findings import Findings, percentiles
from server.web.principal import KEY_PROTOCOL

CONNECTED_S: Final = 30.0
QUESTIONS: Final = (
    "Tell me about a decision you would take again.",
    "What broke, and how did you notice?",
    "Which part of the work was yours?",
    "How did you find out that it was right?",
    "What would you leave out today?",
    "Who had to agree, and how did they?",
)


class Broken(Exception):
    """It could not be measured; says why."""


@dataclass(frozen=True)
class Place:
    """Where a server is, with the database it has and the key of whoever interviews."""

    base: str
    pool: asyncpg.Pool
    key: str


Told = Sequence[tuple[float, str]]
"""What one connection was told: when, and the event as it came."""


def word_waits(told: Told, sent_s: Sequence[float]) -> list[float]:
    """Seconds from when the frame with a word's end was sent until the word was shown, of every
    word of the final captions: in a caption of the open segment, or at last in the final one."""
    early: defaultdict[tuple[int, int], list[tuple[str, float]]] = defaultdict(list)
    waits: list[float] = []
    for place, event, at in _captions(told):
        words = event.get("words")
        if words is None:
            early[place] += [(_bare(word), at) for word in event["text"].split()]
            continue
        said = [_bare(word["text"]) for word in words]
        for word, shown_s in zip(words, _shown(said, early.pop(place, []), at), strict=True):
            frame = min(len(sent_s), max(1, math.ceil(word["end_ms"] / FRAME_MS)))
            waits.append(shown_s - sent_s[frame - 1])
    return waits


def behind(candidate: Told, watcher: Told) -> list[float]:
    """Seconds by which a watcher had each caption later than the candidate had it."""
    first = {(place, event["text"]): at for place, event, at in reversed([*_captions(candidate)])}
    found = ((first.get((place, event["text"])), at) for place, event, at in _captions(watcher))
    return [at - before for before, at in found if before is not None]


def _captions(told: Told) -> Iterator[tuple[tuple[int, int], Mapping[str, Any], float]]:
    """Both kinds in both protocols; only a final one has ``words``."""
    for at, message in told:
        match json.loads(message):
            case {"type": "partial" | "viva.partial"} as event:
                yield (event["turn"], event["segment"]), event, at
            case {"type": "viva.caption"} as event if event.get("words"):
                yield (event["turn"], event["segment"]), event, at
            case {"kind": "segment_heard", "data": event} if event.get("words"):
                yield (event["turn"], event["segment"]), event, at


def _bare(word: str) -> str:
    return "".join(one for one in word.casefold() if one.isalnum())


def _shown(said: Sequence[str], early: Sequence[tuple[str, float]], at: float) -> list[float]:
    """When each was there; words that were shown otherwise before are there at the end only."""
    shown = [at] * len(said)
    match_of = SequenceMatcher(None, said, [word for word, _ in early], autojunk=False)
    for block in match_of.get_matching_blocks():
        for number in range(block.size):
            shown[block.a + number] = early[block.b + number][1]
    return shown


class Heard(VivaCandidate):
    """Remembers what it is told."""

    def __init__(self, *about: Any) -> None:
        super().__init__(*about)
        self.told: list[tuple[float, str]] = []

    @property
    def sent_s(self) -> Sequence[float]:
        return self._sent_at

    async def hears(self, socket: ClientConnection, message: str | bytes) -> None:
        if isinstance(message, str):
            self.told.append((monotonic(), message))
        await super().hears(socket, message)


@dataclass
class Round:
    """Seconds, of all who spoke and all who looked on."""

    watchers: int
    findings: Findings = field(default_factory=lambda: Findings(open=True))
    to_candidate_s: list[float] = field(default_factory=list)
    to_watchers_s: list[float] = field(default_factory=list)
    behind_s: list[float] = field(default_factory=list)

    @property
    def own(self) -> tuple[list[float], ...]:
        """What the candidate waits for."""
        return self.to_candidate_s, self.findings.delays_s, self.findings.first_sounds_s

    def __str__(self) -> str:
        cells = " | ".join(two(one) for one in (*self.own, self.to_watchers_s, self.behind_s))
        counts = f"{len(self.to_candidate_s)} | {len(self.findings.first_sounds_s)}"
        return f"| {self.watchers} | {cells} | {counts} |"


HEAD: Final = (
    "| watchers | word to the candidate's caption p50 / p95 ms | last speech to decision "
    "| last speech to the question's voice | word to a watcher's caption "
    "| a watcher's caption after the candidate's | words | questions |"
)


def two(seconds: Sequence[float]) -> str:
    """p50 and p95 in ms."""
    return " / ".join("–" if math.isnan(one) else f"{one * 1_000:.0f}" for one in _both(seconds))


def _both(seconds: Sequence[float]) -> list[float]:
    return percentiles(seconds, (50, 95))


def ratios(alone: Sequence[float], watched: Sequence[float]) -> str:
    """Of p50 and p95."""
    pairs = zip(_both(watched), _both(alone), strict=True)
    return " / ".join("–" if math.isnan(a / b) else f"{a / b:.2f}" for a, b in pairs)


async def follow(
    url: str, key: str, there: asyncio.Semaphore, told: list[tuple[float, str]]
) -> None:
    """One who watches, until cancelled; ``there`` counts those who are connected."""
    offered = [Subprotocol("viva.v1"), Subprotocol(f"{KEY_PROTOCOL}{key}")]
    async with connect(url, subprotocols=offered, compression=None, open_timeout=60) as socket:
        there.release()
        async for message in socket:
            told.append((monotonic(), str(message)))  # noqa: PERF401 - each when it comes


async def spoken(
    place: Place, answers: Sequence[bytes], *, speakers: int, seconds: float, watchers: int
) -> Round:
    """Everybody speaks for so long, and so many look on. Raises Broken."""
    found, here = Round(watchers), place.base.replace("http", "ws")
    made = [await planned(place.pool, QUESTIONS) for _ in range(speakers)]
    people = [
        Heard(f"{here}/v1/realtime", one.token, answers, number, found.findings)
        for number, one in enumerate(made)
    ]
    seen: list[list[tuple[float, str]]] = [[] for _ in range(watchers)]
    there, tasks = asyncio.Semaphore(0), []
    for number, told in enumerate(seen):
        url = f"{here}/v1/interviews/{made[number % speakers].interview_id}/watch"
        tasks.append(asyncio.create_task(follow(url, place.key, there, told)))
        async with asyncio.timeout(CONNECTED_S):
            await there.acquire()
    tasks += [asyncio.create_task(one.run()) for one in people]
    await asyncio.sleep(seconds)
    ended = sum(task.done() for task in tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    if ended:
        raise Broken(f"{ended} of {len(tasks)} connections ended before it was over")
    for one in people:
        found.to_candidate_s += word_waits(one.told, one.sent_s)
    for number, told in enumerate(seen):
        one = people[number % speakers]
        found.to_watchers_s += word_waits(told, one.sent_s)
        found.behind_s += behind(one.told, told)
    return found
