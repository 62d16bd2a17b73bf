"""The shape of a role family's questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Wording(NamedTuple):
    """A question as it is asked first, and the same asked in simpler words, with the same slots."""

    text: str
    simpler: str


@dataclass(frozen=True, slots=True)
class Family:
    """Questions by stage. ``{role}`` is the role, ``{project}``, ``{company}`` and ``{skill}`` are
    names out of the résumé: a question with a slot that nothing fills is left out."""

    experience: tuple[tuple[str, str], ...] = ()
    knowledge: tuple[tuple[str, str], ...] = ()
    problem_solving: tuple[tuple[str, str], ...] = ()
    collaboration: tuple[tuple[str, str], ...] = ()
    motivation: tuple[tuple[str, str], ...] = ()

    def of(self, stage: str) -> tuple[Wording, ...]:
        return tuple(Wording(*pair) for pair in getattr(self, stage))
