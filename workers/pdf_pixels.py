"""Whether letters that may be unseen can be seen: by what pdfium paints where they stand.

Only pages with such letters are painted. Where the instructions alone would accuse the wrong
people (letters drawn as shapes with transparent text over them, white print on a photograph) the
paper decides.
"""

from __future__ import annotations

import io
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import pypdfium2
from PIL import Image, ImageChops

from server.document.pages import HiddenReason
from workers.pdf_ink import Char, Rgb

Suspect = tuple[HiddenReason, Char]
_SCALE = 2.0
_MOST_PIXELS = 4_000.0
"""Of the longer side: larger pages are painted smaller."""
_LEAST_CONTRAST = 60
_LEAST_INKED = 0.8
"""Share of a run's letters with something painted in their boxes."""
_SAME = 16
"""Of 255: pixels that differ less than this from the print's colour are the print's, or hide it."""
_TOWARDS = 0.6
"""Fine strokes do not reach their colour: this near to it, of the ground's distance, is print."""
_LEAST_PRINT, _MOST_PRINT = 0.004, 0.8
"""Print is some of the pixels among which it stands, neither none nor nearly all of them."""
_TINY_ADVANCE = 1.2


@dataclass(frozen=True, slots=True)
class Paper:
    """Part of a displayed page, from ``left`` and ``top`` in points, ``scale`` pixels to each."""

    image: Image.Image
    scale: float
    left: float
    top: float

    def part(self, chars: Sequence[Char]) -> Image.Image | None:
        """What is painted in the box around the letters; None outside the page."""
        left, top, right, bottom = _around(chars)
        x0 = max(0, round((left - self.left) * self.scale))
        y0 = max(0, round((top - self.top) * self.scale))
        x1 = min(self.image.width, round((right - self.left) * self.scale) + 1)
        y1 = min(self.image.height, round((bottom - self.top) * self.scale) + 1)
        return self.image.crop((x0, y0, x1, y1)) if x0 < x1 and y0 < y1 else None


class Painter:
    """Paints pages of one document, and opens it only where it is asked for one."""

    def __init__(self, stream: io.IOBase) -> None:
        self._stream = stream
        self._document: Any = None

    def paint(self, number: int, turn: int, chars: Sequence[Char]) -> Paper | None:
        """Of page ``number``, from 1, turned clockwise by degrees, as much as the letters take.
        None where nothing of it is on the page, or pdfium cannot."""
        try:
            if self._document is None:
                self._stream.seek(0)
                self._document = pypdfium2.PdfDocument(self._stream.read())
            page = self._document[number - 1]
            width, height = page.get_size()
            if turn % 180:
                width, height = height, width
            scale = min(_SCALE, _MOST_PIXELS / max(1.0, width, height))
            left, top, right, bottom = _around(chars)
            left, top = max(0.0, left - 1), max(0.0, top - 1)
            right, bottom = min(width, right + 1), min(height, bottom + 1)
            if right - left < 1 or bottom - top < 1:
                return None
            cut = (left, height - bottom, width - right, top)
            drawn = page.render(scale=scale, rotation=turn, crop=cut, rev_byteorder=True)
        except pypdfium2.PdfiumError:
            return None
        begun = ceil(left * scale) / scale, ceil(top * scale) / scale
        return Paper(drawn.to_pil().convert("RGB"), scale, *begun)


def seen_after_all(
    suspects: Sequence[Suspect],
    seen: Sequence[Char],
    painted: Paper,
    pictures: Sequence[tuple[float, float, float, float]],
) -> list[Char]:
    """Of the letters that may be unseen on a page, those that can be seen. On ``pictures``
    (x0, top, x1, bottom) something is painted everywhere, which excuses nothing."""
    found: list[Char] = []
    for reason, run in _runs(suspects):
        letters = [char for char in run if char["text"].strip()]
        if letters and _seen(reason, letters, seen, painted, pictures):
            found += run
    return found


