"""A section's lines -> its entries: what heads each, when it was, what is told below.

Where an entry begins is decided for the whole section at once, by the pattern that recurs in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from workers.reading.captions import told, uncaptioned
from workers.reading.chain import table
from workers.reading.dates import Span, find_spans, is_date, is_duration
from workers.reading.entry import Entry, Group
from workers.reading.evidence import row_features
from workers.reading.headings import SectionKind
from workers.reading.lines import Line
from workers.reading.parts import Part, is_remark, name_parts
from workers.reading.recurring import alike, led, may_complete, named_alike, tabled, wrapped
from workers.reading.rows import Row, listed_twice, section_rows
from workers.reading.settled import MOST_ALONE, settled
from workers.reading.times import lies_within
from workers.reading.vocabulary import column_kind, is_inner_label

_GROUPS: dict[SectionKind, Group] = {
    "work": "work", "volunteer": "work", "education": "education", "training": "education",
    "projects": "projects", "certificates": "list", "awards": "list",
}  # fmt: skip
_PAIRS: dict[Group, tuple[str, str]] = {
    "work": ("org", "title"), "education": ("org", "degree"),
}  # fmt: skip
_FEWEST_ALIKE = 2
_NAMING = {"org", "title", "degree", "project"}
_MAY_NAME = 0.15
_SHORT = 60
_SET_IN, _FEW = 3.0, 7
_MOSTLY = 0.5
_RAGGED, _FEWEST_BROKEN, _FEWEST_LETTERS, _CLOSE = 40.0, 3, 36, 0.6
_LEAST = 0.02
_CAPTIONED = 0.9
_ANEW = re.compile(r"[^\W\d_ ][^\W\d_]{1,11}(?: [^\W\d_]{1,11})?\s*[:：]")


def group_of(kind: SectionKind) -> Group | None:
    return _GROUPS.get(kind)


def entry_rows(lines: Sequence[Line], group: Group) -> list[Row]:
    """The section's rows; of jobs and schools each value under its caption, if it has one."""
    rows = section_rows(lines)
    listed_twice(rows)
    return uncaptioned(rows) if group in ("work", "education") else rows


def split_entries(lines: Sequence[Line], group: Group) -> list[Entry]:
    """The entries of a section; rows before the first one that begins are left out."""
    rows = entry_rows(lines, group)
    if not rows:
        return []
    known = table("rows")
    scores = alike(rows, known.evidence(row_features(rows, group)))
    labels, sure = known.best(scores), known.certainty(scores)
    if group == "list":
        labels = wrapped(rows, labels)
    if group == "projects":
        labels = named_alike(rows, labels)
    labels = led(rows, labels)
    if group in _PAIRS:
        labels = tabled(rows, labels)
    entries = _named(rows, labels, sure, group)
    if completed := _completed(rows, labels, sure, entries, group):
        entries = _named(rows, completed, sure, group)
    entries = settled(entries, group)
    _unnumbered(entries)
    for entry in entries:
        _captioned(entry)
        _filled(entry, group)
        _remarked(entry)
    return entries


def _named(
    rows: Sequence[Row], labels: Sequence[str], sure: Sequence[dict[str, float]], group: Group
) -> list[Entry]:
    entries = _begun(rows, labels, sure)
    edge = _edge(rows)
    for entry in entries:
        entry.rows = _unwrapped(entry.rows, edge)
    for entry, parts in zip(entries, name_parts([e.rows for e in entries], group), strict=True):
        entry.parts = parts
        span = _posts_own(entry) or _span(entry.rows)
        if span is not None:
            entry.start, entry.end = span.start, span.end
    return entries


def _edge(rows: Sequence[Row]) -> float:
    """Where lines are broken at the right: where several of them end."""
    ends = sorted((row.cells[-1].box.x1 for row in rows), reverse=True)
    near = [end for end in ends if end > ends[0] - _RAGGED]
    return ends[0] if len(near) >= _FEWEST_BROKEN else float("inf")


def _unwrapped(rows: Sequence[Row], edge: float) -> list[Row]:
    """The rows with a head that was broken over two of them as one: the next word did not fit."""
    found: list[Row] = []
    for row in rows:
        if found and _goes_on(found[-1], row, edge):
            one, other = found[-1].cells[0], row.cells[0]
            box = replace(one.box, bottom=other.box.bottom)
            whole = replace(
                one, text=f"{one.text} {other.text}", words=(*one.words, *other.words), box=box
            )
            found[-1] = Row([whole], found[-1].gap, found[-1].left, found[-1].outer)
        else:
            found.append(row)
    return found


