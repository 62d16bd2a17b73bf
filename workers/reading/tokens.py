"""The words of the heads of a section, with all that speaks for what each of them names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from server.document.pages import BULLET, Word
from workers.reading.chain import bucket
from workers.reading.dates import find_spans, without_dates
from workers.reading.lines import Line
from workers.reading.places import is_place
from workers.reading.roles import has_role_word
from workers.reading.rows import MARK, Row
from workers.reading.vocabulary import column_kind, shapes, text_shapes
from workers.reading.words import is_hangul, pattern

_SEPARATOR = re.compile(
    r"(?:(?<!\s)\s++)?[|│\u3163·•∙,;，、：()（）\[\]]\s*+|(?<!\s)\s++(?:[-–—/~@:]|at|bei|chez|à)\s++|:\s++|(?<=\w)—\s++"
    r"|(?<!\s)\s++(?:[-–—](?=[^\W\d_])|à\sl[’']|in\s(?=[0-9]{4,5}\s))"
)
_GUARDED = re.compile(
    rf"\((?:{pattern('forms_in_brackets')})\)|,\s(?=(?:inc|ltd|llc|co|corp)\b(?!-))", re.IGNORECASE
)
_EAST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_TELLING = ("role", "rank", "form", "school", "degree", "field", "dept", "place")
_MOST_PRINTS = 3
"""A row of more changes of print is set in prints by script, not by what it names."""
_NAMING = frozenset(("role", "rank", "form", "school", "degree"))


@dataclass(slots=True)
class Token:
    """A word of a head with where it stands: ``part`` is its part of the cell, between signs."""

    text: str
    first: int
    last: int
    cell: int
    row: int
    part: int
    line: Line
    features: list[str] = field(default_factory=list)
    slot: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class _Head:
    """What the words of a head have in common."""

    group: str
    rows: Sequence[Row]
    bold: float
    """Share of its cells that are bold."""
    largest: float
    places: Sequence[int]
    """Of each cell which one of its row it is."""


def head_tokens(rows: Sequence[Row], group: str) -> list[Token]:
    """The words of one head without its dates, with all that speaks for what each is."""
    cells = [(at, cell) for at, row in enumerate(rows) for cell in row.cells]
    tokens = [
        token
        for number, (at, cell) in enumerate(cells)
        for token in _cell_tokens(cell, number, at, group != "list")
    ]
    head = _Head(
        group,
        rows,
        sum(cell.bold for _, cell in cells) / max(len(cells), 1),
        max((cell.size for _, cell in cells), default=10.0),
        [place for row in rows for place in range(len(row.cells))],
    )
    for _, words in groupby(tokens, key=lambda each: (each.cell, each.part)):
        _describe(list(words), tokens, head)
    return tokens


def _cell_tokens(cell: Line, number: int, row: int, colons: bool) -> list[Token]:
    """``colons``: whether they part names; what is listed may have one of its own."""
    text = cell.text
    blank = list(text)
    if mark := MARK.match(text):
        blank[: mark.end()] = " " * mark.end()
    for span in find_spans(text):
        blank[span.first : span.last] = "|" * (span.last - span.first)
    kept = "".join(blank)
    if without_dates(kept) != kept:
        kept = re.sub(re.escape(kept), lambda _: _erased(kept), kept, count=1)
    guards = [found.span() for found in _GUARDED.finditer(kept)]
    signs = [
        found.span()
        for found in _SEPARATOR.finditer(kept)
        if not any(a < found.end() and found.start() < b for a, b in guards)
        and (colons or found.group().strip() not in (":", "："))
    ]
    tokens: list[Token] = []
    part, at = 0, 0
    for stop, after in [*sorted({*signs, *_print_changes(cell, signs)}), (len(kept), len(kept))]:
        before = len(tokens)
        for word in re.finditer(r"\S+", kept[at:stop]):
            if re.search(r"\w", word.group()):
                first = at + word.start()
                tokens.append(
                    Token(word.group(), first, first + len(word.group()), number, row, part, cell)
                )
        part += len(tokens) > before
        at = after
    return tokens


def _print_changes(cell: Line, signs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where the print changes once between two words with no sign there: '**Analyst** Mill Inc.'"""
    places, at = list[int](), 0
    for word in cell.words:
        place = cell.text.find(word.text, at)
        if place < 0:
            return []
        places.append(place)
        at = place + len(word.text)
    changed = [
        here
        for one, other, here in zip(cell.words, cell.words[1:], places[1:], strict=False)
        if cell.text[here - 1 : here] == " "  # else a letter of another font within a word
        and BULLET not in (one.text, other.text)
        and _print(one) != _print(other)
    ]
    free = [here for here in changed if not any(a <= here <= b + 1 for a, b in signs)]
    return [(here, here) for here in free] if len(changed) <= _MOST_PRINTS else []


def _print(word: Word) -> tuple[bool, int, float, str]:
    return word.bold, word.color, round(word.size), word.font


