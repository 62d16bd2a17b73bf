"""A section's lines -> its rows, each with what can be seen of it: place, print, dates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby, pairwise

from server.document.pages import BULLET
from workers.reading.dates import Span, find_spans, is_date, is_duration, is_month
from workers.reading.lines import Line
from workers.reading.words import words

MARK = re.compile(rf"^\s*(?:[{BULLET}·∙*▪‣○»>]|[-–—](?=\s)|[oO](?=\s[A-Z\uac00-\ud7a3]))\s*")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}年?")
_OPEN = re.compile(r"[-–—~〜→]\s*$")
_INDENT = 3.0
_MOSTLY = 0.8
_LONGEST_BROKEN = 120

Style = tuple[float, bool, int, str]


@dataclass
class Row:
    """What stands on one baseline of a section: ``cells`` are apart, left to right."""

    cells: list[Line]
    gap: float = 0.0
    """The white space above, in heights of its letters; 0 at the top of a page or section."""
    left: float = 0.0
    """Where the leftmost row of its column begins."""
    outer: bool = False
    """All that stands at its column's left has a sign, and what is told below has one set in."""

    @cached_property
    def text(self) -> str:
        return MARK.sub("", "   ".join(cell.text for cell in self.cells)).strip(f" {BULLET}")

    @cached_property
    def marked(self) -> bool:
        return not self.outer and bool(MARK.match(self.cells[0].text))

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        return find_spans(self.text)

    @property
    def dated(self) -> bool:
        return bool(self.spans)

    @cached_property
    def only_dates(self) -> bool:
        return all(is_date(cell.text) or is_duration(cell.text) for cell in self.cells)

    @property
    def x0(self) -> float:
        return self.cells[0].box.x0

    @property
    def inset(self) -> float:
        return self.x0 - self.left

    @property
    def lead(self) -> Line:
        """The first cell that is no date: what the row is set like."""
        return next((cell for cell in self.cells if not is_date(cell.text)), self.cells[0])

    @cached_property
    def style(self) -> Style:
        lead = self.lead
        return (round(lead.size * 2) / 2, lead.bold, lead.color, lead.font)


def rows_of(lines: Sequence[Line]) -> Iterator[list[Line]]:
    for _, row in groupby(lines, key=lambda line: (line.page, line.row)):
        yield list(row)


def row_text(row: Sequence[Line]) -> str:
    return Row(list(row)).text


def section_rows(lines: Sequence[Line]) -> list[Row]:
    dated = _stacked(_spans_joined([_dates_joined(cells) for cells in rows_of(lines)]))
    rows = [Row(_from_and_to(cells)) for cells in dated]
    for before, row in pairwise(rows):
        above, below = before.cells[0], row.cells[0]
        if above.page == below.page:
            top = min(cell.box.top for cell in row.cells)
            bottom = max(cell.box.bottom for cell in before.cells)
            row.gap = max(0.0, (top - bottom) / max(below.size, 1.0))
    found = [row for row in rows if row.text]
    for column in _columns_of(found):
        left = min(row.x0 for row in column)
        for row in column:
            row.left = left
    return found


def listed_twice(rows: Sequence[Row]) -> None:
    """A list in a list: the signs of the outer one say nothing, its rows head what is set in."""
    for column in _columns_of(rows):
        _signs_of_none(column)


def _signs_of_none(column: Sequence[Row]) -> None:
    signs = [(row, MARK.match(row.cells[0].text) is not None) for row in column]
    outer = [sign for row, sign in signs if row.inset < _INDENT]
    inner = [sign for row, sign in signs if row.inset >= _INDENT]
    mostly = sum(outer) > 1 and sum(outer) >= _MOSTLY * len(outer)
    if mostly and 2 * sum(inner) > len(inner) > 1:
        for row, _ in signs:
            row.outer = row.inset < _INDENT


