"""Lines -> sections in reading order: columns first, then headings within them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from server.document.pages import BULLET, Document, Word
from workers.reading.dates import is_date
from workers.reading.headings import SectionKind, is_document_title, section_kind
from workers.reading.labels import label_kind
from workers.reading.lines import Line, make_line

_GUTTER = 6.0
_SAME_EDGE = 3.0

Style = tuple[str, float, bool, int]


@dataclass(slots=True)
class Section:
    kind: SectionKind
    title: str
    lines: list[Line] = field(default_factory=list)


def find_sections(document: Document, pages: Sequence[Sequence[Line]]) -> tuple[Section, ...]:
    """The first is the header: what stands before any heading."""
    styles = heading_styles(pages)
    sections = [Section("header", "")]
    current: dict[str, Section] = {}
    for page, lines in zip(document.pages, pages, strict=True):
        turned = _turned_headings(page.words, page.number)
        for side, block in columns([*lines, *turned], page.width):
            section = current.get(side) or (sections[0] if page.number == 1 else sections[-1])
            for line in block:
                if (kind := heading(line, block, styles, section.kind)) is not None:
                    section = Section(kind, line.text.strip(f" {BULLET}"))
                    sections.append(section)
                else:
                    section.lines.append(line)
            if page.number > 1 or side != "whole":
                current[side] = section
    return tuple(sections)


def heading_styles(pages: Sequence[Sequence[Line]]) -> Counter[Style]:
    return Counter(
        _style(line) for lines in pages for line in lines if section_kind(line.text) is not None
    )


def _style(line: Line) -> Style:
    return (line.font, round(line.size, 1), line.bold, line.color)


def heading(
    line: Line, block: Sequence[Line], styles: Counter[Style], current: SectionKind
) -> SectionKind | None:
    """The section the line opens: a known heading, or any line printed like the known ones."""
    text = line.text
    if len(text) > 48 or (text.lstrip().startswith(BULLET) and styles[_style(line)] < 2):
        return None
    kind = section_kind(text)
    if kind is not None:
        labels = _has_value_beside(line, block)
        inside = current in ("skills", "languages", "personal") and styles[_style(line)] < 2
        return None if labels and inside else kind
    alike = current != "header" and styles[_style(line)] >= 3 and _is_set_apart(line, block)
    if alike and not is_date(text) and not label_kind(text) and text[:1].isalpha():
        return None if is_document_title(text) else "other"
    return None


def _has_value_beside(line: Line, block: Sequence[Line]) -> bool:
    return any(
        each.row == line.row and each.page == line.page and each.box.x0 > line.box.x1
        for each in block
    )


def _is_set_apart(line: Line, block: Sequence[Line]) -> bool:
    """Larger or coloured, against the usual line of its column; bold alone is not enough."""
    usual = Counter((round(each.size, 1), each.color) for each in block).most_common(1)[0][0]
    return line.size > 1.1 * usual[0] or (
        line.color not in (usual[1], 0) and line.size >= usual[0] and line.bold
    )


def columns(lines: Sequence[Line], width: float) -> Iterator[tuple[str, list[Line]]]:
    """Blocks in reading order, each with its side: 'whole', 'left' or 'right'."""
    ordered = sorted(lines, key=lambda line: (line.box.top, line.box.x0))
    split = _best_split(ordered, width)
    if split is None:
        if ordered:
            yield "whole", sorted(ordered, key=lambda line: (_row(line, ordered), line.box.x0))
        return
    edge, top, bottom = split
    inside = [each for each in ordered if top <= each.box.top <= bottom]
    above = [each for each in ordered if each.box.top < top]
    below = [each for each in ordered if each.box.top > bottom]
    yield from columns(above, width)
    yield "left", [each for each in inside if each.box.x0 < edge - _SAME_EDGE]
    yield "right", [each for each in inside if each.box.x0 >= edge - _SAME_EDGE]
    yield from columns(below, width)


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
            right = [each for each in stretch if each.box.x0 >= edge - _SAME_EDGE]
            left = [each for each in stretch if each.box.x0 < edge - _SAME_EDGE]
            if len(right) < 4 or len(left) < 3 or _annotates(left, right):
                continue
            if _annotates(right, left):
                continue
            weight = min(len(left), len(right)) * 3 + len(stretch)
            if best is None or weight > best[0]:
                tops = [each.box.top for each in stretch]
                best = (weight, edge, min(tops), max(tops))
    return best[1:] if best else None


def _left_edges(lines: Sequence[Line]) -> list[float]:
    """Where several lines begin, one below another."""
    edges = Counter(round(line.box.x0 / _SAME_EDGE) for line in lines)
    return [
        min(line.box.x0 for line in lines if round(line.box.x0 / _SAME_EDGE) == edge)
        for edge, count in edges.items()
        if count + edges.get(edge + 1, 0) >= 3
    ]


def _stretches(lines: Sequence[Line], edge: float) -> Iterator[list[Line]]:
    """Runs of lines, top to bottom, of which none crosses the gutter left of ``edge``."""
    run: list[Line] = []
    for line in lines:
        if line.box.x0 < edge - _SAME_EDGE and line.box.x1 > edge - _GUTTER:
            if run:
                yield run
            run = []
        else:
            run.append(line)
    if run:
        yield run


def _annotates(some: Sequence[Line], others: Sequence[Line]) -> bool:
    """Dates and places in the margin stand beside their lines and are no column."""
    rows = {line.row for line in others}
    beside = sum(line.row in rows for line in some)
    short = sum(len(line.text) <= 24 for line in some)
    if any(section_kind(line.text) for line in some) and beside < 0.9 * len(some):
        return False
    dates = sum(is_date(line.text) for line in some)
    if dates > 0.6 * len(some):
        return True
    return beside >= 0.75 * len(some) and short >= 0.75 * len(some)


def _turned_headings(words: Sequence[Word], page: int) -> Iterator[Line]:
    """Headings printed along the edge of their section, as lines at its top left."""
    turned = sorted((w for w in words if not w.upright), key=lambda w: (round(w.box.x0), w.box.top))
    runs: list[list[Word]] = []
    for word in turned:
        last = runs[-1][-1] if runs else None
        level = last is not None and abs(last.box.x0 - word.box.x0) < 3
        if last is not None and level and word.box.top - last.box.bottom < 2 * word.size:
            runs[-1].append(word)
        else:
            runs.append([word])
    for run in runs:
        for order in (run, run[::-1]):
            text = " ".join(word.text for word in order)
            if section_kind(text) or section_kind(text[::-1]):
                line = make_line(order, page, -1)
                shown = text if section_kind(text) else text[::-1]
                yield Line(
                    shown, line.box, line.size, line.bold, line.font, line.color, page, -1,
                    line.words,
                )  # fmt: skip
                break
