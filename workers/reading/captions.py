"""Rows in which each value stands after what it is: 'Company: Northgate'."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from server.document.pages import Word
from workers.reading.lines import Line, make_line
from workers.reading.rows import Row
from workers.reading.vocabulary import column_kind

_KINDS = frozenset(("date", "org", "dept", "title", "school", "area", "degree", "other"))
_NAMING = frozenset(("org", "school"))
_TOLD = re.compile(r"([^\s:：][^:：]{0,23}?)\s{0,2}[:：／]\s{0,3}(\S.{0,59})")
_CAPTION = re.compile(r"(?:^|[|·•/,;]|\s\s)\s{0,4}([^\s:：|·/,;][^:：|]{0,23})[:：](?=\s?\S)")


def uncaptioned(rows: Sequence[Row]) -> list[Row]:
    """The rows with each value under its caption, as it would stand in a table under that head.

    Where no caption names an employer or a school the rows stay as they are."""
    found = [Row(list(_values(row)), row.gap, row.left, row.outer) for row in rows]
    before = {id(cell) for row in rows for cell in row.cells}
    named = {
        column_kind(cell.column)
        for row in found
        for cell in row.cells
        if id(cell) not in before and cell.column
    }
    return found if named & _NAMING else list(rows)


def told(texts: Sequence[str]) -> dict[str, str]:
    """What is told after a caption of each kind, where a text is only both: 'Title: Cook'."""
    found: dict[str, str] = {}
    for text in texts:
        one = _TOLD.fullmatch(text.strip(" -–—"))
        kind = column_kind(one[1]) if one else None
        if one is not None and kind in _KINDS:
            found.setdefault(kind, one[2].strip())
    return found


def _values(row: Row) -> Iterator[Line]:
    caption: Line | None = None
    for at, cell in enumerate(row.cells):
        if caption is not None:
            yield replace(cell, column=caption.text.strip(" :："))
            caption = None
        elif at + 1 < len(row.cells) and _captions(cell, row.cells[at + 1]):
            caption = cell
        else:
            yield from _cut(cell)


def _captions(cell: Line, value: Line) -> bool:
    known = column_kind(cell.text.strip(" :：")) in _KINDS
    return known and not cell.column and not value.column and column_kind(value.text) is None


def _cut(cell: Line) -> Iterator[Line]:
    """The cell parted before each caption; its place stays that of the caption."""
    told = [] if cell.column else list(_CAPTION.finditer(cell.text))
    places = [(m.start(1), m.end(), m[1]) for m in told if column_kind(m[1].strip()) in _KINDS]
    if not places or places[0][0] > 2:
        yield cell
        return
    ends = [place[0] for place in places[1:]] + [len(cell.text)]
    found = [
        part
        for (first, begin, caption), end in zip(places, ends, strict=True)
        if (part := _value(cell, (first, begin, end), caption.strip()))
    ]
    yield from found or [cell]


def _value(cell: Line, places: tuple[int, int, int], caption: str) -> Line | None:
    first, begin, end = places
    held = _words_between(cell, begin, end)
    text = cell.text[begin:end].strip(" |·/,;")
    if not held or not text:
        return None
    box = make_line(_words_between(cell, first, end), cell.page, cell.row).box
    return replace(make_line(held, cell.page, cell.row), text=text, box=box, column=caption)


def _words_between(cell: Line, first: int, last: int) -> list[Word]:
    at, found = 0, []
    for word in cell.words:
        place = cell.text.find(word.text, at)
        if place < 0:
            continue
        at = place + len(word.text)
        if first <= place < last:
            found.append(word)
    return found
