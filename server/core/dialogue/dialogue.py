"""What may be asked next: of the plan, on what was just said, or the same once more."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from server.core import guard
from server.core.dialogue import company, prompts, speech
from server.core.dialogue.coverage import Coverage
from server.core.dialogue.following import follow_up
from server.core.dialogue.plan import from_bank
from server.core.dialogue.template import CLOSING_STAGE, Rules
from server.core.events import (
    Brief,
    Exchange,
    Kind,
    Language,
    PlannedQuestion,
    QuestionAsked,
    Source,
    Understood,
)
from server.core.interview import Interview
from server.core.pack import Asides
from server.core.state import State

UNHEARD_STAGE = "unheard"
_AGAIN: tuple[Kind, ...] = ("repeat", "rephrase")


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Every choice is a function of the interview's state and what the last answer meant."""

    interview: Interview
    rules: Rules
    state: State
    writer: bool
    """Whether there is a model that writes follow-ups."""

    @property
    def coverage(self) -> Coverage:
        return Coverage(self.rules, self.state)

    # Choices.

    def opening(self) -> QuestionAsked:
        return self._from_plan(self.state.plan[0], self.state.language, None)

    def may_follow_up(self, answer: str, elapsed_ms: int) -> bool:
        """Whether a follow-up is due on anything that was said, whatever it means."""
        return bool(answer.strip()) and self.coverage.follow_up_due(elapsed_ms)

    def brief(self, meant: Understood) -> Brief | None:
        """What the question writer gets for a follow-up; None where there is no writer, or nothing
        to follow up."""
        return None if not self.writer or self._only_remarks(meant) else self._brief(meant)

    def composed(
        self, meant: Understood, text: str, model: str, elapsed_ms: int
    ) -> QuestionAsked | str:
        """The writer's question if it may be spoken, else the reason why not. ``elapsed_ms``: when
        it was asked for."""
        text = guard.clean(text)
        refused = guard.check(
            text,
            language=meant.goes_on_in,
            target_role=self.interview.target_role,
            history=[*self.state.history, Exchange(self.state.current.text, meant.text)],
            follows=meant.text,
        )
        if refused is None and self.coverage.asks_again(text):
            refused = "repeated"
        if refused is not None:
            return refused
        question = self._follow_up(text, "llm", meant, model, None)
        return replace(question, prompt=prompts.VERSION, elapsed_ms=elapsed_ms)

    def chosen(self, meant: Understood, elapsed_ms: int, reason: str | None) -> QuestionAsked:
        """The next question without the writer; ``reason``: why it was not the writer's."""
        return replace(self._choose(meant, elapsed_ms, reason), elapsed_ms=elapsed_ms)

    def _choose(self, meant: Understood, elapsed_ms: int, reason: str | None) -> QuestionAsked:
        if self._only_remarks(meant):
            return replace(
                self._again("repeat", lambda aside: aside.come_back), reason="only_remarks"
            )
        if self.may_follow_up(meant.text, elapsed_ms):
            text = follow_up(self._brief(meant), [asked.text for asked in self.state.asked])
            if text is not None:
                why = reason or (None if self.writer else "no_model")
                return self._follow_up(text, "bank", meant, None, why)
        following = self.coverage.next(elapsed_ms)
        if following is None:
            return self.closing(meant)
        return self._from_plan(following, meant.goes_on_in, reason)

    def repeat_now(self) -> QuestionAsked:
        """The same question again, word for word, because the candidate asked for it."""
        return self._again("repeat", lambda aside: aside.repeat)

    def repeat(self) -> QuestionAsked:
        """The same question again, after a long silence."""
        return self._again("repeat", lambda aside: aside.encourage)

    def rephrase(self) -> QuestionAsked:
        """The same question in other words, because the candidate asked for it."""
        question = self._unrepeated(_AGAIN)
        language = question.language or self.state.language
        simpler = self._simpler(question)
        if question.source == "interviewer":
            simpler = question.text
        text = speech.rephrased(
            self.interview.packs.of(language),
            question.text,
            "follow_up" if question.kind == "follow_up" else question.stage,
            simpler=simpler,
            times=self._times_rephrased() + (question.source == "interviewer"),
        )
        return self._question(
            "rephrase", question.stage, text, "bank", question.question_id, language
        )

    def unheard(self) -> QuestionAsked | None:
        """Ask to say it again, once a question, where no words came out of what was said."""
        if self.state.current.stage == UNHEARD_STAGE:
            return None
        parent, language = self._unrepeated(("repeat",)), self.state.language
        question = self._question(
            "repeat",
            UNHEARD_STAGE,
            self.interview.packs.of(language).speech.acknowledge.unheard[0],
            "bank",
            parent.question_id,
            language,
        )
        return replace(question, reason="no_words")

    def closing(self, meant: Understood) -> QuestionAsked:
        """The last words; before them what may be told to what the candidate asked at the end."""
        language = meant.goes_on_in
        pack = self.interview.packs.of(language)
        text = speech.closing(pack, self.interview.name)
        topic = self.state.topic
        if topic is not None and topic.stage == CLOSING_STAGE:
            reply = company.reply(meant.text, self.rules.company, pack, language)
            text = f"{reply} {text}" if reply else text
        return self._question("closing", CLOSING_STAGE, text, "bank", None, language)

    # Parts of a choice.

    def _only_remarks(self, meant: Understood) -> bool:
        """Whether the question is still to be answered: only something about the interview was
        said. It is come back to once."""
        current = self.state.current
        again = current.kind in _AGAIN or current.stage == CLOSING_STAGE
        return not again and meant.only_remarks

    def _brief(self, meant: Understood) -> Brief:
        competency = {q.question_id: q.competency for q in self.state.plan}
        topic = self.state.topic
        topics = [*self.state.topics, topic.question_id if topic else None]
        exchanges = [*self.state.history, Exchange(self.state.current.text, meant.text)]
        return Brief(
            target_role=self.interview.target_role,
            language=meant.goes_on_in,
            resume=self.interview.resume,
            history=tuple(
                replace(exchange, competency=competency.get(about or "", ""))
                for exchange, about in zip(exchanges, topics, strict=True)
            ),
        )

    def _unrepeated(self, but: tuple[Kind, ...]) -> QuestionAsked:
        return next(asked for asked in reversed(self.state.asked) if asked.kind not in but)

    def _times_rephrased(self) -> int:
        question = self._unrepeated(_AGAIN)
        return sum(q.kind == "rephrase" and q.turn > question.turn for q in self.state.asked)

    def _simpler(self, question: QuestionAsked) -> str | None:
        """The other words that were prepared with it: in the plan, or in the bank for one that was
        asked in the language to which the candidate had changed."""
        language = question.language or self.state.language
        if question.kind == "opening":  # nobody is greeted twice
            introduction = self.interview.packs.of(language).stages["introduction"]
            return introduction.question[0].simpler
        in_bank = from_bank(self.interview, language).get(question.stage, ())
        prepared = [*self.state.plan, *in_bank]
        return next((one.simpler for one in prepared if one.text == question.text), None)

    def _again(self, kind: Kind, said_before: Callable[[Asides], str]) -> QuestionAsked:
        question = self._unrepeated(("repeat",))
        language = question.language or self.state.language
        pack = self.interview.packs.of(language)
        asked = speech.bare(pack, question.text)
        if question.kind == "opening":
            asked = re.split(r"(?<=[.?!])\s+", asked)[-1]  # nobody is greeted twice
        text = f"{said_before(pack.speech.aside)} {asked}"
        return self._question(kind, question.stage, text, "bank", question.question_id, language)

    def _follow_up(
        self, text: str, source: Source, meant: Understood, model: str | None, reason: str | None
    ) -> QuestionAsked:
        parent, language = self._unrepeated(_AGAIN), meant.goes_on_in
        question = self._question(
            "follow_up", parent.stage, text, source, parent.question_id, language
        )
        return replace(question, model=model, reason=reason)

    def _from_plan(
        self, planned: PlannedQuestion, language: Language, reason: str | None
    ) -> QuestionAsked:
        planned, followed = self._in_language(planned, language)
        return QuestionAsked(
            turn=self.state.turn + 1,
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
            elapsed_ms=self.state.spent_ms,
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
        text = next((text for text in texts if not self.coverage.asks_again(text)), None)
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
        turn = self.state.turn + 1
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
            elapsed_ms=self.state.spent_ms,
        )
