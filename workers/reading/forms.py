"""Ruled forms whose cells at the left head what stands in the rows beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from server.document.pages import Box, Page
from workers.reading.headings import loose_kind, section_kind
from workers.reading.lines import Line, make_line

_FEWEST = 2
_TALL = 2.5
"""Of how many of its letters' heights a cell is that stands beside several rows."""


@dataclass(frozen=True, slots=True)
class Form:
    """Its lines in reading order, each heading before what it heads; ``top`` and ``bottom``: where
    it stands."""

    top: float
    bottom: float
    lines: tuple[Line, ...]


def forms(page: Page, lines: Sequence[Line]) -> Iterator[Form]:
    """Those of the page, from top to bottom; no table with heads of columns, which is none."""
    for table in page.tables:
        heads = [row[0] for row in table.rows if row and row[0] is not None]
        if len(heads) < _FEWEST:
            continue
        right = max(cell.x1 for cell in heads)
        whole = Box(heads[0].x0, heads[0].top, float("inf"), heads[-1].bottom)
        held = [line for line in lines if _within(line, whole)]
        if any(line.column for line in held):
            continue
        found = [(cell, _joined([each for each in held if _within(each, cell)])) for cell in heads]
        told = [(cell, head) for cell, head in found if head is not None]
        known = sum(section_kind(head.text) is not None for _, head in told)
        tall = any(_is_tall(cell, head) for cell, head in told)
        if not tall or known < _FEWEST:
            continue
        beside = [line for line in held if line.middle > right]
        yield Form(whole.top, whole.bottom, tuple(_in_order(told, beside)))


def _in_order(told: Sequence[tuple[Box, Line]], beside: Sequence[Line]) -> Iterator[Line]:
    for at, (cell, head) in enumerate(told):
        own = [each for each in beside if cell.top <= _middle(each) < cell.bottom]
        if loose_kind(head.text) is not None or _is_tall(cell, head):
            yield replace(head, row=-2 - at)  # beside what it heads, in no row of its own
        else:
            own.append(head)
        yield from sorted(own, key=lambda line: (line.row, line.box.x0))


def _is_tall(cell: Box, head: Line) -> bool:
    return loose_kind(head.text) is not None and cell.bottom - cell.top > _TALL * head.size


def _joined(lines: Sequence[Line]) -> Line | None:
    if not lines:
        return None
    words = [word for line in lines for word in line.words]
    text = " ".join(line.text for line in lines)
    return replace(make_line(words, lines[0].page, lines[0].row), text=text)


def _within(line: Line, box: Box) -> bool:
    across = box.x0 - 1 <= line.middle <= box.x1 + 1
    return across and box.top - 1 <= _middle(line) <= box.bottom + 1


def _middle(line: Line) -> float:
    return (line.box.top + line.box.bottom) / 2
