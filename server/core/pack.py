"""What the core asks of a language: questions, what is said around them, the forms of its words.

`server.language` reads it from the packs. What is said stands in no code."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, NamedTuple, Protocol, TypeVar

from server.core.events import CompanyFact, QuestionAsked
from server.core.understanding import Asks, Reading, Star


class Grammar(Protocol):
    """What code knows of a language. ``plain`` is a text as `plain` gives it."""

    def ending(self, text: str) -> Reading:
        """How the words of an answer end."""

    def plain(self, text: str) -> str:
        """Without what would hide words: invisible characters, odd widths, odd spaces."""

    def unquoted(self, plain: str) -> str:
        """Without what stands between quotation marks."""

    def leaks(self, plain: str, instructions: str) -> bool:
        """Whether it says what only a model is told."""

    def unspeakable(self, plain: str) -> str | None:
        """The guard's code for what no interviewer says."""

    def marked(self, text: str) -> bool:
        """Whether there is something in it that nobody can say: markup, pictures, links."""

    def written(self, plain: str) -> bool:
        """Whether it is in this language."""

    def quotes(self, plain: str) -> bool:
        """Whether more than a name stands between quotation marks: nobody hears them."""

    def too_long(self, plain: str) -> bool:
        """For somebody who only hears it."""

    def form(self, plain: str, asking: str, *, asks: bool) -> str | None:
        """The guard's code for what is wrong with it as a spoken sentence; ``asking``: unquoted."""

    def repeats(self, plain: str, asked: Iterable[str]) -> bool:
        """Whether one of those was nearly the same."""

    def beside(self, plain: str, answer: str) -> str | None:
        """The guard's code for what is wrong with a follow-up next to the answer it follows."""

    def grounded(self, evidence: str, answer: str) -> bool:
        """Whether it stands in one place of the answer; a recogniser's errors are borne."""

    def invents(self, plain: str, sources: Iterable[str]) -> bool:
        """Whether it names or counts something that none of ``sources`` does."""


class FollowUp(NamedTuple):
    """``line``: the line of the rubric that it asks for, None where the rubric has none for it."""

    text: str
    line: str | None


class Pack(Protocol):
    """What is said and asked in one language. Where several wordings come, they take turns."""

    @property
    def language(self) -> str:
        """Its tag."""

    @property
    def grammar(self) -> Grammar: ...

    # What is asked.

    def asked(self, family: str, stage: str) -> Sequence[str]:
        """The questions of a stage in their order, the same for everybody of this family; none of a
        stage that is not known."""

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
        """What to ask on the topic's ``question`` without a model. ``told``: what its answers had
        so far, None where they were not read; ``asks``: what the question asks for, where the pack
        does not know it; ``asked``: all that was asked before. None where nothing is missing, all
        of it was asked for, or it is not a question to be asked on."""

    # What is said around it.

    def farewell(self, name: str | None, *, at_wish: bool = False) -> str:
        """The last words; ``at_wish``: where the candidate ended it."""

    def reaction(self, about: str, *, confirm: bool = False) -> tuple[str, ...]:
        """What is said to what the candidate did, an `Act` or another name that a move may have;
        empty where nothing has to be. ``confirm``: asks whether it is meant."""

    def ungreeted(self, opening: str) -> str:
        """What the first words ask: nobody is greeted twice."""

    def bridge(
        self, to: Literal["next", "leave", "last", "back"], into: str | None = None
    ) -> tuple[str, ...]:
        """A few words between topics: after an answer, after a topic that was left alone, before
        the last question, and back to the question that is open. ``into``: a stage that begins."""

    def rephrased(
        self, question: QuestionAsked, family: str, prepared: str | None, *, times: int
    ) -> tuple[str, str]:
        """What leads to it, and the same question in other words, the second time with a hint at
        how it can be answered. ``prepared``: the plan's other words for it, instead of the pack's
        own. ``times``: how often it was done before. What an interviewer wrote is kept, and so is
        what there are no other words for: the hint is what is new."""

    def told(self, **values: str) -> dict[str, str]:
        """What viva may tell, by name, filled in."""

    def samples(self, company: Sequence[CompanyFact]) -> Mapping[str, Sequence[str]]:
        """By name how each of it is asked for, a template's facts among it, and what nobody told
        viva."""

    @property
    def offer(self) -> Mapping[str, Sequence[str]]:
        """How an offer is taken, and how it is not: samples by name."""

    # What a language model is told.

    @property
    def prompt_version(self) -> str:
        """Kept with what was written under it."""

    @property
    def instructions(self) -> str:
        """What is only ever said to a model."""


P_co = TypeVar("P_co", bound=Pack, covariant=True)


@dataclass(frozen=True, slots=True)
class Packs(Generic[P_co]):
    """Every language there is, one at least. ``otherwise``: what is spoken where there is no pack
    for a language. ``family`` of a target role in any of them; ``same`` of two questions: asking
    one after the other would ask the same twice; ``spoken(answer, before, offered)``: the language
    to go on in after an answer; ``echo(heard, said)``: those are the interviewer's own words, come
    back through a loudspeaker."""

    by_language: Mapping[str, P_co]
    otherwise: str
    family: Callable[[str], str]
    same: Callable[[str, str], bool]
    spoken: Callable[[str, str, Sequence[str]], str]
    echo: Callable[[str, str], bool]

    def of(self, language: str) -> P_co:
        return self.by_language.get(language) or self.by_language[self.otherwise]

    def others(self, language: str) -> tuple[P_co, ...]:
        return tuple(pack for key, pack in self.by_language.items() if key != language)
