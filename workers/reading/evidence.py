"""The one table of evidence: what speaks for a row to begin an entry, and for a word to name what.

Features are names; what each is worth is fitted (``chain.table``), never written here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from workers.reading.chain import bucket
from workers.reading.dates import is_date
from workers.reading.lines import are_heads
from workers.reading.places import is_place
from workers.reading.rows import Row, Style, indent_of, usual_style
from workers.reading.vocabulary import column_kind, happening, is_inner_label, text_shapes
from workers.reading.words import pattern

_SENTENCE = re.compile(rf"[.!?。]\s*$|(?:{pattern('sentence_ends')})(?:[.]\s*)?$")
_LIKE = {
    "post": frozenset(("role", "rank")),
    "org": frozenset(("form", "school")),
    "study": frozenset(("degree", "field")),
}


def row_features(rows: Sequence[Row], group: str) -> list[list[str]]:
    """For each row what can be seen of it and of its place among the others of its section."""
    if not rows:
        return []
    usual = usual_style(rows)
    seen = [_seen(row, usual) for row in rows]
    told, distant = _repeated(rows), _by_distance(rows, group)
    found = []
    for at, one in enumerate(seen):
        names = [*one, *told[at], *distant[at]]
        before, after = seen[at - 1] if at else None, seen[at + 1] if at + 1 < len(seen) else None
        names += [f"-1{each}" for each in before or ("top",) if each[0] in "dmixbLt"]
        names += [f"+1{each}" for each in after or ("end",) if each[0] in "dmixbLe"]
        names += _between(rows[at - 1] if at else None, rows[at], "")
        names += _between(rows[at], rows[at + 1] if at + 1 < len(rows) else None, "n")
        found.append([*names, *(f"{group}|{each}" for each in one), "always", f"{group}|always"])
    return found


def _seen(row: Row, usual: Style) -> list[str]:
    text, lead = row.text, row.lead
    where = "none"
    if row.only_dates:
        where = "only"
    elif row.spans:
        tail = text[row.spans[0].last :].strip(" )]")
        first = row.spans[0].first
        where = "first" if first <= 1 else "last" if len(tail) <= 12 else "inside"
    ranged = any(span.ranged for span in row.spans)
    names = [
        f"d{where}{'R' if ranged else ''}",
        f"m{row.marked}",
        f"i{indent_of(row)}",
        f"x{len(row.cells) > 1}{is_date(row.cells[-1].text)}{is_place(row.cells[-1].text)}",
        f"b{lead.bold}{usual[1]}",
        f"L{bucket(len(text), 12, 25, 45, 70, 110)}",
        f"size{bucket(lead.size / max(usual[0], 1), 0.93, 1.04, 1.15)}",
        f"color{lead.color == usual[2]}",
        f"font{lead.font == usual[3]}",
        f"sentence{ends_sentence(row)}",
        f"small{text[:1].islower()}",
        f"caps{text.isupper()}",
        f"gap{bucket(row.gap, 0.25, 0.5, 0.8, 1.2, 2.0)}",
        f"label{is_inner_label(re.split('[:：]', text)[0])}{':' in text or '：' in text}",
        f"commas{min(text.count(','), 3)}",
        f"happens{happens[1] if (happens := happening(text)) else None}",
        f"heads{heads_columns(row)}{bool(lead.column)}",
        f"under{column_kind(row.cells[0].column)}",
        f"closed{text.count('(') == text.count(')')}",
    ]
    short = len(text) < 70
    return names + [f"w{shape}{short}" for shape in sorted(text_shapes(text[:90]))]


def ends_sentence(row: Row) -> bool:
    return _SENTENCE.search(row.text) is not None


def heads_columns(row: Row) -> bool:
    """The row is the head of a table: what its cells say is known to head columns."""
    kinds = [column_kind(cell.text) for cell in row.cells]
    return all(kinds) or are_heads(kinds, [cell.text for cell in row.cells])


def _repeated(rows: Sequence[Row]) -> list[list[str]]:
    """How the row's print recurs down the section, and how dates stand to it each time."""
    keys = [(row.style, round(row.inset / 4), row.marked) for row in rows]
    counts = Counter(keys)
    dates = [at for at, row in enumerate(rows) if row.dated]
    spans = sum(any(span.ranged for span in row.spans) for row in rows)
    gaps = sorted(row.gap for row in rows[1:])
    usual_gap = gaps[len(gaps) // 2] if gaps else 0.0
    on: dict[object, list[int]] = {}
    for at, key in enumerate(keys):
        on.setdefault(key, []).append(at)
    found = []
    for at, key in enumerate(keys):
        same = on[key]
        dated = sum(rows[n].dated for n in same) / len(same)
        followed = sum(any(0 < d - n <= 2 for d in dates) for n in same) / len(same)
        led = sum(any(0 < n - d <= 1 for d in dates) for n in same) / len(same)
        spaced = sum(rows[n].gap > usual_gap + 0.15 or n == 0 for n in same) / len(same)
        runs = sum(n + 1 in same for n in same) / len(same)
        above = min((at - d for d in dates if d < at), default=9)
        below = min((d - at for d in dates if d > at), default=9)
        ratio = len(same) / max(spans, 1)
        share = (
            f"rn{bucket(counts[key], 2, 3, 5)}",
            f"rd{bucket(dated, 0.01, 0.5, 0.9)}",
            f"rf{bucket(followed, 0.01, 0.5, 0.9)}",
            f"rl{bucket(led, 0.01, 0.5, 0.9)}",
            f"rg{bucket(spaced, 0.01, 0.5, 0.9)}",
            f"rr{bucket(runs, 0.01, 0.5, 0.9)}",
            f"first{key == keys[0]}",
            f"ratio{bucket(ratio, 0.5, 0.9, 1.1, 2)}",
        )
        near = f"a{min(above, 3)}b{min(below, 3)}"
        gap = rows[at].gap
        even = at > 1 and abs(gap - rows[at - 1].gap) < 0.12
        wider = at + 1 < len(rows) and rows[at + 1].gap > gap + 0.15
        more = rows[at].gap > usual_gap + 0.15
        found.append(
            [*share, near, f"more{more}", f"more{more}{share[4]}", f"spans{bucket(spans, 1, 2)}",
             share[1] + share[6], share[2] + share[6] + share[5], share[7] + share[1],
             f"even{even}{wider}", f"even{even}{wider}{near}",
             f"{near}{share[6]}{rows[at].dated}", share[4] + share[7],
             share[0] + share[6] + share[4]]
        )  # fmt: skip
    return found


def _by_distance(rows: Sequence[Row], group: str) -> list[list[str]]:
    """What rows as far from a row with dates are like all down the section: a title that no list
    has stands where the others' titles do."""
    dates = [at for at, row in enumerate(rows) if row.dated]
    keys: list[tuple[int, int]] = []
    for at in range(len(rows)):
        above = min((at - d for d in dates if d <= at), default=9)
        below = min((d - at for d in dates if d > at), default=9)
        keys.append((min(above, 4), min(below, 3) if above > 1 else 0))
    held: dict[tuple[int, int], list[frozenset[str]]] = {}
    short: dict[tuple[int, int], list[bool]] = {}
    for key, row in zip(keys, rows, strict=True):
        held.setdefault(key, []).append(text_shapes(row.text[:60]))
        short.setdefault(key, []).append(len(row.text) < 50 and not row.marked)
    found = []
    for key in keys:
        all_here = held[key]
        many = len(all_here)
        names = [f"far{key}"]
        for name, kinds in _LIKE.items():
            share = sum(bool(each & kinds) for each in all_here) / many
            names.append(f"far{key[0]}{name}{bucket(share, 0.01, 0.4, 0.75)}")
        brief = bucket(sum(short[key]) / many, 0.2, 0.6, 0.95)
        names += [f"farshort{key[0]}{brief}", f"farmany{key[0]}{bucket(many, 2, 3)}{brief}"]
        found.append([*names, *(f"{group}|{name}" for name in names)])
    return found


def _between(one: Row | None, other: Row | None, name: str) -> list[str]:
    if one is None or other is None:
        return [f"{name}edge"]
    shift = other.inset - one.inset
    moved = f"{name}shift{bucket(shift, -20, -3, 3, 20)}"
    ends = one.cells[-1].box.x1, other.cells[-1].box.x1
    return [
        f"{name}same{one.style == other.style}",
        moved,
        f"{name}dated{one.dated}{other.dated}",
        f"{name}bold{one.lead.bold}{other.lead.bold}",
        f"{name}full{ends[0] > 0.93 * max(ends)}",
        f"{moved}gap{bucket(other.gap, 0.25, 0.5, 0.8, 1.2)}",
    ]
