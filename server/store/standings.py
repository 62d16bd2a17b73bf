"""How an interview stands: one row for each, kept up with its facts in their own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from server.core.events import (
    AnswerGiven,
    AudioMissed,
    AudioReturned,
    CandidateConnected,
    CandidateDisconnected,
    ControlTaken,
    Fact,
    FloorPassed,
    InterviewEnded,
    QuestionAsked,
    QuestionTakenBack,
    SegmentHeard,
    SpeechStarted,
    SpeechStopped,
    SteppedIn,
    UtteranceUnderstood,
)
from server.store.pool import Connection, Executor

HELP: Final = {"distress": "distress", "wish_human": "human", "protest": "protest"}
"""What of an utterance calls for a person, by its act."""
QUESTIONS: Final = frozenset({"question_company", "question_process"})
MOMENTS: Final = frozenset({"wish_moment", "wish_pause"})

TOLD_BY: Final = (
    AnswerGiven, AudioMissed, AudioReturned, CandidateConnected, CandidateDisconnected,
    ControlTaken, FloorPassed, InterviewEnded, QuestionAsked, QuestionTakenBack, SegmentHeard,
    SpeechStarted, SpeechStopped, SteppedIn, UtteranceUnderstood,
)  # fmt: skip
"""Facts by which it changes."""

QUICK: Final = (
    AudioMissed, AudioReturned, FloorPassed, SegmentHeard, SpeechStarted, SpeechStopped,
    UtteranceUnderstood,
)  # fmt: skip
"""Those of a moment: nothing is reckoned from the time at which they are stored."""

NOW: Final = datetime(9999, 12, 31, tzinfo=UTC)
"""When what is being stored is stored, by the database's clock."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The columns of the same names. ``spent_ms`` of the interview's time was gone at
    ``runs_since``; None: the time stands still."""

    present: bool = False
    present_at: datetime | None = None
    floor: str | None = None
    floor_at: datetime | None = None
    talking: bool = False
    talked_at: datetime | None = None
    rests_at: datetime | None = None
    unheard_at: datetime | None = None
    unclear: int = 0
    paused_at: datetime | None = None
    led: bool = False
    help: str | None = None
    help_at: datetime | None = None
    asks: tuple[int, ...] = ()
    asks_at: datetime | None = None
    turns: int = 0
    answers: int = 0
    more_minutes: float = 0
    spent_ms: int = 0
    runs_since: datetime | None = None

    def apply(self, fact: Fact, at: datetime) -> Standing:
        match fact:
            case CandidateConnected():
                runs = None if self.paused_at else at
                here = replace(self, present=True, present_at=at, unheard_at=None)
                return replace(here, runs_since=runs)
            case CandidateDisconnected():
                gone = self._stopped(at)
                return replace(gone, present=False, present_at=at, talking=False, unheard_at=None)
            case FloorPassed():
                talking = self.talking and fact.floor == "listening"
                return replace(self, floor=fact.floor, floor_at=at, talking=talking)
            case SpeechStarted() | SpeechStopped():
                talks = isinstance(fact, SpeechStarted)
                rests_at = None if talks else self.rests_at
                return replace(self, talking=talks, talked_at=at, rests_at=rests_at)
            case AudioMissed() | AudioReturned():
                missed = isinstance(fact, AudioMissed)
                return replace(self, unheard_at=at if missed else None)
            case SegmentHeard():
                lost = fact.unclear == "lost" or fact.error is not None
                return replace(self, unclear=self.unclear + 1 if lost else 0)
            case ControlTaken():
                return self._wished(fact, at)
            case InterviewEnded():
                over = replace(self._stopped(at), present=False, present_at=at, talking=False)
                return replace(over, floor=None, led=False, unheard_at=None, paused_at=None)
            case _:
                return self._said(fact, at)

    def stored(self, at: datetime) -> Standing:
        """It was, then."""
        times: dict[str, Any] = {name: at for name in TIMES if getattr(self, name) == NOW}
        return replace(self, **times) if times else self

    def _said(self, fact: Fact, at: datetime) -> Standing:
        match fact:
            case QuestionAsked():
                known = replace(self, turns=self.turns + 1, spent_ms=fact.elapsed_ms, rests_at=None)
                return replace(known, runs_since=at if self.present else None)
            case QuestionTakenBack():
                return replace(self, turns=max(0, self.turns - 1), answers=max(0, self.answers - 1))
            case AnswerGiven():
                return replace(self, answers=self.answers + bool(fact.text.strip()))
            case UtteranceUnderstood():
                return self._understood(fact, at)
            case SteppedIn():
                return self._stepped_in(fact)
            case _:
                return self

    def _stopped(self, at: datetime) -> Standing:
        if self.runs_since is None:
            return self
        spent = (at - self.runs_since) // timedelta(milliseconds=1)
        return replace(self, spent_ms=self.spent_ms + max(0, spent), runs_since=None)

    def _wished(self, fact: ControlTaken, at: datetime) -> Standing:
        match fact.control:
            case "pause":
                return replace(self._stopped(at), paused_at=at, talking=False)
            case "resume":
                return replace(self, paused_at=None, runs_since=at if self.present else None)
            case "moment":
                return replace(self, rests_at=at)
            case _:
                return self

    def _understood(self, fact: UtteranceUnderstood, at: datetime) -> Standing:
        known = replace(self, rests_at=at) if fact.act in MOMENTS else self
        if fact.noted and fact.act in QUESTIONS and not fact.self_harm:
            return replace(known, asks=(*self.asks, fact.turn), asks_at=self.asks_at or at)
        wanted = "self_harm" if fact.self_harm else HELP.get(fact.act)
        if wanted is None or self.help == "self_harm":
            return known
        return replace(known, help=wanted, help_at=at)

    def _stepped_in(self, fact: SteppedIn) -> Standing:
        """Whoever does something has seen what called for a person."""
        known = replace(self, more_minutes=self.more_minutes + fact.minutes)
        if fact.step == "leave":
            return known
        if fact.step == "answer":
            asks = tuple(turn for turn in self.asks if turn != fact.about)
            known = replace(known, asks=asks, asks_at=self.asks_at if asks else None)
        if fact.step in ("take_over", "hand_back") and fact.warned is None:
            known = replace(known, led=fact.step == "take_over")
        return replace(known, help=None, help_at=None)


COLUMNS: Final = tuple(field.name for field in fields(Standing))
TIMES: Final = tuple(field.name for field in fields(Standing) if field.type == "datetime | None")


def assigned(first: int) -> str:
    """The columns of an UPDATE, from the parameter ``first`` on; `NOW` is the statement's time."""
    numbered = ((one, f"${n}") for n, one in enumerate(COLUMNS, first))
    return ", ".join(
        f"{one} = CASE {n}::timestamptz WHEN '{NOW}' THEN now() ELSE {n} END"
        if one in TIMES
        else f"{one} = {n}"
        for one, n in numbered
    )


