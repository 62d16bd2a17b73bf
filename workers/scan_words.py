"""What a recogniser says it made out -> words with a place, and how sure of them one may be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from server.document.pages import Box, Word
from workers.pdf_glyphs import normal

_LINE, _WORD = "4", "5"
_COLUMNS = 12
_LEAST = 0.2
"""Below this it is a speck of dust."""
_UNSURE = 0.4
"""Of what another look does not find again no more than this is believed."""
_HANGUL_SHARE = 0.04


@dataclass(frozen=True, slots=True)
class Found:
    """In pixels: x0, top, x1, bottom of the word, then of its line. ``confidence`` in [0, 1]."""

    text: str
    box: tuple[float, float, float, float]
    line: tuple[float, float, float, float]
    confidence: float

    @classmethod
    def all_of(cls, table: str, by: float = 1.0) -> list[Found]:
        """Of Tesseract's table; ``by``: what places are multiplied with."""
        found: list[Found] = []
        line = (0.0, 0.0, 0.0, 0.0)
        for row in table.splitlines()[1:]:
            cells = row.split("\t")
            if len(cells) != _COLUMNS:
                continue
            left, top, width, height, sure = (by * float(cell) for cell in cells[6:11])
            box = (left, top, left + width, top + height)
            text = normal(cells[11]).strip()
            if cells[0] == _LINE:
                line = box
            elif cells[0] == _WORD and text and sure / by >= 100 * _LEAST:
                found.append(cls(text, box, line, round(sure / by / 100, 3)))
        return found


def has_hangul(words: Sequence[Found]) -> bool:
    letters = [letter for word in words if word.confidence > 0.5 for letter in word.text]
    return sum(map(is_hangul, letters)) > _HANGUL_SHARE * len(letters)


def is_hangul(text: str) -> bool:
    return bool(text) and all("\uac00" <= letter <= "\ud7a3" for letter in text)


def agreed(words: Sequence[Found], others: Sequence[Found]) -> list[Found]:
    """``words``; of those that ``others`` do not have in the same place one is not sure."""
    return [
        word
        if any(other.text == word.text and _same_place(word, other) for other in others)
        else replace(word, confidence=min(word.confidence, _UNSURE))
        for word in words
    ]


def words_of(words: Sequence[Found], by: float) -> Iterator[Word]:
    """In points; ``by``: points to a pixel. A word is as high as its line: it has no print."""
    for word in words:
        x0, _, x1, _ = word.box
        _, top, _, bottom = word.line
        yield Word(
            text=word.text,
            box=Box(*(round(by * each, 2) for each in (x0, top, x1, bottom))),
            size=round(by * (bottom - top), 2),
            confidence=word.confidence,
        )


def _same_place(one: Found, other: Found) -> bool:
    across = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
    down = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
    return across > 0.5 * (one.box[2] - one.box[0]) and down > 0.3 * (one.box[3] - one.box[1])
