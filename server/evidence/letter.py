"""The beginning of a letter to a candidate, from what people rated: whoever sends it writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median_low

from server.evidence.level import LEVELS, Level

Ratings = Mapping[str, Sequence[Level]]
"""By competency what each person gave who rated it."""


def draft(texts: Mapping[str, str], ratings: Ratings, outcome: str | None, **said: str) -> str:
    """``texts`` by name: ``hello``, ``shown``, ``missed``, ``outcome.…``, ``end``; ``said`` fills
    their slots. Empty where nobody rated anything. Where people disagree, the lower half counts."""
    if not ratings:
        return ""
    middle = {name: median_low(map(LEVELS.index, given)) for name, given in ratings.items()}
    shown = [name for name, level in middle.items() if level >= LEVELS.index("yes")]
    missed = [name for name in middle if name not in shown]
    parts = [texts["hello"]]
    for key, names in (("shown", shown), ("missed", missed)):
        if names:
            parts.append("\n".join([texts[key], *(f"- {name}" for name in names)]))
    if outcome is not None:
        parts.append(texts[f"outcome.{outcome}"])
    parts.append(texts["end"])
    return "\n\n".join(_filled(part, said) for part in parts)


def _filled(text: str, said: Mapping[str, str]) -> str:
    for name, value in said.items():
        text = text.replace(f"{{{name}}}", value)
    return text
