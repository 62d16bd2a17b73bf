"""The shape of a role family's questions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Family:
    """Questions by stage. ``{role}`` is the role, ``{project}``, ``{company}`` and ``{skill}`` are
    names out of the résumé: a question with a slot that nothing fills is left out."""

    experience: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()
    problem_solving: tuple[str, ...] = ()
    collaboration: tuple[str, ...] = ()
    motivation: tuple[str, ...] = ()

    def of(self, stage: str) -> tuple[str, ...]:
        found: tuple[str, ...] = getattr(self, stage)
        return found
