"""What a language model is told of the interview: the exchanges so far and how things stood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from server.core.dialogue.following import HAS
from server.core.dialogue.template import Rules, ungreeted
from server.core.events import (
    Brief,
    Exchange,
    Language,
    Meant,
    PlannedQuestion,
    QuestionAsked,
    Reply,
    Told,
)
from server.core.interview import Interview
from server.core.pack import Aspect
from server.core.state import State
from server.core.understanding import COMPANY, Star


def brief(interview: Interview, rules: Rules, state: State, meant: Meant) -> Brief:
    """Everything of it is read from facts, so that what was told of a turn is told again in the
    same words."""
    pack = interview.packs.of(meant.goes_on_in)
    now = Exchange(state.current.text, said_to(state, meant), state.turn, star=meant.read.star)
    told = _Telling(interview, rules, state).all([*state.history, now])
    return Brief(
        target_role=interview.target_role,
        language=meant.goes_on_in,
        resume=interview.resume,
        history=tuple(told),
        pack=pack,
        facts=_facts(interview, rules, meant.goes_on_in),
    )


def said_to(state: State, meant: Meant) -> str:
    """What may be quoted of it: nothing goes across words that are missing."""
    answer = state.answer
    return answer.marked if answer.text == meant.text else meant.text


def _facts(interview: Interview, rules: Rules, language: Language) -> dict[str, str]:
    """By name; what changes while the interview goes on is left open."""
    pack = interview.packs.of(language)
    values = dict.fromkeys(("minutes_left", "topics", "topics_left"), "…")
    values |= {"role": interview.target_role, "minutes": f"{rules.minutes:.0f}"}
    values["days"] = str(rules.keep_days)
    own = pack.told(**values)
    company = {
        f"{COMPANY}{place}": fact.text[language]
        for place, fact in enumerate(rules.company)
        if language in fact.text
    }
    return {**own, **company}


@dataclass(slots=True)
class _Telling:
    """Goes through what was asked once, and knows at each question how things stood."""

    interview: Interview
    rules: Rules
    state: State
    topic: PlannedQuestion | None = None
    lines: set[str] = field(default_factory=set)
    """Of the topic's rubric, those that were probed."""
    star: set[Star] = field(default_factory=set)
    """What was told on the topic."""
    probes: int = 0

    def all(self, exchanges: list[Exchange]) -> Iterator[Told]:
        plan = {planned.question_id: planned for planned in self.state.plan}
        following = pairwise(self.state.asked)
        replies = {asked.turn: reply for asked, reply in following}
        waiting = iter(exchanges)
        exchange = next(waiting, None)
        for asked in self.state.asked:
            self._goes_on(asked, plan)
            while exchange is not None and exchange.turn <= asked.turn:
                last = exchange is exchanges[-1]
                reply = None if last else _reply(exchange, replies.get(exchange.turn))
                yield replace(self._told(exchange, asked), reply=reply)
                exchange = next(waiting, None)

    def _goes_on(self, asked: QuestionAsked, plan: Mapping[str, PlannedQuestion]) -> None:
        if asked.kind in ("opening", "planned"):
            self.topic, self.lines, self.star = plan.get(asked.question_id), set(), set()
            self.probes = 0
        elif asked.kind == "follow_up":
            self.probes += 1
            if asked.line:
                self.lines.add(asked.line)

    def _told(self, exchange: Exchange, asked: QuestionAsked) -> Told:
        rules, topic = self.rules, self.topic
        told = Told(
            ungreeted(exchange.question) if asked.kind == "opening" else exchange.question,
            exchange.answer,
            minutes_left=max(0, rules.total_ms - asked.elapsed_ms) // 60_000,
        )
        if topic is None:
            return told
        self.star |= set(exchange.star or ())
        seen = tuple(line for line in topic.rubric if line in self.lines - {asked.line})
        seen += tuple(self._had(topic, seen))
        following = next((q for q in self.state.plan if q.ordinal > topic.ordinal), None)
        return replace(
            told,
            topic=ungreeted(topic.text) if topic.ordinal == 1 else topic.text,
            competency=topic.competency,
            seen=seen,
            missing=tuple(line for line in topic.rubric if line not in seen),
            probes_left=max(0, rules.follow_ups_in(topic.stage) - self.probes),
            next_topic=(following.competency or following.stage) if following else "",
        )

    def _had(self, topic: PlannedQuestion, seen: tuple[str, ...]) -> Iterator[str]:
        """The lines that something in the answers is about, where it can be about no other."""
        aspects = _aspects(self.interview, topic)
        of = {line: aspects[line] for line in topic.rubric if line in aspects and line not in seen}
        told = {HAS[one] for one in self.star}
        for line, aspect in of.items():
            if aspect in told and list(of.values()).count(aspect) == 1:
                yield line


def _aspects(interview: Interview, topic: PlannedQuestion) -> Mapping[str, Aspect]:
    """What the lines of its rubric are about, where they are the pack's."""
    pack = interview.packs.of(topic.language or interview.language)
    named = next((name for name in pack.stages if name == topic.stage), None)
    if named is None:
        return {}
    own, anybody = pack.competency(interview.family, named), pack.stages[named].competency
    return {line.text: line.aspect for line in (*anybody.lines, *own.lines)}


def _reply(exchange: Exchange, asked: QuestionAsked | None) -> Reply:
    """What was done then, in the model's words only where they are its own."""
    if asked is None or asked.source != "llm":
        move = "next" if exchange.move == "probe" else exchange.move
        return Reply(exchange.act, move)
    return Reply(exchange.act, exchange.move, asked.spoken, asked.evidence, asked.line)