def hiding(unseen: Sequence[Suspect], seen: Sequence[Char]) -> Iterator[Suspect]:
    """Of the letters that cannot be seen, those that may be meant not to be: neither what is
    painted again in its place, as where a page is painted twice, nor a row of a size that the page
    has for which its frame had no room. Such rows are not read, and nobody is accused of them."""
    places = {(char["text"], round(char["x0"]), round(char["top"])) for char in seen}
    sizes = {round(char["size"], 1) for char in seen}
    for reason, run in _runs(unseen):
        letters = [char for char in run if char["text"].strip()]
        again = reason == "covered" and all(_is_among(places, char) for char in letters)
        cut = all(char.get("cut") and round(char["size"], 1) in sizes for char in letters)
        if not again and not cut:
            yield from ((reason, char) for char in run)


def _is_among(places: Container[tuple[str, int, int]], char: Char) -> bool:
    x, y = round(char["x0"]), round(char["top"])
    return any((char["text"], x + dx, y + dy) in places for dx in (-1, 0, 1) for dy in (-1, 0, 1))


def _seen(
    reason: HiddenReason,
    letters: Sequence[Char],
    seen: Sequence[Char],
    painted: Paper,
    pictures: Sequence[tuple[float, float, float, float]],
) -> bool:
    if reason == "same_color":
        return _stands_out(painted, letters)
    if reason == "tiny" and sum(char["width"] for char in letters) < _TINY_ADVANCE * len(letters):
        return False
    if any(_overlap(char, other) for char in letters for other in seen):
        return False  # what is painted there are other letters
    if reason != "covered" and any(_on(char, each) for char in letters for each in pictures):
        return False
    inked = sum(_inked(painted, char) for char in letters)
    return inked >= _LEAST_INKED * len(letters)


def _runs(suspects: Sequence[Suspect]) -> Iterator[tuple[HiddenReason, list[Char]]]:
    run: list[Char] = []
    last: HiddenReason | None = None
    for reason, char in suspects:
        new = reason != last or (run and _apart(run[-1], char))
        if new and run and last is not None:
            yield last, run
            run = []
        last = reason
        run.append(char)
    if run and last is not None:
        yield last, run


def _apart(before: Char, char: Char) -> bool:
    return bool(abs(char["top"] - before["top"]) > 1 or abs(char["x0"] - before["x1"]) > 20)


def _overlap(one: Char, other: Char) -> bool:
    across = min(one["x1"], other["x1"]) - max(one["x0"], other["x0"])
    down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return bool(across > 0.3 * one["width"] and down > 0.3 * one["height"])


def _on(char: Char, picture: tuple[float, float, float, float]) -> bool:
    x0, top, x1, bottom = picture
    return bool(
        x0 < char["x1"] and char["x0"] < x1 and top < char["bottom"] and char["top"] < bottom
    )


def _inked(painted: Paper, char: Char) -> bool:
    part = painted.part([char])
    if part is None:
        return False
    extrema: list[Any] = [band.getextrema() for band in part.split()]
    return any(high - low >= _LEAST_CONTRAST for low, high in extrema)


def _stands_out(painted: Paper, letters: Sequence[Char]) -> bool:
    """Whether some of what is painted there, not all, has the letters' own colour."""
    color: Rgb = letters[0]["ink"]
    part = painted.part(letters)
    if part is None:
        return False
    red, green, blue = (round(255 * each) for each in color)
    own = Image.new("RGB", part.size, (red, green, blue))
    bands = ImageChops.difference(part, own).split()
    apart = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2]).histogram()
    pixels = part.width * part.height
    if sum(apart[:_SAME]) > _MOST_PRINT * pixels:
        return False
    ground = max(range(_SAME, 256), key=lambda distance: apart[distance])
    return sum(apart[: round(_TOWARDS * ground)]) >= _LEAST_PRINT * pixels


def _around(chars: Sequence[Char]) -> tuple[float, float, float, float]:
    return (
        min(char["x0"] for char in chars), min(char["top"] for char in chars),
        max(char["x1"] for char in chars), max(char["bottom"] for char in chars),
    )  # fmt: skip
