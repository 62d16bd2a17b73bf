"""What of the plan was asked, answered or left out, and what of it comes next.

Everything here is derived from the interview's state: the plan and the facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from server.core.dialogue.template import Rules
from server.core.events import (
    CLOSING_STAGE,
    EndReason,
    Fact,
    ItemSettled,
    Outcome,
    PlannedQuestion,
    QuestionAsked,
)
from server.core.state import GAP, State

RESERVE_MS = 45_000
"""Kept free for each question that has to be asked still."""


@dataclass(frozen=True, slots=True)
class Item:
    """One question of the plan; ``outcome`` None while it is open."""

    question: PlannedQuestion
    outcome: Outcome | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Coverage:
    rules: Rules
    state: State
    same: Callable[[str, str], bool]
    """Whether asking both would ask the same twice."""

    # What comes next.

    def next(self, elapsed_ms: int) -> PlannedQuestion | None:
        """The next question of the plan that is still worth its time; None: close."""
        if elapsed_ms >= self.rules.total_ms:
            return None
        return next((q for q in self._ahead() if self._why_not(q, elapsed_ms) is None), None)

    def follow_up_due(self, elapsed_ms: int) -> bool:
        """Whether the topic may be gone into once more."""
        topic = self.state.topic
        if topic is None or topic.question_id in self.state.settled:
            return False
        asked = 0
        for question in reversed(self.state.asked):
            if question.question_id == topic.question_id:
                break
            asked += question.kind == "follow_up"
        left = self._reserved(self._ahead())
        return (
            asked < self.rules.follow_ups_in(topic.stage)
            and elapsed_ms < self.rules.due_ms(topic.stage)
            and elapsed_ms + left < self.rules.total_ms
        )

    def asks_again(self, text: str) -> bool:
        """Whether this was asked before, also in other words."""
        return any(self.same(text, q.text) for q in self.state.asked)

    def _ahead(self) -> list[PlannedQuestion]:
        done = {q.question_id for q in self.state.asked}
        at = max((q.ordinal for q in self.state.plan if q.question_id in done), default=0)
        return [
            q for q in self.state.plan if q.ordinal > at and q.question_id not in self.state.settled
        ]

    def _why_not(self, question: PlannedQuestion, elapsed_ms: int) -> str | None:
        if self._covered(question, self.state.asked):
            return "covered"
        if _required(question):
            return None
        later = [q for q in self._ahead() if q.ordinal > question.ordinal]
        if elapsed_ms + self._reserved(later) >= self.rules.total_ms:
            return "time"
        begun = any(q.stage == question.stage for q in self.state.asked if q.kind == "planned")
        return "time" if begun and elapsed_ms >= self.rules.due_ms(question.stage) else None

    def _reserved(self, questions: Sequence[PlannedQuestion]) -> int:
        return RESERVE_MS * sum(_required(q) for q in questions)

    def _covered(self, question: PlannedQuestion, asked: Sequence[QuestionAsked]) -> bool:
        """What an interviewer wrote is only covered by the very same words."""
        if question.source == "interviewer":
            return any(question.text == q.text for q in asked)
        return any(self.same(question.text, q.text) for q in asked)

    # What became of it.

    def outcome(self) -> list[Item]:
        return [Item(question, *self._state(question)) for question in self.state.plan]

    def settle(self) -> list[Fact]:
        """What has been decided since the last time."""
        return list(self._settling(self.outcome()))

    def skip(self, reason: str) -> list[Fact]:
        """The topic is left at the candidate's wish; what was said to it counts."""
        topic = self.state.topic
        if topic is None or topic.question_id in self.state.settled:
            return []
        answered = topic.question_id in self.state.answered
        outcome: Outcome = "answered" if answered else "skipped"
        return [
            ItemSettled(
                self.state.turn,
                topic.question_id,
                self._ordinal(topic),
                topic.stage,
                outcome,
                reason,
            )
        ]

    def conclude(self, ended: EndReason) -> list[Fact]:
        """Every item that is still open, as the end of the interview leaves it."""
        return list(self._settling([self._at_the_end(item, ended) for item in self.outcome()]))

    def _at_the_end(self, item: Item, ended: EndReason) -> Item:
        if item.outcome is not None:
            return item
        question_id = item.question.question_id
        if question_id in self.state.answered:
            return Item(item.question, "answered", None)
        asked = any(q.question_id == question_id for q in self.state.asked)
        return Item(item.question, "asked" if asked else "skipped", f"ended:{ended}")

    def _settling(self, items: Sequence[Item]) -> Iterator[ItemSettled]:
        for item in items:
            question = item.question
            if item.outcome is not None and question.question_id not in self.state.settled:
                yield ItemSettled(
                    self.state.turn,
                    question.question_id,
                    question.ordinal,
                    question.stage,
                    item.outcome,
                    item.reason,
                )

    def _state(self, question: PlannedQuestion) -> tuple[Outcome | None, str | None]:
        if question.question_id in self.state.settled:
            return self.state.settled[question.question_id]
        if any(q.question_id == question.question_id for q in self.state.asked):
            return self._state_of_asked(question)
        passed = self._passed_by(question)
        if passed is None:
            return None, None
        covered = self._covered(question, self.state.asked[:passed])
        return "skipped", "covered" if covered else "time"

    def _state_of_asked(self, question: PlannedQuestion) -> tuple[Outcome | None, str | None]:
        topic = self.state.topic
        if not self.state.over and topic is not None and topic.question_id == question.question_id:
            return None, None
        if question.question_id in self.state.answered:
            return "answered", None
        return "asked", "unclear" if self._unclear(question.question_id) else "no_answer"

    def _unclear(self, question_id: str) -> bool:
        """Something was said to it that nobody could make out."""
        said = zip(self.state.history, self.state.topics, strict=True)
        return any(topic == question_id and GAP in one.answer for one, topic in said)

    def _passed_by(self, question: PlannedQuestion) -> int | None:
        """Where in what was asked the question was gone past."""
        ordinals = {q.question_id: q.ordinal for q in self.state.plan}
        return next(
            (
                at
                for at, q in enumerate(self.state.asked)
                if q.kind == "closing" or ordinals.get(q.question_id, 0) > question.ordinal
            ),
            None,
        )

    def _ordinal(self, asked: QuestionAsked) -> int:
        return next((q.ordinal for q in self.state.plan if q.question_id == asked.question_id), 0)


def _required(question: PlannedQuestion) -> bool:
    """What an interviewer wrote and the candidate's own word at the end are left out last."""
    return question.source == "interviewer" or question.stage == CLOSING_STAGE
