"""What viva says and tells, as the files of a pack hold it: these types are their schema, and what
stands below a field is said of it in docs/packs.md.

A field without a default has to be there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from server.core.events import StageName
from server.language.marks import Asked, Question, Said, Slots, Spoken

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
class Opening:
    """The first words."""

    greeting: Said
    """Where the résumé names nobody"""
    greeting_named: Annotated[str, Spoken(), Slots(("name",))]
    """Where it does"""
    text: Annotated[str, Asked(), Slots(("interview", "focus"))]
    """Who asks, for what, and the first question"""
    interview: Annotated[str, Slots(("role",))]
    """What the interview is called, of a role"""
    interview_named: Annotated[str, Slots(("role",))]
    """The same of a role that ends in one of role_endings"""
    interview_general: str
    """The same where the résumé states no role"""
    role_endings: tuple[str, ...]
    """Words at the end of a role that already say that it is one"""
    address: Annotated[str, Slots(("name",))]
    """How a candidate is addressed"""
    honorific: str = ""
    """What is put behind a name, and is no part of it"""


@dataclass(frozen=True, slots=True)
class Bridges:
    """A few words between topics."""

    next: tuple[Said, ...]
    """After an answer"""
    leave: tuple[Said, ...]
    """After a topic that was left alone"""
    last: tuple[Said, ...]
    """Before the last question"""
    back: tuple[Said, ...]
    """Back to the question that is open"""
    stage: Mapping[StageName, Said] = field(default_factory=dict)
    """Before a stage that begins, by its name"""


@dataclass(frozen=True, slots=True)
class Acknowledgements:
    """One sentence or two for what a candidate brings; none names what was confided."""

    refuse_confidential: tuple[Said, ...]
    """They may not say it"""
    refuse_private: tuple[Said, ...]
    """They will not say it"""
    dont_know: tuple[Said, ...]
    """They do not know"""
    protest: tuple[Said, ...]
    """They are offended"""
    distress: tuple[Said, ...]
    """It is too much for them"""
    bereavement: tuple[Said, ...]
    """Somebody died"""
    disclosure: tuple[Said, ...]
    """They confide something"""
    disclosure_in_answer: tuple[Said, ...]
    """The same within an answer about work: a neutral word"""
    self_harm: tuple[Said, ...]
    """They speak of harming themselves"""
    correct_interviewer: tuple[Said, ...]
    """They correct the interviewer"""
    correct_self: tuple[Said, ...]
    """They take back what they said"""
    technical_trouble: tuple[Said, ...]
    """Something is wrong with sound or line"""
    garbled: tuple[Said, ...]
    """The words make no sense"""
    unheard: tuple[Said, ...]
    """Nobody could make out what was said"""
    smalltalk: tuple[Said, ...]
    """Small talk"""
    off_topic: tuple[Said, ...]
    """Something else"""
    injection: tuple[Said, ...]
    """Orders to the machine"""
    question_noted: tuple[Said, ...]
    """They ask what viva cannot tell"""
    human: tuple[Said, ...]
    """They want a person"""
    skipped: tuple[Said, ...]
    """They want another question"""


@dataclass(frozen=True, slots=True)
class Asides:
    """What is said around a question."""

    repeat: Said
    """Before the question is said again"""
    slower: Said
    """Before it is said more slowly"""
    other_words: Said
    """Before it is put in other words"""
    in_parts: Said
    """Before it is taken apart"""
    moment: Said
    """A moment was asked for"""
    pause: Said
    """A break was asked for"""
    welcome_back: Said
    """After a break"""
    encourage: Said
    """After a long silence, before the question comes once more"""
    come_back: Said
    """Back to the question, after something else"""
    confirm_skip: Said
    """Whether a skip is meant"""
    confirm_end: Said
    """Whether the end is meant"""
    confirm_kept: Said
    """It was not meant"""
    agreed: tuple[str, ...]
    """Samples of how candidates agree to one of these two"""
    declined: tuple[str, ...]
    """Samples of how they do not"""
    unsure: Said
    """Whether something was part of the answer"""
    echo: Said
    """viva hears itself through a loudspeaker"""
    long_answer: Said
    """Whether an answer goes on that is very long, or behind which a quieter voice is heard"""
    hints: tuple[Said, Said]
    """Ways into an answer to a follow-up"""


@dataclass(frozen=True, slots=True)
class Persons:
    """What is said for the people who follow an interview."""

    leads: tuple[Said, ...]
    """One of them speaks from here on"""
    left: tuple[Said, ...]
    """viva does again"""
    line: tuple[Said, ...]
    """Before what they wrote"""
    answer: tuple[Said, ...]
    """Before their answer to what the candidate asked"""
    topic: tuple[Annotated[str, Asked(), Slots(("topic",))], ...]
    """A question about what they named"""


@dataclass(frozen=True, slots=True)
class Closing:
    question: Question
    """The last question"""
    question_simpler: Question
    """The same in other words"""
    thanks: Said
    """The last words begin so"""
    thanks_named: Annotated[str, Spoken(), Slots(("address",))]
    """The same with a name"""
    goodbye: Said
    """And end so"""
    at_wish: Said
    """All of them, where the candidate ended the interview"""


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
    """What viva may tell."""

    text: Annotated[
        str, Spoken(), Slots(("role", "minutes", "minutes_left", "topics", "topics_left", "days"))
    ]
    """What is told"""
    asked: tuple[str, ...]
    """Samples of how it is asked for, on which understanding is fitted"""


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that is asked about a company."""

    words: tuple[str, ...]
    """One of them stands in the topic of a template's fact that is about it"""
    asked: tuple[str, ...]
    """Samples of how it is asked for"""


