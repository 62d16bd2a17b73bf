"""What of the plan was asked, answered or left out, and what of it comes next.

Everything here is derived from the interview's state: the plan and the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from server.core.events import CLOSING_STAGE, EndReason, Fact, Outcome, PlannedQuestion, facts
from server.core.events.answer import GAP
from server.core.rules import Rules
from server.core.state import State

RESERVE_MS = 45_000
"""Kept free for each question that has to be asked still."""


Became = tuple[Outcome | None, str | None]
"""What became of a question and why; the first None while it is open."""


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
        return next((q for q in self._ahead() if self._worth_it(q, elapsed_ms)), None)

    def follow_up_due(self, elapsed_ms: int) -> bool:
        """Whether the topic may be gone into once more: not while the time is needed for what is to
        be asked still, nor to go into what counts more."""
        topic = self.state.topic
        if topic is None or topic.question_id in self.state.settled or self.state.topic_in_peace:
            return False
        asked = sum(q.kind == "follow_up" and q.turn > topic.turn for q in self.state.asked)
        ahead = self._ahead()
        more = self._heavier(self._competency(topic.question_id), ahead)
        left = self._reserved(ahead) + RESERVE_MS * len(more)
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

    def _worth_it(self, question: PlannedQuestion, elapsed_ms: int) -> bool:
        if self._covered(question, self.state.asked):
            return False
        later = [q for q in self._ahead() if q.ordinal > question.ordinal]
        if _required(question):
            return not self._gives_way(question, later, elapsed_ms)
        if elapsed_ms + self._reserved(later) >= self.rules.total_ms:
            return False
        begun = any(q.stage == question.stage for q in self.state.asked if q.kind == "planned")
        return not begun or elapsed_ms < self.rules.due_ms(question.stage)

    def _gives_way(
        self, question: PlannedQuestion, later: Sequence[PlannedQuestion], elapsed_ms: int
    ) -> bool:
        """Where there is no time for all, what counts less is left out first."""
        if question.stage == CLOSING_STAGE:
            return False
        heavier = [q for q in self._heavier(question.competency, later) if _required(q)]
        needed = RESERVE_MS * (1 + len(heavier))
        return bool(heavier) and elapsed_ms + needed > self.rules.total_ms

    def _heavier(
        self, competency: str, questions: Sequence[PlannedQuestion]
    ) -> list[PlannedQuestion]:
        """Those of them whose competency counts more."""
        weight = self.rules.weight(competency)
        return [q for q in questions if self.rules.weight(q.competency) > weight]

    def _competency(self, question_id: str) -> str:
        planned = (q.competency for q in self.state.plan if q.question_id == question_id)
        return next(planned, "")

    def _reserved(self, questions: Sequence[PlannedQuestion]) -> int:
        return RESERVE_MS * sum(_required(q) for q in questions)

    def _covered(self, question: PlannedQuestion, asked: Sequence[facts.QuestionAsked]) -> bool:
        """What an interviewer wrote is only covered by the very same words."""
        if question.source == "interviewer":
            return any(question.text == q.text for q in asked)
        return any(self.same(question.text, q.text) for q in asked)

    # What became of it.

    def left(self) -> int:
        """How many questions of the plan are open."""
        return sum(self.became(question)[0] is None for question in self.state.plan)

    def settle(self) -> list[Fact]:
        """What has been decided since the last time."""
        return self._settled((question, self.became(question)) for question in self.state.plan)

    def skip(self, reason: str) -> list[Fact]:
        """The topic is left at the candidate's wish; what was said to it counts."""
        topic = self.state.topic
        if topic is None:
            return []
        outcome: Outcome = "answered" if topic.question_id in self.state.answered else "skipped"
        return self._settled([(topic, (outcome, reason))])

    def conclude(self, ended: EndReason) -> list[Fact]:
        """Every question that is still open, as the end of the interview leaves it."""
        return self._settled((one, self._at_the_end(one, ended)) for one in self.state.plan)

    def _at_the_end(self, question: PlannedQuestion, ended: EndReason) -> Became:
        if (became := self.became(question))[0] is not None:
            return became
        if question.question_id in self.state.answered:
            return "answered", None
        asked = any(q.question_id == question.question_id for q in self.state.asked)
        return "asked" if asked else "skipped", f"ended:{ended}"

    def _settled(
        self, became: Iterable[tuple[PlannedQuestion | facts.QuestionAsked, Became]]
    ) -> list[Fact]:
        ordinals = {question.question_id: question.ordinal for question in self.state.plan}
        return [
            facts.ItemSettled(
                self.state.turn,
                one.question_id,
                ordinals.get(one.question_id, 0),
                one.stage,
                outcome,
                reason,
            )
            for one, (outcome, reason) in became
            if outcome is not None and one.question_id not in self.state.settled
        ]

    def became(self, question: PlannedQuestion) -> Became:
        if question.question_id in self.state.settled:
            return self.state.settled[question.question_id]
        if any(q.question_id == question.question_id for q in self.state.asked):
            return self._state_of_asked(question)
        passed = self._passed_by(question)
        if passed is None:
            return None, None
        covered = self._covered(question, self.state.asked[:passed])
        return "skipped", "covered" if covered else "time"

    def _state_of_asked(self, question: PlannedQuestion) -> Became:
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


def _required(question: PlannedQuestion) -> bool:
    """What an interviewer wrote and the candidate's own word at the end are left out last."""
    return question.source == "interviewer" or question.stage == CLOSING_STAGE
