"""What is asked of whom, as the files of a pack hold it: these types are their schema, and what
stands below a field is said of it in docs/packs.md.

A field without a default has to be there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from server.core.events import StageName
from server.core.understanding import Asks
from server.language.marks import Question, Said

Aspect = Literal["situation", "own_part", "decision", "result", "learning", "number"]
"""What an answer may lack: STAR, with the reason for what was done and a figure."""


@dataclass(frozen=True, slots=True)
class CoreQuestion:
    """A question that every candidate of its family gets."""

    stage: StageName
    """The stage in which it is asked"""
    text: Question
    """The question"""
    simpler: Question
    """The same in other words, for a candidate who asks what is meant"""
    kind: Asks | None = None
    """What it asks for, which says what probes suit it; left out: its stage's"""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a good answer shows, readable off a transcript."""

    text: str
    """A line of the rubric"""
    aspect: Aspect
    """What it is about: a probe for that asks for the line"""


@dataclass(frozen=True, slots=True)
class Competency:
    name: str
    """What a question of the stage is to find out"""
    levels: tuple[str, str, str, str]
    """What an answer on each of four levels shows, from the lowest"""
    lines: tuple[Line, ...]
    """Its rubric"""


@dataclass(frozen=True, slots=True)
class SharedQuestion:
    text: Question
    """A question of this stage for whoever's family has none of its own"""
    simpler: Question
    """The same in other words"""
    kind: Asks | None = None
    """What it asks for; left out: the stage's"""


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the interview: what its name stands for in any family."""

    name: str
    """What the stage is called on the pages"""
    kind: Asks
    """What its questions ask for, where they do not say otherwise"""
    hints: tuple[Said, Said]
    """Ways into an answer, said when a question is asked a second time"""
    competency: Competency
    """What is measured, for families that say nothing of this stage"""
    question: tuple[SharedQuestion, ...] = ()
    """What is asked, for families that have no question in this stage"""


@dataclass(frozen=True, slots=True)
class Probe:
    plain: tuple[Question, ...]
    """Wordings of a follow-up that take turns"""
    simpler: Question
    """The same in other words, for who asks what is meant"""


@dataclass(frozen=True, slots=True)
class Family:
    """Roles that are asked the same. A job title belongs to the family of a word of ``titles`` in
    it, else of ``words``, else of ``otherwise``; see `server.language.roles`."""

    name: str
    """What the family is called on the pages"""
    focus: Said
    """The end of the opening: with a focus on …"""
    under: str | None = None
    """The family that this one is a kind of: a word of its heads gives way to titles of this one"""
    titles: tuple[str, ...] = ()
    """Words of job titles, the surest; among several the one that ends last"""
    heads: tuple[str, ...] = ()
    """Words as sure as titles that all kinds of the family have in common"""
    words: tuple[str, ...] = ()
    """Words that count where no title of any family is found"""
    otherwise: tuple[str, ...] = ()
    """Words that count where nothing else does"""
    competency: Mapping[StageName, Competency] = field(default_factory=dict)
    """By stage; what a family does not say, its stage says for any"""
    question: tuple[CoreQuestion, ...] = ()
    """In the order in which they are asked"""

    def of(self, stage: str) -> tuple[CoreQuestion, ...]:
        return tuple(question for question in self.question if question.stage == stage)
