"""What a page's instructions say of how its letters are painted: which may be unseen, and why.

It only suspects. Whether something can be seen is decided by pixels: ``workers.pdf_pixels``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pdfminer.converter import PDFPageAggregator
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, dict_value, resolve1
from pdfminer.psparser import literal_name
from pdfminer.utils import MATRIX_IDENTITY, Matrix, apply_matrix_rect, mult_matrix

from server.document.pages import HiddenReason
from workers.pdf_frame import Frame, Rect
from workers.pdf_layers import Layers

Rgb = tuple[float, float, float]

ALIKE = 0.06
"""Colours whose channels all differ less than this cannot be told apart."""
_TINY = 2.0
_SMALLEST_FILL = 4.0
_MOST_FILLS = 400
_WHITE: Rgb = (1.0, 1.0, 1.0)


@dataclass(slots=True)
class Fill:
    """What covers an area (y upwards); ``color`` None where unknown: pictures, patterns."""

    order: int
    extent: Rect
    color: Rgb | None


class InkDevice(PDFPageAggregator):
    """Keeps the order in which letters and areas are painted, and where pictures are.

    Each character gets two more attributes: ``order``, and ``hidden``, the reason why it may be
    unseen wherever it stands, or None.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = 0
        self.fills: list[Fill] = []
        self.pictures: list[Rect] = []
        self.clip: Rect | None = None
        self.opaque = 1.0
        self.unseen_layers = 0
        self._render = 0

    def render_string(self, textstate: Any, *args: Any) -> None:
        self.order += 1
        self._render = textstate.render
        super().render_string(textstate, *args)

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        advance = super().render_char(*args, **kwargs)
        char: Any = self.cur_item._objs[-1]
        char.order = self.order
        char.hidden = self._suspected(char)
        return advance

    def _suspected(self, char: Any) -> HiddenReason | None:
        if self.unseen_layers:
            return "layer_off"
        if self._render in (3, 7):
            return "invisible"
        if self.opaque < 0.05:
            return "transparent"
        if char.size < _TINY:
            return "tiny"
        clip = self.clip
        if clip is not None and (
            char.x1 < clip[0] or char.x0 > clip[2] or char.y1 < clip[1] or char.y0 > clip[3]
        ):
            return "off_page"
        return None

    def paint_path(
        self, gstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Sequence[Any]
    ) -> None:
        super().paint_path(gstate, stroke, fill, evenodd, path)
        if not fill or not path or sum(1 for step in path if step[0] == "m") > 1:
            return  # the outlines of a broken path have come here one by one
        if self.cur_item._objs:
            item: Any = self.cur_item._objs[-1]
            self.fill((item.x0, item.y0, item.x1, item.y1), rgb(gstate.ncolor, gstate.ncs.name))

    def render_image(self, *args: Any, **kwargs: Any) -> None:
        item = self.cur_item
        extent = (item.x0, item.y0, item.x1, item.y1)
        self.pictures.append(extent)
        self.fill(extent, None)

    def fill(self, extent: Rect, color: Rgb | None) -> None:
        self.order += 1
        if extent[2] - extent[0] >= _SMALLEST_FILL and extent[3] - extent[1] >= _SMALLEST_FILL:
            self.fills.append(Fill(self.order, extent, color))


