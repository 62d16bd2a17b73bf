"""What went wrong technically in an interview, and how much of what was said it may have cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from server.core.events import (
    AudioMissed,
    AudioReturned,
    CandidateConnected,
    CandidateDisconnected,
    Fact,
    InterviewEnded,
    QuestionTakenBack,
    SegmentHeard,
    SegmentPending,
    StepFailed,
)

Cause = Literal["line", "silent", "unread", "unclear"]
"""``line``: nobody was connected. ``silent``: no sound came from the candidate's device.
``unread``: sound that no engine could read. ``unclear``: words nobody can make out."""


@dataclass(frozen=True, slots=True)
class Gap:
    """``at_ms`` on the session's audio clock; ``lasted_ms`` of real time."""

    cause: Cause
    turn: int
    at_ms: int
    lasted_ms: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """``words`` of all answers, of which ``doubted`` may not be what was said. ``cut_ins``: the
    interviewer began while the candidate went on. ``faults``: of viva itself. ``lost_percent``: how
    much of the speech may be missing, at most."""

    gaps: tuple[Gap, ...] = ()
    words: int = 0
    doubted: int = 0
    cut_ins: int = 0
    faults: int = 0
    lost_percent: int = 0


Told = Sequence[tuple[Fact, datetime]]


def trouble(told: Told, words: int, doubted: int) -> Trouble:
    """``told``: all facts, each with when it was stored."""
    gaps = [*_gaps(told), *_unheard(told)]
    spoken = sum(fact.end_ms - fact.start_ms for fact, _ in told if isinstance(fact, SegmentHeard))
    lost = sum(gap.lasted_ms for gap in gaps if gap.cause in ("unread", "unclear"))
    whole = spoken + sum(gap.lasted_ms for gap in gaps if gap.cause == "unread")
    facts = [fact for fact, _ in told]
    return Trouble(
        tuple(sorted(gaps, key=lambda gap: (gap.turn, gap.at_ms))),
        words,
        doubted,
        sum(isinstance(fact, QuestionTakenBack) for fact in facts),
        sum(isinstance(fact, StepFailed) for fact in facts),
        -(-100 * lost // whole) if whole else 0,
    )


def _gaps(told: Told) -> list[Gap]:
    """While nobody was there, or nothing came."""
    found: list[Gap] = []
    gone: tuple[CandidateDisconnected, datetime] | None = None
    silent: tuple[AudioMissed, datetime] | None = None
    turn = 0
    for fact, at in told:
        turn = getattr(fact, "turn", turn)
        if isinstance(fact, CandidateDisconnected):
            gone = gone or (fact, at)
        elif isinstance(fact, AudioMissed):
            silent = silent or (fact, at)
        elif isinstance(fact, (CandidateConnected, InterviewEnded)) and gone:
            found.append(Gap("line", turn, gone[0].at_ms, _ms(gone[1], at)))
            gone = silent = None
        elif isinstance(fact, AudioReturned) and silent:
            found.append(Gap("silent", turn, silent[0].at_ms, _ms(silent[1], at)))
            silent = None
    return found


def _unheard(told: Told) -> list[Gap]:
    """Each segment as it stands at last."""
    last: dict[tuple[int, int], SegmentHeard | SegmentPending] = {}
    for fact, _ in told:
        if isinstance(fact, (SegmentHeard, SegmentPending)) and not fact.background:
            last[fact.turn, fact.segment] = fact
    causes: list[tuple[Cause, SegmentHeard | SegmentPending]] = []
    for fact in last.values():
        if isinstance(fact, SegmentPending) or fact.error:
            causes.append(("unread", fact))
        elif fact.unclear:
            causes.append(("unclear", fact))
    return [
        Gap(cause, fact.turn, fact.start_ms, fact.end_ms - fact.start_ms) for cause, fact in causes
    ]


def _ms(begun: datetime, over: datetime) -> int:
    return round((over - begun).total_seconds() * 1_000)
