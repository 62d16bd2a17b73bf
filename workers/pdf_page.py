"""One page of a PDF -> its visible words, ruled tables and links, by pdfplumber."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import Any

from pdfminer.layout import LTChar, LTItem
from pdfminer.pdfpage import PDFPage
from pdfplumber.page import Page as PlumberPage
from pdfplumber.page import fix_fontname_bytes
from pdfplumber.pdf import PDF
from pdfplumber.utils.text import extract_words

from server.document.pages import BULLET, Box, Hidden, HiddenReason, Page, Table, Word
from workers.pdf_annotations import Typed, links, typed, value_words
from workers.pdf_frame import Frame, frame_of, set_into, turned_letters
from workers.pdf_glyphs import is_rtl, is_unmapped, repair, storable
from workers.pdf_ink import InkDevice, InkInterpreter, Rgb, is_dark, rgb, strongest, suspected
from workers.pdf_layers import Layers
from workers.pdf_pixels import Painter, Suspect, seen_after_all

_MOST_CHARS = 40_000
_MANY_EDGES = 600
_MOST_EDGES = 20_000
_SHORTEST_EDGE = 8.0
_MOST_HIDDEN = 20

Char = dict[str, Any]


@dataclass(slots=True)
class Reading:
    """What was met on all pages together."""

    letters: int = 0
    unmapped: int = 0
    scanned: bool = False
    hidden: list[Hidden] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class InkPage(PlumberPage):
    """pdfplumber's page; characters carry what InkDevice noted, and less of what we never use."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._inks: dict[tuple[Any, str], Rgb | None] = {}

    def process_object(self, obj: LTItem) -> Char:
        if not isinstance(obj, LTChar):
            return super().process_object(obj)
        item: Any = obj
        above = self.height
        font = item.fontname
        x0, x1 = _upright_extent(item)
        return {
            "object_type": "char",
            "page_number": self.page_number,
            "text": item.get_text(),
            "fontname": fix_fontname_bytes(font) if isinstance(font, bytes) else font,
            "size": item.size,
            "upright": item.upright,
            "x0": x0,
            "x1": x1,
            "y0": item.y0,
            "y1": item.y1,
            "top": above - item.y1,
            "bottom": above - item.y0,
            "doctop": above - item.y1,
            "width": item.width,
            "height": item.height,
            "order": item.order,
            "hidden": item.hidden,
            "ink": self._ink(item.graphicstate.ncolor, item.ncs.name),
        }

    def _ink(self, color: Any, space: str) -> Rgb | None:
        known = self._inks
        key = (color, space)
        if key not in known:
            known[key] = rgb(color, space)
        return known[key]


class PageReader:
    def __init__(self, pdf: PDF) -> None:
        self.reading = Reading()
        self._pdf = pdf
        self._layers = Layers(pdf.doc.catalog)
        self._painter = Painter(pdf.stream)

    def read(self, source: PDFPage, number: int) -> Page:
        over = list(typed(source.annots))
        frame, device, turn = self._interpret(source, number, over)
        page = InkPage(self._pdf, source, page_number=number)
        page._layout = device.get_result()
        chars = page.chars
        if len(chars) > _MOST_CHARS:
            chars = chars[:_MOST_CHARS]
            self.reading.warnings.append("text_cut")
        seen = self._visible(page, device, chars, number, turn)
        self._count(page, device, seen)
        repair(seen)
        words = list(_words(seen))
        words += self._values(frame, over, seen)
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
            device = InkDevice(self._pdf.rsrcmgr, pageno=number, laparams=None)
            looks = [each.drawn for each in over if each.drawn]
            InkInterpreter(self._pdf.rsrcmgr, device, self._layers).paint(source, frame, looks)
            if turn or not (turn := turned_letters(_letters(device.get_result()))):
                return frame, device, turn

    def _visible(
        self, page: PlumberPage, device: InkDevice, chars: list[Char], number: int, turn: int
    ) -> list[Char]:
        fills = strongest(device.fills)
        seen: list[Char] = []
        suspects: list[Suspect] = []
        for char in chars:
            reason = _out_of_page(page, char) or char["hidden"]
            if reason is None and (fills or not is_dark(char["ink"])):
                x, y = (char["x0"] + char["x1"]) / 2, (char["y0"] + char["y1"]) / 2
                reason = suspected(fills, char["order"], x, y, char["ink"])
            if reason is None:
                seen.append(char)
            else:
                suspects.append((reason, char))
        if not suspects:
            return seen
        shown = self._shown(page, device, suspects, seen, number, turn)
        for kind, group in groupby(
            (each for each in suspects if id(each[1]) not in shown), key=lambda each: each[0]
        ):
            excerpt = " ".join(storable("".join(char["text"] for _, char in group)).split())[:80]
            if excerpt and len(self.reading.hidden) < _MOST_HIDDEN:
                self.reading.hidden.append(Hidden(number, kind, excerpt))
        kept = {id(char) for char in seen} | shown
        return [char for char in chars if id(char) in kept]

    def _shown(
        self,
        page: PlumberPage,
        device: InkDevice,
        suspects: Sequence[Suspect],
        seen: Sequence[Char],
        number: int,
        turn: int,
    ) -> set[int]:
        paper = self._painter.paint(number, turn, [char for _, char in suspects])
        if paper is None:
            return set()
        high = float(page.height)
        pictures = [(x0, high - y1, x1, high - y0) for x0, y0, x1, y1 in device.pictures]
        return {id(char) for char in seen_after_all(suspects, seen, paper, pictures)}

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

    def _count(self, page: PlumberPage, device: InkDevice, chars: list[Char]) -> None:
        for char in chars:
            if is_unmapped(char["text"]):
                self.reading.unmapped += 1
            elif char["text"].strip():
                self.reading.letters += 1
        area = float(page.width * page.height) or 1.0
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


