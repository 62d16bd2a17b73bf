"""Reactive candidates as data: who they are, what they answer, and what they bring in."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from server.core.events import Language

FOLDER = Path(__file__).resolve().parents[1] / "data" / "scenarios"

Kind = Literal[
    "wish_repeat", "wish_rephrase", "wish_slower", "wish_moment", "wish_pause", "wish_skip",
    "wish_end", "wish_human", "clarify", "question_process", "question_company",
    "correct_interviewer", "correct_self", "refuse_confidential", "refuse_private", "dont_know",
    "protest", "distress", "confide", "technical_trouble", "smalltalk_ack", "off_topic",
    "injection", "garbled",
]  # fmt: skip
"""What a candidate brings in: a dialogue act, or ``confide``, something of their own that has no
work in it."""


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``when``: ``turn N`` before the Nth answer, ``topic:KEY`` when that answer would be given,
    ``bad question`` after one that is private, said twice or reads a non-answer back, ``late``
    after ten questions, ``close`` at the last one. ``must``: what a good interviewer does, for a
    person. For the judge, words in lower case: ``mentions``, one of which a right reply has (where
    there are none, any sentence of its own is right); ``private``, none of which is to be spoken;
    ``wrong``, not to be said from here on."""

    type: Kind
    when: str
    says: str
    must: str
    mentions: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


class Reacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    good: str
    bad: str


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``answers`` by topic; ``more``: what is said to a question on what was just answered.
    ``disclosed``: by topic, words of a private matter inside that answer. ``puzzled``: what is said
    to nonsense."""

    id: str
    language: Language
    role: str
    seniority: str
    persona: str
    resume: tuple[str, ...]
    goals: str
    reacts: Reacts
    events: tuple[Event, ...]
    answers: dict[str, str]
    more: tuple[str, ...] = ()
    puzzled: str = ""
    disclosed: dict[str, tuple[str, ...]] = {}

    @property
    def known(self) -> str:
        """All that may be spoken of without being invented."""
        return " ".join([self.role, *self.resume, *self.answers.values(), *self.more])


class Manner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of a language. ``topics``: words by which a topic is asked for; ``stages``: which topics a
    stage of the plan asks for; ``further``: words by which one asks on about what was said;
    ``private``, ``praise``: forms that the judge counts; ``asking``: what makes a question open."""

    topics: dict[str, tuple[str, ...]]
    stages: dict[str, tuple[str, ...]]
    further: tuple[str, ...]
    common: tuple[str, ...]
    exhausted: str
    puzzled: str
    agreed: str
    declined: str
    private: tuple[str, ...]
    praise: tuple[str, ...]
    open: tuple[str, ...]


def scenarios(language: Language, path: Path | None = None) -> list[Scenario]:
    """Of this language in ``path``, by default those that come with viva."""
    lines = (path or FOLDER / f"{language}.jsonl").read_text("utf-8").splitlines()
    read = (msgspec.json.decode(line, type=Scenario) for line in lines if line.strip())
    return [scenario for scenario in read if scenario.language == language]


def manner(language: Language) -> Manner:
    manners = msgspec.toml.decode(
        (FOLDER / "manner.toml").read_text("utf-8"), type=dict[str, Manner]
    )
    return manners[language]
