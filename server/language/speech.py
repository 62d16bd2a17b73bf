"""One language: what its files hold, and how the interviewer says it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from server.core import pack
from server.core.events import CompanyFact, QuestionAsked, StageName
from server.core.pack import FollowUp
from server.core.understanding import AGREED, DECLINED, ELSEWHERE, Asks, Star
from server.language.company import asked_of_company, told_in
from server.language.families import Aspect, Competency, CoreQuestion, Family, Line, Probe, Stage
from server.language.following import lacking
from server.language.grammar import Grammar
from server.language.instructions import Prompts
from server.language.marks import SLOT
from server.language.texts import (
    Fact,
    FactName,
    MailName,
    Manifest,
    Notice,
    Plural,
    Private,
    ResumeWords,
    Speech,
    Subject,
    Topic,
    Written,
)

GENERAL = "general"
"""The family of what no other is known for."""
NO_ROLE = "일반"
"""The role of an interview whose résumé states none."""
_LONGEST_NAME = 40
_NAME = re.compile(r"[^\W\d_][^\d_@/:;!?<>{}\[\]]*")
_ASIDES = {
    "wish_repeat": "repeat",
    "wish_slower": "slower",
    "wish_moment": "moment",
    "wish_pause": "pause",
    "moment_over": "encourage",
    "echo": "echo",
    "long_answer": "long_answer",
    "kept": "confirm_kept",
    "unsure": "unsure",
}
_PERSONS = {f"person_{one}": one for one in ("leads", "left", "line", "answer")}
_ACKNOWLEDGED = {"wish_skip": "skipped", "wish_human": "human", "smalltalk_ack": "smalltalk"}


@dataclass(frozen=True, slots=True)
class Pack:
    """A `server.core.pack.Pack`."""

    language: str
    manifest: Manifest
    speech: Speech
    facts: Mapping[FactName, Fact]
    probes: Mapping[Asks, Mapping[Aspect, Probe]]
    stages: Mapping[StageName, Stage]
    families: Mapping[str, Family]
    topics: Mapping[Private, Topic]
    resume: ResumeWords
    prompts: Prompts
    notice: Notice
    pages: Mapping[str, str | Plural]
    company: Mapping[str, Subject]
    mail: Mapping[MailName, Written]
    grammar: Grammar

    # What is asked.

    def family(self, name: str) -> Family:
        """A family that this language has no words for yet is asked what anybody is."""
        return self.families.get(name) or self.families[GENERAL]

    def competency(self, family: str | None, stage: str) -> Competency:
        """As the family has it; None: as any has. A stage that is not known is of experience."""
        stages = {str(name): one for name, one in self.stages.items()}
        own = self.family(family).competency if family else {}
        found = {str(name): one for name, one in own.items()}.get(stage)
        return found or stages.get(stage, self.stages["experience"]).competency

    def questions(self, family: str, stage: StageName) -> tuple[CoreQuestion, ...]:
        """The family's own in their order, then what every family is asked."""
        shared = self.stages[stage].question
        anybody = (CoreQuestion(stage, one.text, one.simpler, one.kind) for one in shared)
        return (*self.family(family).of(stage), *anybody)

    def kind(self, question: CoreQuestion) -> Asks:
        return question.kind or self.stages[question.stage].kind

    @property
    def last(self) -> CoreQuestion:
        """The candidate's own word at the end."""
        closing = self.speech.closing
        return CoreQuestion("closing", closing.question, closing.question_simpler)

    def core(self, family: str, stage: str) -> tuple[CoreQuestion, ...]:
        """The same for everybody of a family; of the closing its last, none of another stage."""
        if stage == "closing":
            return (self.last,)
        named = next((name for name in self.stages if name == stage), None)
        return () if named is None else self.questions(family, named)

    def asked(self, family: str, stage: str) -> tuple[str, ...]:
        return tuple(one.text for one in self.core(family, stage))

    def asks(self, family: str, stage: str, question: str, read: Asks | None) -> Asks | None:
        """As the pack says of the question, else as it was ``read``, else as its stage's questions
        do. None: the stage is not known."""
        named = next((name for name in self.stages if name == stage), None)
        if named is None:
            return None
        asked = self.core(family, stage)
        found = next((one for one in asked if question in (one.text, one.simpler)), None)
        return self.kind(found) if found else read or self.stages[named].kind

    def follow_up(
        self,
        family: str,
        stage: str,
        question: str,
        answer: str,
        *,
        told: Collection[Star] | None,
        asks: Asks | None,
        asked: Sequence[str],
    ) -> FollowUp | None:
        of_kind = self.asks(family, stage, question, asks)
        if of_kind is None:
            return None
        since = asked[max((at for at, text in enumerate(asked) if text == question), default=0) :]
        for words, aspect in lacking(of_kind, answer, told):
            texts = self.wordings(words, aspect)
            if not any(text in since for text in texts):
                fresh = (text for text in texts if text not in asked)
                line = self.line(family, stage, aspect)
                return next((FollowUp(text, line) for text in fresh), None)
        return None

    def wordings(self, asks: Asks, aspect: Aspect) -> tuple[str, ...]:
        """Of a probe for what an answer to such a question lacks; they take turns. None where the
        language has no words for it yet."""
        found = self.probes.get(asks, {}).get(aspect)
        return found.plain if found else ()

    def lines(self, family: str | None, stage: str) -> tuple[Line, ...]:
        """What a good answer shows: the family's lines, then those that are anybody's."""
        own, anybody = self.competency(family, stage).lines, self.competency(None, stage).lines
        texts = {line.text for line in own}
        return (*own, *(line for line in anybody if line.text not in texts))

    def line(self, family: str, stage: str, aspect: Aspect) -> str | None:
        """Of the stage's rubric that is about it, the family's before anybody's."""
        lines = (one.text for one in self.lines(family, stage) if one.aspect == aspect)
        return next(lines, None)

    def simpler(self, family: str, stage: str, text: str) -> str | None:
        questions = ((one.text, one.simpler) for one in self.core(family, stage))
        every = (one for by_aspect in self.probes.values() for one in by_aspect.values())
        probes = ((plain, one.simpler) for one in every for plain in one.plain)
        return next((simpler for known, simpler in (*questions, *probes) if known == text), None)

    @property
    def opening_simpler(self) -> str:
        return self.stages["introduction"].question[0].simpler

    # What is said around it.

    def opening(self, target_role: str, family: str, name: str | None) -> str:
        """Greets, says that an AI asks (the candidate has to be told), names the role, and asks. A
        name or a role of the résumé with which it may not be spoken is left out."""
        filled = (
            self._opening(role, family, called)
            for role, called in ((target_role, name), (target_role, None))
        )
        allowed = (
            text for text in filled if not self.grammar.unspeakable(self.grammar.plain(text))
        )
        return next(allowed, None) or self._opening(NO_ROLE, family, None)

    def _opening(self, target_role: str, family: str, name: str | None) -> str:
        said, called = self.speech.opening, self._called(name)
        hello = self.fill(said.greeting_named, name=called) if called else said.greeting
        interview, focus = self._interview(target_role), self.family(family).focus
        return f"{hello} {self.fill(said.text, interview=interview, focus=focus)}"

    def farewell(self, name: str | None, *, at_wish: bool = False) -> str:
        said, called = self.speech.closing, self._called(name)
        if at_wish:
            return said.at_wish
        if called is None:
            return f"{said.thanks} {said.goodbye}"
        address = self.fill(self.speech.opening.address, name=called)
        return f"{self.fill(said.thanks_named, address=address)} {said.goodbye}"

    def reaction(self, about: str, *, confirm: bool = False) -> tuple[str, ...]:
        aside: object = self.speech.aside
        if confirm:
            return (getattr(aside, "confirm_end" if about == "wish_end" else "confirm_skip"),)
        if about in _ASIDES:
            return (getattr(aside, _ASIDES[about]),)
        if about in _PERSONS:
            return tuple(getattr(self.speech.person, _PERSONS[about]))
        known = _ACKNOWLEDGED.get(about, about)
        said: tuple[str, ...] = getattr(self.speech.acknowledge, known, ())
        return said

    def ungreeted(self, opening: str) -> str:
        return re.split(r"(?<=[.?!])\s+", opening)[-1]

    def bridge(
        self, to: Literal["next", "leave", "last", "back"], into: str | None = None
    ) -> tuple[str, ...]:
        stages = {str(name): said for name, said in self.speech.bridge.stage.items()}
        said: tuple[str, ...] = getattr(self.speech.bridge, to)
        return (stages[into],) if into in stages else said

    def rephrased(
        self, question: QuestionAsked, family: str, prepared: str | None, *, times: int
    ) -> tuple[str, str]:
        aside, written = self.speech.aside, question.source == "interviewer"
        simpler = question.text if written else self._in_other_words(question, family, prepared)
        if simpler is not None and times == 0 and not written:
            return aside.other_words, simpler
        stages = {str(name): one.hints for name, one in self.stages.items()}
        hints = aside.hints
        if question.kind != "follow_up":
            hints = stages.get(question.stage, aside.hints)
        before, times = aside.other_words if simpler else aside.in_parts, times + written
        return before, f"{simpler or question.text} {hints[times % len(hints)]}"

    def _in_other_words(
        self, question: QuestionAsked, family: str, prepared: str | None
    ) -> str | None:
        if question.kind == "opening":  # nobody is greeted twice
            return self.opening_simpler
        own = self.simpler(family, question.stage, question.text)
        return own if question.kind == "follow_up" else prepared or own

    def told(self, **values: str) -> dict[str, str]:
        return {str(name): self.fill(fact.text, **values) for name, fact in self.facts.items()}

    def samples(self, company: Sequence[CompanyFact]) -> Mapping[str, Sequence[str]]:
        facts = told_in(self.language, company)
        own = {str(name): fact.asked for name, fact in self.facts.items()}
        topics = [topic for topic, _ in facts.values()]
        asked, left = asked_of_company(self.company, topics, compounds=self.manifest.compounds)
        told = {
            name: (*ways, text)
            for (name, (_, text)), ways in zip(facts.items(), asked, strict=True)
        }
        return {**own, **told, **{f"{ELSEWHERE}{name}": ways for name, ways in left.items()}}

    @property
    def offer(self) -> Mapping[str, Sequence[str]]:
        return {AGREED: self.speech.aside.agreed, DECLINED: self.speech.aside.declined}

    @property
    def prompt_version(self) -> str:
        return self.prompts.version

    @property
    def instructions(self) -> str:
        return self.prompts.instructions

    def fill(self, text: str, **values: str) -> str:
        """``{slot}`` filled; ``{slot}[form]`` gets the particle as it is after that value."""

        def filled(slot: re.Match[str]) -> str:
            value = values[slot[1]]
            return value + (self.grammar.particle(value, slot[2]) if slot[2] else "")

        return SLOT.sub(filled, text)

    def _called(self, name: str | None) -> str | None:
        """The name if it can be one: a misread line of a résumé is not read out as a name."""
        name = re.sub(r"\s+", " ", name or "").strip()
        if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
            return None
        return name.removesuffix(self.speech.opening.honorific).strip() or None

    def _interview(self, target_role: str) -> str:
        said = self.speech.opening
        role = target_role.strip()
        if role in ("", NO_ROLE):
            return said.interview_general
        named = role.casefold().endswith(said.role_endings)
        return self.fill(said.interview_named if named else said.interview, role=target_role)


def as_read(known: pack.Pack) -> Pack:
    """The core knows of a pack what it asks of it; this is all of it."""
    assert isinstance(known, Pack)
    return known
