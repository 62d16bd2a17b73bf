"""pdfminer's interpreter of a page's instructions, set into a frame; it tells clips, transparency
and layers to its device."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, dict_value, resolve1, stream_value
from pdfminer.psexceptions import PSEOF
from pdfminer.psparser import literal_name
from pdfminer.utils import MATRIX_IDENTITY, Matrix, apply_matrix_rect, mult_matrix

from workers.pdf_frame import Frame, Rect, common
from workers.pdf_ink import InkDevice
from workers.pdf_layers import Layers
from workers.pdf_lexer import FastContentParser

_SPOKEN = {"'": "_q", '"': "_w", "*": "_a"}


class Interpreter(PDFPageInterpreter):
    device: InkDevice

    def __init__(self, rsrcmgr: Any, device: InkDevice, layers: Layers) -> None:
        super().__init__(rsrcmgr, device)
        self._layers = layers
        self._saved: list[tuple[Rect | None, float]] = []
        self._marks: list[bool] = []
        self._operators: dict[Any, tuple[Callable[..., None], int] | None] = {}

    def subinterp(self) -> Interpreter:
        within = Interpreter(self.rsrcmgr, self.device, self._layers)
        within.parent_stream_ids |= self.parent_stream_ids | self.stream_ids
        return within

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

    def execute(self, streams: Sequence[object]) -> None:
        """As pdfminer does, which looks an operator's name up each time."""
        own = [
            stream
            for stream in map(stream_value, streams)
            if stream.objid is not None and stream.objid not in self.parent_stream_ids
        ]
        self.stream_ids = {stream.objid for stream in own if stream.objid is not None}
        known = self._operators
        try:
            parser = FastContentParser(own)
        except PSEOF:
            return  # there is nothing
        for given, keyword in parser.operations():
            if keyword not in known:
                known[keyword] = self._operator(keyword.name)
            operator = known[keyword]
            if operator is None:
                self.argstack += given
                continue
            does, count = operator
            operands = given
            if len(given) != count:
                self.argstack += given
                operands = self.pop(count)
            if len(operands) == count:
                does(*operands)

    def _operator(self, name: bytes) -> tuple[Callable[..., None], int] | None:
        """What does it and with how many operands; None where it is not known."""
        said = "".join(_SPOKEN.get(sign, sign) for sign in name.decode("utf-8", "ignore"))
        does = getattr(self, f"do_{said}", None)
        return (does, does.__code__.co_argcount - 1) if does else None

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
            self.device.clip = extent if clip is None else common(clip, extent)

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