def _goes_on(row: Row, below: Row, edge: float) -> bool:
    if len(row.cells) != 1 or len(below.cells) != 1 or below.dated:
        return False
    one, other = row.cells[0], below.cells[0]
    if row.style != below.style or abs(row.x0 - below.x0) > _SET_IN or below.marked:
        return False
    if one.column or other.column or one.page != other.page or below.gap > _CLOSE:
        return False
    first = other.words[0].box if other.words else other.box
    fits = one.box.x1 + 0.25 * one.size + (first.x1 - first.x0) < edge
    return len(row.text) > _FEWEST_LETTERS and not fits


def _is_caption(part: Part) -> bool:
    """'Position' names none: it says what stands beside it or below."""
    caption = re.split("[:：]", part.text)[0]
    return column_kind(part.text) is not None or is_inner_label(caption)


def _completed(
    rows: Sequence[Row], labels: Sequence[str], sure: Sequence[dict[str, float]],
    entries: Sequence[Entry], group: Group,
) -> list[str]:  # fmt: skip
    """Labels by which the row below the head of each entry heads it too, where most entries name
    one of two things only and such rows may well name the other; else nothing."""
    if group not in _PAIRS or len(entries) < _FEWEST_ALIKE:
        return []
    lacking = {id(e.rows[0]) for e in entries if sum(map(e.has, _PAIRS[group])) == 1}
    found, chances = list(labels), list[float]()
    first: Row | None = None
    for at, (row, label) in enumerate(zip(rows, labels, strict=True)):
        if label == "begin":
            first = row
        elif label == "body" and first is not None:
            if id(first) in lacking and may_complete(row):
                found[at] = "head"
                chances.append(sure[at]["head"])
            first = None
    enough = len(chances) >= max(_FEWEST_ALIKE, _MOSTLY * len(entries))
    return found if enough and sum(chances) > _LEAST * len(chances) else []


def _begun(
    rows: Sequence[Row], labels: Sequence[str], sure: Sequence[dict[str, float]]
) -> list[Entry]:
    """The entries with their heads as rows and with what is told."""
    entries: list[Entry] = []
    following = [*rows[1:], None]
    for row, below, label, likely in zip(rows, following, labels, sure, strict=True):
        if label == "begin" or (label == "head" and not entries):
            entries.append(Entry(sure=likely[label]))
        if not entries:
            continue
        if _dates_beside_telling(entries[-1], row, label):
            entries[-1].rows.append(Row(row.cells[-1:]))
            _tell(entries[-1], Row(row.cells[:-1]))
        elif label == "body" and _may_name(entries[-1], row, below, likely["head"]):
            entries[-1].rows.append(row)
        elif label == "body":
            _tell(entries[-1], row)
        else:
            entries[-1].rows.append(row)
    return entries


def _dates_beside_telling(entry: Entry, row: Row, label: str) -> bool:
    """The dates of what stands above, at the right of the first row of what is told of it."""
    if label == "begin" or len(row.cells) < 2 or any(each.dated for each in entry.rows):
        return False
    left = Row(row.cells[:-1])
    told = label == "body" or left.marked or len(left.text) > _SHORT
    return told and is_date(row.cells[-1].text)


def _may_name(entry: Entry, row: Row, below: Row | None, likely: float) -> bool:
    """So far one thing is named, and the row may well name the other; what is told is set in."""
    leads = [each for each in entry.rows if not each.only_dates]
    alone = len(leads) == 1 and not re.search(r"[,|·@/]", leads[0].lead.text)
    begun = not (entry.texts or entry.highlights) and len(entry.rows) <= MOST_ALONE
    set_in = below is not None and (below.marked or below.inset > row.inset + _SET_IN)
    outer = abs(row.inset - entry.rows[0].inset) < _SET_IN and set_in and not row.text[:1].islower()
    may = likely > _MAY_NAME or (outer and not row.dated and len(row.text.split()) < _FEW)
    return alone and begun and may and not row.marked and len(row.text) < _SHORT


