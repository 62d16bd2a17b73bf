"""What stands in the files of a pack: these types are their schema.

A field without a default has to be there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from server.core.events import StageName
from server.core.understanding import Asks

Aspect = Literal["situation", "own_part", "decision", "result", "learning", "number"]
"""What an answer may lack: STAR, with the reason for what was done and a figure."""
SLOT = re.compile(r"\{(\w+)\}(?:\[(\w+)\])?")
FactName = Literal[
    "role", "minutes", "topics", "process", "decides", "after", "recorded", "kept", "machine",
    "answering", "language", "outcome",
]  # fmt: skip
Private = Literal[
    "health", "disability", "family", "pregnancy", "bereavement", "religion", "origin", "age",
    "orientation", "criminal", "union", "politics", "military", "finance", "school", "appearance",
    "other",
]  # fmt: skip


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
    kind: Asks | None = None


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
    kind: Asks | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """``hints``: ways into an answer, said when a question is asked a second time."""

    name: str
    kind: Asks
    hints: tuple[Said, Said]
    competency: Competency
    question: tuple[SharedQuestion, ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """Wordings that take turns, and the same in other words for who asks what is meant."""

    plain: tuple[Question, ...]
    simpler: Question


@dataclass(frozen=True, slots=True)
class Family:
    """Roles that are asked the same.

    A job title belongs to the family of a word of ``titles`` in it, else of ``words``, else of
    ``otherwise``; see `server.language.roles`. A word of ``heads`` is as sure as a title, but
    gives way to the titles of families that are ``under`` this one: a backend developer is asked as
    backend, a logistics developer as software. ``competency`` by stage; what a family does not say,
    `Stage` says for any.
    """

    name: str
    focus: Said
    under: str | None = None
    titles: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    competency: Mapping[StageName, Competency] = field(default_factory=dict)
    question: tuple[CoreQuestion, ...] = ()

    def of(self, stage: str) -> tuple[CoreQuestion, ...]:
        return tuple(question for question in self.question if question.stage == stage)


@dataclass(frozen=True, slots=True)
class Opening:
    """The first words. ``interview`` is said of a role, ``interview_named`` of one that ends in one
    of ``role_endings``, ``interview_general`` where the résumé names none."""

    greeting: Said
    greeting_named: Annotated[str, Spoken(), Slots(("name",))]
    text: Annotated[str, Asked(), Slots(("interview", "focus"))]
    interview: Annotated[str, Slots(("role",))]
    interview_named: Annotated[str, Slots(("role",))]
    interview_general: str
    role_endings: tuple[str, ...]
    address: Annotated[str, Slots(("name",))]
    honorific: str = ""


@dataclass(frozen=True, slots=True)
class Bridges:
    """A few words between topics: after an answer, after a topic that was left alone, before a
    stage that begins, before the last question, and back to the question that is open."""

    next: tuple[Said, ...]
    leave: tuple[Said, ...]
    last: tuple[Said, ...]
    back: tuple[Said, ...]
    stage: Mapping[StageName, Said] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Acknowledgements:
    """One sentence or two for what a candidate brings; none names what was confided."""

    refuse_confidential: tuple[Said, ...]
    refuse_private: tuple[Said, ...]
    dont_know: tuple[Said, ...]
    protest: tuple[Said, ...]
    distress: tuple[Said, ...]
    bereavement: tuple[Said, ...]
    disclosure: tuple[Said, ...]
    disclosure_in_answer: tuple[Said, ...]
    self_harm: tuple[Said, ...]
    correct_interviewer: tuple[Said, ...]
    correct_self: tuple[Said, ...]
    technical_trouble: tuple[Said, ...]
    garbled: tuple[Said, ...]
    unheard: tuple[Said, ...]
    smalltalk: tuple[Said, ...]
    off_topic: tuple[Said, ...]
    injection: tuple[Said, ...]
    question_noted: tuple[Said, ...]
    human: tuple[Said, ...]
    skipped: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Asides:
    """What is said around a question. ``hints``: ways into an answer to a probe. ``agreed`` and
    ``declined``: samples of what a candidate says when asked whether to skip or to end."""

    repeat: Said
    slower: Said
    other_words: Said
    in_parts: Said
    moment: Said
    pause: Said
    welcome_back: Said
    encourage: Said
    come_back: Said
    confirm_skip: Said
    confirm_end: Said
    confirm_kept: Said
    agreed: tuple[str, ...]
    declined: tuple[str, ...]
    unsure: Said
    echo: Said
    long_answer: Said
    hints: tuple[Said, Said]


@dataclass(frozen=True, slots=True)
class Persons:
    """What is said for the people who follow an interview. ``leads``: one of them speaks from here
    on; ``left``: viva does again. Before what they wrote, a ``line`` or an ``answer``. ``topic``:
    asks about one that they named."""

    leads: tuple[Said, ...]
    left: tuple[Said, ...]
    line: tuple[Said, ...]
    answer: tuple[Said, ...]
    topic: tuple[Annotated[str, Asked(), Slots(("topic",))], ...]


@dataclass(frozen=True, slots=True)
class Closing:
    """``thanks`` and ``goodbye`` are the last words; ``at_wish`` where the candidate ended it."""

    question: Question
    question_simpler: Question
    thanks: Said
    thanks_named: Annotated[str, Spoken(), Slots(("address",))]
    goodbye: Said
    at_wish: Said


@dataclass(frozen=True, slots=True)
class Speech:
    opening: Opening
    bridge: Bridges
    acknowledge: Acknowledgements
    aside: Asides
    closing: Closing
    person: Persons


@dataclass(frozen=True, slots=True)
class Fact:
    """What viva may tell, and how it is asked for: samples that understanding is fitted on."""

    text: Annotated[
        str, Spoken(), Slots(("role", "minutes", "minutes_left", "topics", "topics_left", "days"))
    ]
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that is asked about a company. ``words``: one of which stands in the topic of a
    template's fact that is about it; ``asked``: samples of how it is asked for."""

    words: tuple[str, ...]
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """One worked move for the language model; ``say`` is empty where nothing is asked."""

    verdict: Literal["good", "bad"]
    question: str
    answer: str
    act: str
    move: str
    why: str
    evidence: str = ""
    line: str = ""
    say: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How a model is told to point at sentences. ``rules``: the same in several wordings, taken in
    turn; ``fillers``: sounds that only win time, which it is not shown."""

    version: str
    rules: tuple[Annotated[str, Slots(("most",))], ...]
    task: Annotated[str, Slots(("competency", "lines", "said"))]
    asked: Annotated[str, Slots(("question",))]
    fillers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prompts:
    """What only a language model is told. ``version`` is kept with what was written under it.
    ``reason``: by the guard's code, why a sentence of its may not be spoken."""

    version: str
    rules: Annotated[str, Slots(("acts", "moves", "examples"))]
    example: tuple[Example, ...]
    setting: Annotated[str, Slots(("role", "resume", "facts"))]
    turn: Annotated[
        str,
        Slots(
            (
                "question", "answer", "topic", "competency", "seen", "missing", "probes_left",
                "minutes_left", "next_topic",
            )
        ),
    ]  # fmt: skip
    again: Annotated[str, Slots(("reason",))]
    reason: Mapping[str, str]
    summary: Annotated[str, Slots(("turns",))]
    judge: Annotated[str, Slots(("role", "question", "answer", "say"))]
    plan_rules: str
    plan_task: Annotated[str, Slots(("role", "resume", "wanted"))]
    topic: Annotated[str, Slots(("role", "topic"))]
    nothing: str
    evidence: Evidence

    @property
    def instructions(self) -> str:
        """What is only ever said to a model that decides what comes next."""
        return f"{self.rules}\n{self.turn}"


