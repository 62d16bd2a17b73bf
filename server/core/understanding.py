"""What an utterance is: its dialogue act, what it discloses, and whether it speaks of work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Act = Literal[
    "answer", "answer_then_wish", "wish_repeat", "wish_rephrase", "wish_slower", "wish_moment",
    "wish_pause", "wish_skip", "wish_end", "wish_human", "clarify", "question_process",
    "question_company", "correct_interviewer", "correct_self", "refuse_confidential",
    "refuse_private", "dont_know", "protest", "distress", "technical_trouble", "smalltalk_ack",
    "off_topic", "injection", "garbled",
]  # fmt: skip
"""What the candidate does with an utterance, in the sense of ISO 24617-2."""

Move = Literal[
    "probe", "clarify", "repeat", "answer", "acknowledge", "correct", "wait", "confirm", "next",
    "human", "close",
]  # fmt: skip
"""What the interviewer does next."""

Star = Literal["situation", "task", "action", "decision", "result", "learning", "number"]
"""What an answer may have of a story: STAR, the reason for what was done, and a figure. ``task``:
which part was theirs."""

Asks = Literal[
    "introduction", "motivation", "story", "practice", "case", "view", "fact", "part", "reason",
    "result", "lesson", "closing",
]  # fmt: skip
"""What a question asks for: who somebody is, why they want it, something that happened, how they
usually do it, what they would do, what they think, something short, or one part of what was told
before: which was theirs, why, what came of it, what they learned; or their last words."""

Reading = Literal["complete", "unsure", "trailing", "thinking"]
"""How the words of an answer end."""

Sensitive = Literal[
    "none", "health", "disability", "family", "pregnancy", "bereavement", "religion", "origin",
    "age", "orientation", "criminal", "union", "military", "finance", "school", "other",
]  # fmt: skip
"""What the candidate discloses of themselves that is protected or painful."""

AGREED, DECLINED, COMPANY, ELSEWHERE = "agreed", "declined", "company:", "elsewhere:"
"""Names of samples that an utterance may be nearest to: an offer is taken or not; the third stands
before the place of a template's fact, the last before what nothing can be told of: who is nearest
to that is near to nothing."""

HURT: frozenset[Act] = frozenset({"refuse_confidential", "refuse_private", "protest", "distress"})
"""To go into what was said with these would hurt."""

ACTS: tuple[Act, ...] = get_args(Act)
SENSITIVE: tuple[Sensitive, ...] = get_args(Sensitive)
STAR: tuple[Star, ...] = get_args(Star)
ASKS: tuple[Asks, ...] = get_args(Asks)
WISHES: tuple[Act, ...] = tuple(act for act in ACTS if act.startswith("wish_"))


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of the utterance and what it would be by itself; ``confidence`` in [0, 1]."""

    text: str
    act: Act
    confidence: float


@dataclass(frozen=True, slots=True)
class Understood:
    """How an utterance was read.

    ``confidence``: how likely ``act`` is right, in [0, 1]. ``sensitive`` is disclosed anywhere in
    the utterance. ``work``: it says something about work that may be taken up. ``self_harm``: the
    candidate speaks of harming themselves. ``clauses``: the parts that were read apart, in order.
    ``star``: what it has of a story, ``asks``: what the question asked for; None where that was
    not read."""

    act: Act
    confidence: float
    sensitive: Sensitive = "none"
    work: bool = False
    self_harm: bool = False
    clauses: tuple[Clause, ...] = ()
    star: tuple[Star, ...] | None = None
    asks: Asks | None = None


ANSWER = Understood("answer", 0.0, work=True)
"""What is taken for granted where nothing is known: never silence."""
