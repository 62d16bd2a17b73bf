"""What a page's instructions say of its letters: where they are painted, how, and which may be
unseen.

It only suspects. Whether something can be seen is decided by pixels: ``workers.pdf_pixels``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.utils import Matrix, mult_matrix
from pdfplumber.page import fix_fontname_bytes

from server.document.pages import HiddenReason
from workers.pdf_frame import Frame, Rect
from workers.pdf_glyphs import storable
from workers.pdf_rules import Shape, drawn_shape

Char = dict[str, Any]
"""A letter as pdfplumber has them (``top`` from above, in points), with its ``ink`` and why it may
be ``hidden``, wherever it stands, or None; ``cut`` where a frame had no room for its row."""
Rgb = tuple[float, float, float]

ALIKE = 0.06
"""Colours whose channels all differ less than this cannot be told apart."""
_TINY = 2.0
_SUBPATH = re.compile("m[^m]+")
_SMALLEST_FILL = 4.0
_MOST_FILLS = 400
_WHITE: Rgb = (1.0, 1.0, 1.0)
_ODD_SPACES = ("Separation", "DeviceN", "Indexed", "Pattern", "Lab")
_SPACE = 32
_NEXT_ROW = 1.5
"""Sizes of its letters that the top of a row may stand below the edge that cuts it off."""
_MOSTLY = 0.8
"""The share of a page's letters that run one way, from which the page is read that way."""


@dataclass(frozen=True, slots=True)
class Fill:
    """What covers an area (y upwards); ``color`` None where unknown: pictures, patterns."""

    order: int
    extent: Rect
    color: Rgb | None


class InkDevice(PDFPageAggregator):
    """Keeps letters and areas in the order in which they are painted, and where pictures are."""

    def __init__(self, rsrcmgr: Any, number: int, frame: Frame) -> None:
        super().__init__(rsrcmgr, pageno=number, laparams=None)
        self.chars: list[Char] = []
        self.fills: list[Fill] = []
        self.shapes: list[Shape] = []
        self.pictures: list[Rect] = []
        self.clip: Rect | None = None
        self.opaque = 1.0
        self.unseen_layers = 0
        self.frame = frame
        self._order = 0
        self._ways = {0: 0, 90: 0, 180: 0, 270: 0}
        self._known: dict[int, tuple[Any, dict[int, tuple[str, float]]]] = {}
        """Of each font, by its number, itself and its letters that were met."""
        self._shared: Char = {}
        """What the letters of a string have in common."""

    def turned(self) -> int:
        """By how many degrees clockwise the page is to be turned so that most letters stand up."""
        most = max(self._ways, key=lambda angle: self._ways[angle])
        return most if self._ways[most] > _MOSTLY * len(self.chars) else 0

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        self._order += 1
        font = textstate.font.fontname
        name = fix_fontname_bytes(font) if isinstance(font, bytes) else font
        self._shared = {
            "fontname": storable(name.split("+")[-1]),
            "ink": rgb(graphicstate.ncolor, ncs.name),
            "order": self._order,
            "hidden": self._suspected(textstate.render),
        }
        before = len(self.chars)
        matrix = mult_matrix(textstate.matrix, self.ctm)
        if _is_level(matrix, textstate):
            self._set(textstate, seq, matrix)
        else:
            super().render_string(textstate, seq, ncs, graphicstate)
        self._ways[_way(matrix)] += len(self.chars) - before

    def _set(self, textstate: Any, seq: Any, matrix: Matrix) -> None:
        """A string that stands up, placed along its line, whatever it is slanted by: the boxes of
        slanted letters overlap, which would swallow spaces. Others are pdfminer's to place."""
        font, fontsize = textstate.font, textstate.fontsize
        scaling = textstate.scaling * 0.01
        between, dx = textstate.charspace * scaling, 0.001 * fontsize * scaling
        after_space = 0 if font.is_multibyte() else textstate.wordspace * scaling
        known = self._known.setdefault(id(font), (font, {}))[1]
        a, _, c, d, e, f = matrix
        x, y = textstate.linematrix
        slant, base = y * c, y * d + f
        low = font.get_descent() * fontsize + textstate.rise
        y0, y1 = d * low + base, d * (low + fontsize) + base
        if y0 > y1:
            y0, y1 = y1, y0
        begun = False
        for piece in seq:
            if isinstance(piece, int | float):
                x -= piece * dx
                begun = True
            elif isinstance(piece, bytes):
                for cid in font.decode(piece):
                    if begun:
                        x += between
                    if cid not in known:
                        known[cid] = self._letter(font, cid)
                    text, width = known[cid]
                    advance = width * fontsize * scaling
                    x0 = x * a + slant + e
                    x1 = x0 + a * advance
                    box = (x0, y0, x1, y1) if x0 <= x1 else (x1, y0, x0, y1)
                    self._put(text, box, upright=True, size=y1 - y0)
                    x += advance
                    if cid == _SPACE and after_space:
                        x += after_space
                    begun = True
        textstate.linematrix = (x, y)

    def _letter(self, font: Any, cid: int) -> tuple[str, float]:
        """Its text and its width, in sizes of the font."""
        try:
            text = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = self.handle_undefined_char(font, cid)
        return text, font.char_width(cid)

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        return self._placed(super().render_char(*args, **kwargs))

    def _placed(self, advance: float) -> float:
        item: Any = self.cur_item._objs.pop()
        self._put(item.get_text(), item.bbox, upright=item.upright, size=item.size)
        return advance

    def _put(self, text: str, box: Rect, *, upright: bool, size: float) -> None:
        x0, y0, x1, y1 = box
        high = self.frame.height
        hidden = self._shared["hidden"] or self._out_of_sight(box, size)
        char: Char = {
            **self._shared, "text": text, "size": size, "upright": upright,
            "x0": x0, "x1": x1, "top": high - y1, "bottom": high - y0, "doctop": high - y1,
            "width": x1 - x0, "height": y1 - y0, "hidden": hidden,
        }  # fmt: skip
        if hidden == "off_page" and self._is_cut(box, size):
            char["cut"] = True
        self.chars.append(char)

    def _is_cut(self, box: Rect, size: float) -> bool:
        """The row after the last that its frame has room for, as in a cell that a page ends in."""
        x0, _, x1, y1 = box
        clip = self.clip
        return bool(
            clip and clip[0] <= x0 and x1 <= clip[2] and 0 < clip[1] - y1 < _NEXT_ROW * size
        )

    def _suspected(self, render: int) -> HiddenReason | None:
        if self.unseen_layers:
            return "layer_off"
        if render in (3, 7):
            return "invisible"
        return "transparent" if self.opaque < 0.05 else None

    def _out_of_sight(self, box: Rect, size: float) -> HiddenReason | None:
        x0, y0, x1, y1 = box
        if not (0 <= x0 + x1 <= 2 * self.frame.width and 0 <= y0 + y1 <= 2 * self.frame.height):
            return "off_page"
        if size < _TINY:
            return "tiny"
        clip = self.clip
        if clip and (x1 < clip[0] or x0 > clip[2] or y1 < clip[1] or y0 > clip[3]):
            return "off_page"
        return None

    def paint_path(
        self, gstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Sequence[Any]
    ) -> None:
        shape = "".join(step[0] for step in path)
        if shape[:1] != "m":
            return
        if shape.count("m") > 1:
            for part in _SUBPATH.finditer(shape):
                self.paint_path(gstate, stroke, fill, evenodd, path[part.start() : part.end()])
            return
        drawn = drawn_shape(shape, path, self.ctm)
        self.shapes.append(drawn)
        if fill:
            self._fill(drawn.extent, rgb(gstate.ncolor, gstate.ncs.name))

    def render_image(self, *args: Any, **kwargs: Any) -> None:
        item = self.cur_item
        extent = (item.x0, item.y0, item.x1, item.y1)
        self.pictures.append(extent)
        self._fill(extent, None)

    def _fill(self, extent: Rect, color: Rgb | None) -> None:
        self._order += 1
        if extent[2] - extent[0] >= _SMALLEST_FILL and extent[3] - extent[1] >= _SMALLEST_FILL:
            self.fills.append(Fill(self._order, extent, color))


