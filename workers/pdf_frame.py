"""The page as it is displayed: which part of a PDF's page that is, and which way up.

Boxes in files are missing, turned about, empty, or larger than the page. What is displayed is the
crop box within the media box, as pdfium has it, so that words and pictures have the same places.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import resolve1
from pdfminer.utils import Matrix, apply_matrix_rect

Rect = tuple[float, float, float, float]
LETTER: Rect = (0.0, 0.0, 612.0, 792.0)
MOST_POINTS = 20_000.0
_OTHER_BOXES = ("CropBox", "TrimBox", "BleedBox", "ArtBox")


@dataclass(frozen=True, slots=True)
class Frame:
    """``matrix`` takes the page's own coordinates to displayed ones, from the lower left corner."""

    width: float
    height: float
    matrix: Matrix

    def box(self, rect: object) -> Rect | None:
        """A rectangle of the page as x0, top, x1, bottom from the upper left corner."""
        found = rectangle(rect)
        if found is None:
            return None
        x0, y0, x1, y1 = apply_matrix_rect(self.matrix, found)
        return x0, self.height - y1, x1, self.height - y0


def frame_of(page: PDFPage, turn: int = 0) -> Frame:
    """``turn``: degrees clockwise beyond what the page itself says."""
    media = _large(rectangle(page.attrs.get("MediaBox"))) or LETTER
    crop = _large(rectangle(page.attrs.get("CropBox"))) or media
    area = common(media, crop)
    x0, y0, x1, y1 = area if area[0] < area[2] and area[1] < area[3] else media
    angle = resolve1(page.attrs.get("Rotate"))
    angle = int(angle) if isinstance(angle, int | float) and isfinite(angle) else 0
    quarters = round((angle + turn) / 90) % 4
    matrices: tuple[Matrix, ...] = (
        (1, 0, 0, 1, -x0, -y0),
        (0, -1, 1, 0, -y0, x1),
        (-1, 0, 0, -1, x1, y1),
        (0, 1, -1, 0, y1, -x0),
    )
    wide, high = x1 - x0, y1 - y0
    return Frame(*((high, wide) if quarters % 2 else (wide, high)), matrices[quarters])


def set_into(page: PDFPage, frame: Frame) -> None:
    """Let pdfminer and pdfplumber take the page for an upright one of the frame's size."""
    whole = (0.0, 0.0, frame.width, frame.height)
    page.mediabox = page.cropbox = whole
    page.rotate = 0
    page.attrs = {key: each for key, each in page.attrs.items() if key not in _OTHER_BOXES}
    page.attrs |= {"MediaBox": list(whole), "Rotate": 0}


def rectangle(value: object) -> Rect | None:
    """Four finite numbers with the lower left corner first, or None."""
    found = resolve1(value)
    if not isinstance(found, list | tuple) or len(found) != 4:
        return None
    numbers: list[Any] = [resolve1(each) for each in found]
    if not all(isinstance(each, int | float) and isfinite(each) for each in numbers):
        return None
    x0, y0, x1, y1 = numbers
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _large(box: Rect | None) -> Rect | None:
    if box is None or min(box[2] - box[0], box[3] - box[1]) <= 0:
        return None
    return box if max(map(abs, box)) <= MOST_POINTS else None


def common(one: Rect, other: Rect) -> Rect:
    return (
        max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3]),
    )  # fmt: skip
