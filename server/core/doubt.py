"""What had better be asked for again: another language, or what nobody can make out."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from server.core.events import Language, SegmentHeard

FOREIGN = 0.8
"""How sure it must be that a segment is in a language that this interview does not know."""

LOST = 0.35
"""How sure its words must be for a segment to be made out at all."""


def garbled(heard: Sequence[SegmentHeard], languages: Collection[Language]) -> bool:
    """Whether most of what was said, by length, cannot be taken for what was meant. What an engine
    says nothing about counts as understood."""
    said = [(len(one.text), _lost(one, languages)) for one in heard if one.text]
    return 2 * sum(length for length, lost in said if lost) > sum(length for length, _ in said)


def _lost(one: SegmentHeard, languages: Collection[Language]) -> bool:
    spoken = one.sounds_like
    if spoken and spoken.language not in languages and spoken.probability >= FOREIGN:
        return True
    return one.sure is not None and one.sure < LOST
