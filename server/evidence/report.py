"""What a report holds, whoever reads it for evidence: the talk by topic, trouble, questions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec

from server.core.events import FloorPassed, SegmentHeard, SteppedIn, UtteranceUnderstood
from server.evidence.lines import Line, Statement
from server.evidence.topics import AGAIN, Criterion, Exchange, Topic, criteria, topics
from server.evidence.trouble import Told, Trouble, trouble

ASKED_OF_US: Final = frozenset({"question_process", "question_company"})


@dataclass(frozen=True, slots=True)
class AskedOfUs:
    """A question that the candidate put. ``answered``: by the interviewer, or by a person, who is
    called ``by``; else it is left for one still."""

    turn: int
    at_ms: int | None
    text: str
    answered: bool
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """When a turn was who's, on the session's audio clock; None where nothing tells."""

    turn: int
    asked_ms: int | None
    listened_ms: int | None
    ended_ms: int | None


@dataclass(frozen=True, slots=True)
class Content:
    """All of a report that no model says. ``duration_ms`` on the audio clock."""

    topics: tuple[Topic, ...]
    criteria: tuple[Criterion, ...]
    passages: tuple[Passage, ...]
    questions: tuple[AskedOfUs, ...]
    trouble: Trouble
    duration_ms: int


def content(
    questions: Sequence[Mapping[str, Any]],
    answers: Sequence[Mapping[str, Any]],
    told: Told,
    levels: Callable[[str, str], tuple[str, ...]],
) -> Content:
    """Rows as of ``store.interviews``, and every fact with when it was stored."""
    found = topics(questions, answers)
    said = [one for topic in found for exchange in topic.exchanges for one in exchange.sentences]
    words = sum(one.last - one.first + 1 for one in said)
    doubted = sum(len(one.doubted) for one in said)
    passages = _passages(told)
    ends = [one.end_ms or 0 for one in said] + [one.ended_ms or 0 for one in passages]
    duration_ms = max(ends, default=0)
    if duration_ms == 0:  # all of it was typed: no clock of sound went on
        passages = tuple(Passage(one.turn, None, None, None) for one in passages)
    return Content(
        tuple(found),
        tuple(criteria(found, levels)),
        passages,
        _asked_of_us(told),
        trouble(told, words, doubted),
        duration_ms,
    )


def digest(of: Content) -> str:
    """Of what evidence rests on: the same words asked for the same lines are the same report."""
    talk = [
        (one.question_id, one.competency, one.rubric, [(e.turn, e.answer) for e in one.exchanges])
        for one in of.topics
    ]
    return hashlib.sha256(msgspec.json.encode(talk)).hexdigest()


def unread(criterion: Criterion, found: Sequence[Topic]) -> list[Line]:
    """Without a model: the answers to the probes that were for a line, and nothing of how good."""
    own = [one for one in found if one.question_id in criterion.topics]
    talk = [exchange for topic in own for exchange in topic.exchanges]
    return [
        Line(
            text,
            "unread" if asked else "not_asked",
            tuple(
                Statement(place, sentence)
                for exchange in _of_line(talk, text)
                for sentence in exchange.sentences
                if sentence.clear
            ),
        )
        for place, (text, asked) in enumerate(criterion.lines)
    ]


def _of_line(talk: Sequence[Exchange], line: str) -> list[Exchange]:
    """Probes for the line, and what was said to hear them again."""
    found: list[Exchange] = []
    before = False
    for one in talk:
        before = one.line == line or (before and one.kind in AGAIN)
        if before:
            found.append(one)
    return found


def _passages(told: Told) -> tuple[Passage, ...]:
    times: dict[int, dict[str, int]] = {}
    turn = 0
    for fact, _ in told:
        if isinstance(fact, FloorPassed):
            if fact.turn != turn and turn in times:
                times[turn].setdefault("over", fact.at_ms)
            turn = fact.turn
            times.setdefault(turn, {}).setdefault(fact.floor, fact.at_ms)
            if fact.floor == "thinking":
                times[turn]["over"] = fact.at_ms
    return tuple(
        Passage(turn, at.get("speaking"), at.get("listening"), at.get("over"))
        for turn, at in sorted(times.items())
    )


def _asked_of_us(told: Told) -> tuple[AskedOfUs, ...]:
    heard: dict[int, list[SegmentHeard]] = {}
    found: list[AskedOfUs] = []
    for fact, _ in told:
        if isinstance(fact, SegmentHeard) and fact.text and not fact.background:
            heard.setdefault(fact.turn, []).append(fact)
        if isinstance(fact, UtteranceUnderstood) and (
            fact.noted or ASKED_OF_US & {fact.act, *fact.acts}
        ):
            own = heard.get(fact.turn, [])
            text = " ".join(one.text for one in own)
            at = own[0].start_ms if own else None
            found = [one for one in found if (one.turn, one.text) != (fact.turn, text)]
            found.append(AskedOfUs(fact.turn, at, text, not fact.noted))
        if isinstance(fact, SteppedIn) and fact.step == "answer":
            found = [
                replace(one, answered=True, by=fact.who) if one.turn == fact.about else one
                for one in found
            ]
    return tuple(found)
