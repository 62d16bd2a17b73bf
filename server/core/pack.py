"""What the core asks of a language: questions, what is said around them, the forms of its words.

`server.language` reads it from the packs. What is said stands in no code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, Literal, Protocol, TypeVar

StageName = Literal[
    "introduction", "motivation", "knowledge", "experience", "problem_solving", "collaboration",
    "closing",
]  # fmt: skip
Kind = Literal["introduction", "motivation", "practice", "story", "case", "closing"]
"""What a question asks for: who somebody is, why they want it, how they usually do it, something
that happened, what they would do in a case that is put to them, their last words."""
Aspect = Literal["situation", "own_part", "decision", "result", "learning", "number"]
"""What an answer may lack: STAR, with the reason for what was done and a figure."""
Reading = Literal["complete", "unsure", "trailing", "thinking"]
"""How the words of an answer end."""


@dataclass(frozen=True, slots=True)
class Slots:
    """Which ``{slots}`` a text may hold, as an annotation of its type."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spoken:
    """An annotation: the text is said aloud, so it holds no quotation marks, lists or lines."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An annotation: one question, spoken, of at most two short sentences."""


Said = Annotated[str, Spoken()]
Question = Annotated[str, Asked()]


@dataclass(frozen=True, slots=True)
class CoreQuestion:
    """A question that every candidate of its family gets. ``kind`` None: its stage's."""

    stage: StageName
    text: Question
    simpler: Question
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a good answer shows, readable off a transcript."""

    text: str
    aspect: Aspect


@dataclass(frozen=True, slots=True)
class Competency:
    """``levels``: what an answer on each of four levels shows, from the lowest."""

    name: str
    levels: tuple[str, str, str, str]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class SharedQuestion:
    text: Question
    simpler: Question
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """``hints``: ways into an answer, said when a question is asked a second time."""

    name: str
    kind: Kind
    hints: tuple[Said, Said]
    competency: Competency
    question: tuple[SharedQuestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """Wordings that take turns, and the same in other words for who asks what is meant."""

    plain: tuple[Question, ...]
    simpler: Question


class Grammar(Protocol):
    """What code knows of a language. ``plain`` is a text as `plain` gives it."""

    @property
    def read_back(self) -> int:
        """So many words in a row of an answer are read back to the candidate."""

    def particle(self, word: str, form: str) -> str:
        """The form of a particle as it is after ``word``."""

    def ending(self, text: str) -> Reading:
        """How the words of an answer end."""

    def plain(self, text: str) -> str:
        """Without what would hide words: invisible characters, odd widths, odd spaces."""

    def unspeakable(self, plain: str) -> str | None:
        """The guard's code for what no interviewer says."""

    def written(self, plain: str) -> bool:
        """Whether it is in this language."""

    def too_long(self, plain: str) -> bool:
        """For somebody who only hears it."""

    def form(self, plain: str, asking: str, *, asks: bool) -> str | None:
        """The guard's code for what is wrong with it as a spoken sentence; ``asking``: without what
        stands between quotation marks."""

    def several(self, plain: str) -> bool:
        """Whether a follow-up asks so much in one sentence that it cannot all be answered."""

    def echoes(self, plain: str, answer: str) -> bool:
        """Whether it says the answer again and asks for nothing."""

    def invents(self, plain: str, sources: Iterable[str]) -> bool:
        """Whether it names or counts something that none of ``sources`` does."""


class Pack(Protocol):
    """What is said and asked in one language. Where several wordings come, they take turns."""

    @property
    def language(self) -> str:
        """Its tag."""

    @property
    def grammar(self) -> Grammar: ...

    # What is asked.

    @property
    def stages(self) -> Mapping[StageName, Stage]: ...

    @property
    def probes(self) -> Mapping[str, Mapping[Aspect, Probe]]: ...

    def questions(self, family: str, stage: StageName) -> tuple[CoreQuestion, ...]:
        """The family's own in their order, then what every family is asked: the same for everybody
        of this family in this language."""

    def kind(self, question: CoreQuestion) -> Kind: ...

    def competency(self, family: str | None, stage: str) -> Competency:
        """As the family has it; None: as any has. A stage that is not known is of experience."""

    @property
    def last(self) -> CoreQuestion:
        """The candidate's own word at the end."""

    # What is said around it.

    def opening(self, target_role: str, family: str, name: str | None) -> str:
        """Greets, says that an AI asks (the candidate has to be told), names the role, and asks."""

    def farewell(self, name: str | None, *, at_wish: bool = False) -> str:
        """The last words; ``at_wish``: where the candidate ended it."""

    def reaction(self, about: str, *, confirm: bool = False) -> tuple[str, ...]:
        """What is said to what the candidate did, an `Act` or another name that a move may have;
        empty where nothing has to be. ``confirm``: asks whether it is meant."""

    def bridge(self, to: Literal["next", "leave", "last", "back"]) -> tuple[str, ...]:
        """A few words between topics: after an answer, after a topic that was left alone, before
        the last question, and back to the question that is open."""

    def bridge_into(self, stage: str) -> str | None:
        """Before a stage that begins."""

    def rephrased(
        self, question: str, stage: str, *, simpler: str | None, times: int
    ) -> tuple[str, str]:
        """What leads to it, and the same question in other words, the second time with a hint at
        how it can be answered. ``stage`` may also be ``follow_up``. ``simpler``: other words that
        were prepared. ``times``: how often it was done before. The question itself is kept where
        nothing was prepared: its hint is what is new."""

    def told(self, **values: str) -> dict[str, str]:
        """What viva may tell, by name, filled in."""

    @property
    def asked_about(self) -> Mapping[str, Sequence[str]]:
        """How each of it is asked for: samples."""

    def asked_of_company(
        self, topics: Sequence[str]
    ) -> tuple[Sequence[Sequence[str]], Mapping[str, Sequence[str]]]:
        """How a company's facts are asked for, one by one, by what they are about: samples. And by
        name how what none of them is about is."""

    @property
    def agreed(self) -> Sequence[str]:
        """How an offer is taken: samples."""

    @property
    def declined(self) -> Sequence[str]: ...

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
    to go on in after an answer."""

    by_language: Mapping[str, P_co]
    otherwise: str
    family: Callable[[str], str]
    same: Callable[[str, str], bool]
    spoken: Callable[[str, str, Sequence[str]], str]

    def of(self, language: str) -> P_co:
        return self.by_language.get(language) or self.by_language[self.otherwise]

    def others(self, language: str) -> tuple[P_co, ...]:
        return tuple(pack for key, pack in self.by_language.items() if key != language)
