"""What a language model is told of the interview: the exchanges so far and how things stood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from server.core.events import (
    Exchange,
    Language,
    Meant,
    PlannedQuestion,
    QuestionAsked,
    Reply,
)
from server.core.interview import Interview
from server.core.state import State
from server.language.company import told_in
from server.language.families import Aspect
from server.language.following import HAS
from server.language.speech import Pack, as_read


@dataclass(frozen=True, slots=True)
class Told:
    """One exchange as a language model is told of it, with how things stood then.

    ``topic``: the question of the plan. ``seen``, ``missing``: lines of its rubric. ``reply``: what
    was done about it; None where that is to be decided.
    """

    question: str
    answer: str
    topic: str = ""
    competency: str = ""
    seen: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    probes_left: int = 0
    minutes_left: int = 0
    next_topic: str = ""
    reply: Reply | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything a language model may know when it decides what comes next; the last of ``history``
    is what it decides on. ``facts``, by name: what may be told to a candidate who asks."""

    target_role: str
    language: Language
    resume: Mapping[str, object]
    history: Sequence[Told]
    pack: Pack = field(repr=False, compare=False)
    facts: Mapping[str, str] = field(default_factory=dict)


def brief(interview: Interview, state: State, meant: Meant) -> Brief:
    """Everything of it is read from facts, so that what was told of a turn is told again in the
    same words."""
    interview = replace(interview, rules=interview.rules.lasting(state.more_minutes))
    said = state.answer.quotable(meant.text)
    now = Exchange(state.current.text, said, state.turn, star=meant.read.star)
    told = _Telling(interview, state).all([*state.history, now])
    return Brief(
        target_role=interview.target_role,
        language=meant.goes_on_in,
        resume=interview.resume,
        history=tuple(told),
        pack=as_read(interview.packs.of(meant.goes_on_in)),
        facts=_facts(interview, meant.goes_on_in),
    )


def _facts(interview: Interview, language: Language) -> dict[str, str]:
    """By name; what changes while the interview goes on is left open."""
    pack, rules = interview.packs.of(language), interview.rules
    values = dict.fromkeys(("minutes_left", "topics", "topics_left"), "…")
    values |= {"role": interview.target_role, "minutes": f"{rules.minutes:.0f}"}
    values["days"] = str(rules.keep_days)
    company = {name: text for name, (_, text) in told_in(language, rules.company).items()}
    return {**pack.told(**values), **company}


@dataclass(frozen=True, slots=True)
class _Topic:
    """``alone``: what a line of the rubric is about, where no other is about the same."""

    text: str = ""
    competency: str = ""
    rubric: tuple[str, ...] = ()
    alone: Mapping[str, Aspect] = field(default_factory=dict)
    probes: int = 0
    following: str = ""


class _Telling:
    """Goes through what was asked once, and knows at each question how things stood."""

    def __init__(self, interview: Interview, state: State) -> None:
        self._rules = interview.rules
        self._ungreeted = interview.pack.ungreeted
        self._state = state
        following = [one.competency or one.stage for one in state.plan[1:]]
        self._topics = {
            one.question_id: _topic(interview, one, following[at : at + 1])
            for at, one in enumerate(state.plan)
        }
        self._topic = _Topic()
        self._lines: set[str] = set()
        self._had: set[Aspect] = set()
        self._probes = 0

    def all(self, exchanges: list[Exchange]) -> Iterator[Told]:
        replies = {asked.turn: reply for asked, reply in pairwise(self._state.asked)}
        waiting = iter(exchanges)
        exchange = next(waiting, None)
        for asked in self._state.asked:
            self._goes_on(asked)
            while exchange is not None and exchange.turn <= asked.turn:
                last = exchange is exchanges[-1]
                reply = None if last else _reply(exchange, replies.get(exchange.turn))
                yield self._told(exchange, asked, reply)
                exchange = next(waiting, None)

    def _goes_on(self, asked: QuestionAsked) -> None:
        if asked.kind in ("opening", "planned"):
            self._topic = self._topics.get(asked.question_id, _Topic())
            self._lines, self._had, self._probes = set(), set(), 0
        elif asked.kind == "follow_up":
            self._probes += 1
            if asked.line:
                self._lines.add(asked.line)

    def _told(self, exchange: Exchange, asked: QuestionAsked, reply: Reply | None) -> Told:
        topic = self._topic
        self._had |= {HAS[one] for one in exchange.star or ()}
        probed = self._lines - {asked.line}
        seen = [one for one in topic.rubric if one in probed or topic.alone.get(one) in self._had]
        return Told(
            self._ungreeted(exchange.question) if asked.kind == "opening" else exchange.question,
            exchange.answer,
            topic=topic.text,
            competency=topic.competency,
            seen=tuple(seen),
            missing=tuple(one for one in topic.rubric if one not in seen),
            probes_left=max(0, topic.probes - self._probes),
            minutes_left=max(0, self._rules.total_ms - asked.elapsed_ms) // 60_000,
            next_topic=topic.following,
            reply=reply,
        )


def _topic(interview: Interview, planned: PlannedQuestion, following: list[str]) -> _Topic:
    pack = as_read(interview.packs.of(planned.language or interview.language))
    lines = pack.lines(interview.family, planned.stage) if planned.stage in pack.stages else ()
    about = {one.text: one.aspect for one in lines if one.text in planned.rubric}
    every = list(about.values())
    return _Topic(
        pack.ungreeted(planned.text) if planned.ordinal == 1 else planned.text,
        planned.competency,
        planned.rubric,
        {text: aspect for text, aspect in about.items() if every.count(aspect) == 1},
        interview.rules.follow_ups_in(planned.stage),
        "".join(following),
    )


def _reply(exchange: Exchange, asked: QuestionAsked | None) -> Reply:
    """What was done then, in the model's words only where they are its own."""
    if asked is None or asked.source != "llm":
        move = "next" if exchange.move == "probe" else exchange.move
        return Reply(exchange.act, move)
    return Reply(exchange.act, exchange.move, asked.spoken, asked.evidence, asked.line)
