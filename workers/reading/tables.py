"""Tables that no lines rule: under a row of known heads of columns stand their cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from workers.reading.headings import section_kind
from workers.reading.lines import Line, are_heads, make_line
from workers.reading.vocabulary import column_kind

_APART = 4.0
"""White space, in heights of the heads' letters, from which on a table has ended."""
_BESIDE = 0.3
"""What stands farther from the heads than this share of their width is of another column."""

Row = list[Line]


def headed(lines: Sequence[Line]) -> list[Line]:
    """The page's lines, those in tables with the head of their column, by row and place."""
    found: list[Line] = []
    heads: Row = []
    above: Row = []
    for _, group in groupby(lines, key=lambda line: line.row):
        row = list(group)
        if _heads(row):
            heads = above = row
            found += row
            continue
        if heads and _ends(row, heads, above):
            heads = []
        if heads:
            row = [_under(line, heads) for line in row]
            above = row
        found += row
    return found


def _heads(row: Row) -> bool:
    free = [line for line in row if not line.column]
    kinds = [column_kind(line.text) for line in free]
    return len(free) == len(row) and are_heads(kinds, [line.text for line in free])


def _ends(row: Row, heads: Row, above: Row) -> bool:
    inside = [line for line in row if _within(line, heads)]
    top = min((line.box.top for line in inside), default=0.0)
    far = top - max(line.box.bottom for line in above) > _APART * heads[0].size
    alone = len(inside) == 1 and section_kind(inside[0].text) is not None
    return bool(inside) and (far or alone)


def _within(line: Line, heads: Row) -> bool:
    left, right = heads[0].box.x0, heads[-1].box.x1
    reach = _BESIDE * (right - left)
    return left - reach < line.middle < right + reach


def _under(line: Line, heads: Row) -> Line:
    if line.column or not _within(line, heads):
        return line
    nearest = min(heads, key=lambda head: _distance(line, head))
    return replace(line, column=nearest.text)


def _distance(line: Line, head: Line) -> float:
    """Cells stand below their head, or begin or are centred where it is."""
    return min(abs(line.middle - head.middle), abs(line.box.x0 - head.box.x0))


def whole_rows(lines: Sequence[Line]) -> list[Line]:
    """The lines with each row of a table as one: no column of the page parts a table."""
    found: list[Line] = []
    at: dict[tuple[int, int], int] = {}
    heads = {id(line) for _, row in groupby(_by_row(lines), _row) for line in _headed(list(row))}
    for line in lines:
        if not line.column and id(line) not in heads:
            found.append(line)
        elif (line.page, line.row) not in at:
            at[line.page, line.row] = len(found)
            found.append(line)
        else:
            place = at[line.page, line.row]
            found[place] = make_line((*found[place].words, *line.words), line.page, line.row)
    return found


def _headed(row: Row) -> Row:
    return row if _heads(row) else []


def _row(line: Line) -> int:
    return line.row


def _by_row(lines: Sequence[Line]) -> list[Line]:
    return sorted((line for line in lines if line.row >= 0), key=lambda e: (e.row, e.box.x0))
