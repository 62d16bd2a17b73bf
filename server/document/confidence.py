"""What of a read résumé is sure enough to be asked about."""

from __future__ import annotations

from collections.abc import Mapping

UNSURE = 0.5
"""Below this a field may be shown, to be looked at, and is never said or asked."""


def trusted(resume: Mapping[str, object]) -> dict[str, object]:
    """The structured résumé without the entries and fields that are not sure; the rest as it is."""
    return {
        name: [_trusted(entry) for entry in value if is_sure(entry, "entry")]
        if isinstance(value, list | tuple)
        else value
        for name, value in resume.items()
    }


def _trusted(entry: object) -> object:
    if not isinstance(entry, Mapping):
        return entry
    return {
        name: value if is_sure(entry, name) else None
        for name, value in entry.items()
        if name != "confidence"
    }


def is_sure(entry: object, name: str) -> bool:
    """Whether the entry's field may be said; 'entry' for the entry itself."""
    known = entry.get("confidence") if isinstance(entry, Mapping) else None
    likely = known.get(name, 1.0) if isinstance(known, Mapping) else 1.0
    return not isinstance(likely, int | float) or likely >= UNSURE
