"""What became of interviews under a fault, read from the database and held against what their
candidates were told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from tests.chaos.candidate import Candidate

FACTS = """
SELECT seq, kind, data, recorded_at FROM facts WHERE interview_id = $1 ORDER BY seq
"""
ANSWERS = "SELECT turn, text FROM answers WHERE interview_id = $1"
END = "SELECT status, end_reason FROM interviews WHERE id = $1"
WELL = ("complete", "candidate")
"""How an interview may end."""


@dataclass
class Figures:
    """Of one fault. ``lost``, ``doubled``, ``gaps`` and ``broken`` say which, in words; delays are
    from typing to the row, waits from typing to the next question."""

    name: str
    interviews: int = 0
    acknowledged: int = 0
    spoken: int = 0
    meanwhile: int = 0
    """So many answers were typed while the fault was there."""

    again: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    lines_broken: Counter[int] = field(default_factory=Counter)
    waits_s: list[float] = field(default_factory=list)
    delays: list[tuple[float, float]] = field(default_factory=list)
    """When it was sent, by the wall clock, and the delay in ms; of answers sent once."""

    notes: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        return [*self.lost, *self.doubled, *self.gaps, *self.broken]

    def delays_ms(self, spans: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
        """Of what was sent within the spans, and of all else from the first to the last."""
        if not spans:
            return [], []
        during: dict[bool, list[float]] = {True: [], False: []}
        for at, ms in self.delays:
            if spans[0][0] <= at < spans[-1][1]:
                during[any(began <= at < ended for began, ended in spans)].append(ms)
        return during[True], during[False]

    def row(self) -> str:
        longest = f"{max(self.waits_s, default=0.0):.1f} s"
        usual = f"{median(self.waits_s or [0.0]):.2f} s"
        cells = (
            self.name, self.interviews, self.acknowledged, self.spoken, self.meanwhile,
            len(self.lost), len(self.doubled), len(self.gaps), len(self.broken), self.again,
            usual, longest, "; ".join(self.notes),
        )  # fmt: skip
        return "| " + " | ".join(map(str, cells)) + " |"


HEAD = """\
| fault | interviews | answers acknowledged | spoken | typed meanwhile | lost | doubled | gaps \
| broken off | sent again | wait for the next question, median | longest | |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"""


async def judge(
    name: str,
    candidates: Sequence[Candidate],
    fault: tuple[float, float],
    connection: asyncpg.Connection,
) -> Figures:
    """``fault``: from when to when it was there, by the wall clock."""
    figures = Figures(name, interviews=len(candidates))
    typed = [sent for one in candidates for sent in one.sent.values()]
    figures.meanwhile = sum(fault[0] <= sent.first_at < fault[1] for sent in typed)
    for candidate in candidates:
        await _judge_one(figures, candidate, connection)
    return figures


async def _judge_one(
    figures: Figures, candidate: Candidate, connection: asyncpg.Connection
) -> None:
    who, key = f"{figures.name}, candidate {candidate.number}", UUID(candidate.interview_id)
    facts = await connection.fetch(FACTS, key)
    if (numbers := [row["seq"] for row in facts]) != list(range(1, len(facts) + 1)):
        figures.gaps.append(f"{who}: facts are numbered {numbers}")
    heard = [
        (msgspec.json.decode(row["data"]), row["recorded_at"].timestamp())
        for row in facts
        if row["kind"] == "segment_heard"
    ]
    answers = {row["turn"]: row["text"] for row in await connection.fetch(ANSWERS, key)}
    end = await connection.fetchrow(END, key)
    if end is None or end["status"] != "ended" or end["end_reason"] not in WELL:
        figures.broken.append(f"{who}: {dict(end or {})}, told {candidate.end}")
    figures.acknowledged += candidate.acknowledged
    figures.spoken += candidate.acknowledged if candidate.speech is not None else 0
    figures.lines_broken.update(code for code in candidate.codes if code != 1000)
    _captions(figures, who, candidate, heard)
    _transcripts(figures, who, candidate, answers)
    _typed(figures, who, candidate, heard, answers)


Heard = Sequence[tuple[dict[str, Any], float]]


def _captions(figures: Figures, who: str, candidate: Candidate, heard: Heard) -> None:
    """What the server said it heard is what it has, once."""
    places = Counter((one["turn"], one["segment"], one["text"]) for one, _ in heard)
    for (turn, segment), text in candidate.captions.items():
        if (count := places[turn, segment, text]) != 1:
            kind = figures.doubled if count else figures.lost
            kind.append(f"{who}: caption {turn}.{segment} is stored {count} times")


def _transcripts(figures: Figures, who: str, candidate: Candidate, answers: dict[int, str]) -> None:
    for turn, text in candidate.transcripts.items():
        if answers.get(turn) != text:
            figures.lost.append(f"{who}: the answer to question {turn} is not as it was shown")


def _typed(
    figures: Figures, who: str, candidate: Candidate, heard: Heard, answers: dict[int, str]
) -> None:
    rows = [(one["text"], at) for one, at in heard]
    for text, sent in candidate.sent.items():
        figures.again += sent.times - 1
        if sent.answered_at is not None:
            figures.waits_s.append(sent.answered_at - sent.first_at)
        stored = [at for one, at in rows if one == text]
        within = sum(one.count(text) for one in answers.values())
        if sent.acknowledged and (not stored or answers.get(sent.turn) != text):
            figures.lost.append(f"{who}: typed {text!r}, have {answers.get(sent.turn)!r}")
        if len(stored) > 1 or within > 1:
            figures.doubled.append(f"{who}: {text!r} stored {len(stored)} and {within} times")
        if stored and sent.times == 1:
            figures.delays.append((sent.first_at, (stored[0] - sent.first_at) * 1_000))
