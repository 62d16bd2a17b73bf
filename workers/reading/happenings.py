"""Histories that tell beginnings and ends in rows of their own, as Japanese forms do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workers.reading.dates import without_dates
from workers.reading.labels import squash
from workers.reading.rows import Row
from workers.reading.vocabulary import goes_on, happening

_FEWEST = 2


@dataclass(slots=True)
class Stay:
    """``group`` is 'work' or 'school'."""

    name: str
    group: str
    start: str | None = None
    end: str | None = None


def stays(rows: Sequence[Row]) -> list[Stay]:
    """What began and ended; empty where the rows are no such history."""
    told = [row for row in rows if _event(row) is not None]
    if len(told) < _FEWEST or 2 * len(told) < len([row for row in rows if row.dated]):
        return []
    found: list[Stay] = []
    for row in rows:
        event = _event(row)
        if event is None:
            if found and goes_on(row.text):
                found[-1].end = "present"
            continue
        name, what, group = event
        date = row.spans[0].start
        if what == "begins":
            found.append(Stay(name, group, start=date))
            continue
        opened = next((each for each in reversed(found) if _ends(each, name, group)), None)
        if opened is not None:
            opened.end = date
        else:
            found.append(Stay(name, group, end=date))
    return found


def _ends(stay: Stay, name: str, group: str) -> bool:
    if stay.group != group or stay.end is not None:
        return False
    one, other = squash(stay.name), squash(name)
    return one.startswith(other[:6]) or other.startswith(one[:6]) or len(other) < 4


def _event(row: Row) -> tuple[str, str, str] | None:
    if len(row.spans) != 1 or row.spans[0].end is not None:
        return None
    return happening(" ".join(without_dates(row.text).split()))
