"""What a role family's questions are to find out at a stage, and what a good answer shows."""

from __future__ import annotations

from typing import NamedTuple


class Competency(NamedTuple):
    """``shown``: what can be read off a transcript; never how somebody speaks."""

    name: str
    shown: tuple[str, str]


Family = dict[str, Competency]
"""By stage: ``knowledge``, ``experience`` and ``problem_solving``."""


def family(knowledge: Competency, experience: Competency, problem_solving: Competency) -> Family:
    return {
        "knowledge": knowledge,
        "experience": experience,
        "problem_solving": problem_solving,
    }