def _upright_extent(item: Any) -> tuple[float, float]:
    """From where to where the letter goes along its line.

    Letters slanted by the matrix, as browsers make italics, have boxes that overlap their
    neighbours', which would swallow the spaces between words.
    """
    a, b, c, _, e, _ = item.matrix
    if b or not c or not item.upright:
        return item.x0, item.x1
    first, last = sorted((e, e + a * item.adv))
    return first, last


def _out_of_page(page: PlumberPage, char: Char) -> HiddenReason | None:
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return None if 0 <= x <= page.width and 0 <= y <= page.height else "off_page"


def _letters(item: Any) -> Iterator[LTChar]:
    for each in getattr(item, "_objs", ()):
        if isinstance(each, LTChar):
            yield each
        else:
            yield from _letters(each)


def _words(chars: list[Char]) -> Iterator[Word]:
    upright = [char for char in chars if char["upright"] and char["text"]]
    turned = [char for char in chars if not char["upright"] and char["text"]]
    for group in (upright, turned):
        if not group:
            continue
        for found in extract_words(group, x_tolerance_ratio=0.15, return_chars=True):
            for part in _without_bullets(found["chars"]):
                yield _word(part)


def _without_bullets(chars: list[Char]) -> Iterator[list[Char]]:
    """A sign stands for itself: 'mail icon + address' are two words."""
    for sign, group in groupby(chars, key=lambda char: bool(char["text"] == BULLET)):
        if sign:
            yield [next(group)]
        else:
            yield list(group)


def _word(chars: list[Char]) -> Word:
    text = "".join(char["text"] for char in chars)
    if is_rtl(text):
        text = "".join(char["text"] for char in reversed(chars))
    first = max(chars, key=lambda char: char["size"])
    fonts = [char["fontname"].split("+")[-1] for char in chars]
    return Word(
        text=text,
        box=Box(
            round(min(char["x0"] for char in chars), 2),
            round(min(char["top"] for char in chars), 2),
            round(max(char["x1"] for char in chars), 2),
            round(max(char["bottom"] for char in chars), 2),
        ),
        size=round(first["size"], 2),
        font=storable(max(fonts, key=fonts.count)),
        bold=2 * sum(_is_bold(font) for font in fonts) > len(fonts),
        upright=bool(first["upright"]),
        color=_hex(first["ink"]),
    )


@lru_cache(256)
def _is_bold(font: str) -> bool:
    name = font.lower()
    return any(mark in name for mark in ("bold", "black", "heavy", "-bd", "demi", "cmbx"))


def _hex(color: Rgb | None) -> int:
    if color is None:
        return -1
    red, green, blue = (max(0, min(255, round(part * 255))) for part in color)
    return red << 16 | green << 8 | blue


def _box(cell: tuple[float, float, float, float]) -> Box:
    return Box(*(round(float(value), 2) for value in cell))
