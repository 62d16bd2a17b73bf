"""One page of a PDF -> its visible words, ruled tables and links, by pdfplumber."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from pdfminer.pdfpage import PDFPage
from pdfplumber.page import Page as PlumberPage
from pdfplumber.pdf import PDF
from pdfplumber.utils.geometry import bbox_getter, objects_to_bbox
from pdfplumber.utils.text import extract_words

from server.document.pages import BULLET, Box, Hidden, Page, Table, Word
from workers.pdf_annotations import Typed, links, typed, value_words
from workers.pdf_content import Interpreter
from workers.pdf_frame import Frame, frame_of, set_into
from workers.pdf_glyphs import is_rtl, is_unmapped, repair, storable
from workers.pdf_ink import Char, InkDevice, Rgb, suspects
from workers.pdf_layers import Layers
from workers.pdf_pixels import Painter, Suspect, seen_after_all

_MOST_CHARS = 40_000
_MANY_EDGES = 600
_MOST_EDGES = 20_000
_SHORTEST_EDGE = 8.0
_MOST_HIDDEN = 20
_TEXT, _SIZE = itemgetter("text"), itemgetter("size")


@dataclass(slots=True)
class Reading:
    """What was met on all pages together."""

    letters: int = 0
    unmapped: int = 0
    scanned: bool = False
    hidden: list[Hidden] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class PageReader:
    def __init__(self, pdf: PDF) -> None:
        self.reading = Reading()
        self._pdf = pdf
        self._layers = Layers(pdf.doc.catalog)
        self._painter = Painter(pdf.stream)

    def read(self, source: PDFPage, number: int) -> Page:
        over = list(typed(source.annots))
        frame, device, turn = self._interpret(source, number, over)
        seen = self._visible(device, number, turn)
        self._count(device, seen)
        repair(seen)
        words = list(_words(seen))
        words += self._values(frame, over, seen)
        page = PlumberPage(self._pdf, source, page_number=number)
        page._layout = device.get_result()
        read = Page(
            number=number,
            width=round(frame.width, 2),
            height=round(frame.height, 2),
            words=tuple(words),
            tables=tuple(self._tables(page)),
            links=tuple(links(source.annots, frame)),
            turn=turn,
        )
        page.close()
        return read

    def _interpret(
        self, source: PDFPage, number: int, over: Sequence[Typed]
    ) -> tuple[Frame, InkDevice, int]:
        """Once more where the letters of a page that says nothing of it stand on their side."""
        attributes, turn = source.attrs, 0
        while True:
            source.attrs = attributes
            frame = frame_of(source, turn)
            set_into(source, frame)
            device = InkDevice(self._pdf.rsrcmgr, number, frame)
            looks = [each.drawn for each in over if each.drawn]
            Interpreter(self._pdf.rsrcmgr, device, self._layers).paint(source, frame, looks)
            if turn or not (turn := device.turned()):
                return frame, device, turn

    def _visible(self, device: InkDevice, number: int, turn: int) -> list[Char]:
        if len(device.chars) > _MOST_CHARS:
            del device.chars[_MOST_CHARS:]
            self.reading.warnings.append("text_cut")
        doubted = suspects(device)
        if not doubted:
            return device.chars
        unseen = {id(char) for _, char in doubted}
        seen = [char for char in device.chars if id(char) not in unseen]
        unseen -= self._shown(device, doubted, seen, number, turn)
        for kind, group in groupby(
            (each for each in doubted if id(each[1]) in unseen), key=lambda each: each[0]
        ):
            excerpt = " ".join(storable("".join(char["text"] for _, char in group)).split())[:80]
            if excerpt and len(self.reading.hidden) < _MOST_HIDDEN:
                self.reading.hidden.append(Hidden(number, kind, excerpt))
        return [char for char in device.chars if id(char) not in unseen]

    def _shown(
        self,
        device: InkDevice,
        doubted: Sequence[Suspect],
        seen: Sequence[Char],
        number: int,
        turn: int,
    ) -> set[int]:
        paper = self._painter.paint(number, turn, [char for _, char in doubted])
        if paper is None:
            return set()
        high = device.frame.height
        pictures = [(x0, high - y1, x1, high - y0) for x0, y0, x1, y1 in device.pictures]
        return {id(char) for char in seen_after_all(doubted, seen, paper, pictures)}

    def _values(self, frame: Frame, over: Sequence[Typed], seen: Sequence[Char]) -> Iterator[Word]:
        """Of fields that have no look of their own, unless the page itself says the same there."""
        for each in over:
            box = frame.box(each.rect)
            if each.drawn or box is None:
                continue
            x0, top, x1, bottom = box
            there = "".join(
                char["text"]
                for char in seen
                if x0 <= (char["x0"] + char["x1"]) / 2 <= x1
                and top <= (char["top"] + char["bottom"]) / 2 <= bottom
            )
            if "".join(each.value.split()) not in "".join(there.split()):
                self.reading.letters += len(each.value)
                yield from value_words(each.value, box)

    def _count(self, device: InkDevice, chars: list[Char]) -> None:
        for char in chars:
            if is_unmapped(char["text"]):
                self.reading.unmapped += 1
            elif char["text"].strip():
                self.reading.letters += 1
        area = device.frame.width * device.frame.height or 1.0
        if any((x1 - x0) * (y1 - y0) > area / 2 for x0, y0, x1, y1 in device.pictures):
            self.reading.scanned = True

    def _tables(self, page: PlumberPage) -> Iterator[Table]:
        edges = [e for e in page.edges if e["x1"] - e["x0"] + e["bottom"] - e["top"] > 2.0]
        if len(edges) < 4:
            return
        if len(edges) > _MOST_EDGES:
            self.reading.warnings.append("tables_not_read")
            return
        # dashed rules are many short edges; beyond a form's worth of them they are ornament
        shortest = _SHORTEST_EDGE if len(edges) > _MANY_EDGES else 1.0
        settings = {"edge_min_length": _SHORTEST_EDGE, "edge_min_length_prefilter": shortest}
        for found in page.find_tables(settings):
            rows = tuple(
                tuple(None if cell is None else _box(cell) for cell in row.cells)
                for row in found.rows
            )
            if sum(cell is not None for row in rows for cell in row) >= 2:
                yield Table(rows)


def _words(chars: list[Char]) -> Iterator[Word]:
    upright = [char for char in chars if char["upright"] and char["text"]]
    turned = [char for char in chars if not char["upright"] and char["text"]]
    for group in (upright, turned):
        if not group:
            continue
        for found in extract_words(group, x_tolerance_ratio=0.15, return_chars=True):
            if BULLET not in found["text"]:
                yield _word(found["text"], bbox_getter(found), found["chars"])
                continue
            for part in _without_bullets(found["chars"]):
                yield _word("".join(map(_TEXT, part)), objects_to_bbox(part), part)


def _without_bullets(chars: list[Char]) -> Iterator[list[Char]]:
    """A sign stands for itself: 'mail icon + address' are two words."""
    for sign, group in groupby(chars, key=lambda char: bool(char["text"] == BULLET)):
        if sign:
            yield [next(group)]
        else:
            yield list(group)


def _word(text: str, box: Iterable[float], chars: list[Char]) -> Word:
    if not text.isascii() and is_rtl(text):
        text = "".join(char["text"] for char in reversed(chars))
    first = max(chars, key=_SIZE)
    fonts = [char["fontname"] for char in chars]
    return Word(
        text=text,
        box=Box(*(round(each, 2) for each in box)),
        size=round(first["size"], 2),
        font=fonts[0] if fonts.count(fonts[0]) == len(fonts) else max(fonts, key=fonts.count),
        bold=2 * sum(map(_is_bold, fonts)) > len(fonts),
        upright=bool(first["upright"]),
        color=_hex(first["ink"]),
    )


@lru_cache(256)
def _is_bold(font: str) -> bool:
    name = font.lower()
    return any(mark in name for mark in ("bold", "black", "heavy", "-bd", "demi", "cmbx"))


@lru_cache(256)
def _hex(color: Rgb | None) -> int:
    if color is None:
        return -1
    red, green, blue = (max(0, min(255, round(part * 255))) for part in color)
    return red << 16 | green << 8 | blue


def _box(cell: tuple[float, float, float, float]) -> Box:
    return Box(*(round(float(value), 2) for value in cell))
