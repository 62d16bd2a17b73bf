"""What a page's instructions paint, in order: so that text nobody can see is told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import dict_value, resolve1
from pdfminer.psparser import literal_name
from pdfminer.utils import apply_matrix_pt
from pdfplumber.page import PDFPageAggregatorWithMarkedContent

from server.document.pages import HiddenReason

Rgb = tuple[float, float, float]
Extent = tuple[float, float, float, float]
"""x0, y0, x1, y1 with y upwards, as pdfminer has it."""

_ALIKE = 0.06
"""Text whose colour channels all differ less than this from what is under it cannot be read."""
_TINY = 2.0
_SMALLEST_FILL = 4.0
_MOST_FILLS = 400


@dataclass(slots=True)
class Fill:
    """A filled area; ``color`` None where it is not known (pictures, patterns, shadings).

    ``whole``: it fills its extent; a curved or broken outline may leave some of it unpainted.
    """

    order: int
    extent: Extent
    color: Rgb | None
    whole: bool


class InkDevice(PDFPageAggregatorWithMarkedContent):
    """pdfplumber's device, which also keeps the paint order, clips and fills.

    Each character gets two more attributes: ``order``, its place in the paint order, and
    ``hidden``, the reason why it cannot be seen wherever it stands, or None.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order = 0
        self.fills: list[Fill] = []
        self.pictures: list[Extent] = []
        self.clip: Extent | None = None
        self.opaque = 1.0
        self.blends = False
        self._render = 0

    def render_string(self, textstate: Any, *args: Any) -> None:
        self.order += 1
        self._render = textstate.render
        super().render_string(textstate, *args)

    def render_char(self, *args: Any, **kwargs: Any) -> float:
        advance = super(PDFPageAggregatorWithMarkedContent, self).render_char(*args, **kwargs)
        char: Any = self.cur_item._objs[-1]
        char.order = self.order
        char.hidden = self._hidden(char)
        return advance

    def _hidden(self, char: Any) -> HiddenReason | None:
        if self._render in (3, 7):
            return "invisible"
        if self.opaque < 0.05:
            return "transparent"
        if char.size < _TINY:
            return "tiny"
        if self.clip is not None and _apart(self.clip, (char.x0, char.y0, char.x1, char.y1)):
            return "off_page"
        return None

    def paint_path(
        self, gstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Sequence[Any]
    ) -> None:
        super().paint_path(gstate, stroke, fill, evenodd, path)
        if not fill or not path or sum(1 for step in path if step[0] == "m") > 1:
            return  # the outlines of a broken path have come here one by one
        color = rgb(gstate.ncolor, gstate.ncs.name)
        known = self.opaque > 0.99 and not self.blends
        self.fill(_extent(path, self.ctm), color if known else None, _is_rectangle(path))

    def render_image(self, *args: Any, **kwargs: Any) -> None:
        item = self.cur_item
        extent = (item.x0, item.y0, item.x1, item.y1)
        self.pictures.append(extent)
        self.fill(extent, None)

    def fill(self, extent: Extent, color: Rgb | None, whole: bool = True) -> None:
        self.order += 1
        if self.clip is not None:
            extent = _common(extent, self.clip)
        if extent[2] - extent[0] >= _SMALLEST_FILL and extent[3] - extent[1] >= _SMALLEST_FILL:
            self.fills.append(Fill(self.order, extent, color, whole))


class InkInterpreter(PDFPageInterpreter):
    """pdfminer's interpreter with clips, transparency and shadings, told to an InkDevice."""

    device: InkDevice

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._saved: list[tuple[Extent | None, float, bool]] = []

    def do_q(self) -> None:
        super().do_q()
        self._saved.append((self.device.clip, self.device.opaque, self.device.blends))

    def do_Q(self) -> None:
        super().do_Q()
        if self._saved:
            self.device.clip, self.device.opaque, self.device.blends = self._saved.pop()

    def do_W(self) -> None:
        super().do_W()
        if self.curpath:
            extent = _extent(self.curpath, self.ctm)
            clip = self.device.clip
            self.device.clip = extent if clip is None else _common(clip, extent)

    def do_W_a(self) -> None:
        self.do_W()

    def do_sh(self, name: object) -> None:
        self.device.fill(self.device.clip or (-1e6, -1e6, 1e6, 1e6), None)

    def do_gs(self, name: Any) -> None:
        states = dict_value(self.resources.get("ExtGState") or {})
        state = resolve1(states.get(literal_name(name)))
        if not isinstance(state, dict):
            return
        opaque = resolve1(state.get("ca"))
        if isinstance(opaque, int | float):
            self.device.opaque = float(opaque)
        if "BM" in state:
            self.device.blends = "Normal" not in str(resolve1(state["BM"]))

    def do_Do(self, name: Any) -> None:
        device = self.device
        before = device.clip, device.opaque, device.blends
        super().do_Do(name)
        device.clip, device.opaque, device.blends = before


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


def concealed(
    fills: Sequence[Fill], order: int, x: float, y: float, color: Rgb | None
) -> HiddenReason | None:
    """Why a character painted at ``order`` with its middle at x, y cannot be seen, or None."""
    under: list[Rgb | None] = [(1.0, 1.0, 1.0)]
    for each in fills:
        x0, y0, x1, y1 = each.extent  # asked for every character of every fill: no call
        if not (x0 <= x <= x1 and y0 <= y <= y1):
            continue
        if each.order < order:
            under = [each.color] if each.whole else [*under, each.color]
        elif each.color is not None and each.whole:
            return "covered"
    return "same_color" if all(_alike(color, each) for each in under) else None


def _alike(one: Rgb | None, other: Rgb | None) -> bool:
    if one is None or other is None:
        return False
    return all(abs(a - b) < _ALIKE for a, b in zip(one, other, strict=True))


def is_dark(color: Rgb | None) -> bool:
    """Plainly readable on white paper."""
    return color is not None and min(color) < 0.8


def strongest(fills: list[Fill]) -> list[Fill]:
    """The largest fills, in paint order: thousands of dots must not cost a second."""
    if len(fills) <= _MOST_FILLS:
        return fills
    largest = sorted(fills, key=lambda each: -_area(each.extent))[:_MOST_FILLS]
    return sorted(largest, key=lambda each: each.order)


def _is_rectangle(path: Sequence[Any]) -> bool:
    """Straight sides along the axes, four corners: ``re`` arrives as m l l l h."""
    corners = [step[-2:] for step in path if step[0] != "h"]
    if any(step[0] not in "mlh" for step in path) or not 4 <= len(corners) <= 5:
        return False
    return len({x for x, _ in corners}) == 2 and len({y for _, y in corners}) == 2


def _area(extent: Extent) -> float:
    return (extent[2] - extent[0]) * (extent[3] - extent[1])


def _extent(path: Sequence[Any], matrix: Any) -> Extent:
    points = [
        apply_matrix_pt(matrix, (float(x), float(y)))
        for step in path
        for x, y in zip(step[1::2], step[2::2], strict=False)
    ]
    across = [point[0] for point in points]
    up = [point[1] for point in points]
    return (min(across), min(up), max(across), max(up))


def _common(one: Extent, other: Extent) -> Extent:
    return (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )


def _apart(clip: Extent, box: Extent) -> bool:
    margin = 2.0
    return (
        box[2] < clip[0] - margin
        or box[0] > clip[2] + margin
        or box[3] < clip[1] - margin
        or box[1] > clip[3] + margin
    )
