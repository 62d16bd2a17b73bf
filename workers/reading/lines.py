"""Words -> lines: runs of words on one baseline that are not apart like columns are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from server.document.pages import BULLET, Box, Document, Page, Word
from workers.reading.labels import LABELS, squash
from workers.reading.vocabulary import column_kind

_APART = 1.25
"""Gap, in letter sizes, from which on two words are two lines."""
_SIZE_JUMP = 1.45
_LISTED = 3.0
"""How far after the sign at the head of a row, in sizes of its letters, its text begins."""
_WIDE = 0.8
_TOUCHING = 0.15
_HAIR = 2.0
_FEWEST_CAPTIONED = 2
_CJK = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Line:
    """A run of words. ``row`` is the same for all lines of a page on one baseline."""

    text: str
    box: Box
    size: float
    bold: bool
    font: str
    color: int
    page: int
    row: int
    words: tuple[Word, ...]
    column: str = ""
    """What stands at the head of its column, in a ruled table that has known heads."""

    @property
    def middle(self) -> float:
        return (self.box.x0 + self.box.x1) / 2


def document_lines(document: Document) -> tuple[tuple[Line, ...], ...]:
    """For each page its lines, top to bottom and left to right."""
    return tuple(page_lines(page) for page in document.pages)


def page_lines(page: Page) -> tuple[Line, ...]:
    lines: list[Line] = []
    cells = ruled_cells(page)
    inside = {id(word) for each in cells for word in each.words}
    taken: set[int] = set()
    for row, words in enumerate(_rows(_once(w for w in page.words if w.upright))):
        free = [word for word in words if id(word) not in inside]
        runs = _runs(free) if free else []
        lines += (make_line(run, page.number, row) for run in _spaced_labels(runs))
        for at, cell in enumerate(cells):
            if at not in taken and any(id(word) in cell.ids for word in words):
                beside = [n for n, each in enumerate(cells) if each.row == cell.row]
                lines += [_cell_line(cells[n], page.number, row) for n in beside]
                taken.update(beside)
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class _Cell:
    row: tuple[int, int]
    words: tuple[Word, ...]
    head: str
    ids: frozenset[int]


def ruled_cells(page: Page) -> list[_Cell]:
    """The cells of tables of which one row holds known heads of columns, with these heads."""
    found: list[_Cell] = []
    upright = [word for word in page.words if word.upright]
    for number, table in enumerate(page.tables):
        if len(table.rows) < 2:
            continue
        held = [[_held(upright, cell) if cell else () for cell in row] for row in table.rows]
        texts = [["".join(word.text for word in cell) for cell in row] for row in held]
        kinds = [[column_kind(text) for text in row] for row in texts]
        first = next((at for at, row in enumerate(kinds) if are_heads(row, texts[at])), None)
        captioned = sum(map(are_captions, kinds, texts)) >= _FEWEST_CAPTIONED
        if first is None and not captioned:
            continue
        if first is None or captioned:  # each value has its caption beside it
            for at, row in enumerate(held):
                ids_of = (frozenset(id(word) for word in words) for words in row)
                cells = zip(row, ids_of, strict=True)
                found += [_Cell((number, at), words, "", ids) for words, ids in cells if words]
            continue
        for at, row in enumerate(held[first:], start=first):
            for place, words in enumerate(row):
                if words:
                    head = texts[first][place] if at > first and place < len(texts[first]) else ""
                    ids = frozenset(id(word) for word in words)
                    found.append(_Cell((number, at), words, head, ids))
    return found


def are_captions(kinds: Sequence[str | None], texts: Sequence[str]) -> bool:
    """Every other cell says what the one right of it is."""
    told = [kind for kind, text in zip(kinds, texts, strict=True) if text]
    return len(told) > 1 and all((kind is None) == (at % 2 == 1) for at, kind in enumerate(told))


def are_heads(kinds: Sequence[str | None], texts: Sequence[str]) -> bool:
    known = sum(kind is not None for kind in kinds)
    if are_captions(kinds, texts):
        return False
    return known >= 2 and 2 * known >= sum(bool(text) for text in texts)


def _held(words: Sequence[Word], box: Box) -> tuple[Word, ...]:
    return tuple(
        word
        for word in words
        if box.x0 - 1 <= (word.box.x0 + word.box.x1) / 2 <= box.x1 + 1
        and box.top - 1 <= (word.box.top + word.box.bottom) / 2 <= box.bottom + 1
    )


def _cell_line(cell: _Cell, page: int, row: int) -> Line:
    lines = [make_line(words, page, row) for words in _rows(list(cell.words))]
    whole = make_line(cell.words, page, row)
    return replace(whole, text=" ".join(line.text for line in lines), column=cell.head)


def make_line(words: Sequence[Word], page: int, row: int) -> Line:
    letters = [word for word in words if word.text != BULLET] or list(words)
    widest = max(letters, key=lambda word: len(word.text) * word.size)
    return Line(
        text=_text(words),
        box=Box(
            min(w.box.x0 for w in words), min(w.box.top for w in words),
            max(w.box.x1 for w in words), max(w.box.bottom for w in words),
        ),
        size=max(word.size for word in letters),
        bold=2 * sum(len(w.text) for w in letters if w.bold) > sum(len(w.text) for w in letters),
        font=widest.font,
        color=widest.color,
        page=page,
        row=row,
        words=tuple(words),
    )  # fmt: skip


def _once(words: Iterable[Word]) -> list[Word]:
    """Some programs print a letter twice, a hair apart, to make it bold."""
    kept: list[Word] = []
    met: set[str] = set()
    near: dict[tuple[str, int, int], list[Word]] = {}
    for word in words:
        x, y = round(word.box.x0 / 4), round(word.box.top / 4)
        if word.text in met:
            around = [(word.text, x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
            if any(_same_place(word, each) for place in around for each in near.get(place, ())):
                continue
        met.add(word.text)
        near.setdefault((word.text, x, y), []).append(word)
        kept.append(word)
    return kept


def _same_place(one: Word, other: Word) -> bool:
    hair = min(_HAIR, 0.5 * (one.box.x1 - one.box.x0))
    return abs(one.box.x0 - other.box.x0) < hair and abs(one.box.top - other.box.top) < _HAIR


def _baseline(word: Word) -> float:
    return word.box.bottom - 0.21 * word.size


def _rows(words: list[Word]) -> list[list[Word]]:
    rows: list[list[Word]] = []
    for word in sorted(words, key=_baseline):
        for row in reversed(rows[-3:]):
            if _level(word, row[0]):
                row.append(word)
                break
        else:
            rows.append([word])
    return [sorted(row, key=lambda word: word.box.x0) for row in rows]


def _level(one: Word, other: Word) -> bool:
    """Fonts sit differently on the line: of like size, two words that overlap are level."""
    small, large = sorted((one.size, other.size))
    if abs(_baseline(one) - _baseline(other)) <= 0.35 * small:
        return True
    common = min(one.box.bottom, other.box.bottom) - max(one.box.top, other.box.top)
    return large < 1.3 * small and common > 0.6 * small


def _runs(row: list[Word]) -> list[list[Word]]:
    runs = [[row[0]]]
    for before, word in pairwise(row):
        gap = word.box.x0 - before.box.x1
        small, large = sorted((before.size, word.size))
        signs = BULLET in (before.text, word.text)
        if len(runs) == len(runs[-1]) == 1 and before.text == BULLET and gap < _LISTED * word.size:
            runs[-1].append(word)
            continue
        jump = large > small * _SIZE_JUMP and gap > _TOUCHING * large and not signs
        if jump or gap > _APART * (small + large) / 2 or _set_apart(before, word, gap):
            runs.append([])
        runs[-1].append(word)
    return runs


def _set_apart(one: Word, other: Word, gap: float) -> bool:
    """A heading beside what it heads: of another size and colour, and farther than words are."""
    small, large = sorted((one.size, other.size))
    return large > 1.08 * small and one.color != other.color and gap > _WIDE * large


def _spaced_labels(runs: list[list[Word]]) -> list[list[Word]]:
    """Forms spread a label over its cell: 'N a m e' is one label, not four lines."""
    joined: list[list[Word]] = []
    index = 0
    while index < len(runs):
        for end in range(min(len(runs), index + 5), index, -1):
            words = [word for run in runs[index:end] for word in run]
            spread = all(len(word.text) <= 2 for word in words[:-1])
            if end == index + 1 or (spread and squash("".join(w.text for w in words)) in LABELS):
                joined.append(words)
                index = end
                break
    return joined


def _text(words: Sequence[Word]) -> str:
    if len(words) > 1 and _is_letter_spaced(words):
        return _close_up(words)
    parts = [words[0].text]
    for before, word in pairwise(words):
        gap = word.box.x0 - before.box.x1
        touching = gap < _TOUCHING * max(before.size, word.size)
        signs = BULLET in (before.text, word.text)
        parts.append(word.text if touching and not signs else f" {word.text}")
    return (
        "".join(_leftward(parts))
        if any("\u0590" <= p[-1] <= "\u08ff" for p in parts)
        else ("".join(parts))
    )


def _leftward(parts: list[str]) -> list[str]:
    """Arabic and Hebrew: the first word of the line is the rightmost."""
    ordered = [part.strip() for part in reversed(parts)]
    return [" ".join(ordered)]


def _is_letter_spaced(words: Sequence[Word]) -> bool:
    texts = [word.text for word in words if word.text != BULLET]
    single = sum(len(text) == 1 and text.isalpha() for text in texts)
    if texts and single == len(texts) and all(_CJK.match(text) for text in texts):
        return 2 <= len(texts) <= 8
    longest = max((len(text) for text in texts), default=0)
    return len(texts) >= 4 and single >= (0.8 if longest > 2 else 0.6) * len(texts)


def _close_up(words: Sequence[Word]) -> str:
    words = [word for word in words if word.text != BULLET]
    gaps = sorted(b.box.x0 - a.box.x1 for a, b in pairwise(words))
    usual = gaps[len(gaps) // 2] if gaps else 0.0
    parts = [words[0].text]
    for before, word in pairwise(words):
        wide = word.box.x0 - before.box.x1 > max(usual * 1.7, usual + 0.12 * word.size)
        parts.append(f" {word.text}" if wide and not _CJK.match(word.text) else word.text)
    return "".join(parts)