def values(standing: Standing) -> list[object]:
    """The parameters."""
    return [getattr(standing, one) for one in COLUMNS]


GET: Final = f"""
SELECT {", ".join(COLUMNS)}, clock_timestamp() AS now FROM standings
WHERE interview_id = $1 FOR UPDATE
"""  # noqa: S608 - names of ours
PUT: Final = f"UPDATE standings SET {assigned(2)} WHERE interview_id = $1"  # noqa: S608 - ours
BEGUN = "UPDATE standings SET minutes = $2 WHERE interview_id = $1"
BACK = """
UPDATE interviews SET status = 'live', abandoned_at = NULL
WHERE id = $1 AND status = 'abandoned'
"""


async def keep_up(
    connection: Connection, interview_id: UUID, told: Sequence[Fact]
) -> Standing | None:
    """``told``: what is being stored. How it stands then; None where that is not known. An
    interview that was abandoned and is gone on with is live again."""
    row = await connection.fetchrow(GET, interview_id)
    if row is None:
        return None
    known = {name: row[name] for name in COLUMNS}
    before = after = Standing(**{**known, "asks": tuple(row["asks"])})
    for fact in told:
        after = after.apply(fact, row["now"])
    if after != before:
        await connection.execute(PUT, interview_id, *values(after))
    if after.present and not before.present:
        await connection.execute(BACK, interview_id)
    return after


async def begin(on: Executor, interview_id: UUID, minutes: float) -> None:
    """It lasts so long, as was agreed."""
    await on.execute(BEGUN, interview_id, minutes)
