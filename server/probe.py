"""``viva probe``: what the built-in interviewer does next, for whoever edits a pack or the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, TextIO

from server.adviser import Adviser
from server.core.dialogue.dialogue import Dialogue
from server.core.dialogue.meaning import Meaning
from server.core.dialogue.moves import act_of, came, goes_on, next_move, worth_asking
from server.core.events import (
    Language,
    MeaningRead,
    PlannedQuestion,
    QuestionAsked,
    Refused,
    Reply,
    SegmentHeard,
    Understand,
)
from server.core.interview import Interview
from server.core.rules import Rules
from server.core.state import Memory
from server.engines.encoder import Encoder
from server.engines.understanding import OfflineUnderstanding
from server.language.clauses import asked_in, compared
from server.language.pack import shipped
from server.language.speech import as_read
from server.lines import answer
from server.plan import draft_plan
from server.wording.brief import brief

FIELDS = {"language": tuple(shipped().by_language), "role": None, "question": None, "answer": None}
RULES = Rules(follow_ups=2)
TRIES = 2
UNKNOWN = "experience"
"""The stage of a question that is like none of the packs."""

_ID = "00000000-0000-4000-8000-000000000000"


def probe(source: Iterable[str], sink: TextIO, adviser: Adviser | None = None) -> int:
    """The exit status. A line of ``sink`` has ``act``, ``move``, ``say`` and ``line``. An
    ``adviser`` is asked as in an interview with a language model."""
    understanding = OfflineUnderstanding(Encoder())

    def reply(one: Mapping[str, Any]) -> Mapping[str, Any]:
        return _Scene(understanding, one, adviser).next()

    return answer(source, sink, FIELDS, reply)


class _Scene:
    """One question and its answer, in an interview that consists of it and of what is planned."""

    def __init__(
        self, understanding: OfflineUnderstanding, one: Mapping[str, Any], adviser: Adviser | None
    ) -> None:
        self._understanding = understanding
        self._adviser = adviser
        self._one = one
        self._interview, ahead = _interview(one["role"], one["language"])
        self._memory = Memory(self._interview.language)
        question: str = one["question"]
        rubric = tuple(map(str, one.get("rubric") or ()))
        asked = PlannedQuestion(_ID, 1, question, self._stage(question), "bank", rubric=rubric)
        self._memory.plan([asked, *(q for q in ahead if q.text != question)])
        self._memory.tell(self._ask(question, "planned", 1, asked.stage))

    def next(self) -> Mapping[str, Any]:
        self._probe_before()
        turn = self._memory.state.turn
        self._memory.tell(SegmentHeard(turn, 1, 0, 0, self._one["answer"].strip(), (), "typed"))
        if came(self._memory.state) != "words":
            return {"act": "garbled", "move": "wait", "say": "", "line": None}
        meaning = Meaning(self._memory, self._interview)
        for effect in meaning.ask():
            assert isinstance(effect, Understand)
            meaning.read(self._read(effect))
        question = self._advised(meaning)
        meant = meaning.meant()
        row = next_move(self._memory.state, meant)
        question = question or self._dialogue.chosen(row, meant)
        return {
            "act": act_of(meant.read),
            "move": self._dialogue.move(question, row),
            "say": question.spoken,
            "line": self._line(question),
        }

    def _advised(self, meaning: Meaning) -> QuestionAsked | None:
        """What the model would have said; None where it is not asked."""
        meant = meaning.meant()
        row = next_move(self._memory.state, meant)
        due = not goes_on(row) or self._dialogue.may_follow_up(meant)
        if self._adviser is None or not due or not worth_asking(row, meant.read):
            return None
        told, refused = brief(self._interview, self._memory.state, meant), None
        for _ in range(TRIES):
            done = self._adviser.decide(told, refused)
            meaning.replied(done.reply)
            meant = meaning.meant()
            row = next_move(self._memory.state, meant)
            fault = done.fault or self._fault(done.reply)
            said = self._dialogue.replied(row, meant, replace(done, fault=fault))
            if not isinstance(said, str):
                return said
            refused = Refused(done.reply, said)
        return self._dialogue.chosen(row, meant, probes=False)

    def _fault(self, reply: Reply) -> str | None:
        judged = self._understanding.weigh(reply.say, self._one["role"], self._one["answer"])
        return judged.fault if judged else None

    @property
    def _dialogue(self) -> Dialogue:
        return Dialogue(self._interview, self._memory.state, writer=False)

    def _read(self, effect: Understand) -> MeaningRead:
        read = self._understanding.read(effect.question, effect.text)
        samples = compared(read, effect.samples)
        near = self._understanding.compare(asked_in(read, effect.text), samples)
        return MeaningRead(effect.turn, effect.segment, read, near)

    def _stage(self, question: str) -> str:
        """That of the packs' question it is most like."""
        pack, family = as_read(self._interview.pack), self._interview.family
        stages = {
            str(name): [one.text for one in pack.questions(family, name)] for name in pack.stages
        }
        known = next((name for name, texts in stages.items() if question in texts), None)
        return known or self._understanding.compare(question, stages) or UNKNOWN

    def _probe_before(self) -> None:
        """``probes_so_far``: their texts, or how many there were."""
        before = self._one.get("probes_so_far") or []
        texts = before if isinstance(before, list) else [f"({n + 1})" for n in range(int(before))]
        for turn, text in enumerate(texts, start=2):
            self._memory.tell(self._ask(str(text), "follow_up", turn, UNKNOWN))

    def _ask(self, text: str, kind: Any, turn: int, stage: str) -> QuestionAsked:
        parent = None if kind == "planned" else _ID
        identity = _ID if parent is None else self._interview.identity(f"turn:{turn}")
        return QuestionAsked(turn, identity, text, "bank", kind, stage, parent, None, None)

    def _line(self, question: QuestionAsked) -> str | None:
        """Of the rubric that was given, where one was, that which the probe is nearest to."""
        rubric = self._one.get("rubric")
        if question.kind != "follow_up" or not rubric:
            return question.line
        lines = {str(line): [str(line)] for line in rubric}
        return self._understanding.compare(question.text, lines, at_least=-1.0)


@cache
def _interview(role: str, language: Language) -> tuple[Interview, tuple[PlannedQuestion, ...]]:
    """And what of its plan comes after the opening, numbered from 2."""
    interview = Interview(_ID, role, language, packs=shipped(), rules=RULES)
    return interview, tuple(draft_plan(interview))[1:]
