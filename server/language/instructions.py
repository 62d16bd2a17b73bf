"""What only a language model is told, as a pack's ``prompts.toml`` holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from server.language.marks import Slots


@dataclass(frozen=True, slots=True)
class Example:
    """One worked move."""

    verdict: Literal["good", "bad"]
    """Whether the move is one to follow"""
    question: str
    """What had been asked"""
    answer: str
    """What the candidate said"""
    act: str
    """What they did with it, by its name"""
    move: str
    """What the interviewer does, by its name"""
    why: str
    """Why that is good or bad, for the model"""
    evidence: str = ""
    """Words of the answer that the move rests on"""
    line: str = ""
    """The line of the rubric that is asked for"""
    say: str = ""
    """What is said; empty where nothing is asked"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """How a model is told to point at sentences."""

    version: str
    """Kept with every reading; a change to a text takes a new one"""
    rules: tuple[Annotated[str, Slots(("most",))], ...]
    """The same rules in several wordings, taken in turn"""
    task: Annotated[str, Slots(("competency", "lines", "said"))]
    """One criterion: its lines, and the numbered sentences"""
    asked: Annotated[str, Slots(("question",))]
    """How a question stands among the sentences"""
    fillers: tuple[str, ...]
    """Sounds that only win time, which the model is not shown"""


@dataclass(frozen=True, slots=True)
class Prompts:
    version: str
    """Kept with what was written under it; a change to a text takes a new one"""
    rules: Annotated[str, Slots(("acts", "moves", "examples"))]
    """The beginning of every prompt: what to decide, what may be said, and in which form"""
    example: tuple[Example, ...]
    """Worked moves, good and bad"""
    setting: Annotated[str, Slots(("role", "resume", "facts"))]
    """What is known of the interview"""
    turn: Annotated[
        str,
        Slots(
            (
                "question", "answer", "topic", "competency", "seen", "missing", "probes_left",
                "minutes_left", "next_topic",
            )
        ),
    ]  # fmt: skip
    """An exchange, and how things stood"""
    again: Annotated[str, Slots(("reason",))]
    """After a sentence that may not be said"""
    reason: Mapping[str, str]
    """By the guard's code: why not, in words"""
    summary: Annotated[str, Slots(("turns",))]
    """What takes the place of the oldest exchanges where room is short"""
    judge: Annotated[str, Slots(("role", "question", "answer", "say"))]
    """The second call: five yes-or-no questions about a sentence"""
    plan_rules: str
    """What holds for questions of a plan that a template asks for beyond the pack"""
    plan_task: Annotated[str, Slots(("role", "resume", "wanted"))]
    """Which of them are wanted"""
    topic: Annotated[str, Slots(("role", "topic"))]
    """A question on a topic that a person named while following"""
    nothing: str
    """What stands where nothing is known"""
    evidence: Evidence
    """For reports"""

    @property
    def instructions(self) -> str:
        """What is only ever said to a model that decides what comes next."""
        return f"{self.rules}\n{self.turn}"
