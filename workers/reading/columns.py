"""A page's lines -> its columns in reading order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from workers.reading.dates import is_date, is_duration, is_month
from workers.reading.headings import loose_kind, section_kind
from workers.reading.lines import Line
from workers.reading.tables import whole_rows

_GUTTER = 6.0
_SAME_EDGE = 3.0
_FEWEST_ROWS = 4
_FEWEST_HEADINGS = 2
_CENTRED = 12.0
_MOSTLY = 0.65
_LAST = 10**6
_EVEN, _NEAR, _FEWEST_CHIPS = 1.3, 2.5, 4
"""How wide the space between chips of a row may be, against others and in sizes of letters."""
_OUT = 1.5
"""How far left of what it heads a heading may begin, in sizes of its letters."""
_LEVEL = 0.25
"""How much of its letters' height must stand beside a line for a heading to be level with it."""


def columns(lines: Sequence[Line], width: float) -> Iterator[tuple[str, list[Line]]]:
    """Blocks in reading order, each with its side: 'whole', 'left' or 'right'."""
    yield from _columns(_levelled(_inset(lines), width), width)


def _levelled(lines: Sequence[Line], width: float) -> list[Line]:
    """The lines with large headings of a gutter in the row that they stand beside."""
    for edge in sorted(_left_edges(lines)):
        if not 0.12 * width < edge < 0.5 * width:
            continue
        left = [each for each in lines if each.box.x0 < edge - _SAME_EDGE]
        if sum(loose_kind(line.text) is not None for line in left) < _FEWEST_HEADINGS:
            continue
        right = [each for each in lines if each.box.x0 >= edge - _SAME_EDGE]
        beside = {id(line): row for line in left if (row := _beside(line, right)) is not None}
        level = {line.row for line in right} | {line.row for line in left if id(line) in beside}
        if _are_gutter_headings(left, level):
            return [
                replace(line, row=beside[id(line)])
                if id(line) in beside and loose_kind(line.text) is not None
                else line
                for line in lines
            ]
    return list(lines)


def _beside(line: Line, others: Sequence[Line]) -> int | None:
    """The first row that the line overlaps; None where there is none or it is in one already."""
    rows = {other.row for other in others if _overlap(line, other)}
    return None if line.row < 0 or line.row in rows or not rows else min(rows)


def _overlap(one: Line, other: Line) -> bool:
    common = min(one.box.bottom, other.box.bottom) - max(one.box.top, other.box.top)
    return common > _LEVEL * min(one.size, other.size)


def _columns(lines: Sequence[Line], width: float) -> Iterator[tuple[str, list[Line]]]:
    ordered = sorted(lines, key=lambda line: (line.box.top, line.box.x0))
    bands = _bands(ordered, width)
    if bands:
        for heading, band in bands:
            if heading is not None:
                yield "whole", [heading]
            yield from _columns(band, width)
        return
    split = _best_split(whole_rows(ordered), width)
    if split is None:
        if ordered:
            yield "whole", sorted(ordered, key=lambda line: (_row(line, ordered), line.box.x0))
        return
    edge, top, bottom = split
    bottom = _before_trailing(ordered, edge, top, bottom)
    inside = [each for each in ordered if top <= each.box.top <= bottom]
    above = [each for each in ordered if each.box.top < top]
    below = [each for each in ordered if each.box.top > bottom]
    yield from _columns(above, width)
    yield "left", [each for each in inside if not _is_right(each, edge)]
    yield "right", [each for each in inside if _is_right(each, edge)]
    yield from _columns(below, width)


def _before_trailing(lines: Sequence[Line], edge: float, top: float, bottom: float) -> float:
    """Where the columns end: a heading at the left below all of the right heads what follows them
    as wide as the page, if anything does."""
    if not any(line.box.top > bottom for line in lines):
        return bottom
    inside = [line for line in lines if top <= line.box.top <= bottom]
    last = max((line.box.bottom for line in inside if _is_right(line, edge)), default=bottom)
    heads = [line for line in inside if line.box.top > last and section_kind(line.text)]
    above = [line.box.top for line in inside if not heads or line.box.top < heads[0].box.top]
    return max(above, default=bottom)


