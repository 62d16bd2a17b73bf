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


@dataclass
class Sights:
    """Of the words of the final captions: seconds from when the frame with a word's end was sent
    until it was ``seen``, in whatever form, until it was seen as it ``stays``, and until that was
    ``settled``; the final caption is the last chance of each. ``guesses``: how many words were
    shown as tentative, each once at its place, and how many of them the final caption has not;
    ``stood``: the same of those that were settled."""

    seen_s: list[float] = field(default_factory=list)
    stays_s: list[float] = field(default_factory=list)
    settled_s: list[float] = field(default_factory=list)
    guesses: tuple[int, int] = (0, 0)
    stood: tuple[int, int] = (0, 0)

    def add(self, other: Sights) -> None:
        self.seen_s += other.seen_s
        self.stays_s += other.stays_s
        self.settled_s += other.settled_s
        self.guesses = _sum(self.guesses, other.guesses)
        self.stood = _sum(self.stood, other.stood)


@dataclass(frozen=True)
class Look:
    """What stood in the caption of an open segment at an instant; the first ``settled`` stay."""

    at: float
    words: Sequence[str]
    settled: int


def sights(told: Told, sent_s: Sequence[float]) -> Sights:
    looks: defaultdict[tuple[int, int], list[Look]] = defaultdict(list)
    found = Sights()
    for place, event, at in _captions(told):
        words = event.get("words")
        if words is not None:
            said = [_bare(word["text"]) for word in words]
            ends = [math.ceil(word["end_ms"] / FRAME_MS) for word in words]
            sent = [sent_s[min(len(sent_s), max(1, end)) - 1] for end in ends]
            found.add(_of_segment(said, sent, looks.pop(place, []), at))
            continue
        before = looks[place][-1] if looks[place] else Look(at, (), 0)
        settled = [*before.words[: before.settled], *map(_bare, event["text"].split())]
        guess = map(_bare, event.get("tentative", "").split())
        looks[place].append(Look(at, [*settled, *guess], len(settled)))
    return found


def _of_segment(
    said: Sequence[str], sent: Sequence[float], looks: Sequence[Look], at: float
) -> Sights:
    seen, stays, settled = ([at] * len(said) for _ in range(3))
    right: set[tuple[int, str]] = set()
    for look in reversed(looks):
        for place, shown, same in _beside(said, look.words):
            seen[place] = look.at
            if same:
                stays[place] = look.at
                right.add((shown, look.words[shown]))
                settled[place] = look.at if shown < look.settled else settled[place]
    guesses = {one for look in looks for one in _numbered(look)[look.settled :]}
    stood = set(_numbered(looks[-1])[: looks[-1].settled]) if looks else set()
    seen, stays, settled = (
        [one - then for one, then in zip(each, sent, strict=True)]
        for each in (seen, stays, settled)
    )
    wrong, amiss = len(guesses - right), len(stood - right)
    return Sights(seen, stays, settled, (len(guesses), wrong), (len(stood), amiss))


def _numbered(look: Look) -> list[tuple[int, str]]:
    return list(enumerate(look.words))


def _beside(said: Sequence[str], shown: Sequence[str]) -> Iterator[tuple[int, int, bool]]:
    """Which word of ``shown`` stands at the place of which of ``said``; whether it is the same."""
    edits = SequenceMatcher(None, said, shown, autojunk=False).get_opcodes()
    for kind, i, to_i, j, to_j in edits:
        if kind in ("equal", "replace"):
            for place, other in zip(range(i, to_i), range(j, to_j), strict=False):
                yield place, other, kind == "equal"


def _sum(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


def behind(candidate: Told, watcher: Told) -> list[float]:
    """Seconds by which a watcher had each caption later than the candidate had it."""
    first = {_told(one): one[2] for one in reversed([*_captions(candidate)])}
    found = ((first.get(_told(one)), one[2]) for one in _captions(watcher))
    return [at - before for before, at in found if before is not None]


def _told(caption: tuple[tuple[int, int], Mapping[str, Any], float]) -> tuple[object, ...]:
    place, event, _ = caption
    return place, event["text"], event.get("tentative")


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
    to_candidate: Sights = field(default_factory=Sights)
    to_watchers: Sights = field(default_factory=Sights)
    behind_s: list[float] = field(default_factory=list)

    @property
    def own(self) -> tuple[list[float], ...]:
        """What the candidate waits for."""
        one, found = self.to_candidate, self.findings
        return one.seen_s, one.stays_s, one.settled_s, found.delays_s, found.first_sounds_s

    def __str__(self) -> str:
        cells = " | ".join(two(one) for one in (*self.own, self.to_watchers.seen_s, self.behind_s))
        counts = f"{len(self.to_candidate.seen_s)} | {len(self.findings.first_sounds_s)}"
        return f"| {self.watchers} | {cells} | {counts} |"

    @property
    def changed(self) -> str:
        """How many words the final captions have otherwise."""
        (guesses, wrong), (stood, amiss) = self.to_candidate.guesses, self.to_candidate.stood
        return (
            f"{self.watchers} watchers: of {guesses} tentative words {share_of(wrong, guesses)} "
            f"were changed later, of {stood} settled ones {share_of(amiss, stood)}"
        )


HEAD: Final = (
    "| watchers | word seen by the candidate p50 / p95 ms | word as it stays | word settled "
    "| last speech to decision | last speech to the question's voice | word seen by a watcher "
    "| a watcher's caption after the candidate's | words | questions |"
)


def two(seconds: Sequence[float]) -> str:
    """p50 and p95 in ms."""
    return " / ".join("–" if math.isnan(one) else f"{one * 1_000:.0f}" for one in _both(seconds))


def share_of(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"


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
        found.to_candidate.add(sights(one.told, one.sent_s))
    for number, told in enumerate(seen):
        one = people[number % speakers]
        found.to_watchers.add(sights(told, one.sent_s))
        found.behind_s += behind(one.told, told)
    return found
