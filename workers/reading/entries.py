"""A section's lines -> its entries: what heads each, when it was, what is told below.

Where an entry begins is decided for the whole section at once, by the pattern that recurs in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from workers.reading.chain import table
from workers.reading.dates import Span
from workers.reading.evidence import row_features
from workers.reading.headings import SectionKind
from workers.reading.lines import Line
from workers.reading.parts import Part, name_parts
from workers.reading.rows import Row, section_rows

Group = Literal["work", "education", "projects", "list"]
_GROUPS: dict[SectionKind, Group] = {
    "work": "work", "volunteer": "work", "education": "education", "training": "education",
    "projects": "projects",
}  # fmt: skip
_ANEW = re.compile(r"[^\W\d_ ][^\W\d_]{1,11}(?: [^\W\d_]{1,11})?\s*[:：]")


@dataclass(slots=True)
class Entry:
    """``parts`` name what heads it; ``sure`` is how likely it is an entry at all, in [0, 1]."""

    parts: list[Part] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    start: str | None = None
    end: str | None = None
    highlights: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    sure: float = 0.0

    @property
    def summary(self) -> str | None:
        return " ".join(self.texts) or None

    def of(self, kind: str) -> str | None:
        """The part of that kind that is surest, with what goes on in the next row."""
        found = [part for part in self.parts if part.kind == kind and part.text]
        if not found:
            return None
        best = max(found, key=lambda part: (round(part.sure, 2), len(part.text)))
        return best.text

    def sure_of(self, kind: str) -> float:
        return max((part.sure for part in self.parts if part.kind == kind), default=0.0)


def group_of(kind: SectionKind) -> Group | None:
    return _GROUPS.get(kind)


def split_entries(lines: Sequence[Line], group: Group) -> list[Entry]:
    """The entries of a section; rows before the first one that begins are left out."""
    rows = section_rows(lines)
    if not rows:
        return []
    known = table("rows")
    scores = known.evidence(row_features(rows, group))
    labels, sure = known.best(scores), known.certainty(scores)
    entries: list[Entry] = []
    for row, label, likely in zip(rows, labels, sure, strict=True):
        if label == "begin" or (label == "head" and not entries):
            entries.append(Entry(sure=likely[label]))
        if not entries:
            continue
        if label == "body":
            _tell(entries[-1], row)
        else:
            entries[-1].rows.append(row)
    for entry, parts in zip(entries, name_parts([e.rows for e in entries], group), strict=True):
        entry.parts = parts
        span = _span(entry.rows)
        if span is not None:
            entry.start, entry.end = span.start, span.end
    return entries


def _span(rows: Sequence[Row]) -> Span | None:
    spans = [span for row in rows for span in row.spans]
    return next((span for span in spans if span.ranged), spans[0] if spans else None)


def _tell(entry: Entry, row: Row) -> None:
    text = row.text
    if row.marked:
        entry.highlights.append(text)
    elif entry.highlights and not (row.lead.bold or _ANEW.match(text)):
        entry.highlights[-1] = f"{entry.highlights[-1]} {text}"
    else:
        entry.texts.append(text)


def entries_of(
    sections: Sequence[tuple[SectionKind, Sequence[Line]]], wanted: Group
) -> Iterator[Entry]:
    for kind, lines in sections:
        if group_of(kind) == wanted:
            yield from split_entries(lines, wanted)