def _bands(lines: Sequence[Line], width: float) -> list[tuple[Line | None, list[Line]]]:
    """Each heading of a gutter with what stands beside it, if that has columns of its own."""
    for edge in sorted(_left_edges(lines)):
        if not 0.12 * width < edge < 0.5 * width:
            continue
        left = [each for each in lines if each.box.x0 < edge - _SAME_EDGE]
        right = [each for each in lines if each.box.x0 >= edge - _SAME_EDGE]
        if not _are_gutter_headings(left, {line.row for line in right}):
            continue
        first = next(at for at, line in enumerate(left) if loose_kind(line.text) is not None)
        headings = left[first:]
        tops = [min(e.box.top for e in lines if e.row == line.row) for line in headings]
        above = [each for each in lines if each.box.top < tops[0]]
        found: list[tuple[Line | None, list[Line]]] = [(None, above)] if above else []
        for heading, top, end in zip(headings, tops, [*tops[1:], float("inf")], strict=True):
            held = [e for e in lines if top <= e.box.top < end and e is not heading]
            found.append((heading, held))
        parted = [_best_split(whole_rows(band), width) is not None for _, band in found]
        return found if any(parted) else []
    return []


def _row(line: Line, others: Sequence[Line]) -> float:
    """A heading along the edge has no row of its own: it stands before the first line beside it."""
    if line.row >= 0:
        return line.row
    beside = [each.row for each in others if each.row >= 0 and each.box.bottom > line.box.top]
    return min(beside, default=len(others)) - 0.5


def _best_split(lines: Sequence[Line], width: float) -> tuple[float, float, float] | None:
    """Left edge of the right column, and from where to where the two columns run."""
    best: tuple[int, float, float, float] | None = None
    for edge in _left_edges(lines):
        if not 0.12 * width < edge < 0.85 * width:
            continue
        for stretch in _stretches(lines, edge):
            right = [each for each in stretch if _is_right(each, edge)]
            left = [each for each in stretch if not _is_right(each, edge)]
            if len(right) < 4 or len(left) < 3 or _annotates(left, right):
                continue
            if _annotates(right, left) or _has_margin(left, right):
                continue
            if _are_headed_as_one(left, right):
                continue
            weight = min(len(left), len(right)) * 3 + len(stretch)
            if best is None or weight > best[0]:
                tops = [each.box.top for each in stretch]
                best = (weight, edge, min(tops), max(tops))
    return best[1:] if best else None


def _is_right(line: Line, edge: float) -> bool:
    return line.box.x0 >= edge - _SAME_EDGE


def _inset(lines: Sequence[Line]) -> list[Line]:
    """The lines with a heading beside another one moved to where what it heads begins, if that is
    set in a little: it is of that column."""
    heads = [line for line in lines if loose_kind(line.text) is not None]
    moved: dict[int, Line] = {}
    for head in heads:
        if not any(
            e.row == head.row and e.box.x1 < head.box.x0 and e.font == head.font for e in heads
        ):
            continue
        most = head.box.x0 + _OUT * head.size
        below = [e.box.x0 for e in lines if e.row > head.row and head.box.x0 < e.box.x0 < most]
        if below:
            moved[id(head)] = replace(head, box=replace(head.box, x0=min(below)))
    return [moved.get(id(line), line) for line in lines]


def _left_edges(lines: Sequence[Line]) -> list[float]:
    """Where several lines begin, one below another."""
    edges = Counter(round(line.box.x0 / _SAME_EDGE) for line in lines)
    return [
        min(line.box.x0 for line in lines if round(line.box.x0 / _SAME_EDGE) == edge)
        for edge, count in edges.items()
        if count + edges.get(edge + 1, 0) >= 3
    ]


