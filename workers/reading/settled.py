"""Which entries of a section stand by themselves, and which are told of another or complete it."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import replace

from workers.reading.dates import Span
from workers.reading.entry import Entry, Group
from workers.reading.evidence import ends_sentence
from workers.reading.rows import Row
from workers.reading.times import lies_within
from workers.reading.vocabulary import is_inner_label, text_shapes

_SURE = 0.6
_SET_IN = 3.0
_SMALLER = 0.97
_SAID = 24
_SIGNED = re.compile(r"[^\w\s(（\"'“”‘’「『#@㈜]")
MOST_ALONE = 3
"""Of more rows no entry is that another one completes."""


def settled(entries: Sequence[Entry], group: Group) -> list[Entry]:
    """What fits no pattern is body: without dates among entries that have some, a row heads
    nothing, unless it and what follows make one entry."""
    dated = [entry for entry in entries if entry.start]
    if group in ("projects", "list"):
        return list(entries)
    entries = [entry for entry in entries if not _is_said(entry, group)]
    if not dated:
        return entries
    whole: list[Entry] = []
    for entry in entries:
        outer = next((each for each in reversed(whole) if each.start), None)
        if outer is not None and group == "work" and _is_within(entry, outer):
            _swallow(outer, entry)
        elif whole and group == "work" and _is_post_of(entry, whole[-1]):
            whole[-1] = replace(_joined(whole[-1], entry), start=entry.start, end=entry.end)
        elif whole and _complete_each_other(whole[-1], entry, entries[0].start is not None):
            whole[-1] = _joined(whole[-1], entry)
        else:
            whole.append(entry)
    prints = {entry.rows[0].style for entry in dated}
    kept: list[Entry] = []
    for entry in whole:
        if not kept or entry.start or _stands(entry, prints):
            kept.append(entry)
        else:
            _swallow(kept[-1], entry)
    if len(kept) > 1 and not kept[0].start and not _stands(kept[0], prints):
        kept.pop(0)
    return kept


def _is_said(entry: Entry, group: Group) -> bool:
    """'Analyses done:' or a sentence with a date, as over a signature: it heads nothing."""
    lead = entry.rows[0]
    if entry.start is None:
        opens = len(entry.rows) == 1 and lead.text.endswith((":", "："))
        return opens or (group == "work" and any(map(_is_sentence, entry.rows)))
    return entry.end is None and _is_sentence(lead)


def _is_sentence(row: Row) -> bool:
    named = "form" in text_shapes(row.text.rsplit(" ", 1)[-1])
    return ends_sentence(row) and not named and len(row.text) > (_SAID if row.text.isascii() else 0)


def _swallow(entry: Entry, part: Entry) -> None:
    entry.texts += [row.text for row in part.rows] + part.texts
    entry.highlights += part.highlights


def _is_within(part: Entry, entry: Entry) -> bool:
    """What was done at a job in its time: under a sign of its own, with no employer's name; or of a
    job that is named whole set in or printed smaller, in a part of the time."""
    if not (entry.has("org") and entry.end and part.start):
        return False
    whole = (entry.start, entry.end) == (part.start, part.end)
    if not (whole or lies_within(_time(part), _time(entry))):
        return False
    lead, own = entry.rows[0].lead, part.rows[0].lead
    if is_signed(own.text) and not is_signed(lead.text):
        return "form" not in text_shapes(part.of("org") or "")
    set_in = part.rows[0].inset > entry.rows[0].inset + _SET_IN
    smaller = own.size < _SMALLER * lead.size
    return bool(entry.has("title") and part.end) and not whole and (smaller or set_in)


def is_signed(text: str) -> bool:
    """It begins with a box, an arrow or a bracket, as what is told under a head does."""
    return bool(_SIGNED.match(text))


def _is_post_of(post: Entry, employer: Entry) -> bool:
    """The first of the posts held at an employer that stands above them with the time of all."""
    if employer.texts or employer.highlights or employer.has("title") or not employer.has("org"):
        return False
    named = post.has("title") and not post.has("org")
    return named and post.end is not None and lies_within(_time(post), _time(employer))


def _time(entry: Entry) -> Span:
    return Span(0, 0, entry.start, entry.end)


def _complete_each_other(one: Entry, other: Entry, dates_first: bool) -> bool:
    """An employer alone, then what was done there; or what is dated, then what it is of.

    Which of the two stands first is the section's pattern."""
    if one.texts or one.highlights or len(one.rows) > MOST_ALONE:
        return False
    if (one.start is not None) != dates_first or (other.start is None) != dates_first:
        return False
    if dates_first:
        return not one.kinds & other.kinds
    return not (one.has("org") and other.has("org"))


def _joined(one: Entry, other: Entry) -> Entry:
    shifted = [replace(part, row=part.row + len(one.rows)) for part in other.parts]
    return Entry(
        [*one.parts, *shifted], [*one.rows, *other.rows], one.start or other.start,
        one.end or other.end, other.highlights, other.texts, max(one.sure, other.sure),
    )  # fmt: skip


def _stands(entry: Entry, prints: Container[object]) -> bool:
    named = entry.has("org") and (entry.has("title") or entry.has("degree"))
    told = is_inner_label(re.split(r"[:：\s]", entry.rows[0].text)[0])
    return named and not told and entry.sure > _SURE and entry.rows[0].style in prints
