"""What is drawn on a page -> its ruled tables, by pdfplumber."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pdfminer.utils import Matrix, apply_matrix_pt
from pdfplumber.table import TableFinder
from pdfplumber.utils.geometry import curve_to_edges, line_to_edge, rect_to_edges

from server.document.pages import Box, Table
from workers.pdf_frame import Rect

_MANY_EDGES = 600
_MOST_EDGES = 20_000
_SHORTEST_EDGE = 8.0
_LEAST_EDGE, _FEWEST_EDGES = 2.0, 4
_CORNERS = 5
Point = tuple[float, float]
Edge = dict[str, Any]


class TooMuchDrawn(Exception):
    """A drawing, in which no tables are looked for."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A line, a rectangle or an outline, y upwards."""

    kind: Literal["line", "rect", "curve"]
    points: Sequence[Point]

    @property
    def extent(self) -> Rect:
        across, up = zip(*self.points, strict=True)
        return min(across), min(up), max(across), max(up)


def drawn_shape(shape: str, path: Sequence[Any], ctm: Matrix) -> Shape:
    """What a path is that begins once; ``shape`` is the operators of its steps."""
    start = path[0][-2:]
    points = [apply_matrix_pt(ctm, start if step[0] == "h" else step[-2:]) for step in path]
    if len(shape) > 3 and shape.endswith("lh") and points[-2] == points[0]:
        shape = shape[:-2] + "h"
        points.pop()
    if shape in ("mlh", "ml"):
        return Shape("line", points[:2])
    if shape in ("mlllh", "mllll") and len(points) == _CORNERS and points[0] == points[4]:
        (x0, y0), (x1, y1), (x2, y2), (x3, y3), _ = points
        if (x0 == x1 and y1 == y2 and x2 == x3 and y3 == y0) or (
            y0 == y1 and x1 == x2 and y2 == y3 and x3 == x0
        ):
            return Shape("rect", [(x0, y0), (x2, y2)])
    return Shape("curve", points)


def ruled_tables(shapes: Sequence[Shape], high: float) -> Iterator[Table]:
    """The tables of a page that is ``high``. Raises TooMuchDrawn."""
    edges = list(_edges(shapes, high))
    long = sum(e["x1"] - e["x0"] + e["bottom"] - e["top"] > _LEAST_EDGE for e in edges)
    if long < _FEWEST_EDGES:
        return
    if long > _MOST_EDGES:
        raise TooMuchDrawn
    # dashed rules are many short edges; beyond a form's worth of them they are ornament
    shortest = _SHORTEST_EDGE if long > _MANY_EDGES else 1.0
    settings = {"edge_min_length": _SHORTEST_EDGE, "edge_min_length_prefilter": shortest}
    page: Any = _Ruled(edges)
    for found in TableFinder(page, settings).tables:
        rows = tuple(
            tuple(None if cell is None else _box(cell) for cell in row.cells) for row in found.rows
        )
        if sum(cell is not None for row in rows for cell in row) >= 2:
            yield Table(rows)


@dataclass(frozen=True, slots=True)
class _Ruled:
    """As much of a page as pdfplumber asks when it looks for tables."""

    edges: list[Edge]


def _edges(shapes: Sequence[Shape], high: float) -> Iterator[Edge]:
    for shape in shapes:
        if shape.kind == "line":
            yield line_to_edge(_described(shape, high))
    for shape in shapes:
        if shape.kind == "rect":
            yield from rect_to_edges(_described(shape, high))
    for shape in shapes:
        if shape.kind == "curve":
            points = [(x, high - y) for x, y in shape.points]
            yield from curve_to_edges({"pts": points, "top": 0.0, "doctop": 0.0})


def _described(shape: Shape, high: float) -> Edge:
    x0, y0, x1, y1 = shape.extent
    return {
        "object_type": shape.kind, "x0": x0, "y0": y0, "x1": x1, "y1": y1, "width": x1 - x0,
        "height": y1 - y0, "top": high - y1, "bottom": high - y0, "doctop": high - y1,
    }  # fmt: skip


def _box(cell: tuple[float, float, float, float]) -> Box:
    return Box(*(round(float(value), 2) for value in cell))