def _stretches(lines: Sequence[Line], edge: float) -> Iterator[list[Line]]:
    """Runs of lines, top to bottom, of which none crosses the gutter left of ``edge`` and none is
    a heading over both columns."""
    run: list[Line] = []
    over = {id(line) for line in _centred_headings(lines)} | _chips_across(lines, edge)
    for line in lines:
        crosses = not _is_right(line, edge) and line.box.x1 > edge - _GUTTER
        if crosses or id(line) in over:
            if run:
                yield run
            run = []
        else:
            run.append(line)
    if run:
        yield run


def _chips_across(lines: Sequence[Line], edge: float) -> set[int]:
    """Lines of rows of one print that go on across the gutter with no more space than before."""
    found: set[int] = set()
    rows: dict[int, list[Line]] = {}
    for line in lines:
        rows.setdefault(line.row, []).append(line)
    for cells in rows.values():
        row = sorted(cells, key=lambda line: line.box.x0)
        prints = {(line.font, round(line.size, 1), line.bold, line.color) for line in row}
        gaps = [other.box.x0 - one.box.x1 for one, other in pairwise(row)]
        over = [gap for gap, one in zip(gaps, row[1:], strict=True) if _is_right(one, edge)][:1]
        if len(row) >= _FEWEST_CHIPS and len(prints) == 1 and not _is_right(row[0], edge) and over:
            others = [gap for gap in gaps if gap is not over[0]]
            if over[0] < _EVEN * max(others) and over[0] < _NEAR * row[0].size:
                found |= {id(line) for line in row}
    return found


def _centred_headings(lines: Sequence[Line]) -> Iterator[Line]:
    """Alone in the middle, and nothing begins where they do."""
    rows = Counter(line.row for line in lines)
    begun = Counter(round(line.box.x0) for line in lines if section_kind(line.text) is None)
    middle = (min(each.box.x0 for each in lines) + max(each.box.x1 for each in lines)) / 2
    for line in lines:
        centred = abs(line.middle - middle) < _CENTRED and rows[line.row] == 1
        if centred and section_kind(line.text) and not begun[round(line.box.x0)]:
            yield line


def _annotates(some: Sequence[Line], others: Sequence[Line]) -> bool:
    """Dates and places in the margin stand beside their lines and are no column."""
    rows = {line.row for line in others}
    beside = sum(line.row in rows for line in some)
    if _are_gutter_headings(some, rows) or _are_headings_and_dates(some):
        return True
    if _is_table(some, others) or _is_table(others, some):
        return True
    dated = [line for line in some if is_date(line.text) or is_duration(line.text)]
    dates, level = len(dated), [line for line in some if line.row in rows]
    both = sum(line.row in rows for line in dated)
    if both > 1 and both > 0.6 * len(level) and both > 0.6 * dates:
        return True
    headings = sum(section_kind(line.text) is not None for line in some)
    if headings > 1 or (headings and beside < 0.9 * len(some)):
        return False
    if dates > 0.6 * len(some):
        return True
    if _are_cards(some, others):
        return False
    short = sum(len(line.text) <= 24 for line in some)
    return beside >= 0.75 * len(some) and short >= 0.75 * len(some)