def _unnumbered(entries: Sequence[Entry]) -> None:
    """'1. Northgate', '2. Halden': the numbers count the entries and are no part of a name."""
    leads = [min(entry.parts, key=_place, default=None) for entry in entries]
    for at, part in enumerate(leads, start=1):
        if part is None or not part.text.startswith(f"{at}. "):
            return
    if len(leads) > 1 or (leads and leads[0] is not None and not leads[0].text.isascii()):
        for part in leads:
            if part is not None:
                part.text = part.text.partition(" ")[2]


def _captioned(entry: Entry) -> None:
    """What stands below the head after the caption for a title or a time is that, whatever the head
    seems to say."""
    below = told([*(row.text for row in entry.rows), *entry.texts, *entry.highlights])
    if title := below.get("title"):
        for part in entry.parts:
            part.kind = "other" if part.kind == "title" else part.kind
        lead = entry.rows[0]
        entry.parts.append(Part("title", title, {"title": _CAPTIONED}, 0, lead.cells[0]))
    if entry.start is None and (spans := find_spans(below.get("date", ""))):
        entry.start, entry.end = spans[0].start, spans[0].end


def _place(part: Part) -> tuple[int, float]:
    return part.row, part.line.box.x0


def _filled(entry: Entry, group: Group) -> None:
    """Of two parts one is the employer and one the title, whatever each is by itself."""
    pair = _PAIRS.get(group)
    if pair is None:
        return
    for missing, given in (pair, pair[::-1]):
        have = [part for part in entry.parts if part.kind == given]
        if entry.has(missing) or not have:
            continue
        best = max(have, key=lambda part: part.sure)
        others = [
            part
            for part in entry.parts
            if part is not best and part.kind in (given, "other", "dept", "project")
            and len(part.text) > 1 and not _is_caption(part)
        ]  # fmt: skip
        chosen = max(others, key=lambda part: part.likely[missing], default=None)
        if chosen is None and len(best.pieces) > 1:
            _cut(entry, best, missing)
            continue
        apart = chosen is not None and (chosen.row, chosen.line) != (best.row, best.line)
        if chosen is not None and (apart or chosen.likely[missing] > _LEAST):
            chosen.kind = missing


def _remarked(entry: Entry) -> None:
    """A remark in brackets is of what it follows, where the entry names all it should without it:
    'Halden Pay Inc. (QPay)'."""
    for before, part in pairwise(list(entry.parts)):
        text = f"{before.text} ({part.text})"
        if before not in entry.parts or before.line is not part.line or is_remark(part.text):
            continue
        if before.kind not in _NAMING or text.replace(" (", "(") not in _close(part.line.text):
            continue
        others = {each.kind for each in entry.parts if each is not part}
        if part.kind in others or part.kind not in _NAMING:
            before.text = text
            entry.parts.remove(part)


def _close(text: str) -> str:
    return " ".join(text.split()).replace(" (", "(")


def _cut(entry: Entry, part: Part, missing: str) -> None:
    """'Nexus AI, Co-Founder': all of it was taken for one thing, and the other is missing."""
    ends = (part.pieces[0], part.pieces[-1])
    chosen = max(ends, key=lambda each: each.likely[missing] - each.likely[part.kind])
    rest = [each for each in part.pieces if each is not chosen]
    chosen.kind = missing
    at = entry.parts.index(part)
    part.text = part.text.replace(chosen.text, "", 1).strip(" ,;:|·-–—/()")
    part.pieces = rest
    entry.parts.insert(at if chosen is ends[0] else at + 1, chosen)


def _posts_own(entry: Entry) -> Span | None:
    """The time of the post, where that of the employer stands above, beside its name."""
    title = next((part.row for part in entry.parts if part.kind == "title"), 0)
    over = _span(entry.rows[:title])
    own = _span(entry.rows[title : title + 2]) if over is not None else None
    return own if over and own and own.ranged and lies_within(own, over) else None


def _span(rows: Sequence[Row]) -> Span | None:
    spans = [span for row in rows for span in row.spans]
    return next((span for span in spans if span.ranged), spans[0] if spans else None)


def _tell(entry: Entry, row: Row) -> None:
    cells = [cell for cell in row.cells if not is_duration(cell.text)]
    if not cells:
        return
    text = Row(cells).text
    if row.marked:
        entry.highlights.append(text)
    elif entry.highlights and not (row.lead.bold or _ANEW.match(text)):
        entry.highlights[-1] = f"{entry.highlights[-1]} {text}"
    else:
        entry.texts.append(text)