def _columns_of(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows of each page; one that stands above the row before it begins another column."""
    column: list[Row] = []
    for row in rows:
        above, below = column[-1].cells[0] if column else None, row.cells[0]
        apart = above is not None and (
            above.page != below.page or below.box.bottom < above.box.top - above.size
        )
        if apart:
            yield column
            column = []
        column.append(row)
    if column:
        yield column


def _dates_joined(cells: list[Line]) -> list[Line]:
    """Year and month in columns of their own are one date."""
    if len(cells) > 2 and _YEAR.fullmatch(cells[0].text) and is_month(cells[1].text):
        year, month = cells[0].text.strip("年"), int(cells[1].text.strip("月"))
        one = cells[0]
        whole = Line(
            f"{year}.{month:02d}", one.box, one.size, one.bold, one.font, one.color, one.page,
            one.row, (*one.words, *cells[1].words),
        )  # fmt: skip
        return [whole, *cells[2:]]
    return cells


def _from_and_to(cells: list[Line]) -> list[Line]:
    """The first and the last day in columns of their own are one span."""
    for at, (one, other) in enumerate(pairwise(cells)):
        first, last = find_spans(one.text), find_spans(other.text)
        if len(first) != 1 or len(last) != 1 or not (is_date(one.text) and is_date(other.text)):
            continue
        if first[0].ranged or (last[0].ranged and last[0].end != "present"):
            continue
        if (first[0].start or "") <= (last[0].start or ""):
            text = f"{one.text} – {other.text}"
            whole = replace(one, text=text, words=(*one.words, *other.words))
            return [*cells[:at], whole, *cells[at + 2 :]]
    return cells


def _spans_joined(rows: list[list[Line]]) -> list[list[Line]]:
    """A span that is broken over two rows stands in the first, with what follows it."""
    for row, below in pairwise(rows):
        for at, cell in enumerate(row):
            rest = next((each for each in below if _goes_on_under(each, cell)), None)
            if rest is not None and _is_broken(cell.text, rest.text):
                row[at] = replace(
                    cell, text=f"{cell.text} {rest.text}", words=(*cell.words, *rest.words)
                )
                below.remove(rest)
    return [row for row in rows if row]


def _is_broken(text: str, rest: str) -> bool:
    """A span begins in one row and ends in the next."""
    whole = f"{text} {rest}"
    if is_date(whole):
        joined = rest.split(maxsplit=1)[0].casefold() in words("dates", "to")
        return bool(_OPEN.search(text)) or (joined and find_spans(whole)[0].ranged)
    spans = find_spans(whole) if len(whole) < _LONGEST_BROKEN else ()
    return any(span.ranged and span.first < len(text) < span.last for span in spans)


def _goes_on_under(line: Line, cell: Line) -> bool:
    alike = (line.font, line.size, line.page) == (cell.font, cell.size, cell.page)
    return abs(line.box.x0 - cell.box.x0) < _INDENT and alike and line.row > cell.row


def _stacked(rows: list[list[Line]]) -> list[list[Line]]:
    """Two dates alone on their rows, one right over the other, are one span."""
    for row, below in pairwise(rows):
        if len(row) != 1 or len(below) != 1 or abs(row[0].box.x0 - below[0].box.x0) > _INDENT:
            continue
        one, other = row[0], below[0]
        if (one.size, one.bold, one.color, one.page) != (
            other.size, other.bold, other.color, other.page
        ) or other.box.top - one.box.bottom > one.size:  # fmt: skip
            continue
        spans = [find_spans(line.text) if is_date(line.text) else () for line in (one, other)]
        if any(len(each) != 1 or each[0].ranged for each in spans):
            continue
        first, last = sorted((one, other), key=lambda line: find_spans(line.text)[0].start or "")
        row[0] = replace(one, text=f"{first.text} – {last.text}")
        below.remove(other)
    return [row for row in rows if row]


def by_columns(rows: Sequence[Row], heads: Callable[[Row, Style], bool]) -> list[Row]:
    """Lists that stand side by side, each under its head, one after another.

    ``heads`` is asked whether all of a row is what lists are headed by, given the usual print."""
    usual = usual_style(rows)
    found: list[Row] = []
    columns: list[list[Row]] = []
    for row in rows:
        headed = heads(row, usual)
        if headed or not columns:
            found += [each for column in columns for each in column]
            columns = []
        if headed and len(row.cells) > 1:
            columns = [[Row([cell], row.gap)] for cell in row.cells]
        elif columns:
            for at, column in enumerate(columns):
                left = column[0].x0 - _INDENT if at else 0.0
                right = columns[at + 1][0].x0 - _INDENT if at + 1 < len(columns) else 1e9
                cells = [cell for cell in row.cells if left <= cell.box.x0 < right]
                if cells:
                    column.append(Row(cells, row.gap))
        else:
            found.append(row)
    return found + [each for column in columns for each in column]


def usual_style(rows: Sequence[Row]) -> Style:
    """What most letters of the section are set in."""
    styles = Counter[Style]()
    for row in rows:
        styles[row.style] += len(row.text)
    return styles.most_common(1)[0][0] if styles else (10.0, False, 0, "")


def indent_of(row: Row) -> int:
    """0 at its column's left edge, 1 a little to the right, 2 far."""
    return 0 if row.inset < _INDENT else 1 if row.inset < 4 * row.cells[0].size else 2