def _has_margin(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Next to the gutter dates stand beside the lines across it: they are a margin of these, and
    no column ends or begins there."""
    inner = _begun(left)[-1:]
    outer = _begun(right)[:1]
    near = [line for line in left if inner and line.box.x0 >= inner[0] - 1.5 * _SAME_EDGE]
    far = [line for line in right if outer and line.box.x0 <= outer[0] + 1.5 * _SAME_EDGE]
    return (len(near) < len(left) and _are_dates_beside(near, left, right)) or (
        len(far) < len(right) and _are_dates_beside(far, right, left)
    )


def _are_headed_as_one(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Only the left has headings, nothing stands beside these, and below each both begin level, or
    below the only one each line has one beside it: the sections are as wide as the page."""
    rows = sorted({line.row for line in right})
    known = [line for line in left if section_kind(line.text) is not None]
    heads = [line for line in known if line.row not in rows]
    if not heads or any(section_kind(line.text) is not None for line in right):
        return False
    if any(_overlap(head, each) for head in heads for each in right):
        return False
    level: list[bool] = []
    for head, following in zip(heads, [*(each.row for each in heads[1:]), _LAST], strict=True):
        own = [line.row for line in left if head.row < line.row < following]
        beside = [row for row in rows if head.row < row < following]
        if own and beside:
            all_level = len(own) >= _FEWEST_ROWS - 1 and set(own) <= set(beside)
            level += [own[0] == beside[0], all_level or len(heads) > 1]
    return len(level) > 1 and all(level)


def _begun(lines: Sequence[Line]) -> list[float]:
    """Where at least two lines begin, headings aside, from left to right."""
    told = [line for line in lines if loose_kind(line.text) is None]
    begun = Counter(round(line.box.x0 / _SAME_EDGE) for line in told)
    return [e * _SAME_EDGE for e in sorted(begun) if begun[e] + begun.get(e + 1, 0) > 1]


def _are_dates_beside(some: Sequence[Line], column: Sequence[Line], others: Sequence[Line]) -> bool:
    """They are the column's dates, most of them, and hardly anything else."""
    told = [line for line in some if loose_kind(line.text) is None]
    dated = {line.row for line in told if _tells_time(line.text)}
    others_dated = {line.row for line in column if _tells_time(line.text)}
    level = dated & {line.row for line in others}
    return (
        len(dated) > max(1, _MOSTLY * len(told))
        and len(level) > _MOSTLY * len(dated)
        and len(dated) > _MOSTLY * len(others_dated)
    )


def _tells_time(text: str) -> bool:
    return is_date(text) or is_duration(text) or is_month(text)


def _is_table(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Row for row both have a cell, headings aside, which stand over the first cell alone."""
    rows = {line.row for line in right}
    cells = [line for line in left if section_kind(line.text) is None or line.row in rows]
    headed = any(section_kind(line.text) is not None for line in (*right, *cells))
    level = {line.row for line in cells}
    enough = len(level) > 1 if not headed else len(level) >= _FEWEST_ROWS
    return enough and level == rows and not _are_cards(left, right)


def _are_cards(some: Sequence[Line], others: Sequence[Line]) -> bool:
    """Entries side by side: row for row both are printed alike, and not all rows are."""
    prints = {line.row: (line.font, round(line.size, 1), line.bold) for line in others}
    own = [(line.row, (line.font, round(line.size, 1), line.bold)) for line in some]
    alike = sum(prints.get(row) == print_ for row, print_ in own)
    return alike >= 0.9 * len(own) and len({print_ for _, print_ in own}) > 1


def _are_gutter_headings(some: Sequence[Line], rows: Container[int]) -> bool:
    """From the first heading on nothing but headings, each level with what it heads."""
    kinds = [loose_kind(line.text) is not None for line in some]
    if sum(kinds) < _FEWEST_HEADINGS:
        return False
    from_first = list(zip(some, kinds, strict=True))[kinds.index(True) :]
    level = sum(line.row in rows for line, _ in from_first)
    known = sum(kind for _, kind in from_first)
    return level >= 0.9 * len(from_first) and known >= 0.6 * len(from_first)


def _are_headings_and_dates(some: Sequence[Line]) -> bool:
    """A margin of headings, dates and captions, from the first one on."""
    kinds = [loose_kind(line.text) is not None for line in some]
    if not any(kinds):
        return False
    dates = [_tells_time(line.text) or line.text.endswith((":", "：")) for line in some]
    first = next(at for at, kind in enumerate(kinds) if kind or dates[at])
    told = [kind or date for kind, date in zip(kinds, dates, strict=True)][first:]
    margin = sum(dates) > 1 and sum(told) >= 0.8 * len(told)
    return margin and 2 * len(told) >= len(some)
