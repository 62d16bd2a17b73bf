"""What recurs in a section means the same: rows that look alike begin, head or tell alike."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workers.reading.captions import told
from workers.reading.chain import Scores
from workers.reading.dates import is_date
from workers.reading.evidence import ends_sentence, heads_columns
from workers.reading.rows import Row
from workers.reading.vocabulary import column_kind, is_inner_label, shapes

_MOST_OVER = 2
_TOGETHER = 0.6
"""How much the rows that look alike count, against the row itself."""
_SHORT = 60
_MOSTLY = 0.5
_NAMED = re.compile(r"[^\s:：]{2,20}(?: [^\s:：]{1,20}){0,4}[:：]\s\S")


def alike(rows: Sequence[Row], scores: Scores) -> Scores:
    """Each row's evidence with that of the rows that look like it: what recurs means the same."""
    sums: dict[object, list[list[float]]] = {}
    keys = [looks(row) for row in rows]
    for key, one in zip(keys, scores, strict=True):
        sums.setdefault(key, []).append(one)
    means = {
        key: [sum(column) / len(column) for column in zip(*listed, strict=True)]
        for key, listed in sums.items()
        if len(listed) > 1
    }
    return [
        [own + _TOGETHER * other for own, other in zip(one, means[key], strict=True)]
        if key in means
        else one
        for key, one in zip(keys, scores, strict=True)
    ]


def looks(row: Row) -> object:
    shape = [is_date(cell.text) for cell in row.cells]
    return row.style, round(row.inset / 4), row.marked, tuple(shape[:3]), row.dated


def named_alike(rows: Sequence[Row], labels: Sequence[str]) -> list[str]:
    """'Toolkit: a library.' begins as 'Viewer: shows logs.' does where both look alike."""
    begun = [
        looks(row)
        for row, label in zip(rows, labels, strict=True)
        if label == "begin" and _NAMED.match(row.text)
    ]
    return [
        "begin" if label == "body" and _NAMED.match(row.text) and looks(row) in begun else label
        for row, label in zip(rows, labels, strict=True)
    ]


def led(rows: Sequence[Row], labels: Sequence[str]) -> list[str]:
    """What stands over the first row that begins, printed as a head is, begins it instead."""
    first = next((at for at, label in enumerate(labels) if label == "begin"), 0)
    over = rows[:first]
    if not 0 < len(over) <= _MOST_OVER or any(row.dated or row.marked for row in over):
        return list(labels)
    if any(heads_columns(row) for row in over):
        return list(labels)
    brief = all(len(row.text) < _SHORT for row in over)
    ranks = over[0].lead.size > 0.98 * rows[first].lead.size
    if not (brief and ranks) or any(is_inner_label(row.text) for row in over):
        return list(labels)
    return ["begin", *["head"] * first, *labels[first + 1 :]]


def tabled(rows: Sequence[Row], labels: Sequence[str]) -> list[str]:
    """In a table with a column of employers or schools and one of dates each row begins; in one of
    projects none does. A caption with its time heads what began above it."""
    found = list(labels)
    for at, row in enumerate(rows):
        kinds = {column_kind(cell.column) for cell in row.cells if cell.column}
        before = found[at - 1] if at else ""
        if heads_columns(row):
            found[at] = "body"
        elif kinds & {"org", "school"} and "date" in kinds and row.dated:
            found[at] = "begin"
        elif "project" in kinds and found[at] == "begin":
            found[at] = "body"
        elif found[at] == "begin" and before == "begin" and set(told([row.text])) == {"date"}:
            found[at] = "head"
    return found


def wrapped(rows: Sequence[Row], labels: Sequence[str]) -> list[str]:
    """In a list whose items are dated, a row without a date goes on with the item above."""
    begun = [row for row, label in zip(rows, labels, strict=True) if label == "begin"]
    if sum(row.dated for row in begun) < _MOSTLY * len(begun) or not (begun and begun[0].dated):
        return list(labels)
    return [
        "head" if label == "begin" and not row.dated and not row.marked else label
        for row, label in zip(rows, labels, strict=True)
    ]


def may_complete(row: Row) -> bool:
    named = "form" in shapes(row.text.rsplit(" ", 1)[-1])  # 'Duskfield Inc.' is no sentence
    label = is_inner_label(re.split("[:：]", row.text)[0]) or row.text[:1].islower()
    label = label or (ends_sentence(row) and not named)
    return len(row.text) < _SHORT and not (row.marked or row.dated or label)
