"""What became of interviews under a fault, read from the database and held against what their
candidates were told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from tests.chaos.candidate import Candidate
from tests.chaos.faults import Told
from tests.chaos.plan import Fault

FACTS = """
SELECT seq, kind, data, recorded_at FROM facts WHERE interview_id = $1 ORDER BY seq
"""
ANSWERS = "SELECT turn, text FROM answers WHERE interview_id = $1"
END = "SELECT status, end_reason FROM interviews WHERE id = $1"
WELL = ("complete", "candidate")
"""How an interview may end."""


@dataclass
class Figures:
    """Of one fault, or of all. ``lost``, ``doubled``, ``gaps`` and ``broken`` say which, in words;
    delays are from typing to the row, waits from typing to the next question."""

    name: str
    expected: str = ""
    interviews: int = 0
    sent: int = 0
    kept: int = 0
    """Answers, captions and transcripts that candidates were told of, and those that are stored as
    they were told, once; and whatever was typed."""

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
    backs_s: list[float] = field(default_factory=list)
    voices_s: list[float] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    """What took longer than is expected, in words."""

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

    @property
    def verdict(self) -> str:
        if self.wrong:
            return "BROKEN"
        return "kept, slow: " + "; ".join(self.slow) if self.slow else "kept"

    def row(self) -> str:
        cells = (
            self.name, self.expected, self.verdict, self.interviews, f"{self.sent} / {self.kept}",
            len(self.lost), len(self.doubled) + len(self.gaps), len(self.broken),
            spread(self.backs_s), spread(self.waits_s), spread(self.voices_s),
            "; ".join(self.notes),
        )  # fmt: skip
        return "| " + " | ".join(map(str, cells)) + " |"

    def add(self, other: Figures) -> None:
        for name in ("interviews", "sent", "kept", "acknowledged", "spoken", "meanwhile", "again"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("lost", "doubled", "gaps", "broken", "waits_s", "backs_s", "voices_s", "slow"):
            getattr(self, name).extend(getattr(other, name))


def share(values: Sequence[float], part: float) -> float:
    """The value that this part of them does not exceed; 0 of none."""
    ordered = sorted(values) or [0.0]
    return ordered[min(len(ordered) - 1, ceil(part * len(ordered)) - 1)]


def spread(values_s: Sequence[float]) -> str:
    """p50 / p95 in seconds."""
    if not values_s:
        return "–"
    return f"{share(values_s, 0.5):.1f} / {share(values_s, 0.95):.1f} s"


HEAD = """\
| fault | expected | | interviews | facts sent / kept | answers lost | doubled | broken off \
| back after, p50 / p95 | next question | first sound | |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"""


async def judge(
    fault: Fault,
    candidates: Sequence[Candidate],
    there: tuple[float, float],
    told: Told,
    connection: asyncpg.Connection,
) -> Figures:
    """``there``: from when to when the fault was, by the wall clock."""
    figures = Figures(fault.name, fault.expected, interviews=len(candidates), notes=told.notes)
    typed = [sent for one in candidates for sent in one.sent.values()]
    figures.meanwhile = sum(there[0] <= sent.first_at < there[1] for sent in typed)
    for candidate in candidates:
        await _judge_one(figures, candidate, connection)
    figures.slow = _slow(fault, figures, told)
    return figures


def _slow(fault: Fault, figures: Figures, told: Told) -> list[str]:
    frozen, other = figures.delays_ms(told.spans)
    took = {
        "back_s": share(figures.backs_s, 0.95),
        "wait_s": share(figures.waits_s, 0.95),
        "voice_s": share(figures.voices_s, 0.95),
        **told.seconds,
    }
    if frozen:  # more than when nothing is frozen, however busy the machine is
        took["stored_ms"] = max(0.0, share(frozen, 0.95) - share(other, 0.95))
        figures.notes.append(
            f"stored within {share(frozen, 0.95):.0f} ms (p95), else {share(other, 0.95):.0f} ms"
        )
    return [
        f"{name} {took[name]:.1f}, expected {limit:g}"
        for name, limit in fault.limits.items()
        if took.get(name, 0.0) > limit
    ]


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
    figures.backs_s += candidate.backs_s
    figures.voices_s += candidate.voices_s
    figures.lines_broken.update(code for code in candidate.codes if code != 1000)
    _captions(figures, who, candidate, heard)
    _transcripts(figures, who, candidate, answers)
    _typed(figures, who, candidate, heard, answers)


Heard = Sequence[tuple[dict[str, Any], float]]


def _captions(figures: Figures, who: str, candidate: Candidate, heard: Heard) -> None:
    """What the server said it heard is what it has, once."""
    places = Counter((one["turn"], one["segment"], one["text"]) for one, _ in heard)
    figures.sent += len(candidate.captions)
    for (turn, segment), text in candidate.captions.items():
        if (count := places[turn, segment, text]) == 1:
            figures.kept += 1
        else:
            kind = figures.doubled if count else figures.lost
            kind.append(f"{who}: caption {turn}.{segment} is stored {count} times")


def _transcripts(figures: Figures, who: str, candidate: Candidate, answers: dict[int, str]) -> None:
    figures.sent += len(candidate.transcripts)
    for turn, text in candidate.transcripts.items():
        if answers.get(turn) == text:
            figures.kept += 1
        else:
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
        figures.sent += 1
        if not stored or (sent.acknowledged and answers.get(sent.turn) != text):
            figures.lost.append(f"{who}: typed {text!r}, have {answers.get(sent.turn)!r}")
        elif len(stored) > 1 or within > 1:
            figures.doubled.append(f"{who}: {text!r} stored {len(stored)} and {within} times")
        else:
            figures.kept += 1
        if stored and sent.times == 1:
            figures.delays.append((sent.first_at, (stored[0] - sent.first_at) * 1_000))
