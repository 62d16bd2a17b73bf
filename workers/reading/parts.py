"""The head of an entry -> its named parts: which words are the employer, which the title.

Every word is weighed by itself, by its neighbours and by what stands in the same place of the
other heads of its section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from workers.reading.chain import Scores, Table, bucket, table
from workers.reading.dates import find_spans, without_dates
from workers.reading.lines import Line
from workers.reading.places import is_place
from workers.reading.roles import has_role_word
from workers.reading.rows import MARK, Row
from workers.reading.vocabulary import (
    column_kind,
    ends_as_form,
    is_placeholder,
    shapes,
    text_shapes,
)
from workers.reading.words import is_hangul, pattern

_SPACES = re.compile(r"\s+")
_SEPARATOR = re.compile(
    r"(?:(?<!\s)\s++)?[|│\u3163·•∙,;，、：()（）\[\]]\s*+|(?<!\s)\s++(?:[-–—/~@:]|at|bei|chez)\s++|:\s++"
)
_GUARDED = re.compile(
    rf"\((?:{pattern('forms_in_brackets')})\)|,\s(?=(?:inc|ltd|llc|co|corp)\b(?!-))", re.IGNORECASE
)
_EAST = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_OPEN_ENDS = frozenset("of for and & the to in at de la du der für und des".split())
_NAMES = frozenset(("org", "title", "place", "dept", "project", "other", "item", "issuer"))
_NO_PLACE = frozenset(("form", "school", "role", "degree", "rank"))
_TELLING = ("role", "rank", "form", "school", "degree", "field", "dept", "place")
_NAMING = frozenset(("role", "rank", "form", "school", "degree"))
_ALIKE = 0.7
"""How much the same place in the other heads counts, against the words themselves."""


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


@dataclass(slots=True)
class Part:
    """Adjoining words of one kind; ``likely`` says of every kind how likely it is, in [0, 1]."""

    kind: str
    text: str
    likely: dict[str, float]
    row: int
    line: Line
    pieces: list[Part] = field(default_factory=list)
    """What it would be if it were cut at the signs within it; empty where there are none."""

    @property
    def sure(self) -> float:
        return self.likely.get(self.kind, 0.0)


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
        token for number, (at, cell) in enumerate(cells) for token in _cell_tokens(cell, number, at)
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


def _cell_tokens(cell: Line, number: int, row: int) -> list[Token]:
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
    tokens: list[Token] = []
    part, at = 0, 0
    for found in [*_SEPARATOR.finditer(kept), None]:
        if found is not None and any(a < found.end() and found.start() < b for a, b in guards):
            continue
        stop = found.start() if found is not None else len(kept)
        before = len(tokens)
        for word in re.finditer(r"\S+", kept[at:stop]):
            if re.search(r"\w", word.group()):
                first = at + word.start()
                tokens.append(
                    Token(word.group(), first, first + len(word.group()), number, row, part, cell)
                )
        part += len(tokens) > before
        at = found.end() if found is not None else stop
    return tokens


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
        f"script{_script(text)}",
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
            f"at{min(at, 3)}of{min(len(words), 4)}{_script(text)}",
            f"plain{not own}{_script(token.text)}at{min(at, 2)}",
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


def _script(text: str) -> str:
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


def name_parts(heads: Sequence[Sequence[Row]], group: str) -> list[list[Part]]:
    """The parts of every head of a section."""
    known = table("heads")
    all_tokens = section_tokens(heads, group)
    scores = [known.evidence([token.features for token in tokens]) for tokens in all_tokens]
    together = _by_slot(all_tokens, scores)
    found = []
    for tokens, score in zip(all_tokens, scores, strict=True):
        weighed = [
            [own + _ALIKE * other for own, other in zip(one, together[token.slot], strict=True)]
            if token.slot in together
            else one
            for token, one in zip(tokens, score, strict=True)
        ]
        found.append(_parts(tokens, known, weighed))
    return found


def _by_slot(
    heads: Sequence[Sequence[Token]], scores: Sequence[Scores]
) -> dict[tuple[object, ...], list[float]]:
    """The mean evidence of each place that at least two heads of the section have."""
    sums: dict[tuple[object, ...], list[list[float]]] = {}
    homes: dict[tuple[object, ...], set[int]] = {}
    for number, (tokens, score) in enumerate(zip(heads, scores, strict=True)):
        for token, one in zip(tokens, score, strict=True):
            sums.setdefault(token.slot, []).append(one)
            homes.setdefault(token.slot, set()).add(number)
    return {
        slot: [sum(column) / len(column) for column in zip(*listed, strict=True)]
        for slot, listed in sums.items()
        if len(homes[slot]) > 1
    }


def _parts(tokens: Sequence[Token], known: Table, scores: Scores) -> list[Part]:
    sure = known.certainty(scores)
    labels = _eastern(tokens, _placed(tokens, _one_each(tokens, known.best(scores), sure)))
    found: list[Part] = []
    at = 0
    runs = groupby(zip(labels, tokens, strict=True), key=lambda each: (each[0], each[1].cell))
    for (kind, _), run in runs:
        words = [token for _, token in run]
        here = sure[at : at + len(words)]
        at += len(words)
        likely = {each: sum(one[each] for one in here) / len(here) for each in known.labels}
        text = words[0].line.text[words[0].first : words[-1].last]
        if text.count("(") > text.count(")"):
            text = f"{text})"
        if not is_placeholder(_tidy(text)):
            pieces = list(_pieces(kind, words, here))
            found.append(Part(kind, _tidy(text), likely, words[0].row, words[0].line, pieces))
    return list(_rejoined(found))


def _pieces(kind: str, words: Sequence[Token], sure: Sequence[dict[str, float]]) -> Iterator[Part]:
    """The part cut at signs; nothing where it has none."""
    if words[0].part == words[-1].part:
        return
    for _, run in groupby(zip(words, sure, strict=True), key=lambda each: each[0].part):
        held = list(run)
        first, last = held[0][0], held[-1][0]
        likely = {name: sum(one[name] for _, one in held) / len(held) for name in held[0][1]}
        text = _tidy(first.line.text[first.first : last.last])
        if text:
            yield Part(kind, text, likely, first.row, first.line)


def _placed(tokens: Sequence[Token], labels: Sequence[str]) -> list[str]:
    """'Santa Clara, CA' alone in a cell or at its end is a place, though no list has the town."""
    found = list(labels)
    for _, run in groupby(range(len(tokens)), lambda at: tokens[at].cell):
        places = list(run)
        firsts = [at for n, at in enumerate(places) if not n or _new_part(tokens, at)]
        last = tokens[places[-1]]
        for at in firsts[-2:-1] if len(firsts) > 1 else firsts:
            whole = len(firsts) <= 2 and tokens[at].first == tokens[places[0]].first
            right = whole and last.line is not tokens[0].line
            tail = last.line.text[tokens[at].first : last.last]
            if (right or len(firsts) > 2) and is_place(tail) and not text_shapes(tail) & _NO_PLACE:
                found[at : places[-1] + 1] = ["place"] * (places[-1] + 1 - at)
    return found


def _eastern(tokens: Sequence[Token], labels: Sequence[str]) -> list[str]:
    """Where no sign stands between words, the shape of each tells where a name ends: what is a
    department, a field or a place by its own word is no part of an employer or a title."""
    found = list(labels)
    for at, (token, label) in enumerate(zip(tokens, labels, strict=True)):
        if label not in ("org", "title") or _script(token.text) == "l":
            continue
        own = shapes(token.text)
        first = at == 0 or _new_part(tokens, at) or tokens[at - 1].cell != token.cell
        last = at + 1 == len(tokens) or labels[at + 1] != label or tokens[at + 1].part != token.part
        if label == "org" and token.part and first and last and is_place(token.text):
            found[at] = "place"
        elif own & {"school", "role", "rank"} or ends_as_form(token.text):
            continue
        elif "dept" in own and first != (label == "org") and not (first and last):
            found[at] = "dept"
        elif label == "org" and "field" in own and not first:
            found[at] = "area"
    return found


def _new_part(tokens: Sequence[Token], at: int) -> bool:
    return tokens[at].part != tokens[at - 1].part


def _one_each(
    tokens: Sequence[Token], labels: Sequence[str], sure: Sequence[dict[str, float]]
) -> list[str]:
    """Between two signs Western languages name one thing: 'University of Northgate'."""
    found: list[str] = []
    for _, run in groupby(zip(tokens, labels, sure, strict=True), lambda e: (e[0].cell, e[0].part)):
        part = list(run)
        kinds = {label for _, label, _ in part}
        western = all(_script(token.text) == "l" for token, _, _ in part)
        if len(kinds) > 1 and western and kinds <= _NAMES:
            best = max(kinds, key=lambda kind: sum(one[kind] for _, _, one in part))
            found += [best] * len(part)
        else:
            found += [label for _, label, _ in part]
    return found


def _rejoined(parts: Sequence[Part]) -> Iterator[Part]:
    """What was broken at the end of a row is one part again."""
    kept: list[Part] = []
    for part in parts:
        last = kept[-1] if kept else None
        if last is not None and last.kind == part.kind and _goes_on(last, part):
            last.text = f"{last.text} {part.text}"
            last.row = part.row
        else:
            kept.append(part)
    yield from kept


def _goes_on(last: Part, part: Part) -> bool:
    one, other = last.line, part.line
    if part.row != last.row + 1 or (one.font, one.size, one.bold) != (
        other.font, other.size, other.bold
    ):  # fmt: skip
        return False
    listed = part.kind in ("item", "issuer")
    return (
        listed or part.text[:1].islower() or last.text.rsplit(" ", 1)[-1].casefold() in _OPEN_ENDS
    )


def _tidy(text: str) -> str:
    for span in reversed(find_spans(text)):
        text = text[: span.first] + " " + text[span.last :]
    return _SPACES.sub(" ", text).strip(" ,;:|·-–—/")
