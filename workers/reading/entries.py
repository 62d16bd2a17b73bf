"""A section's lines -> its entries: what heads each, when it was, what is told below."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from server.document.pages import BULLET
from workers.reading.dates import find_span
from workers.reading.lines import Line

_MARK = re.compile(rf"^\s*(?:[{BULLET}·∙*▪‣○]|[-–—](?=\s))\s*")
_SENTENCE = re.compile(r"(?:[.!?]|다\.|요\.|함\.?|음\.?)\s*$")
_SPLIT = re.compile(rf"\s+[-–—|│ㅣ·{BULLET}]\s+|\s*[|│]\s*|\s{{3,}}|\s+@\s+")
_MOST_HEAD_ROWS = 3
_LONGEST_HEAD = 120


@dataclass(slots=True)
class Entry:
    """``heads`` are the parts of the lines above the telling, without dates."""

    heads: list[str] = field(default_factory=list)
    start: str | None = None
    end: str | None = None
    highlights: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    rows: int = 0
    dated: bool = False

    @property
    def told(self) -> bool:
        return bool(self.highlights or self.texts)

    @property
    def summary(self) -> str | None:
        return " ".join(self.texts) or None


def split_entries(lines: Sequence[Line], title: str = "") -> list[Entry]:
    """``title``: the section's, which some print again in front of its first entry."""
    usual = _usual(lines)
    entries: list[Entry] = []
    for row in rows_of(lines):
        text = row_text(row)
        if not text:
            continue
        marked = bool(_MARK.match(row[0].text))
        span = None if marked and len(text) > 60 else find_span(text)
        if _is_head(row, text, marked, span is not None, usual, entries):
            entry = entries[-1] if entries else None
            again = entry is not None and (
                entry.told or (span and entry.dated) or entry.rows >= _MOST_HEAD_ROWS
            )
            if entry is None or again:
                entry = Entry()
                entries.append(entry)
            _head(entry, row)
            entry.heads[:] = [head.removeprefix(f"{title} ") for head in entry.heads]
        else:
            if not entries:
                entries.append(Entry())
            _tell(entries[-1], text, marked, row[0])
    return entries


def rows_of(lines: Sequence[Line]) -> Iterator[list[Line]]:
    for _, row in groupby(lines, key=lambda line: (line.page, line.row)):
        yield list(row)


def row_text(row: Sequence[Line]) -> str:
    text = "   ".join(line.text for line in row)
    return _MARK.sub("", text).strip(f" {BULLET}")


def _usual(lines: Sequence[Line]) -> tuple[float, bool, int]:
    styles = Counter[tuple[float, bool, int]]()
    for line in lines:
        styles[round(line.size, 1), line.bold, line.color] += len(line.text)
    return styles.most_common(1)[0][0] if styles else (10.0, False, 0)


def _is_head(
    row: Sequence[Line],
    text: str,
    marked: bool,
    dated: bool,
    usual: tuple[float, bool, int],
    entries: Sequence[Entry],
) -> bool:
    if len(text) > _LONGEST_HEAD or (_SENTENCE.search(text) and not dated):
        return False
    if marked:
        return False
    first = row[0]
    set_off = first.size > 1.05 * usual[0] or (first.bold and not usual[1])
    last = entries[-1] if entries else None
    begins = last is None or (not last.told and last.rows < _MOST_HEAD_ROWS)
    longest = 40 if last is not None and last.dated else 70
    return dated or set_off or (begins and len(text) <= longest)


def _head(entry: Entry, row: Sequence[Line]) -> None:
    entry.rows += 1
    for line in row:
        text = line.text
        span = find_span(text)
        while span is not None:
            if not entry.dated:
                entry.start, entry.end = span[0], span[1]
                entry.dated = True
            text = span[2]
            span = find_span(text)
        entry.heads += (
            part.strip(f" ,{BULLET}") for part in _SPLIT.split(text) if part.strip(f" ,-–—{BULLET}")
        )


def _tell(entry: Entry, text: str, marked: bool, first: Line) -> None:
    if marked:
        entry.highlights.append(text)
    elif entry.highlights and not _starts_anew(text, first):
        entry.highlights[-1] = f"{entry.highlights[-1]} {text}"
    else:
        entry.texts.append(text)


def _starts_anew(text: str, first: Line) -> bool:
    return first.bold or bool(re.match(r"[가-힣A-Za-z ]{2,12}\s*[:：]", text))
