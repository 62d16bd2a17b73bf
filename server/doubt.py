"""What had better be asked for again: another language, or what nobody can make out."""

from __future__ import annotations

from collections.abc import Collection

from server.core.events import Language, SoundsLike, Unclear

FOREIGN = 0.8
"""How sure it must be that a segment is in a language that this interview does not know."""

LOST = 0.35
"""How sure its words must be for a segment to be made out at all."""

DOUBTED = 0.65
"""A word that is less likely than this what was said is underlined wherever it is shown. What is
marked by it is in ``docs/benchmarks.md``."""


def unclear(
    sure: float | None, sounds_like: SoundsLike | None, languages: Collection[Language]
) -> Unclear | None:
    """Why nothing may be made of a segment. ``languages``: those of the interview; none: any. What
    an engine says nothing about counts as understood."""
    elsewhere = sounds_like and languages and sounds_like.language not in languages
    if sounds_like and elsewhere and sounds_like.probability >= FOREIGN:
        return "foreign"
    return "lost" if sure is not None and sure < LOST else None
