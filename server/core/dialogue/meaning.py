"""What the running answer means: asked of the understanding, once of the same words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from server.core.dialogue.moves import ASKED_BACK, Row, act_of, speaks_of_self_harm
from server.core.events import Effect, Language, Meant, Move, Reply, Understand, facts, inputs
from server.core.interview import Interview
from server.core.state import Memory
from server.core.understanding import AGREED, ANSWER, DECLINED, Act, Clause, Reading, Understood

_MOMENT: frozenset[Act] = frozenset({"wish_moment"})
_QUESTIONS: frozenset[Act] = frozenset({"question_process", "question_company"})
_SURE = 0.5

GARBLED = Understood("garbled", 1.0)


class Meaning:
    """``memory`` is the session's."""

    def __init__(self, memory: Memory, interview: Interview) -> None:
        self._memory = memory
        self._interview = interview
        self._samples: dict[Language, Mapping[str, Sequence[str]]] = {}
        self._asked: tuple[int, int, str] | None = None
        self._read: Understood | None = None
        self._nearest: str | None = None
        self._reply: tuple[tuple[int, str], Reply] | None = None

    def ask(self, over: str | None = None) -> list[Effect]:
        """``over``: something short that was said over the question, which is no answer yet."""
        state = self._memory.state
        text = self._counted if over is None else over
        words = state.turn, state.answer.last_segment if over is None else 1, text
        if not text or words == self._asked:
            return []
        self._asked, self._read, self._nearest = words, None, None
        return [Understand(*words[:2], self._question(), text, state.language, self._compared())]

    def _question(self) -> str:
        """To which it was said; what was said beside a question asks nothing."""
        state = self._memory.state
        if not state.asked:
            return ""
        aside = state.current.kind == "aside"
        return state.open_question.text if aside else state.current.text

    def read(self, event: inputs.MeaningRead) -> bool:
        """Whether it is about the words as they stand."""
        if self._asked is None or self._asked[:2] != (event.turn, event.segment) or self.known:
            return False
        self._read, self._nearest = event.read, event.nearest
        return True

    def failed(self, event: inputs.EngineFailed) -> bool:
        return self.read(inputs.MeaningRead(event.turn, event.segment, ANSWER))

    def replied(self, reply: Reply) -> None:
        """What a language model made of the words as they stand."""
        self._reply = self._words(), reply

    @property
    def reply(self) -> Reply | None:
        """Of a language model, to the words as they stand."""
        told = self._reply
        return told[1] if told and told[0] == self._words() else None

    def _words(self) -> tuple[int, str]:
        return self._memory.state.turn, self._memory.state.answer.text

    @property
    def _counted(self) -> str:
        """Of the running answer, what may be made something of; where that is the lesser part, all
        of it: it may still be a cry for help."""
        state = self._memory.state
        answer = state.answer
        if state.asked and state.current.reason == ASKED_BACK.about:
            answer = replace(answer, kept=())  # what was asked about has been read
        return answer.text if answer.garbled else answer.clear

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
        text = self._counted
        goes_on_in = state.language
        packs = self._interview.packs
        offered = self._interview.rules.languages or tuple(packs.by_language)
        if text:
            goes_on_in = packs.spoken(text, state.language, offered)
        asked = self._asked is not None and self._asked[2] == text and self._read is not None
        read, nearest = (self._read or ANSWER, self._nearest) if asked else (ANSWER, None)
        if (reply := self.reply) is not None:
            read = both(read, reply, text)
            if reply.act in _QUESTIONS and reply.line in self._compared():
                nearest = nearest or reply.line
        if state.answer.garbled and not read.self_harm:
            return Meant(text, state.language, GARBLED)  # words that may never have been said
        return Meant(text, goes_on_in, read, nearest)

    def fact(self, row: Row, meant: Meant, move: Move) -> facts.UtteranceUnderstood:
        """How it was read, and what was done about it."""
        read, name = meant.read, meant.nearest
        asked = move == "answer"
        return facts.UtteranceUnderstood(
            turn=self._memory.state.turn,
            act=read.act,
            confidence=read.confidence,
            sensitive=read.sensitive,
            work=read.work,
            self_harm=speaks_of_self_harm(read),
            acts=tuple(clause.act for clause in read.clauses),
            move=move,
            answers=row.answers,
            about=name if asked else None,
            noted=row.noted or (asked and name is None),
            star=read.star,
            asks=read.asks,
        )

    def short(self) -> Understood:
        """Of what was said over the question."""
        return self._read or ANSWER

    def reading(self) -> Reading:
        """How the words end, and whether they ask for time."""
        meant, reply = self.meant(), self.reply
        if reply is not None and reply.floor != "over":
            return "thinking" if reply.floor == "wants_time" else "trailing"
        if wants_time(meant.read) and meant.nearest not in (AGREED, DECLINED):
            return "thinking"
        pack = self._interview.packs.of(self._memory.state.language)
        return pack.grammar.ending(meant.text)

    def _compared(self) -> Mapping[str, Sequence[str]]:
        state = self._memory.state
        pack = self._interview.packs.of(state.language)
        if state.asked and state.current.kind == "confirm":
            return pack.offer
        if state.language not in self._samples:
            self._samples[state.language] = pack.samples(self._interview.rules.company)
        return self._samples[state.language]


def both(read: Understood, reply: Reply, text: str) -> Understood:
    """What a model says of an utterance counts, but for distress and what is confided: there it is
    enough that one of the two noticed. What is wished for beside an answer it tells by its move."""
    if act_of(read) == "distress" or speaks_of_self_harm(read):
        return read
    clauses = read.clauses
    wish = _BY_MOVE.get(reply.move)
    if reply.act == "answer_then_wish" and wish and not any(c.act == wish for c in clauses):
        clauses = (*clauses, Clause(text, wish, 1.0))
    return replace(read, act=reply.act, confidence=1.0, clauses=clauses)


_BY_MOVE: Mapping[Move, Act] = {
    "repeat": "wish_repeat",
    "clarify": "wish_rephrase",
    "answer": "question_process",
    "wait": "wish_moment",
    "human": "wish_human",
}


def wants_time(read: Understood) -> bool:
    """The end of what was said asks for a moment."""
    if read.act in _MOMENT:
        return True
    last = read.clauses[-1] if len(read.clauses) > 1 else None
    return last is not None and last.act in _MOMENT and last.confidence >= _SURE
