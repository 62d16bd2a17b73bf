"""How times stand to one another: what lies within the time of a job may have been done there."""

from __future__ import annotations

from workers.reading.dates import Span

_NOW = "present"


def lies_within(inner: Span, outer: Span) -> bool:
    """All of it in a part of the other's time. Of two of which one tells the year alone, the years
    are compared."""
    if not (inner.start and outer.start and outer.end):
        return False
    last = inner.end or inner.start
    begins = inner.start[: len(outer.start)] >= outer.start[: len(inner.start)]
    ends = outer.end == _NOW or (last != _NOW and last[: len(outer.end)] <= outer.end[: len(last)])
    return begins and ends and (inner.start, last) != (outer.start, outer.end)
