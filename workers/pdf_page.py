"""One page of a PDF -> its visible words, ruled tables and links, by pdfplumber."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from pdfminer.pdfpage import PDFPage
from pdfplumber.pdf import PDF

from server.document.pages import Hidden, Page, Table, Word
from workers.pdf_annotations import Typed, links, typed, value_words
from workers.pdf_content import Interpreter
from workers.pdf_frame import Frame, frame_of, set_into
from workers.pdf_glyphs import is_unmapped, repair, storable
from workers.pdf_ink import Char, InkDevice, suspects
from workers.pdf_layers import Layers
from workers.pdf_pixels import Painter, Suspect, hiding, seen_after_all
from workers.pdf_rules import TooMuchDrawn, ruled_tables
from workers.pdf_words import words_of

_MOST_CHARS = 40_000
_MOST_HIDDEN = 20


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
        words = list(words_of(seen))
        words += self._values(frame, over, seen)
        return Page(
            number=number,
            width=round(frame.width, 2),
            height=round(frame.height, 2),
            words=tuple(words),
            tables=self._tables(device),
            links=tuple(links(source.annots, frame)),
            turn=turn,
        )

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
        visible = [char for char in device.chars if id(char) not in unseen]
        hidden = [each for each in doubted if id(each[1]) in unseen]
        told = list(hiding(hidden, visible))
        if any(char.get("cut") for _, char in hidden):
            self.reading.warnings.append("text_cut")
        for kind, group in groupby(told, key=lambda each: each[0]):
            excerpt = " ".join(storable("".join(char["text"] for _, char in group)).split())[:80]
            if excerpt and len(self.reading.hidden) < _MOST_HIDDEN:
                self.reading.hidden.append(Hidden(number, kind, excerpt))
        return visible

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

    def _tables(self, device: InkDevice) -> tuple[Table, ...]:
        try:
            return tuple(ruled_tables(device.shapes, device.frame.height))
        except TooMuchDrawn:
            self.reading.warnings.append("tables_not_read")
            return ()