def _is_level(matrix: Matrix, textstate: Any) -> bool:
    a, b, _, d, *_ = matrix
    return not b and a * d * textstate.scaling > 0 and not textstate.font.is_vertical()


def _way(matrix: Matrix) -> int:
    a, b, *_ = matrix
    if abs(a) >= abs(b):
        return 0 if a >= 0 else 180
    return 90 if b > 0 else 270


def rgb(color: Any, space: str) -> Rgb | None:
    """The colour as red, green and blue in [0, 1]; None for patterns and spot colours."""
    parts = color if isinstance(color, tuple) else (color,)
    if any(odd in space for odd in _ODD_SPACES):
        return None
    if not all(isinstance(part, int | float) for part in parts):
        return None
    if len(parts) == 1:
        return (parts[0], parts[0], parts[0])
    if len(parts) == 3:
        return (parts[0], parts[1], parts[2])
    if len(parts) == 4:
        cyan, magenta, yellow, black = parts
        return ((1 - cyan) * (1 - black), (1 - magenta) * (1 - black), (1 - yellow) * (1 - black))
    return None


def suspects(device: InkDevice) -> list[tuple[HiddenReason, Char]]:
    """The letters that may be unseen, each with why."""
    # the largest: thousands of dots must not cost a second
    fills = sorted(device.fills, key=lambda each: -_area(each.extent))[:_MOST_FILLS]
    high = device.frame.height
    found = []
    for char in device.chars:
        reason = char["hidden"]
        if reason is None and (fills or not _is_dark(char["ink"])):
            x, y = (char["x0"] + char["x1"]) / 2, high - (char["top"] + char["bottom"]) / 2
            reason = _lost(fills, char["order"], x, y, char["ink"])
        if reason is not None:
            found.append((reason, char))
    return found


def _lost(
    fills: Sequence[Fill], order: int, x: float, y: float, color: Rgb | None
) -> HiddenReason | None:
    alike = _alike(color, _WHITE)
    for each in fills:
        x0, y0, x1, y1 = each.extent  # asked for every character of every fill: no call
        if not (x0 <= x <= x1 and y0 <= y <= y1):
            continue
        if each.order > order:
            return "covered"
        alike = alike or _alike(color, each.color)
    return "same_color" if alike else None


def _alike(one: Rgb | None, other: Rgb | None) -> bool:
    if one is None or other is None:
        return False
    return all(abs(a - b) < ALIKE for a, b in zip(one, other, strict=True))


def _is_dark(color: Rgb | None) -> bool:
    """Plainly readable on white paper."""
    return color is not None and min(color) < 0.8


def _area(extent: Rect) -> float:
    return (extent[2] - extent[0]) * (extent[3] - extent[1])
