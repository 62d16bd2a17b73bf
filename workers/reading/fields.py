"""Labels and their values: cells of ruled forms, 'label: value' lines, a label beside its value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from server.document.pages import BULLET, Box, Page, Word
from workers.reading.headings import section_kind
from workers.reading.labels import LabelKind, label_kind
from workers.reading.lines import Line, make_line, page_lines

_COLON = re.compile(r"(?:(?<!\s)\s++)?[:：]\s*+")
_NEXT_LABEL = re.compile(
    r"(?<![\s|/,·•])[\s|/,·•]+([^\s:：|]{2,12}(?:\s[^\s:：|]{1,10})?)\s*+[:：]\s"
)
_BAR = re.compile(r"(?<!\s)\s++[|│\u3163/-]\s++")


@dataclass(frozen=True, slots=True)
class Field:
    """A label with its value; ``line`` is the line where the value stands."""

    kind: LabelKind
    label: str
    value: str
    line: Line
    source: Literal["form_cell", "label_line"]


def page_fields(page: Page, lines: Sequence[Line]) -> Iterator[Field]:
    """In order of trust: form cells, then lines with a colon, then labels beside a value."""
    yield from _cells(page)
    for line in lines:
        yield from _within(line, "label_line")
    yield from _beside(lines)


def _cells(page: Page) -> Iterator[Field]:
    for table in page.tables:
        rows = [[_cell(page, cell) if cell else None for cell in row] for row in table.rows]
        for index, row in enumerate(rows):
            for place, cell in enumerate(row):
                if cell is None:
                    continue
                yield from _within(cell, "form_cell")
                kind = label_kind(cell.text)
                if kind is None:
                    continue
                below = rows[index + 1][place] if index + 1 < len(rows) else None
                beside = next((each for each in row[place + 1 :] if each is not None), None)
                value = beside if beside is not None and _is_value(beside.text) else below
                if value is not None and _is_value(value.text):
                    yield Field(kind, cell.text, value.text, value, "form_cell")


def _is_value(text: str) -> bool:
    return label_kind(text) is None and section_kind(text) is None


def _cell(page: Page, box: Box) -> Line | None:
    words = tuple(word for word in page.words if _inside(word, box))
    if not words:
        return None
    inner = page_lines(Page(page.number, page.width, page.height, words))
    if not inner:
        return None
    whole = make_line([word for line in inner for word in line.words], page.number, -1)
    text = " ".join(line.text for line in inner)
    return Line(
        text, whole.box, whole.size, whole.bold, whole.font, whole.color, page.number, -1,
        whole.words,
    )  # fmt: skip


def _inside(word: Word, box: Box) -> bool:
    x, y = (word.box.x0 + word.box.x1) / 2, (word.box.top + word.box.bottom) / 2
    return word.upright and box.x0 <= x <= box.x1 and box.top <= y <= box.bottom


def _within(line: Line, source: Literal["form_cell", "label_line"]) -> Iterator[Field]:
    """'Position applied for : Tester', also several on one line."""
    rest = line.text.strip(f" {BULLET}·-*■□▶")
    for _ in range(6):
        parts = _COLON.split(rest, maxsplit=1)
        if len(parts) < 2:
            break
        label, value = parts
        after = _NEXT_LABEL.search(f" {value}")
        kind = label_kind(label) or label_kind(label.split("  ")[-1])
        # the label may end a longer text: 'Name: X  Email: y' has lost its gap
        if kind is None and " " in label:
            tail = label.split()
            kind = label_kind(" ".join(tail[-2:])) or label_kind(tail[-1])
            if len(tail) > 4:
                kind = None
        cut = value
        if after is not None and label_kind(after.group(1)):
            cut = value[: max(0, after.start() - 1)]
        if kind is not None and cut.strip():
            yield Field(kind, label.strip(), cut.strip(), line, source)
        rest = value[len(cut) :].strip(" |/,·•") if len(cut) < len(value) else ""
        if not rest:
            break
    yield from _barred(line, source)
    yield from _styled(line, source)


def _barred(line: Line, source: Literal["form_cell", "label_line"]) -> Iterator[Field]:
    """'Position applied for | Tester'."""
    parts = _BAR.split(line.text.strip(f" {BULLET}"), maxsplit=1)
    if len(parts) == 2 and (kind := label_kind(parts[0])) is not None and _is_value(parts[1]):
        yield Field(kind, parts[0], parts[1].strip(), line, source)


def _styled(line: Line, source: Literal["form_cell", "label_line"]) -> Iterator[Field]:
    """A label set off from its value by its print or by a wider gap, without a colon."""
    words = [word for word in line.words if word.text != BULLET]
    for end in range(1, min(5, len(words))):
        before, after = words[end - 1], words[end]
        apart = after.box.x0 - before.box.x1 > 0.7 * before.size
        unlike = (before.bold, before.color) != (after.bold, after.color)
        if not (apart or unlike) or before.text.endswith((":", "：")):
            continue
        kind = label_kind(" ".join(word.text for word in words[:end]))
        if kind is not None:
            value = make_line(words[end:], line.page, line.row)
            yield Field(kind, " ".join(w.text for w in words[:end]), value.text, value, source)
            return


def _beside(lines: Sequence[Line]) -> Iterator[Field]:
    for index, line in enumerate(lines):
        kind = label_kind(line.text.strip(f" {BULLET}"))
        if kind is None:
            continue
        value = _right_of(lines, index) or _under(lines, line)
        if value is not None:
            text = value.text.lstrip(f" {BULLET}:：|").strip()
            if text:
                yield Field(kind, line.text, text, value, "label_line")


def _right_of(lines: Sequence[Line], index: int) -> Line | None:
    line = lines[index]
    if index + 1 < len(lines) and lines[index + 1].row == line.row:
        right = lines[index + 1]
        if _is_value(right.text) and right.box.x0 - line.box.x1 < 16 * line.size:
            return right
    return None


def _under(lines: Sequence[Line], label: Line) -> Line | None:
    """The nearest line below that starts where the label does."""
    for line in lines:
        gap = line.box.top - label.box.bottom
        if line.row <= label.row or gap > 1.5 * label.size:
            continue
        if gap > -0.5 * label.size and abs(line.box.x0 - label.box.x0) < 2.0 * label.size:
            return line if _is_value(line.text) else None
    return None
