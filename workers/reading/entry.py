"""An entry of a section: what heads it, when it was, what is told below."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from workers.reading.parts import Part
from workers.reading.roles import has_role_word
from workers.reading.rows import Row
from workers.reading.vocabulary import text_shapes

Group = Literal["work", "education", "projects", "list"]
_NAMING = {"org", "title", "degree", "project"}
_ALIKE, _ROLE_WORTH = 0.1, 0.2


@dataclass(slots=True)
class Entry:
    """``parts`` name what heads it; ``sure`` is how likely it is an entry at all, in [0, 1]."""

    parts: list[Part] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    start: str | None = None
    end: str | None = None
    highlights: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    sure: float = 0.0

    @property
    def summary(self) -> str | None:
        return " ".join(self.texts) or None

    def of(self, kind: str) -> str | None:
        """The first part of that kind of those that are about as sure as the surest."""
        found = [part for part in self.parts if part.kind == kind and part.text]
        if not found:
            return None
        worth = [
            part.sure + _ROLE_WORTH * (kind == "title" and _names_a_post(part.text))
            for part in found
        ]
        most = max(worth)
        return next(
            part.text for part, one in zip(found, worth, strict=True) if one >= most - _ALIKE
        )

    def confidence(self, **names: str) -> dict[str, float]:
        """Of the entry and of each named part that it has, how likely each is right."""
        found = {"entry": round(self.sure, 2)}
        for name, kind in names.items():
            if self.has(kind):
                found[name] = round(self.sure_of(kind), 2)
        return found

    @property
    def kinds(self) -> set[str]:
        return {part.kind for part in self.parts} & _NAMING

    def has(self, kind: str) -> bool:
        return any(part.kind == kind for part in self.parts)

    def sure_of(self, kind: str) -> float:
        return max((part.sure for part in self.parts if part.kind == kind), default=0.0)


def _names_a_post(text: str) -> bool:
    return has_role_word(text) or "rank" in text_shapes(text)
