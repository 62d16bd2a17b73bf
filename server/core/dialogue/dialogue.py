"""What may be asked next: of the plan, on what was just said, or the same once more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches

from server.core import guard
from server.core.dialogue.coverage import Coverage
from server.core.dialogue.moves import (
    LEFT,
    Row,
    beside_work,
    confirms,
    goes_on,
    in_peace,
    may_be_worded,
)
from server.core.events import (
    CLOSING_STAGE,
    Exchange,
    Kind,
    Language,
    Meant,
    Move,
    PlannedQuestion,
    QuestionAsked,
    QuestionComposed,
    Reply,
    Source,
    SteppedIn,
)
from server.core.interview import Interview
from server.core.pack import Pack
from server.core.rules import Rules
from server.core.state import TAKEN_OVER, State
from server.core.understanding import COMPANY, Star

UNHEARD_STAGE = "unheard"


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Every choice is a function of the interview's state and what the last answer meant."""

    interview: Interview
    state: State
    writer: bool
    """Whether there is a model that writes follow-ups."""

    elapsed_ms: int = 0
    """How long the interview has gone on."""

    @property
    def _rules(self) -> Rules:
        return self.interview.rules.lasting(self.state.more_minutes)

    @property
    def coverage(self) -> Coverage:
        return Coverage(self._rules, self.state, self.interview.packs.same)

    # Choices.

    def opening(self) -> QuestionAsked:
        return self._from_plan(self.state.plan[0], self.state.language, None)

    def may_follow_up(self, meant: Meant) -> bool:
        """Whether a follow-up is due on what was said, and nothing in it is to be left in peace."""
        said = bool(meant.text.strip()) and not in_peace(meant.read)
        due = self.state.wanted is None and self.coverage.follow_up_due(self.elapsed_ms)
        return said and due

    def replied(self, row: Row, meant: Meant, event: QuestionComposed) -> QuestionAsked | str:
        """What the model's reply comes to within ``row``: its words where they may be spoken, else
        the pack's; a code where it wanted to ask what may not be asked."""
        said = self._in_its_words(row, meant, event)
        if isinstance(said, QuestionAsked):
            prompt = self._pack(meant).prompt_version
            return replace(said, elapsed_ms=self.elapsed_ms, prompt=prompt)
        refused = said if goes_on(row) else None
        return refused or self.chosen(row, meant, probes=False)

    def _in_its_words(
        self, row: Row, meant: Meant, event: QuestionComposed
    ) -> QuestionAsked | str | None:
        """None where the reply holds no words for this row."""
        reply, probes = event.reply, goes_on(row)
        due = self.may_follow_up(meant) if probes else may_be_worded(row)
        if not due or not reply.say or reply.move != ("probe" if probes else row.move):
            return None
        refused = self._refused(reply, meant)
        if refused is None and probes and self.coverage.asks_again(reply.say):
            refused = "repeated"
        if refused or event.fault:
            return refused or event.fault
        kind: Kind = "follow_up" if probes else "rephrase"
        return replace(
            self._question(kind, reply.say, meant.goes_on_in, self.state.open_question),
            source="llm",
            model=event.model,
            reason=None if probes else row.about,
            lead="" if row.move == "clarify" else self._said(row, meant),
            evidence=reply.evidence,
            line=self._line(reply),
        )

    def _refused(self, reply: Reply, meant: Meant) -> str | None:
        """The code of what is wrong with saying it, by its form. A question has to rest on words
        that are in the answer; in which words it is asked is free."""
        pack, now = self._pack(meant), Exchange(self.state.current.text, meant.text)
        if reply.move == "probe" and not pack.grammar.grounded(reply.evidence or "", meant.text):
            return "ungrounded"
        return guard.check(
            reply.say,
            grammar=pack.grammar,
            target_role=self.interview.target_role,
            history=[*self.state.history, now],
            follows=meant.text,
            known=self.interview.stated,
            instructions=pack.instructions,
        )

    def _line(self, reply: Reply) -> str | None:
        """The line of the running topic's rubric that it means."""
        topic = self.state.topic.question_id if self.state.topic else None
        rubric = next((one.rubric for one in self.state.plan if one.question_id == topic), ())
        return next(iter(get_close_matches(reply.line or "", rubric, 1)), None)

    def chosen(
        self, row: Row, meant: Meant, reason: str | None = None, *, probes: bool = True
    ) -> QuestionAsked:
        """What is said next without a model; ``reason``: why it was not the model's. ``probes``:
        the topic may be gone into."""
        chosen = self._choose(row, meant, reason, probes=probes)
        return replace(chosen, elapsed_ms=self.elapsed_ms)

    def unasked(self, row: Row) -> QuestionAsked:
        """What is said next where nothing was said."""
        return self.chosen(row, Meant("", self.state.language))

    def _choose(self, row: Row, meant: Meant, reason: str | None, *, probes: bool) -> QuestionAsked:
        wanted = self.state.wanted
        match row.after:
            case "go_on" | "leave" if wanted is not None:
                return replace(self.of_person(wanted), lead=self._said(row, meant))
            case "same":
                return self._come_back(row, meant)
            case "wait":
                return self._wait(row, meant)
            case "go_on" if row.move != "close":
                question = self._probe(meant, reason) if probes else None
                if question is not None:
                    return replace(question, lead=self._said(row, meant))
            case _:
                pass
        if row.after == "end":
            return replace(self.closing(meant.goes_on_in, at_wish=True), reason=row.about)
        lead = self._said(row, meant)
        following = None if row.move == "close" else self.coverage.next(self.elapsed_ms)
        if following is None:
            return replace(self.closing(meant.goes_on_in), lead=lead)
        question = self._from_plan(following, meant.goes_on_in, reason)
        return replace(question, lead=f"{lead} {self._bridge(question, row)}".strip())

    def _probe(self, meant: Meant, reason: str | None) -> QuestionAsked | None:
        if not self.may_follow_up(meant):
            return None
        topic, language = self.state.topic, meant.goes_on_in
        assert topic is not None
        if self.state.open_question.kind == "follow_up" and meant.read.star == ():
            return None  # nothing more came of it: the topic is exhausted
        if beside_work(meant.read):
            return None
        read = self.state.topic_asks or meant.read.asks
        asking = self._pack(meant).follow_up(
            self.interview.family,
            topic.stage,
            topic.text,
            self.state.answer.quotable(meant.text),
            told=self._told_so_far(meant),
            asks="introduction" if topic.kind == "opening" else read,
            asked=[asked.text for asked in self.state.asked],
        )
        if asking is None or self._unspeakable(asking.text, language):
            return None
        why = reason or (None if self.writer else "no_model")
        asked = self._question("follow_up", asking.text, language, self.state.open_question)
        return replace(asked, reason=why, line=asking.line)

    def _told_so_far(self, meant: Meant) -> frozenset[Star] | None:
        """What the topic's answers have of a story; None where nothing was read."""
        before, now = self.state.topic_star, meant.read.star
        if before is None and now is None:
            return None
        return (before or frozenset()) | set(now or ())

    def _unspeakable(self, text: str, language: Language) -> bool:
        role, history = self.interview.target_role, self.state.history
        grammar = self.interview.packs.of(language).grammar
        refused = guard.check(text, grammar=grammar, target_role=role, history=history)
        return refused is not None

    # What is said to what was no answer.

    def _come_back(self, row: Row, meant: Meant) -> QuestionAsked:
        """The question is still to be answered."""
        if row.move == "clarify":
            return replace(self.rephrase(), reason=row.about)
        lead = self._said(row, meant)
        if row.move not in ("repeat", "next") and row.about != "kept":
            lead = f"{lead} {self._turn_by_turn(self._pack(meant).bridge('back'))}".strip()
        return replace(self.again(lead), reason=row.about or None)

    def _wait(self, row: Row, meant: Meant) -> QuestionAsked:
        """Words without a question, or one whether a wish is meant."""
        kind: Kind = "confirm" if confirms(row) else "aside"
        text = self._said(row, meant)
        said = self._question(kind, text, meant.goes_on_in, self.state.open_question)
        return replace(said, reason=row.about)

    def _said(self, row: Row, meant: Meant) -> str:
        """In the pack's words; they take turns."""
        pack = self._pack(meant)
        if row.move == "answer":
            return self._told(meant, pack)
        said = pack.reaction(row.about, confirm=confirms(row))
        times = sum(
            asked.reason == row.about or asked.lead.startswith(said) for asked in self.state.asked
        )
        return said[times % len(said)] if said else ""

    def _told(self, meant: Meant, pack: Pack) -> str:
        """The fact that was asked for, else that a person will answer."""
        name = meant.nearest or ""
        if name.startswith(COMPANY):
            fact = self._rules.company[int(name.removeprefix(COMPANY))]
            return fact.text.get(meant.goes_on_in) or fact.text[self.state.language]
        minutes_left = max(0, self._rules.total_ms - self.elapsed_ms) / 60_000
        told = pack.told(
            role=self.interview.target_role,
            minutes=f"{self._rules.minutes:.0f}",
            minutes_left=f"{minutes_left:.0f}",
            topics=str(len(self.state.plan)),
            topics_left=str(max(0, self.coverage.left() - 1)),
            days=str(self._rules.keep_days),
        )
        return told.get(name) or self._turn_by_turn(pack.reaction("question_noted"))

    def _bridge(self, question: QuestionAsked, row: Row) -> str:
        """A few words between what was said and the next question."""
        pack = self.interview.packs.of(question.language or self.state.language)
        if self._is_last(question):
            return self._turn_by_turn(pack.bridge("last"))
        if row.after == "leave" and not row.answers and row.about != "wish_skip":
            return self._turn_by_turn(pack.bridge("leave"))
        topic = self.state.topic
        begins = topic is None or topic.stage != question.stage
        return self._turn_by_turn(pack.bridge("next", question.stage if begins else None))

    def _is_last(self, question: QuestionAsked) -> bool:
        return bool(self.state.plan) and question.question_id == self.state.plan[-1].question_id

    def _turn_by_turn(self, said: tuple[str, ...]) -> str:
        return said[self.state.turn % len(said)]

    def _pack(self, meant: Meant) -> Pack:
        return self.interview.packs.of(meant.goes_on_in)

    def of_person(self, step: SteppedIn) -> QuestionAsked:
        """Word for word, as a topic of its own; of who takes over, that they do."""
        stage = self.state.current.stage if self.state.asked else CLOSING_STAGE
        asked = self._question("planned", step.text, self.state.language, None)
        worded: Source = "llm" if step.model else "bank"
        source: Source = "interviewer" if step.step == "question" else worded
        asked = replace(
            asked, question_id=step.step_id, stage=stage, source=source, model=step.model
        )
        if step.step != "take_over":
            return asked
        text = self._own_words("person_leads")
        return replace(asked, text=text, kind="aside", source="interviewer", reason=TAKEN_OVER)

    def of_people(self) -> QuestionAsked:
        """Where there is nothing else to be said: `passed_on` alone. After the last words it is
        said behind them."""
        kind: Kind = "closing" if self.state.over else "aside"
        asked = self._question(kind, "", self.state.language, self.state.open_question)
        reason = self.state.current.reason if self.state.over else None
        return replace(asked, source="interviewer", reason=reason)

    def passed_on(self) -> str:
        """What people wrote to the candidate, and that it is theirs."""
        said = ((self._own_words(f"person_{one.step}"), one.text) for one in self.state.unsaid)
        return " ".join(" ".join(one) for one in said)

    def after_person(self) -> QuestionAsked:
        """The question that was open when they took over, unless something was said to it."""
        lead, topic = self._own_words("person_left"), self.state.topic
        if topic is not None and topic.question_id not in self.state.answered:
            return self.again(lead)
        question = self.unasked(Row("next", "go_on"))
        return replace(question, lead=f"{lead} {question.lead}".strip())

    def _own_words(self, about: str) -> str:
        return self._turn_by_turn(self.interview.packs.of(self.state.language).reaction(about))

    def again(self, lead: str = "", about: str = "") -> QuestionAsked:
        """The same question, word for word; ``about``: why, where the pack has words for that."""
        question = self._unrepeated
        language = question.language or self.state.language
        if about:
            lead = self.interview.packs.of(language).reaction(about)[0]
        text = question.text
        if question.kind == "opening":
            text = self.interview.packs.of(language).ungreeted(text)
        return replace(self._question("repeat", text, language, question), lead=lead)

    def repeat(self) -> QuestionAsked:
        """The same question again, after a long silence; another where it had better be left."""
        if self.state.current.reason in LEFT:
            return self.unasked(Row("next", "leave"))
        return self.again(about="moment_over")

    def rephrase(self) -> QuestionAsked:
        """The same question in other words, because the candidate asked for it."""
        question = self.state.open_question
        language = question.language or self.state.language
        planned = {one.text: one.simpler for one in self.state.plan}
        since = (asked for asked in self.state.asked if asked.turn > question.turn)
        lead, text = self.interview.packs.of(language).rephrased(
            question,
            self.interview.family,
            planned.get(question.text),
            times=sum(asked.kind == "rephrase" for asked in since),
        )
        return replace(self._question("rephrase", text, language, question), lead=lead)

    def unheard(self) -> QuestionAsked | None:
        """Ask to say it again, once a question, where no words came out of what was said."""
        if self.state.current.stage == UNHEARD_STAGE:
            return None
        language = self.state.language
        (text, *_) = self.interview.packs.of(language).reaction("unheard")
        question = self._question("repeat", text, language, self._unrepeated)
        return replace(question, stage=UNHEARD_STAGE, reason="no_words")

    def closing(self, language: Language, *, at_wish: bool = False) -> QuestionAsked:
        """The last words."""
        pack = self.interview.packs.of(language)
        text = pack.farewell(self.interview.name, at_wish=at_wish)
        return self._question("closing", text, language, None)

    def move(self, question: QuestionAsked, row: Row) -> Move:
        """What the row comes to with this question."""
        match question.kind:
            case "follow_up":
                return "probe" if row.move == "next" else row.move
            case "closing":
                return "answer" if row.move == "answer" else "close"
            case _:
                return row.move

    # Parts of a choice.

    @property
    def _unrepeated(self) -> QuestionAsked:
        """What was asked last, in whatever words."""
        aside = ("repeat", "confirm", "aside")
        return next(asked for asked in reversed(self.state.asked) if asked.kind not in aside)

    def _from_plan(
        self, planned: PlannedQuestion, language: Language, reason: str | None
    ) -> QuestionAsked:
        planned, followed = self._in_language(planned, language)
        kind: Kind = "opening" if planned.ordinal == 1 else "planned"
        spoken = planned.language or self.interview.language
        return replace(
            self._question(kind, planned.text, spoken, None),
            question_id=planned.question_id,
            source=planned.source,
            stage=planned.stage,
            model=planned.model,
            reason="language_followed" if followed else reason,
            prompt=planned.prompt,
        )

    def _in_language(
        self, planned: PlannedQuestion, language: Language
    ) -> tuple[PlannedQuestion, bool]:
        """The question in the candidate's language where there is one: what an interviewer wrote
        is not translated."""
        if language == (planned.language or self.interview.language):
            return planned, False
        if language in planned.elsewhere:
            return replace(planned, text=planned.elsewhere[language], language=language), True
        if planned.source == "interviewer":
            return planned, False
        texts = self.interview.packs.of(language).asked(self.interview.family, planned.stage)
        text = next((text for text in texts if not self.coverage.asks_again(text)), None)
        if text is None:
            return planned, False
        in_bank = replace(
            planned, text=text, language=language, source="bank", model=None, prompt=None
        )
        return in_bank, True

    def _question(
        self, kind: Kind, text: str, language: Language, about: QuestionAsked | None
    ) -> QuestionAsked:
        turn = self.state.next_turn
        return QuestionAsked(
            turn=turn,
            question_id=self.interview.identity(f"turn:{turn}"),
            text=text,
            source="bank",
            kind=kind,
            stage=about.stage if about else CLOSING_STAGE,
            parent_id=about.question_id if about else None,
            model=None,
            reason=None,
            language=language,
            elapsed_ms=self.state.spent_ms,
        )