def _erased(text: str) -> str:
    """With how long it took painted over, at the same length."""
    kept = without_dates(text)
    at, out = 0, []
    for letter in kept:
        place = text.find(letter, at) if letter != " " else at
        if letter != " " and place >= 0:
            out.append("|" * (place - at) + letter)
            at = place + 1
        elif letter == " " and at < len(text) and text[at] == " ":
            out.append(" ")
            at += 1
    return ("".join(out) + "|" * len(text))[: len(text)]


def _describe(words: list[Token], tokens: Sequence[Token], head: _Head) -> None:
    first = words[0]
    text = first.line.text[first.first : words[-1].last]
    row, group, part = head.rows[first.row], head.group, first.part
    place = head.places[first.cell]
    parts = len({(each.cell, each.part) for each in tokens if each.row == first.row})
    rows_with = len({each.row for each in tokens})
    before = first.line.text[: first.first].rstrip(" ")[-1:]
    bold = _bold_at(first.line, first.first)
    column = column_kind(first.line.column) or "none"
    right = place > 0 and len(row.cells) > 1
    common = [
        f"row{min(first.row, 3)}of{min(rows_with, 4)}",
        f"part{min(part, 3)}of{min(parts, 4)}row{min(first.row, 2)}",
        f"right{right}row{min(first.row, 2)}",
        f"dated{row.dated}row{min(first.row, 2)}",
        f"bold{bold}{bucket(head.bold, 0.1, 0.6, 0.95)}",
        f"large{first.line.size >= 0.97 * head.largest}",
        f"before{before if before in ',|·@(:-–—/' else 'x'}",
        f"column{column}",
        f"words{min(len(words), 5)}",
        f"hasrole{has_role_word(text)}",
        f"place{is_place(text)}",
        f"script{script(text)}",
        f"caps{text.isupper()}",
        f"italic{'talic' in first.line.font or 'blique' in first.line.font}",
        *(f"in{shape}" for shape in sorted(text_shapes(text))),
    ]
    tails = shapes(words[-1].text)
    common += [f"last{shape}" for shape in sorted(tails)]
    others = text_shapes(
        " ".join(t.text for t in tokens if (t.cell, t.part) != (first.cell, first.part))
    )
    common += [f"else{shape}" for shape in sorted(others)]
    slot = (first.row, place, part, parts, bold, rows_with)
    for at, token in enumerate(words):
        own = shapes(token.text)
        names = [f"is{shape}" for shape in sorted(own)]
        previous = shapes(words[at - 1].text) if at else frozenset(("edge",))
        following = shapes(words[at + 1].text) if at + 1 < len(words) else frozenset(("edge",))
        names += [f"<{shape}" for shape in sorted(previous)]
        names += [f">{shape}" for shape in sorted(following)]
        names += [
            f"at{min(at, 3)}of{min(len(words), 4)}{script(text)}",
            f"plain{not own}{script(token.text)}at{min(at, 2)}",
            f"digits{any(letter.isdigit() for letter in token.text)}",
            f"cap{token.text[:1].isupper()}",
            f"bold{_bold_at(token.line, token.first)}",
        ]
        token.features = [
            *common,
            *names,
            *(f"{group}|{name}" for name in (*common, *names)),
            group,
        ]
        token.slot = slot if len(words) < 5 or at == 0 else (*slot, "on")


def script(text: str) -> str:
    return "h" if is_hangul(text) else "e" if _EAST.search(text) else "l"


def _bold_at(line: Line, place: int) -> bool:
    """Whether the word at this place of the line's text is bold."""
    at = 0
    for word in line.words:
        found = line.text.find(word.text, at)
        if found < 0:
            continue
        at = found + len(word.text)
        if found <= place < at:
            return word.bold
    return line.bold


def section_tokens(heads: Sequence[Sequence[Row]], group: str) -> list[list[Token]]:
    """The words of every head of a section, also with what stands in their place in the others."""
    found = [head_tokens(rows, group) for rows in heads]
    held: dict[tuple[object, ...], dict[int, set[str]]] = {}
    for number, tokens in enumerate(found):
        for token in tokens:
            held.setdefault(token.slot, {}).setdefault(number, set()).update(shapes(token.text))
    for number, tokens in enumerate(found):
        for token in tokens:
            others = [each for at, each in held[token.slot].items() if at != number]
            names = _held_there(others)
            token.features += [*names, *(f"{group}|{name}" for name in names)]
    return found


def _held_there(others: Sequence[set[str]]) -> list[str]:
    """How often words of each shape stand in one place of the section's other heads."""
    if not others:
        return ["there0"]
    names = [f"there{bucket(len(others), 2, 4)}"]
    for shape in _TELLING:
        share = sum(shape in each for each in others) / len(others)
        names.append(f"there{shape}{bucket(share, 0.01, 0.4, 0.75)}")
    named = sum(bool(each & _NAMING) for each in others) / len(others)
    return [*names, f"thereany{bucket(named, 0.01, 0.4, 0.75)}"]