@dataclass(frozen=True, slots=True)
class Topic:
    """A private matter. ``rule``: what forbids to decide by it; ``asked``: samples of how it is
    asked for."""

    name: str
    rule: str
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResumeWords:
    """``header`` and ``section`` by the structured résumé's own names: the words a résumé has for
    them, the first of which labels it in a prompt."""

    header: Mapping[str, tuple[str, ...]]
    section: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Plural:
    """A text of a page by the number it says, the value ``by``: CLDR's plural forms."""

    by: str
    other: str
    zero: str | None = None
    one: str | None = None
    two: str | None = None
    few: str | None = None
    many: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """``compounds``: words are joined without spaces, so a title may stand inside a longer one.
    ``otherwise``: it is spoken where there is no pack for the language of a résumé."""

    name: str
    compounds: bool = False
    otherwise: bool = False


MailName = Literal["join", "reset", "test", "interview", "webhook", "news"]
_OF_MAIL = ("organisation", "name", "link", "opening")


@dataclass(frozen=True, slots=True)
class Written:
    """A mail: plain text."""

    subject: Annotated[str, Slots(_OF_MAIL)]
    text: Annotated[str, Slots(_OF_MAIL)]


DAYS_OF_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Notice:
    """What a candidate is told, before they speak: who asks, what is kept and how long, who
    decides, and the other way. Its paragraphs: ``who`` or ``nobody``, ``text``, and ``recording``
    where one is offered. A time is ``years`` where it is whole ones, else ``days``."""

    version: str
    who: Annotated[str, Slots(("who",))]
    nobody: str
    text: tuple[Annotated[str, Slots(("unwritten_days", "media", "record"))], ...]
    recording: Annotated[str, Slots(("recording_days",))]
    days: Annotated[str, Slots(("days",))]
    years: Annotated[str, Slots(("years",))]

    def paragraphs(
        self,
        who: str | None,
        unwritten_days: int,
        recording_days: int | None,
        media_days: int,
        record_days: int,
    ) -> list[str]:
        """As it is read; ``recording_days`` is None where no recording is offered."""
        told = [self.who.format(who=who) if who else self.nobody]
        slots = {
            "unwritten_days": unwritten_days,
            "media": self._time(media_days),
            "record": self._time(record_days),
        }
        told += [one.format(**slots) for one in self.text]
        if recording_days is not None:
            told.append(self.recording.format(recording_days=recording_days))
        return told

    def _time(self, days: int) -> str:
        years = round(days / DAYS_OF_A_YEAR)
        if years > 1 and abs(days - years * DAYS_OF_A_YEAR) < 2:
            return self.years.format(years=years)
        return self.days.format(days=days)
