"""A dialogue led by a test: the choices, and the state that grows by what is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from server.core.dialogue.coverage import Became, Coverage
from server.core.dialogue.dialogue import Dialogue
from server.core.dialogue.moves import next_move
from server.core.events import (
    AnswerGiven,
    EndReason,
    Exchange,
    Fact,
    Language,
    Meant,
    PlannedQuestion,
    QuestionAsked,
    QuestionComposed,
    Reply,
)
from server.core.interview import Interview
from server.core.rules import Rules
from server.core.state import Memory
from server.language.tongue import spoken
from server.plan import draft_plan
from server.wording.brief import Brief, brief
from tests.core.acts import read


class Talk:
    def __init__(self, interview: Interview, rules: Rules, *, writer: bool) -> None:
        self.interview = replace(interview, rules=rules)
        self._writer = writer
        self._memory = Memory(interview.language)
        self._briefed_ms = 0

    # What is known.

    def planned(self, questions: Sequence[PlannedQuestion]) -> None:
        self._memory.plan(questions)

    def learn(self, fact: Fact) -> None:
        self._memory.tell(fact)

    @property
    def asked(self) -> tuple[QuestionAsked, ...]:
        return self._memory.state.asked

    @property
    def current(self) -> QuestionAsked:
        return self._memory.state.current

    @property
    def turn(self) -> int:
        return self._memory.state.turn

    @property
    def history(self) -> tuple[Exchange, ...]:
        return self._memory.state.history

    @property
    def over(self) -> bool:
        return self._memory.state.over

    @property
    def language(self) -> Language:
        return self._memory.state.language

    @property
    def spent_ms(self) -> int:
        return self._memory.state.spent_ms

    def answered(self, text: str) -> AnswerGiven:
        turn, question_id = self.turn, self.current.question_id
        after = self.understood(text).goes_on_in
        return AnswerGiven(
            turn, question_id, f"a{turn}", text, (), "test", self.language, goes_on_in=after
        )

    # What becomes of the plan.

    def outcome(self) -> list[Became]:
        return [self._coverage.became(question) for question in self._memory.state.plan]

    def settle(self) -> list[Fact]:
        return self._told(self._coverage.settle())

    def skip(self, reason: str) -> list[Fact]:
        return self._told(self._coverage.skip(reason))

    def conclude(self, ended: EndReason) -> list[Fact]:
        return self._told(self._coverage.conclude(ended))

    @property
    def _coverage(self) -> Coverage:
        return Coverage(self.interview.rules, self._memory.state, self.interview.packs.same)

    def _told(self, facts: list[Fact]) -> list[Fact]:
        for fact in facts:
            self.learn(fact)
        return facts

    # What may come next.

    def choices_at(self, elapsed_ms: int) -> Dialogue:
        if not self._memory.state.plan:
            self._memory.plan(draft_plan(self.interview), drafted=True)
        state = self._memory.state
        return Dialogue(self.interview, state, self._writer, elapsed_ms)

    @property
    def choices(self) -> Dialogue:
        return self.choices_at(0)

    def understood(self, text: str) -> Meant:
        offered = self.interview.rules.languages or tuple(self.interview.packs.by_language)
        goes_on_in = spoken(text, self.language, offered)
        return Meant(text, goes_on_in, read(text))

    def opening(self) -> QuestionAsked:
        return self.choices.opening()

    def brief(self, text: str, elapsed_ms: int) -> Brief | None:
        self._briefed_ms = elapsed_ms
        due = self._writer and self.choices_at(elapsed_ms).may_follow_up(self.understood(text))
        meant, state = self.understood(text), self._memory.state
        return brief(self.interview, state, meant) if due else None

    def composed(self, text: str, written: str, model: str) -> QuestionAsked | str:
        """What the model asks, resting on all that was said."""
        meant, reply = self.understood(text), Reply("answer", "probe", written, text)
        row = next_move(self._memory.state, meant)
        event = QuestionComposed(self.turn, 1, reply, model, 0)
        return self.choices_at(self._briefed_ms).replied(row, meant, event)

    def chosen(
        self, text: str, elapsed_ms: int, reason: str | None, near: str | None = None
    ) -> QuestionAsked:
        """``near``: the samples that the text is nearest to."""
        meant = replace(self.understood(text), nearest=near)
        row = next_move(self._memory.state, meant)
        return self.choices_at(elapsed_ms).chosen(row, meant, reason)

    def repeat_now(self) -> QuestionAsked:
        return self.choices.again(about="wish_repeat")

    def rephrase(self) -> QuestionAsked:
        return self.choices.rephrase()

    def unheard(self) -> QuestionAsked | None:
        return self.choices.unheard()

    def closing(self, text: str = "") -> QuestionAsked:
        return self.choices.closing(self.understood(text).goes_on_in)
