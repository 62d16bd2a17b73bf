"""The head of an entry -> its named parts: which words are the employer, which the title.

Every word is weighed by itself, by its neighbours and by what stands in the same place of the
other heads of its section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from workers.reading.chain import Scores, Table, table
from workers.reading.dates import find_spans
from workers.reading.lines import Line
from workers.reading.places import is_place
from workers.reading.rows import Row
from workers.reading.tokens import Token, script, section_tokens
from workers.reading.vocabulary import ends_as_form, is_placeholder, shapes, text_shapes
from workers.reading.words import words as listed_words

_SPACES = re.compile(r"\s+")
_OPEN_ENDS = frozenset("of for and & the to in at de la du der für und des".split())
_NAMES = frozenset(("org", "title", "place", "dept", "project", "other", "item", "issuer"))
_NO_PLACE = frozenset(("form", "school", "role", "degree", "rank"))
_MOST_NAMED, _FEWEST_PIECES = 2, 2
_ALIKE = 0.7
"""How much the same place in the other heads counts, against the words themselves."""


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
    bracketed = _bracketed(tokens, labels)
    runs = groupby(
        zip(labels, tokens, bracketed, strict=True),
        key=lambda each: (each[0], each[1].cell, each[2]),
    )
    for (kind, _, _), run in runs:
        _, words, brackets = map(list, zip(*run, strict=True))
        here = sure[at : at + len(words)]
        at += len(words)
        likely = {each: sum(one[each] for one in here) / len(here) for each in known.labels}
        text = words[0].line.text[words[0].first : words[-1].last]
        if text.count("(") > text.count(")"):
            text = f"{text})"
        if not is_placeholder(_tidy(text)):
            named = "other" if any(brackets) and is_remark(text) else kind
            pieces = list(_pieces(named, words, here))
            found.append(Part(named, _tidy(text), likely, words[0].row, words[0].line, pieces))
    apart = [each for part in found for each in _cut_up(part)]
    return _departed(list(_rejoined(apart)))


def _departed(parts: list[Part]) -> list[Part]:
    """'Modelling Team, DWP': a department by its last word is none of the employer where another
    name follows it on the line."""
    for one, other in pairwise(parts):
        named = other.kind in ("org", "place", "other") and not is_place(other.text)
        beside = named and one.line is other.line and other.text[:1].isupper()
        if one.kind == "org" and beside and _is_department(one.text):
            one.kind = "dept"
            other.kind = "org"
    return parts


def _cut_up(part: Part) -> list[Part]:
    """'Modelling Team, DWP (mostly in R)': an employer's name with a department or a remark in it
    is cut at its signs."""
    if part.kind != "org" or len(part.pieces) < _FEWEST_PIECES:
        return [part]
    for piece in part.pieces:
        bracketed = f"({piece.text}" in part.line.text and is_remark(piece.text)
        piece.kind = "other" if bracketed else "dept" if _is_department(piece.text) else "org"
    kinds = [piece.kind for piece in part.pieces]
    return part.pieces if len({*kinds}) > 1 and kinds.count("org") == 1 else [part]


def _is_department(text: str) -> bool:
    return text.rsplit(" ", 1)[-1].casefold() in listed_words("history", "departments")


def is_remark(text: str) -> bool:
    """'generally working in R': what stands in brackets and begins as a sentence goes on."""
    named = "form" in shapes(text.rsplit(" ", 1)[-1])  # 'formerly Morrow GmbH'
    return text[:1].islower() and len(text.split()) > _MOST_NAMED and not named


def _bracketed(tokens: Sequence[Token], labels: Sequence[str]) -> list[bool]:
    """Of each word whether it stands in brackets in which the name began that it seems to be of:
    that name ends with these."""
    found: list[bool] = []
    for at, (token, label) in enumerate(zip(tokens, labels, strict=True)):
        before = token.line.text[: token.first]
        within = before.count("(") > before.count(")")
        goes_on = at > 0 and labels[at - 1] == label and tokens[at - 1].cell == token.cell
        found.append(within and (found[-1] if goes_on else True))
    return found


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
    """'Santa Clara, CA' alone in a cell, beside dates or at its end is a place, though no list has
    the town."""
    found = list(labels)
    for _, run in groupby(range(len(tokens)), lambda at: tokens[at].cell):
        places = list(run)
        firsts = [at for n, at in enumerate(places) if not n or _new_part(tokens, at)]
        last = tokens[places[-1]]
        for at in firsts[-2:-1] if len(firsts) > 1 else firsts:
            whole = len(firsts) <= 2 and tokens[at].first == tokens[places[0]].first
            right = whole and last.line is not tokens[0].line
            beside = whole and last.line is not tokens[-1].line and find_spans(last.line.text)
            tail = last.line.text[tokens[at].first : last.last]
            if (
                (right or beside or len(firsts) > 2)
                and is_place(tail)
                and not text_shapes(tail) & _NO_PLACE
            ):
                found[at : places[-1] + 1] = ["place"] * (places[-1] + 1 - at)
    return found


def _eastern(tokens: Sequence[Token], labels: Sequence[str]) -> list[str]:
    """Where no sign stands between words, the shape of each tells where a name ends: what is a
    department, a field or a place by its own word is no part of an employer or a title."""
    found = _employed(tokens, labels)
    for at, (token, label) in enumerate(zip(tokens, found, strict=True)):
        if label not in ("org", "title") or script(token.text) == "l":
            continue
        own = shapes(token.text)
        first = at == 0 or _new_part(tokens, at) or tokens[at - 1].cell != token.cell
        last = at + 1 == len(tokens) or found[at + 1] != label or tokens[at + 1].part != token.part
        if label == "org" and token.part and first and last and is_place(token.text):
            found[at] = "place"
        elif own & {"school", "role", "rank"} or ends_as_form(token.text):
            continue
        elif "dept" in own and first != (label == "org") and not (first and last):
            found[at] = "dept"
        elif label == "org" and "field" in own and not first:
            found[at] = "area"
    return found


def _employed(tokens: Sequence[Token], labels: Sequence[str]) -> list[str]:
    """Where no employer is named, one stands before the department."""
    found = list(labels)
    named = [at for at, token in enumerate(tokens) if "dept" in shapes(token.text)]
    if "org" in labels or not named or not named[0] or script(tokens[named[0]].text) == "l":
        return found
    over = range(named[0])
    first = tokens[0]
    if any((tokens[at].cell, tokens[at].part) != (first.cell, first.part) for at in named):
        return found
    if any(shapes(tokens[at].text) & {"role", "rank", "degree"} for at in range(named[-1] + 1)):
        return found
    found[: named[0]] = ["org" for _ in over]
    found[named[0] : named[-1] + 1] = ["dept"] * (named[-1] + 1 - named[0])
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
        western = all(script(token.text) == "l" for token, _, _ in part)
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
    told = _SPACES.sub(" ", text).strip(" ,;:|·-–—/")
    before, _, last = told.rpartition(" ")
    return before if last.casefold() in listed_words("dates", "from") else told
