"""What is laid over a page: links, and what people typed into a form's fields or onto the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.psparser import PSLiteral
from pdfminer.utils import Matrix, apply_matrix_rect, decode_text, mult_matrix

from server.document.pages import Box, Link, Word
from workers.pdf_frame import Frame, Rect, rectangle
from workers.pdf_glyphs import normal, storable

_MOST = 500
_MOST_PARENTS = 20
_LONGEST_URI = 500
_LONGEST_VALUE = 4_000
_NOT_SHOWN = 0b100010
"""Flags: hidden, and not to be viewed."""
_PASSWORD = 1 << 13
_LARGEST_PRINT = 12.0


@dataclass(frozen=True, slots=True)
class Typed:
    """Where something was typed. ``drawn``: how it looks, and the matrix that takes that to the
    page's own coordinates; without it only ``value`` is known."""

    rect: Rect
    value: str
    drawn: tuple[PDFStream, Matrix] | None


def links(annotations: object, frame: Frame) -> Iterator[Link]:
    for each in _dictionaries(annotations):
        action = resolve1(each.get("A"))
        uri = resolve1(action.get("URI")) if isinstance(action, dict) else None
        box = frame.box(each.get("Rect"))
        if isinstance(uri, bytes) and len(uri) <= _LONGEST_URI and box is not None:
            yield Link(storable(uri.decode("utf-8", "replace")), _rounded(box))


def typed(annotations: object) -> Iterator[Typed]:
    """Form fields and free text that a viewer shows."""
    for each in _dictionaries(annotations):
        kind = _name(each.get("Subtype"))
        rect = rectangle(each.get("Rect"))
        flags = resolve1(each.get("F"))
        shown = not (isinstance(flags, int) and flags & _NOT_SHOWN)
        if kind not in ("Widget", "FreeText") or rect is None or not shown:
            continue
        value = _value(each) if kind == "Widget" else _text(each.get("Contents"))
        drawn = _drawn(each, rect)
        if value or drawn:
            yield Typed(rect, value, drawn)


def value_words(value: str, box: Rect) -> Iterator[Word]:
    """Words of a field that has no look of its own, as a viewer would set them in its box."""
    x0, top, x1, bottom = box
    lines = [line for line in value.splitlines() if line.strip()]
    if not lines:
        return
    high = min((bottom - top) / len(lines), 1.4 * _LARGEST_PRINT)
    size = high / 1.4
    for number, line in enumerate(lines):
        letter = min(0.5 * size, (x1 - x0) / max(1, len(line)))
        at = 0
        for word in line.split(" "):
            if word:
                left, above = x0 + at * letter, top + number * high + 0.2 * size
                place = (left, above, left + len(word) * letter, above + size)
                yield Word(word, _rounded(place), round(size, 2))
            at += len(word) + 1


def _dictionaries(annotations: object) -> Iterator[dict[str, Any]]:
    listed = resolve1(annotations)
    for each in listed[:_MOST] if isinstance(listed, list) else ():
        found = resolve1(each)
        if isinstance(found, dict):
            yield found


def _drawn(annotation: dict[str, Any], rect: Rect) -> tuple[PDFStream, Matrix] | None:
    looks = resolve1(annotation.get("AP"))
    look = resolve1(looks.get("N")) if isinstance(looks, dict) else None
    if isinstance(look, dict):
        look = resolve1(look.get(_name(annotation.get("AS"))))
    if not isinstance(look, PDFStream):
        return None
    own = _matrix(look.get("Matrix"))
    box = rectangle(look.get("BBox"))
    if box is None or own is None:
        return None
    x0, y0, x1, y1 = apply_matrix_rect(own, box)
    if x1 <= x0 or y1 <= y0:
        return None
    wide, high = (rect[2] - rect[0]) / (x1 - x0), (rect[3] - rect[1]) / (y1 - y0)
    placed = (wide, 0.0, 0.0, high, rect[0] - wide * x0, rect[1] - high * y0)
    return look, mult_matrix(own, placed)


def _matrix(value: object) -> Matrix | None:
    found = resolve1(value)
    if found is None:
        return (1, 0, 0, 1, 0, 0)
    numbers: list[Any] = [resolve1(each) for each in found] if isinstance(found, list) else []
    if len(numbers) != 6 or not all(isinstance(each, int | float) for each in numbers):
        return None
    a, b, c, d, e, f = numbers
    return a, b, c, d, e, f


def _value(widget: dict[str, Any]) -> str:
    """Of text and choice fields; a field's parts inherit from it."""
    kind, flags = _name(_inherited(widget, "FT")), _inherited(widget, "Ff")
    if kind not in ("Tx", "Ch") or (isinstance(flags, int) and flags & _PASSWORD):
        return ""
    value = _inherited(widget, "V")
    chosen = [_text(each) for each in value] if isinstance(value, list) else [_text(value)]
    return ", ".join(each for each in chosen if each)


def _inherited(field: dict[str, Any], key: str) -> object:
    for _ in range(_MOST_PARENTS):
        if key in field:
            return resolve1(field[key])
        parent = resolve1(field.get("Parent"))
        if not isinstance(parent, dict):
            break
        field = parent
    return None


def _text(value: object) -> str:
    found = resolve1(value)
    if isinstance(found, PDFStream):
        found = found.get_data()
    if not isinstance(found, bytes):
        return ""
    lines = decode_text(found)[:_LONGEST_VALUE].replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(normal(line).strip() for line in lines.split("\n")).strip()


def _name(value: object) -> str:
    found = resolve1(value)
    return str(found.name) if isinstance(found, PSLiteral) else ""


def _rounded(box: Rect) -> Box:
    return Box(*(round(each, 2) for each in box))