class InkInterpreter(PDFPageInterpreter):
    """pdfminer's interpreter in a frame; tells clips, transparency and layers to its device."""

    device: InkDevice

    def __init__(self, rsrcmgr: Any, device: InkDevice, layers: Layers) -> None:
        super().__init__(rsrcmgr, device)
        self._layers = layers
        self._saved: list[tuple[Rect | None, float]] = []
        self._marks: list[bool] = []

    def subinterp(self) -> InkInterpreter:
        return InkInterpreter(self.rsrcmgr, self.device, self._layers)

    def paint(self, page: PDFPage, frame: Frame, typed: Sequence[tuple[PDFStream, Matrix]]) -> None:
        """The page's own content, then what was ``typed`` over it."""
        self.device.begin_page(page, MATRIX_IDENTITY)
        self.render_contents(page.resources, page.contents, ctm=frame.matrix)
        for number, (look, placed) in enumerate(typed):
            within = self.subinterp()
            matrix = mult_matrix(placed, frame.matrix)
            self.device.clip, self.device.opaque, self.device.unseen_layers = None, 1.0, 0
            self.device.begin_figure(f"typed{number}", (0, 0, 1, 1), matrix)
            resources = resolve1(look.get("Resources"))
            within.render_contents(resources if isinstance(resources, dict) else {}, [look], matrix)
            self.device.end_figure("")
        self.device.end_page(page)

    def do_q(self) -> None:
        super().do_q()
        self._saved.append((self.device.clip, self.device.opaque))

    def do_Q(self) -> None:
        super().do_Q()
        if self._saved:
            self.device.clip, self.device.opaque = self._saved.pop()

    def do_W(self) -> None:
        super().do_W()
        points = [
            (float(x), float(y))
            for step in self.curpath
            for x, y in zip(step[1::2], step[2::2], strict=False)
        ]
        if points:
            across, up = zip(*points, strict=True)
            extent = apply_matrix_rect(self.ctm, (min(across), min(up), max(across), max(up)))
            clip = self.device.clip
            self.device.clip = extent if clip is None else _common(clip, extent)

    def do_W_a(self) -> None:
        self.do_W()

    def do_gs(self, name: Any) -> None:
        states = dict_value(self.resources.get("ExtGState") or {})
        state = resolve1(states.get(literal_name(name)))
        opaque = resolve1(state.get("ca")) if isinstance(state, dict) else None
        if isinstance(opaque, int | float):
            self.device.opaque = float(opaque)

    def do_Do(self, name: Any) -> None:
        device = self.device
        before = device.clip, device.opaque, device.unseen_layers
        stream = resolve1(self.xobjmap.get(literal_name(name)))
        if isinstance(stream, PDFStream) and self._layers.is_off(stream.get("OC")):
            device.unseen_layers += 1
        super().do_Do(name)
        device.clip, device.opaque, device.unseen_layers = before

    def do_BMC(self, tag: Any) -> None:
        self._marks.append(False)

    def do_BDC(self, tag: Any, props: Any) -> None:
        off = False
        if self._layers and literal_name(tag) == "OC":
            known = dict_value(self.resources.get("Properties") or {})
            off = self._layers.is_off(known.get(literal_name(props)))
        self._marks.append(off)
        self.device.unseen_layers += off

    def do_EMC(self) -> None:
        if self._marks:
            self.device.unseen_layers -= self._marks.pop()


def rgb(color: Any, space: str) -> Rgb | None:
    """The colour as red, green and blue in [0, 1]; None for patterns and spot colours."""
    parts = color if isinstance(color, tuple) else (color,)
    if any(odd in space for odd in ("Separation", "DeviceN", "Indexed", "Pattern", "Lab")):
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


def suspected(
    fills: Sequence[Fill], order: int, x: float, y: float, color: Rgb | None
) -> HiddenReason | None:
    """Why a character painted at ``order`` with its middle at x, y may be unseen, or None."""
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


def is_dark(color: Rgb | None) -> bool:
    """Plainly readable on white paper."""
    return color is not None and min(color) < 0.8


def strongest(fills: list[Fill]) -> list[Fill]:
    """The largest fills: thousands of dots must not cost a second."""
    return sorted(fills, key=lambda each: -_area(each.extent))[:_MOST_FILLS]


def _area(extent: Rect) -> float:
    return (extent[2] - extent[0]) * (extent[3] - extent[1])


def _common(one: Rect, other: Rect) -> Rect:
    return (
        max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3]),
    )  # fmt: skip