@dataclass(frozen=True, slots=True)
class Topic:
    """A private matter."""

    name: str
    """What it is called where a question is refused for it"""
    rule: str
    """What forbids to decide by it"""
    asked: tuple[str, ...]
    """Samples of how it is asked for"""


@dataclass(frozen=True, slots=True)
class ResumeWords:
    header: Mapping[str, tuple[str, ...]]
    """By the structured résumé's names: the words a résumé has; the first labels it in a prompt"""
    section: Mapping[str, tuple[str, ...]]
    """The same of sections"""


@dataclass(frozen=True, slots=True)
class Plural:
    """A text of a page by the number it says: CLDR's plural forms."""

    by: str
    """The value whose number decides"""
    other: str
    """Of any number that has no form of its own"""
    zero: str | None = None
    """Of none"""
    one: str | None = None
    """Of one, as the language counts it; and so on"""
    two: str | None = None
    few: str | None = None
    many: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    name: str
    """What the language calls itself"""
    compounds: bool = False
    """Words are joined without spaces, so a title may stand inside a longer one"""
    otherwise: bool = False
    """It is spoken where there is no pack for the language of a résumé"""


MailName = Literal["join", "reset", "test", "interview", "webhook", "news"]
_OF_MAIL = ("organisation", "name", "link", "opening")


@dataclass(frozen=True, slots=True)
class Written:
    """A mail: plain text."""

    subject: Annotated[str, Slots(_OF_MAIL)]
    """One line"""
    text: Annotated[str, Slots(_OF_MAIL)]
    """The rest"""


DAYS_OF_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Notice:
    """What a candidate is told before they speak. Its paragraphs: ``who`` or ``nobody``, ``text``,
    and ``recording`` where one is offered. A time is ``years`` where it is whole ones, else
    ``days``."""

    version: str
    """Kept with what was told; a change to a text takes a new one, in every language"""
    who: Annotated[str, Slots(("who",))]
    """Who asks, and that it is an AI"""
    nobody: str
    """The same where the organisation has no name"""
    text: tuple[Annotated[str, Slots(("unwritten_days", "media", "record"))], ...]
    """What is kept and how long, who decides, and the other way: a paragraph each"""
    recording: Annotated[str, Slots(("recording_days",))]
    """What agreeing to a recording means"""
    days: Annotated[str, Slots(("days",))]
    """A time in days"""
    years: Annotated[str, Slots(("years",))]
    """A time in years"""

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
