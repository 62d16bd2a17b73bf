"""Letters -> words, as pdfplumber parts them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from pdfplumber.utils.text import extract_words

from server.document.pages import BULLET, Box, Word
from workers.pdf_glyphs import is_rtl
from workers.pdf_ink import Char, Rgb

_TEXT, _SIZE, _X0, _FONT = map(itemgetter, ("text", "size", "x0", "fontname"))
_SPACE_BETWEEN = 0.15
"""Of a letter's size: a word ends where more is left free after it."""
_LEVEL = 3.0
"""Points by which the tops of letters on one line may differ from the next."""


def words_of(chars: Sequence[Char]) -> Iterator[Word]:
    for letters in _standing([char for char in chars if char["upright"] and char["text"]]):
        yield from _parted(letters)
    turned = [char for char in chars if not char["upright"] and char["text"]]
    if turned:
        ratio = _SPACE_BETWEEN
        for found in extract_words(turned, x_tolerance_ratio=ratio, return_chars=True):
            yield from _parted(found["chars"])


def _standing(chars: Sequence[Char]) -> Iterator[list[Char]]:
    """The letters of each word of upright text: lines from the top, each from the left. What
    pdfplumber does in five calls a letter is done here in one loop."""
    for line in _lines(chars):
        word: list[Char] = []
        for char in sorted(line, key=_X0):
            if char["text"].isspace():
                if word:
                    yield word
                word = []
                continue
            if word:
                last, x0 = word[-1], char["x0"]
                if (
                    x0 < last["x0"]
                    or x0 > last["x1"] + _SPACE_BETWEEN * last["size"]
                    or abs(char["top"] - last["top"]) > _LEVEL
                ):
                    yield word
                    word = []
            word.append(char)
        if word:
            yield word


def _lines(chars: Sequence[Char]) -> list[list[Char]]:
    lines: list[list[Char]] = []
    of_top: dict[float, list[Char]] = {}
    last = float("-inf")
    for top in sorted({char["top"] for char in chars}):
        if top > last + _LEVEL:
            lines.append([])
        of_top[top] = lines[-1]
        last = top
    for char in chars:
        of_top[char["top"]].append(char)
    return lines


def _parted(chars: list[Char]) -> Iterator[Word]:
    """A sign stands for itself: 'mail icon + address' are two words."""
    text = "".join(map(_TEXT, chars))
    if BULLET not in text:
        yield _word(text, chars)
        return
    for sign, group in groupby(chars, key=lambda char: bool(char["text"] == BULLET)):
        part = list(group)[: 1 if sign else None]
        yield _word("".join(map(_TEXT, part)), part)


def _word(text: str, chars: Sequence[Char]) -> Word:
    if not text.isascii() and is_rtl(text):
        text = "".join(char["text"] for char in reversed(chars))
    first = max(chars, key=_SIZE)
    fonts = list(map(_FONT, chars))
    alike = fonts.count(fonts[0]) == len(fonts)
    return Word(
        text=text,
        box=Box(
            round(min(map(_X0, chars)), 2),
            round(min(char["top"] for char in chars), 2),
            round(max(char["x1"] for char in chars), 2),
            round(max(char["bottom"] for char in chars), 2),
        ),
        size=round(first["size"], 2),
        font=fonts[0] if alike else max(fonts, key=fonts.count),
        bold=_is_bold(fonts[0]) if alike else 2 * sum(map(_is_bold, fonts)) > len(fonts),
        upright=bool(first["upright"]),
        color=_hex(first["ink"]),
    )


@lru_cache(256)
def _is_bold(font: str) -> bool:
    name = font.lower()
    return any(mark in name for mark in ("bold", "black", "heavy", "-bd", "demi", "cmbx"))


@lru_cache(256)
def _hex(color: Rgb | None) -> int:
    if color is None:
        return -1
    red, green, blue = (max(0, min(255, round(part * 255))) for part in color)
    return red << 16 | green << 8 | blue
