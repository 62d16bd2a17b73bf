"""Where a headline stands and how it looks: the lines that touch the name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from server.document.pages import BULLET
from workers.reading.headings import is_document_title, loose_kind, section_kind
from workers.reading.labels import label_kind, squash
from workers.reading.lines import Line
from workers.reading.names import Named, body_size
from workers.reading.phrases import without_years
from workers.reading.places import is_place
from workers.reading.roles import names_a_field, names_a_post
from workers.reading.vocabulary import is_inner_label
from workers.reading.words import is_hangul, pattern

_MOST_LINES = 4
_NOT_A_HEADLINE = re.compile(
    r"\d|@|https?:|www\.|[“”\"?!]|\.\s*$|\b(?:university|college|institute|school|inc|ltd|llc|gmbh|"
    r"corp|company|department|faculty|laboratory|updated|born|nationality|married|male|female|"
    r"bachelor|master of|ph\.?d|b\.?tech|b\.?sc|m\.?sc|student|candidate|welcome|page|phone|tel|"
    r"email|mobile|address|template|github|linkedin|language)\b|" + pattern("not_headlines"),
    re.IGNORECASE,
)


def lines_under(name: Named, lines: Sequence[Line]) -> list[Line]:
    """Nearest first, as long as they follow closely and no section begins."""
    box, size = name.box, min(name.line.size, 30.0)
    under: list[Line] = []
    reach = box.bottom + 1.6 * size + 8
    for line in sorted(lines, key=lambda each: each.box.top):
        if line.box.top < box.bottom - 0.45 * size or line is name.line:
            continue
        if line.box.top > reach or len(under) >= _MOST_LINES:
            break
        sideways = max(line.box.x0 - box.x1, box.x0 - line.box.x1, 0.0)
        if sideways <= 2.5 * size:
            if section_kind(line.text):
                break
            under.append(line)
            reach = max(reach, line.box.bottom + 1.2 * line.size)
    return under


def lines_beside(name: Named, lines: Sequence[Line]) -> list[Line]:
    """Smaller text level with the name, to its right."""
    box, size = name.box, min(name.line.size, 30.0)
    return [
        line
        for line in lines
        if line.box.top < box.bottom - 0.45 * size
        and line.box.bottom > box.top
        and line.size < size
        and 0 <= line.box.x0 - box.x1 < 12 * size
        and not section_kind(line.text)
    ]


def lines_over(name: Named, lines: Sequence[Line]) -> list[Line]:
    box, size = name.box, min(name.line.size, 30.0)
    return [
        line
        for line in lines
        if -0.5 * size < box.top - line.box.bottom < 1.5 * size
        and line.box.x0 <= box.x1
        and box.x0 <= line.box.x1
        and not is_document_title(line.text)
    ]


def is_headline(line: Line, name: Named, lines: Sequence[Line]) -> bool:
    """Short words set like a headline under the name, though none of them is known as a job."""
    body = body_size(lines)
    text = without_years(line.text)
    words = text.split()
    if BULLET in text or len(words) > 6 or len(text) > 50 or _NOT_A_HEADLINE.search(text):
        return False
    if "," in line.text or ":" in text or is_place(text) or label_kind(text) or loose_kind(text):
        return False
    if is_document_title(text) or is_inner_label(text) or squash(text) == squash(name.text):
        return False
    if any(each is not line and each.row == line.row and _near(each, line) for each in lines):
        return False
    large = name.line.size > 1.15 * body
    if is_hangul(text) and names_a_post(text):
        return large
    if is_hangul(text) and not names_a_field(text):
        return False
    style = line.size > 1.08 * body or (line.size >= 0.95 * body and _unlike_body(line, lines))
    smaller = line.size < 0.92 * name.line.size or (
        line.size <= name.line.size and (line.bold, line.color) != (name.line.bold, name.line.color)
    )
    capital = not text[:1].islower()
    return style and smaller and capital and large


def _near(one: Line, other: Line) -> bool:
    return abs(one.middle - other.middle) < 250


def _unlike_body(line: Line, lines: Sequence[Line]) -> bool:
    """In colour, weight or letter it differs from most of the text."""
    weights: dict[tuple[str, int], int] = {}
    for each in lines:
        key = (each.font, each.color)
        weights[key] = weights.get(key, 0) + len(each.text)
    return (line.font, line.color) != max(weights, key=lambda key: weights[key])
