"""Sets what a Word file says on sheets of paper, roughly as Word would: what stands beside, below
and indented tells the reader more than the words alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from docx.oxml.ns import qn

from server.document.pages import BULLET, Box, Hidden, Link, Page, Table, Word
from workers.pdf_glyphs import normal
from workers.word_text import Run, Styles, blocks, boxes, cell_shade, is_filled, runs

WIDTH, HEIGHT, MARGIN = 595.0, 842.0, 50.0
_USABLE = HEIGHT - 2 * MARGIN
_LEADING = 1.25
_TAB = 36.0
_INDENT = 18.0
_MOST_WORDS = 60_000
_MOST_HIDDEN = 20
_DEEPEST = 8
_NARROW = frozenset("iljtfr.,:;|!'()[]")
_VAL = qn("w:val")


class TooLong(Exception):
    """There are more words than a résumé has."""


@dataclass(frozen=True, slots=True)
class Span:
    """A word as it will stand, without its place."""

    text: str
    width: float
    run: Run


@dataclass(slots=True)
class Sheet:
    """``ground``: the colour of the paper, None where something that floats may lie behind words:
    then white print is not read, and nobody is accused of it."""

    styles: Styles
    ground: int | None
    links: dict[str, str]
    hidden: list[Hidden] = field(default_factory=list)
    unsure: bool = False
    _words: dict[int, list[Word]] = field(default_factory=dict)
    _links: dict[int, list[Link]] = field(default_factory=dict)
    _tables: dict[int, list[Table]] = field(default_factory=dict)
    _count: int = 0

    def pages(self) -> tuple[Page, ...]:
        return tuple(
            Page(
                number + 1, WIDTH, HEIGHT,
                tuple(self._words.get(number, ())), tuple(self._tables.get(number, ())),
                tuple(self._links.get(number, ())),
            )
            for number in range(max(self._words, default=-1) + 1)
        )  # fmt: skip

    def flow(
        self,
        container: Any,
        left: float,
        right: float,
        top: float,
        ground: int | None,
        deep: int = 0,
    ) -> float:
        """Everything in it, from ``top`` on; answers where it ends."""
        for block in blocks(container):
            if block.tag == qn("w:tbl"):
                if deep < _DEEPEST:
                    top = self._table(block, left, right, top, ground, deep)
                continue
            top = self._paragraph(block, left, right, top, ground)
            for box in boxes(block):
                if deep < _DEEPEST:
                    top = self.flow(
                        box, left, right, top, None if is_filled(box) else ground, deep + 1
                    )
        return top

    def _table(
        self, table: Any, left: float, right: float, top: float, ground: int | None, deep: int
    ) -> float:
        if self.styles.shades(table):
            ground = None
        widths = _columns(table, right - left)
        placed: list[tuple[Box | None, ...]] = []
        for row in table.findall(qn("w:tr")):
            cells, at, bottom = [], 0, top
            for cell in row.findall(qn("w:tc")):
                over = _spanned(cell, len(widths) - at)
                x0, x1 = left + sum(widths[:at]), left + sum(widths[: at + over])
                at += over
                shade = cell_shade(cell, ground)
                bottom = max(bottom, self.flow(cell, x0 + 4, x1 - 4, top + 2, shade, deep + 1))
                cells.append((x0, x1))
            bottom += 2
            page = int(top // _USABLE)
            if int(bottom // _USABLE) == page:
                down = MARGIN - page * _USABLE
                placed.append(tuple(Box(x0, top + down, x1, bottom + down) for x0, x1 in cells))
            top = bottom
        if placed and self.styles.ruled(table):
            self._tables.setdefault(int((top - 2) // _USABLE), []).append(Table(tuple(placed)))
        return top

    def _paragraph(
        self, paragraph: Any, left: float, right: float, top: float, ground: int | None
    ) -> float:
        placed = self.styles.of_paragraph(paragraph, "w:pPr")
        left += _indent(placed)
        said = self._seen(runs(paragraph, self.styles, self.links, ground))
        if not said:
            return top + 6
        top += _space(placed, "w:before")
        if _listed(placed):
            said.insert(0, replace(said[0], text=f"{BULLET} ", link=None))
        for line in _split(said, "\n"):
            for part in _split(line, "\f"):
                if part is not line and part and part[0].text.startswith("\f"):
                    top = (int(top // _USABLE) + 1) * _USABLE
                top = self._line(part, placed, left, right, top)
        return top + _space(placed, "w:after")

    def _seen(self, said: Iterable[Run]) -> list[Run]:
        kept: list[Run] = []
        for run in said:
            if run.hidden is None:
                kept.append(run)
            elif run.text.strip():
                if run.hidden == "same_color" and self.ground is None:
                    self.unsure = True
                elif len(self.hidden) < _MOST_HIDDEN:
                    excerpt = " ".join(normal(run.text).split())[:80]
                    self.hidden.append(Hidden(0, run.hidden, excerpt))
        return kept

    def _line(
        self, said: Sequence[Run], placed: Sequence[Any], left: float, right: float, top: float
    ) -> float:
        """One line of the file, wrapped where it is longer than the room."""
        parts = [_spans(part) for part in _split(said, "\t")]
        size = max((span.run.size for part in parts for span in part), default=10.0)
        if len(parts) > 1:
            self._tabbed(parts, _stops(placed), left, right, self._down(top, size))
            return self._down(top, size) + size * _LEADING
        spans = parts[0] if parts else []
        listed = bool(spans) and spans[0].text == BULLET
        hang = spans[0].width + _space_of(size) if listed else 0.0
        for at, line in enumerate(_wrapped(spans, right - left - hang)):
            top = self._down(top, size)
            x = left + _shift(placed, right - left - _length(line)) + (hang if at else 0.0)
            self._set(line, x, top)
            top += size * _LEADING
        return top

    def _tabbed(
        self,
        parts: Sequence[Sequence[Span]],
        stops: Sequence[tuple[float, str]],
        left: float,
        right: float,
        top: float,
    ) -> None:
        x = left
        for number, part in enumerate(parts):
            length = _length(part)
            if number:
                at, kind = next(
                    ((left + at, kind) for at, kind in stops if left + at > x + 1),
                    (left + (int((x - left) // _TAB) + 1) * _TAB, "left"),
                )
                x = at - length if kind in ("right", "end") else at
                x = max(left, min(x, right - length))
            self._set(part, x, top)
            x += length

    def _down(self, top: float, size: float) -> float:
        """Where a line may begin: none stands across two sheets."""
        page = int(top // _USABLE)
        return (page + 1) * _USABLE if top + size * _LEADING > (page + 1) * _USABLE else top

    def _set(self, spans: Sequence[Span], x: float, top: float) -> None:
        page = int(top // _USABLE)
        down = MARGIN - page * _USABLE
        for span in spans:
            run = span.run
            box = Box(
                round(x, 2), round(top + down, 2),
                round(x + span.width, 2), round(top + down + run.size, 2),
            )  # fmt: skip
            word = Word(span.text, box, run.size, run.font, run.bold, color=run.color)
            self._words.setdefault(page, []).append(word)
            if run.link:
                self._links.setdefault(page, []).append(Link(run.link, box))
            x += span.width + _space_of(run.size)
        self._count += len(spans)
        if self._count > _MOST_WORDS:
            raise TooLong


def _split(said: Sequence[Run], sign: str) -> Iterator[list[Run]]:
    part: list[Run] = []
    for run in said:
        first, *others = run.text.split(sign)
        part.append(replace(run, text=first))
        for other in others:
            yield part
            part = [replace(run, text=(sign if sign == "\f" else "") + other)]
    yield part


def _spans(said: Sequence[Run]) -> list[Span]:
    """The words of runs; one may be made of several runs and is printed as its first."""
    found: list[tuple[str, Run]] = []
    apart = True
    for run in said:
        text = normal(run.text.replace("\f", " "))
        for at, piece in enumerate(text.split(" ")):
            apart = apart or at > 0
            if piece:
                if apart or not found:
                    found.append((piece, run))
                else:
                    found[-1] = (found[-1][0] + piece, found[-1][1])
                apart = False
    return [Span(text, _width(text) * run.size, run) for text, run in found]


def _wrapped(spans: Sequence[Span], room: float) -> Iterator[list[Span]]:
    line: list[Span] = []
    for span in spans:
        if line and _length([*line, span]) > room:
            yield line
            line = []
        line.append(span)
    if line:
        yield line


def _length(spans: Sequence[Span]) -> float:
    return sum(span.width + _space_of(span.run.size) for span in spans)


def _space_of(size: float) -> float:
    return 0.28 * size


@lru_cache(4_096)
def _width(text: str) -> float:
    return sum(map(_letter, text))


def _letter(sign: str) -> float:
    if unicodedata.east_asian_width(sign) in ("W", "F"):
        return 1.0
    if sign in _NARROW:
        return 0.3
    return 0.67 if sign.isupper() else 0.52


def _columns(table: Any, room: float) -> list[float]:
    grid = [_points(each.get(qn("w:w"))) or 0.0 for each in table.iter(qn("w:gridCol"))]
    own = table.find(qn("w:tblGrid"))
    if own is not None:
        grid = [_points(each.get(qn("w:w"))) or 0.0 for each in own.findall(qn("w:gridCol"))]
    many = max([len(row.findall(qn("w:tc"))) for row in table.findall(qn("w:tr"))], default=1)
    if len(grid) < many or sum(grid) <= 0:
        return [room / max(many, 1)] * max(many, 1)
    return [each * room / sum(grid) for each in grid]


def _spanned(cell: Any, most: int) -> int:
    own = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    told = "" if own is None else own.get(_VAL, "")
    return max(1, min(int(told) if told.isdecimal() and len(told) < 4 else 1, most))


def _first(placed: Sequence[Any], name: str) -> Any:
    return next((f for f in (each.find(qn(name)) for each in placed) if f is not None), None)


def _points(value: str | None) -> float | None:
    """Of twentieths, within reason."""
    try:
        return max(-500.0, min(2_000.0, int(value) / 20)) if value else None
    except ValueError:
        return None


def _indent(placed: Sequence[Any]) -> float:
    own = _first(placed, "w:ind")
    told = None if own is None else _points(own.get(qn("w:left")) or own.get(qn("w:start")))
    usual = _INDENT * (1 + _level(placed)) if _listed(placed) else 0.0
    return max(0.0, min(200.0, usual if told is None else told))


def _space(placed: Sequence[Any], name: str) -> float:
    own = _first(placed, "w:spacing")
    told = None if own is None else _points(own.get(qn(name)))
    return max(0.0, min(60.0, told or 0.0))


def _listed(placed: Sequence[Any]) -> bool:
    own = _first(placed, "w:numPr")
    number = None if own is None else own.find(qn("w:numId"))
    return number is not None and number.get(_VAL) != "0"


def _level(placed: Sequence[Any]) -> int:
    """How deep in lists within lists it stands, from 0."""
    own = _first(placed, "w:numPr")
    depth = None if own is None else own.find(qn("w:ilvl"))
    told = "" if depth is None else depth.get(_VAL, "")
    return min(int(told), _DEEPEST) if told.isdecimal() else 0


def _stops(placed: Sequence[Any]) -> list[tuple[float, str]]:
    own = _first(placed, "w:tabs")
    found = [] if own is None else [
        (_points(each.get(qn("w:pos"))), each.get(_VAL, "left")) for each in own
    ]  # fmt: skip
    return sorted((at, kind) for at, kind in found if at is not None and kind != "clear")


def _shift(placed: Sequence[Any], free: float) -> float:
    own = _first(placed, "w:jc")
    kind = None if own is None else own.get(_VAL)
    share = {"center": 0.5, "right": 1.0, "end": 1.0}.get(kind or "", 0.0)
    return max(0.0, free * share)
