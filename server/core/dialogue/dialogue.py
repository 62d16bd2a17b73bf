"""What to ask next: the plan, what was asked, and follow-ups on what was just said."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from server.core import bank, guard, quote
from server.core.dialogue import company, prompts, rephrasing
from server.core.dialogue.coverage import Coverage, Item
from server.core.dialogue.plan import Interview, draft_plan, from_bank
from server.core.dialogue.template import CLOSING_STAGE, OPENING_STAGE, Rules
from server.core.events import (
    AnswerGiven,
    Brief,
    EndReason,
    Exchange,
    Fact,
    Kind,
    Language,
    PlannedQuestion,
    QuestionAsked,
    Source,
)
from server.core.lists.tongue import spoken

__all__ = ["CLOSING_STAGE", "OPENING_STAGE", "Dialogue", "Interview", "Rules"]

UNHEARD_STAGE = "unheard"
_AGAIN: tuple[Kind, ...] = ("repeat", "rephrase")


class Dialogue:
    """One interview's questions so far. Every choice is a function of the facts and the plan."""

    def __init__(self, interview: Interview, rules: Rules, *, writer: bool) -> None:
        self.interview = interview
        self.rules = rules
        self.history: list[Exchange] = []
        self._topics: list[str | None] = []
        self._writer = writer
        self._drafted = False
        self._language = interview.language
        self._coverage = Coverage(rules)
        self._elapsed_ms = self._briefed_ms = 0

    # Facts.

    def planned(self, questions: Sequence[PlannedQuestion]) -> None:
        """The first plan is kept; one that was drafted for want of it gives way, place by place: a
        question's id comes from its place."""
        if self._drafted or not self._coverage.plan:
            self._coverage.plan = tuple(questions)
            self._drafted = False

    def learn(self, fact: Fact) -> None:
        self._coverage.learn(fact)
        if isinstance(fact, QuestionAsked):
            self._elapsed_ms = fact.elapsed_ms
        elif isinstance(fact, AnswerGiven):
            self.history.append(Exchange(self.current.text, fact.text))
            self._topics.append(self._topic)
            self._language = self._after(fact.text)

    @property
    def asked(self) -> list[QuestionAsked]:
        return self._coverage.asked

    @property
    def current(self) -> QuestionAsked:
        return self.asked[-1]

    @property
    def turn(self) -> int:
        return self.asked[-1].turn if self.asked else 0

    @property
    def has_plan(self) -> bool:
        return bool(self._coverage.plan)

    @property
    def over(self) -> bool:
        """The closing words were said: nothing more is asked."""
        return bool(self.asked) and self.current.kind == "closing"

    @property
    def language(self) -> Language:
        """The language the candidate speaks: that of the next answer, and of what is asked where
        it can be asked in it."""
        return self._language

    @property
    def spent_ms(self) -> int:
        """How much of the interview's time was gone when the last question was asked."""
        return self.current.elapsed_ms if self.asked else 0

    # What became of the plan.

    def outcome(self) -> list[Item]:
        """Every question of the plan; an ``outcome`` of None is still open."""
        return self._coverage.outcome()

    def settle(self) -> list[Fact]:
        """What has been decided about the plan since the last time, to be told."""
        return self._learned(self._coverage.settle())

    def skip(self, reason: str) -> list[Fact]:
        """The candidate does not want this question: nothing more is asked about it."""
        return self._learned(self._coverage.skip(reason))

    def conclude(self, ended: EndReason) -> list[Fact]:
        """The interview is over: what is left of the plan, to be told."""
        return self._learned(self._coverage.conclude(ended))

    def _learned(self, facts: list[Fact]) -> list[Fact]:
        for fact in facts:
            self._coverage.learn(fact)
        return facts

    # Choices.

    def opening(self) -> QuestionAsked:
        self._ensure_plan()
        return self._from_plan(self._coverage.plan[0], self.language, None)

    def brief(self, answer: str, elapsed_ms: int) -> Brief | None:
        """What the question writer gets for a follow-up, or None where none is due."""
        self._briefed_ms = elapsed_ms
        if not self._writer or not self._wants_follow_up(answer, elapsed_ms):
            return None
        if self._only_remarks(answer):
            return None
        return self._brief(answer)

    def composed(self, answer: str, text: str, model: str) -> QuestionAsked | str:
        """The writer's question if it may be spoken, else the reason why not."""
        text = guard.clean(text)
        refused = guard.check(
            text,
            language=self._after(answer),
            target_role=self.interview.target_role,
            history=[*self.history, Exchange(self.current.text, answer)],
            follows=answer,
        )
        if refused is None and self._coverage.asks_again(text):
            refused = "repeated"
        if refused is not None:
            return refused
        question = self._follow_up(text, "llm", answer, model, None)
        return replace(question, prompt=prompts.VERSION, elapsed_ms=self._briefed_ms)

    def chosen(self, answer: str, elapsed_ms: int, reason: str | None) -> QuestionAsked:
        """The next question without the writer; ``reason``: why it was not the writer's."""
        return replace(self._choose(answer, elapsed_ms, reason), elapsed_ms=elapsed_ms)

    def _choose(self, answer: str, elapsed_ms: int, reason: str | None) -> QuestionAsked:
        if self._only_remarks(answer):
            return replace(self._again("repeat", bank.come_back), reason="only_remarks")
        if self._wants_follow_up(answer, elapsed_ms):
            text = bank.follow_up(self._brief(answer), [asked.text for asked in self.asked])
            if text is not None:
                why = reason or (None if self._writer else "no_model")
                return self._follow_up(text, "bank", answer, None, why)
        self._ensure_plan()
        following = self._coverage.next(elapsed_ms)
        if following is None:
            return self.closing(answer)
        return self._from_plan(following, self._after(answer), reason)

    def repeat_now(self) -> QuestionAsked:
        """The same question again, word for word, because the candidate asked for it."""
        return self._again("repeat", bank.repeat_prefix)

    def repeat(self) -> QuestionAsked:
        """The same question again, after a long silence."""
        return self._again("repeat", bank.encourage)

    def rephrase(self) -> QuestionAsked:
        """The same question in other words, because the candidate asked for it."""
        question = self._unrepeated(_AGAIN)
        language = question.language or self.language
        simpler = self._simpler(question)
        if question.source == "interviewer":
            simpler = question.text
        elif question.kind == "opening" and simpler is None:
            simpler = rephrasing.INTRODUCTION[language]  # nobody is greeted twice
        text = rephrasing.rephrased(
            question.text,
            "follow_up" if question.kind == "follow_up" else question.stage,
            language,
            simpler=simpler,
            times=self._times_rephrased() + (question.source == "interviewer"),
        )
        return self._question(
            "rephrase", question.stage, text, "bank", question.question_id, language
        )

    def unheard(self) -> QuestionAsked | None:
        """Ask to say it again, once a question, where no words came out of what was said."""
        if self.current.stage == UNHEARD_STAGE:
            return None
        parent, language = self._unrepeated(("repeat",)), self.language
        question = self._question(
            "repeat",
            UNHEARD_STAGE,
            bank.unheard(language),
            "bank",
            parent.question_id,
            language,
        )
        return replace(question, reason="no_words")

    def closing(self, answer: str = "") -> QuestionAsked:
        """The last words; before them what may be told to what the candidate asked at the end."""
        language = self._after(answer)
        text = bank.closing(language, self.interview.name)
        topic = self._coverage.topic
        if topic is not None and topic.stage == CLOSING_STAGE:
            reply = company.reply(answer, self.rules.company, language)
            text = f"{reply} {text}" if reply else text
        return self._question("closing", CLOSING_STAGE, text, "bank", None, language)

    # Parts of a choice.

    def _ensure_plan(self) -> None:
        if not self._coverage.plan:
            self._coverage.plan = draft_plan(self.interview, self.rules)
            self._drafted = True

    def _wants_follow_up(self, answer: str, elapsed_ms: int) -> bool:
        return bool(answer.strip()) and self._coverage.follow_up_due(elapsed_ms)

    def _only_remarks(self, answer: str) -> bool:
        """Whether the question is still to be answered: only something about the interview was
        said. It is come back to once."""
        again = self.current.kind in _AGAIN or self.current.stage == CLOSING_STAGE
        return not again and quote.only_remarks(answer)

    def _brief(self, answer: str) -> Brief:
        competency = {q.question_id: q.competency for q in self._coverage.plan}
        topics = [*self._topics, self._topic]
        exchanges = [*self.history, Exchange(self.current.text, answer)]
        return Brief(
            target_role=self.interview.target_role,
            language=self._after(answer),
            resume=self.interview.resume,
            history=tuple(
                replace(exchange, competency=competency.get(topic or "", ""))
                for exchange, topic in zip(exchanges, topics, strict=True)
            ),
        )

    @property
    def _topic(self) -> str | None:
        topic = self._coverage.topic
        return topic.question_id if topic else None

    def _after(self, answer: str) -> Language:
        return spoken(answer, self._language, self.rules.languages)

    def _unrepeated(self, but: tuple[Kind, ...]) -> QuestionAsked:
        return next(asked for asked in reversed(self.asked) if asked.kind not in but)

    def _times_rephrased(self) -> int:
        question = self._unrepeated(_AGAIN)
        return sum(q.kind == "rephrase" and q.turn > question.turn for q in self.asked)

    def _simpler(self, question: QuestionAsked) -> str | None:
        """The other words that were prepared with it: in the plan, or in the bank for one that was
        asked in the language to which the candidate had changed."""
        language = question.language or self.language
        in_bank = from_bank(self.interview, language).get(question.stage, ())
        prepared = [*self._coverage.plan, *in_bank]
        return next((one.simpler for one in prepared if one.text == question.text), None)

    def _again(self, kind: Kind, said_before: Callable[[Language], str]) -> QuestionAsked:
        question = self._unrepeated(("repeat",))
        language = question.language or self.language
        asked = rephrasing.bare(question.text)
        if question.kind == "opening":
            asked = re.split(r"(?<=[.?!])\s+", asked)[-1]  # nobody is greeted twice
        text = f"{said_before(language)} {asked}"
        return self._question(kind, question.stage, text, "bank", question.question_id, language)

    def _follow_up(
        self, text: str, source: Source, answer: str, model: str | None, reason: str | None
    ) -> QuestionAsked:
        parent, language = self._unrepeated(_AGAIN), self._after(answer)
        question = self._question(
            "follow_up", parent.stage, text, source, parent.question_id, language
        )
        return replace(question, model=model, reason=reason)

    def _from_plan(
        self, planned: PlannedQuestion, language: Language, reason: str | None
    ) -> QuestionAsked:
        planned, followed = self._in_language(planned, language)
        return QuestionAsked(
            turn=self.turn + 1,
            question_id=planned.question_id,
            text=planned.text,
            source=planned.source,
            kind="opening" if planned.ordinal == 1 else "planned",
            stage=planned.stage,
            parent_id=None,
            model=planned.model,
            reason="language_followed" if followed else reason,
            prompt=planned.prompt,
            language=planned.language or self.interview.language,
            elapsed_ms=self._elapsed_ms,
        )

    def _in_language(
        self, planned: PlannedQuestion, language: Language
    ) -> tuple[PlannedQuestion, bool]:
        """The question in the candidate's language where there is one: what an interviewer wrote
        is not translated."""
        if language == (planned.language or self.interview.language):
            return planned, False
        if planned.elsewhere is not None:
            return replace(planned, text=planned.elsewhere, language=language), True
        if planned.source == "interviewer":
            return planned, False
        texts = (draft.text for draft in from_bank(self.interview, language)[planned.stage])
        text = next((text for text in texts if not self._coverage.asks_again(text)), None)
        if text is None:
            return planned, False
        in_bank = replace(
            planned, text=text, language=language, source="bank", model=None, prompt=None
        )
        return in_bank, True

    def _question(
        self,
        kind: Kind,
        stage: str,
        text: str,
        source: Source,
        parent_id: str | None,
        language: Language,
    ) -> QuestionAsked:
        turn = self.turn + 1
        return QuestionAsked(
            turn=turn,
            question_id=self.interview.identity(f"turn:{turn}"),
            text=text,
            source=source,
            kind=kind,
            stage=stage,
            parent_id=parent_id,
            model=None,
            reason=None,
            language=language,
            elapsed_ms=self._elapsed_ms,
        )
