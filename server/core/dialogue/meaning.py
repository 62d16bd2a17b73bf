"""What the running answer means: asked of the understanding, once of the same words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from server.core.dialogue.template import Rules
from server.core.events import (
    Effect,
    EngineFailed,
    Language,
    MeaningRead,
    Meant,
    Understand,
)
from server.core.interview import Interview
from server.core.pack import Pack, Reading
from server.core.state import Memory
from server.core.understanding import AGREED, ANSWER, COMPANY, DECLINED, Act, Understood

_MOMENT: frozenset[Act] = frozenset({"wish_moment"})
_QUESTIONS: frozenset[Act] = frozenset({"question_process", "question_company"})
_SURE = 0.5


class Meaning:
    """``memory`` is the session's."""

    def __init__(self, memory: Memory, interview: Interview, rules: Rules) -> None:
        self._memory = memory
        self._interview = interview
        self._rules = rules
        self._samples: dict[Language, Mapping[str, Sequence[str]]] = {}
        self._asked: tuple[int, int, str] | None = None
        self._read: Understood | None = None
        self._nearest: str | None = None

    def ask(self, over: str | None = None) -> list[Effect]:
        """``over``: something short that was said over the question, which is no answer yet."""
        state = self._memory.state
        text = state.answer.text if over is None else over
        words = state.turn, state.answer.last_segment if over is None else 1, text
        if not text or words == self._asked:
            return []
        self._asked, self._read, self._nearest = words, None, None
        question = state.current.text if state.asked else ""
        return [Understand(*words[:2], question, text, state.language, self._compared())]

    def read(self, event: MeaningRead) -> bool:
        """Whether it is about the words as they stand."""
        if self._asked is None or self._asked[:2] != (event.turn, event.segment) or self.known:
            return False
        self._read, self._nearest = event.read, event.nearest
        return True

    def failed(self, event: EngineFailed) -> bool:
        return self.read(MeaningRead(event.turn, event.segment, ANSWER))

    def give_up(self) -> None:
        """It does not come in time: it is an answer."""
        self._read = self._read or ANSWER

    @property
    def known(self) -> bool:
        """Nothing that was asked is still to come."""
        return self._asked is None or self._read is not None

    def meant(self) -> Meant:
        """Of the running answer."""
        state = self._memory.state
        text = state.answer.text
        goes_on_in = state.language
        if text:
            packs = self._interview.packs
            offered = self._rules.languages or tuple(packs.by_language)
            goes_on_in = packs.spoken(text, state.language, offered)
        if self._asked is None or self._asked[2] != text or self._read is None:
            return Meant(text, goes_on_in, ANSWER)
        return Meant(text, goes_on_in, self._read, self._nearest)

    def short(self) -> Understood:
        """Of what was said over the question."""
        return self._read or ANSWER

    def reading(self) -> Reading:
        """How the words end, and whether they ask for time."""
        meant = self.meant()
        if wants_time(meant.read) and meant.nearest not in (AGREED, DECLINED):
            return "thinking"
        pack = self._interview.packs.of(self._memory.state.language)
        return pack.grammar.ending(meant.text)

    def _compared(self) -> Mapping[str, Sequence[str]]:
        state = self._memory.state
        pack = self._interview.packs.of(state.language)
        if state.asked and state.current.kind == "confirm":
            return {AGREED: pack.speech.aside.agreed, DECLINED: pack.speech.aside.declined}
        if state.language not in self._samples:
            self._samples[state.language] = _told(pack, self._rules, state.language)
        return self._samples[state.language]


def compared(read: Understood, samples: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """Those with which it is worth comparing; empty where it asks nothing."""
    acts = {read.act, *(clause.act for clause in read.clauses)}
    if AGREED in samples or "question_process" in acts:
        return samples
    if "question_company" not in acts:
        return {}
    return {name: texts for name, texts in samples.items() if name.startswith(COMPANY)}


def asked_in(read: Understood, text: str) -> str:
    """The part of it that asks something of the interviewer, the whole where that is all."""
    asked = [clause for clause in read.clauses if clause.act in _QUESTIONS]
    whole = read.act in _QUESTIONS and len(read.clauses) == len(asked)
    if whole or not asked:
        return text
    return max(asked, key=lambda clause: clause.confidence).text


def wants_time(read: Understood) -> bool:
    """The end of what was said asks for a moment."""
    if read.act in _MOMENT:
        return True
    last = read.clauses[-1] if len(read.clauses) > 1 else None
    return last is not None and last.act in _MOMENT and last.confidence >= _SURE


def _told(pack: Pack, rules: Rules, language: Language) -> Mapping[str, Sequence[str]]:
    """How what may be told is asked for: viva's own facts, and those of the template."""
    company = {
        f"{COMPANY}{place}": (*re.split(r"[,/·]\s*", fact.topic), fact.text[language])
        for place, fact in enumerate(rules.company)
        if language in fact.text
    }
    return {**{str(name): fact.asked for name, fact in pack.facts.items()}, **company}
