"""Whether letters that paint nothing themselves are painted all the same, as outlines.

Some programs draw every letter as a shape and lay the text over it, transparent, to be copied.
Such text can be seen. It is told from text that is really hidden by what pdfium paints in the
boxes of the letters; text that lies over other text is not excused, since it may say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pdfplumber.page import Page as PlumberPage
from pdfplumber.pdf import PDF

from server.document.pages import HiddenReason

Char = dict[str, Any]
_SCALE = 2.0
_LEAST_CONTRAST = 60
_LEAST_INKED = 0.8
"""Share of a run's letters with something painted in their boxes."""
_LARGEST = 2_000.0
"""Points: a page with a longer side is not painted."""


def painted_over(
    pdf: PDF,
    number: int,
    hidden: Sequence[tuple[HiddenReason, Char]],
    seen: Sequence[Char],
    page: PlumberPage,
    pictures: Sequence[tuple[float, float, float, float]],
) -> list[Char]:
    """Of the transparent letters on page ``number``, from 1, those whose shapes are painted.

    On ``pictures`` (x0, y0, x1, y1) something is painted everywhere, which excuses nothing.
    """
    suspects = [char for reason, char in hidden if reason == "transparent"]
    if not suspects or max(float(page.width), float(page.height)) > _LARGEST:
        return []
    picture = _paint(pdf, number)
    found: list[Char] = []
    for run in _runs(suspects):
        letters = [char for char in run if char["text"].strip()]
        free = not any(_overlap(char, other) for char in letters for other in seen)
        free = free and not any(_on(char, each) for char in letters for each in pictures)
        inked = sum(_inked(picture, char, page) for char in letters)
        if letters and free and inked >= _LEAST_INKED * len(letters):
            found += run
    return found


def _paint(pdf: PDF, number: int) -> Any:
    """The page in grey as rows of bytes, upright, at `_SCALE` pixels to a point."""
    import pypdfium2  # noqa: PLC0415 - few documents need it, and it takes time to load

    stream: Any = pdf.stream
    stream.seek(0)
    document = pypdfium2.PdfDocument(stream.read())
    try:
        return document[number - 1].render(scale=_SCALE, grayscale=True).to_pil()
    finally:
        document.close()


def _runs(chars: Sequence[Char]) -> Iterator[list[Char]]:
    run: list[Char] = []
    for char in chars:
        if run and (abs(char["top"] - run[-1]["top"]) > 1 or char["x0"] - run[-1]["x1"] > 20):
            yield run
            run = []
        run.append(char)
    if run:
        yield run


def _overlap(one: Char, other: Char) -> bool:
    across = min(one["x1"], other["x1"]) - max(one["x0"], other["x0"])
    down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return bool(across > 0.3 * one["width"] and down > 0.3 * one["height"])


def _on(char: Char, picture: tuple[float, float, float, float]) -> bool:
    x0, y0, x1, y1 = picture
    return bool(x0 < char["x1"] and char["x0"] < x1 and y0 < char["y1"] and char["y0"] < y1)


def _inked(picture: Any, char: Char, page: PlumberPage) -> bool:
    left, top = float(page.cropbox[0]), float(page.cropbox[1])
    box = (
        (char["x0"] - left) * _SCALE, (char["top"] - top) * _SCALE,
        (char["x1"] - left) * _SCALE + 1, (char["bottom"] - top) * _SCALE + 1,
    )  # fmt: skip
    low, high = picture.crop(tuple(round(float(each)) for each in box)).getextrema()
    return bool(high - low >= _LEAST_CONTRAST)
