"""What to ask next: the plan, what was asked, and one follow-up on what was just said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from server.core import bank, guard
from server.core.events import (
    AnswerGiven,
    Brief,
    Exchange,
    Fact,
    Kind,
    Language,
    PlannedQuestion,
    QuestionAsked,
    Source,
)

OPENING_STAGE = "introduction"
CLOSING_STAGE = "closing"
UNHEARD_STAGE = "unheard"


@dataclass(frozen=True, slots=True)
class Interview:
    """What is fixed before the first word. ``resume`` is the résumé's structured data."""

    interview_id: str
    target_role: str
    language: Language
    resume: Mapping[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str | None:
        header = self.resume.get("header")
        name = header.get("name") if isinstance(header, Mapping) else None
        return name if isinstance(name, str) and name else None

    def identity(self, what: str) -> str:
        """An id that is the same however often the same step is taken."""
        return str(uuid5(UUID(self.interview_id), what))


@dataclass(frozen=True, slots=True)
class Rules:
    """The shape of the interview."""

    questions: int = 5
    follow_ups: int = 1
    minutes: int = 30


def draft_plan(interview: Interview, count: int) -> tuple[PlannedQuestion, ...]:
    """The plan from the bank: the opening, then ``count - 1`` questions over the stages."""
    opening = bank.opening(interview.target_role, interview.language, interview.name)
    rest = bank.plan(
        interview.target_role,
        interview.language,
        interview.resume,
        count - 1,
        seed=interview.interview_id,
    )
    return number_plan(interview, [(OPENING_STAGE, opening), *rest], "bank", None)


def number_plan(
    interview: Interview, questions: Sequence[tuple[str, str]], source: Source, model: str | None
) -> tuple[PlannedQuestion, ...]:
    """(stage, text) pairs as planned questions; the opening is always the bank's."""
    return tuple(
        PlannedQuestion(
            question_id=interview.identity(f"planned:{ordinal}"),
            ordinal=ordinal,
            text=text,
            stage=stage,
            source="bank" if stage == OPENING_STAGE else source,
            model=None if stage == OPENING_STAGE else model,
        )
        for ordinal, (stage, text) in enumerate(questions, start=1)
    )


class Dialogue:
    """One interview's questions so far. Every choice is a function of the facts and the plan."""

    def __init__(self, interview: Interview, rules: Rules, *, writer: bool) -> None:
        self.interview = interview
        self.rules = rules
        self.asked: list[QuestionAsked] = []
        self.history: list[Exchange] = []
        self._writer = writer
        self._plan: tuple[PlannedQuestion, ...] = ()

    # Facts.

    def planned(self, questions: Sequence[PlannedQuestion]) -> None:
        """Later plans do not replace an earlier one: what was drafted may have been asked."""
        if not self._plan:
            self._plan = tuple(questions)

    def learn(self, fact: Fact) -> None:
        if isinstance(fact, QuestionAsked):
            self.asked.append(fact)
        elif isinstance(fact, AnswerGiven):
            self.history.append(Exchange(self.current.text, fact.text))

    @property
    def current(self) -> QuestionAsked:
        return self.asked[-1]

    @property
    def turn(self) -> int:
        return self.asked[-1].turn if self.asked else 0

    @property
    def has_plan(self) -> bool:
        return bool(self._plan)

    @property
    def over(self) -> bool:
        """The closing words were said: nothing more is asked."""
        return bool(self.asked) and self.current.kind == "closing"

    # Choices.

    def opening(self) -> QuestionAsked:
        return self._from_plan(self._ensure_plan()[0], None)

    def brief(self, answer: str, elapsed_ms: int) -> Brief | None:
        """What the question writer gets for a follow-up, or None where none is due."""
        if not self._writer or not self._wants_follow_up(answer, elapsed_ms):
            return None
        return self._brief(answer)

    def composed(self, answer: str, text: str, model: str) -> QuestionAsked | str:
        """The writer's question if it may be spoken, else the reason why not."""
        text = guard.clean(text)
        refused = guard.check(
            text,
            language=self.interview.language,
            target_role=self.interview.target_role,
            history=[*self.history, Exchange(self.current.text, answer)],
        )
        return refused or self._follow_up(text, "llm", model, None)

    def chosen(self, answer: str, elapsed_ms: int, reason: str | None) -> QuestionAsked:
        """The next question without the writer; ``reason``: why it was not the writer's."""
        if self._wants_follow_up(answer, elapsed_ms):
            text = bank.follow_up(self._brief(answer))
            if text is not None:
                return self._follow_up(text, "bank", None, reason or self._no_writer())
        following = self._next_planned()
        if following is None or self._time_is_up(elapsed_ms):
            return self.closing()
        return self._from_plan(following, reason)

    @property
    def language(self) -> Language:
        return self.interview.language

    def repeat_now(self) -> QuestionAsked:
        """The same question again, because the candidate asked for it."""
        return self.repeat()

    def rephrase(self) -> QuestionAsked:
        return self.repeat()

    def skip(self, reason: str) -> list[Fact]:
        """The candidate does not want this question."""
        return []

    def repeat(self) -> QuestionAsked:
        """The same question again, after a long silence."""
        prefix = bank.encourage(self.interview.language)
        root = self._unrepeated()
        return self._question(
            "repeat", root.stage, f"{prefix} {root.text}", "bank", root.question_id, None, None
        )

    def unheard(self) -> QuestionAsked | None:
        """Ask to say it again, once a question, where no words came out of what was said."""
        if self.current.stage == UNHEARD_STAGE:
            return None
        return self._question(
            "repeat",
            UNHEARD_STAGE,
            bank.unheard(self.interview.language),
            "bank",
            self._unrepeated().question_id,
            None,
            "no words were recognised",
        )

    def closing(self) -> QuestionAsked:
        text = bank.closing(self.interview.language, self.interview.name)
        return self._question("closing", CLOSING_STAGE, text, "bank", None, None, None)

    def _ensure_plan(self) -> tuple[PlannedQuestion, ...]:
        self._plan = self._plan or draft_plan(self.interview, self.rules.questions)
        return self._plan

    def _next_planned(self) -> PlannedQuestion | None:
        done = {asked.question_id for asked in self.asked}
        return next((q for q in self._ensure_plan() if q.question_id not in done), None)

    def _wants_follow_up(self, answer: str, elapsed_ms: int) -> bool:
        if not answer.strip() or self._time_is_up(elapsed_ms):
            return False
        in_a_row = 0
        for asked in reversed(self.asked):
            if asked.kind in ("opening", "planned"):
                break
            in_a_row += asked.kind == "follow_up"
        return in_a_row < self.rules.follow_ups

    def _time_is_up(self, elapsed_ms: int) -> bool:
        return elapsed_ms >= self.rules.minutes * 60_000

    def _brief(self, answer: str) -> Brief:
        following = self._next_planned()
        return Brief(
            target_role=self.interview.target_role,
            language=self.interview.language,
            stage=self.current.stage,
            resume=self.interview.resume,
            history=(*self.history, Exchange(self.current.text, answer)),
            planned_next=following.text if following else None,
        )

    def _unrepeated(self) -> QuestionAsked:
        return next(asked for asked in reversed(self.asked) if asked.kind != "repeat")

    def _no_writer(self) -> str | None:
        return None if self._writer else "no language model is configured"

    def _follow_up(
        self, text: str, source: Source, model: str | None, reason: str | None
    ) -> QuestionAsked:
        root = self._unrepeated()
        return self._question(
            "follow_up", root.stage, text, source, root.question_id, model, reason
        )

    def _from_plan(self, planned: PlannedQuestion, reason: str | None) -> QuestionAsked:
        return QuestionAsked(
            turn=self.turn + 1,
            question_id=planned.question_id,
            text=planned.text,
            source=planned.source,
            kind="opening" if planned.stage == OPENING_STAGE else "planned",
            stage=planned.stage,
            parent_id=None,
            model=planned.model,
            reason=reason,
        )

    def _question(
        self,
        kind: Kind,
        stage: str,
        text: str,
        source: Source,
        parent_id: str | None,
        model: str | None,
        reason: str | None,
    ) -> QuestionAsked:
        turn = self.turn + 1
        question_id = self.interview.identity(f"turn:{turn}")
        return QuestionAsked(turn, question_id, text, source, kind, stage, parent_id, model, reason)
