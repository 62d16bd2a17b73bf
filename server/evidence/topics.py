"""The conversation by topic, a planned question and its probes, and by what is looked for in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from server.evidence.sentences import Sentence, sentences, words_of

BESIDES: Final = frozenset({"aside", "confirm"})
"""Kinds of what is said without asking for anything that could be evidence."""
AGAIN: Final = frozenset({"repeat", "rephrase"})


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was asked in one turn and what was answered. ``line``: of the rubric, which a probe was
    for. ``typed``: nothing of the answer was heard."""

    turn: int
    question_id: str
    question: str
    kind: str
    source: str
    line: str | None
    answer_id: str | None = None
    answer: str = ""
    typed: bool = False
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Topic:
    """``question_id``: of the question that began it; ``asked`` False: it was only planned."""

    question_id: str
    ordinal: int | None
    stage: str
    competency: str
    rubric: tuple[str, ...]
    text: str
    asked: bool
    outcome: str | None
    outcome_reason: str | None
    rests_on: tuple[Mapping[str, str], ...] = ()
    exchanges: tuple[Exchange, ...] = ()

    @property
    def probes(self) -> int:
        return sum(one.kind == "follow_up" for one in self.exchanges)


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is looked for in some topics. ``levels``: what an answer on each of four levels shows,
    from the lowest; empty where nobody wrote them. ``lines``: of the rubric, each with whether a
    question that it belongs to was asked."""

    name: str
    stage: str
    levels: tuple[str, ...]
    lines: tuple[tuple[str, bool], ...]
    topics: tuple[str, ...] = field(default=())

    @property
    def asked(self) -> bool:
        return any(asked for _, asked in self.lines)


def topics(
    questions: Sequence[Mapping[str, Any]], answers: Sequence[Mapping[str, Any]]
) -> list[Topic]:
    """What was asked, in its order, then what was only planned. Rows as of ``store.interviews``."""
    by_id = {str(one["id"]): one for one in questions}
    answered = {one["turn"]: one for one in answers}
    talks: dict[str, list[Exchange]] = {}
    number = 1
    for row in sorted((one for one in questions if one["turn"] is not None), key=_turn):
        exchange = _exchange(row, answered.get(row["turn"]), number)
        number += len(exchange.sentences)
        talks.setdefault(_root(row, by_id), []).append(exchange)
    asked = [_topic(by_id[root], talk) for root, talk in talks.items() if _worth(talk)]
    unasked = [one for one in questions if one["turn"] is None and one["ordinal"] is not None]
    return [*asked, *(_topic(one, []) for one in sorted(unasked, key=lambda one: one["ordinal"]))]


def criteria(
    found: Sequence[Topic], levels: Callable[[str, str], tuple[str, ...]]
) -> list[Criterion]:
    """Topics of the same competency are one criterion. ``levels`` of a competency and stage."""
    named: dict[str, list[Topic]] = {}
    for topic in found:
        if topic.competency and topic.rubric:
            named.setdefault(topic.competency, []).append(topic)
    return [
        Criterion(
            name,
            of[0].stage,
            levels(name, of[0].stage),
            _lines(of),
            tuple(one.question_id for one in of),
        )
        for name, of in named.items()
    ]


def _lines(of: Sequence[Topic]) -> tuple[tuple[str, bool], ...]:
    asked: dict[str, bool] = {}
    for topic in of:
        for line in topic.rubric:
            asked[line] = asked.get(line, False) or topic.asked
    return tuple(asked.items())


def _turn(row: Mapping[str, Any]) -> int:
    turn: int = row["turn"]
    return turn


def _worth(talk: Sequence[Exchange]) -> bool:
    return any(one.kind not in BESIDES or one.sentences for one in talk)


def _root(row: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]]) -> str:
    seen: set[str] = set()
    while row["parent"] is not None and str(row["parent"]) in by_id and str(row["id"]) not in seen:
        seen.add(str(row["id"]))
        row = by_id[str(row["parent"])]
    return str(row["id"])


def _exchange(row: Mapping[str, Any], answer: Mapping[str, Any] | None, number: int) -> Exchange:
    told = (
        row["turn"], str(row["id"]), row["text"], row["kind"], row["source"], row["line"],
    )  # fmt: skip
    if answer is None:
        return Exchange(*told)
    words = words_of(answer["text"], answer["words"], answer["clear"])
    answer_id = str(answer["id"])
    return Exchange(
        *told,
        answer_id,
        answer["text"],
        not any(word.start_ms is not None for word in words),
        tuple(sentences(number, answer_id, row["turn"], answer["text"], words)),
    )


def _topic(row: Mapping[str, Any], talk: Sequence[Exchange]) -> Topic:
    return Topic(
        str(row["id"]),
        row["ordinal"],
        row["stage"],
        row["competency"] or "",
        tuple(row["rubric"] or ()),
        row["text"],
        bool(talk),
        row["outcome"],
        row["outcome_reason"],
        tuple(row["rests_on"] or ()),
        tuple(talk),
    )
