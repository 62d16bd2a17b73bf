"""Skills and spoken languages: lists that are wrapped, labelled, set in chips or in columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from server.document.pages import BULLET, Word
from server.document.resume import Skill, SpokenLanguage
from workers.reading.lines import Line
from workers.reading.rows import Row, Style, by_columns, section_rows, usual_style
from workers.reading.words import words

_LABEL = re.compile(r"([^,;:：(]{1,40})(?::\s|：)(.*)")
_BARE_LABEL = re.compile(r"[^,;:：(]{1,40}[:：]")
_CUT = re.compile(rf"[,;·{BULLET}|、，；/]")
_BRACKETS = re.compile(r"\([^()]*\)|/")
_LEVEL_EDGES = f" ,:-–—()|·{BULLET}○●★☆[]："
_CHIP = 0.55
"""Gap, in letter sizes, from which on two words of a list without signs are two keywords."""
_LONGEST = 80
_LARGER = 1.08
_CLOSE = 0.6
_NAME = re.compile(r"[^\W\d_]{2,20}")
_JOINT = re.compile(rf"(?:^|\s)(?:{'|'.join(sorted(words('lists', 'joints')))})\s", re.IGNORECASE)
_COINED = re.compile(r"[A-Z]|(?=\S*(?:[a-z][A-Z]|[A-Z]{2}|[.+#0-9]))\S+")
_FEW_WORDS = 3


def skills(lines: Sequence[Line], edge: float = 0.0) -> Iterator[Skill]:
    """``edge`` is how far right the column of these lines goes, as far as others of it show."""
    rows = by_columns(section_rows(lines), _heads_cards)
    labels_are_capitals = any((label := _label_of(row)) and label[0].isupper() for row in rows)
    name: str | None = None
    listed: list[str] = []
    open_ = ""
    full = _full(rows)
    full = max(full, edge) if full else full
    before: Row | None = None
    usual = usual_style(rows)
    for at, row in enumerate(rows):
        found = _label_of(row) or _capital_label(row, labels_are_capitals)
        below = rows[at + 1] if at + 1 < len(rows) else None
        if (
            found is None
            and below is not None
            and _heads_cards(row, usual)
            and below.style == usual
        ):
            found = row.text, ""
        goes_on = before is not None and _goes_on(before, row, open_, full, found is not None)
        if not goes_on:
            listed += _keywords(open_)
            open_ = ""
        if found is not None and not goes_on:
            if listed:
                yield Skill(name, tuple(listed))
            name, listed = found[0], []
            open_ = found[1]
        else:
            text = _row_text(row)
            broken = open_.endswith("-") and not _JOINT.match(text)  # 'front- and back-end' is not
            open_ = f"{open_}{'' if broken else ' '}{text}".strip()
        before = row
    listed += _keywords(open_)
    if listed:
        yield Skill(name, tuple(listed))


def _heads_cards(row: Row, usual: Style) -> bool:
    """All of the row is printed as what heads a list: larger than it, or bold where it is not."""
    size, bold, *_ = usual
    return not row.marked and all(
        ((cell.bold and not bold) or cell.size > _LARGER * size) and not _CUT.search(cell.text)
        for cell in row.cells
    )


def _full(rows: Sequence[Row]) -> float:
    """Where rows end that are full; 0 where no two end at about the same place."""
    ends = sorted((row.cells[-1].box.x1 for row in rows), reverse=True)
    left = min((row.x0 for row in rows), default=0.0)
    return ends[0] if len(ends) > 2 and ends[1] - left > 0.88 * (ends[0] - left) else 0.0


def _row_text(row: Row) -> str:
    """The row with a sign where its words are apart like chips or columns are."""
    cells = [
        _chips(cell) if not _CUT.search(_BRACKETS.sub("", cell.text)) else cell.text
        for cell in row.cells
    ]
    text = " | ".join(cells)
    return re.sub(rf"^\s*[-–—{BULLET}·▪○*]\s*", "", text) if row.marked else text


def _chips(line: Line) -> str:
    if len(line.words) < 2:
        return line.text
    parts = [line.words[0].text]
    for one, other in pairwise(line.words):
        gap = other.box.x0 - one.box.x1
        if gap > _CHIP * max(one.size, other.size):
            parts.append("|")
        elif gap <= 0.15 * max(one.size, other.size):
            parts[-1] += other.text
            continue
        parts.append(other.text)
    return " ".join(parts)


def _are_chips(row: Row) -> bool:
    return not _CUT.search(_BRACKETS.sub("", row.text)) and "|" in _row_text(row)


def _label_of(row: Row) -> tuple[str, str] | None:
    """The label that the row begins with, and what follows it."""
    lead = row.cells[0]
    text = row.text
    if (found := _LABEL.match(text)) and found[2].strip():
        return found[1].strip(), found[2].strip()
    if _BARE_LABEL.fullmatch(text):
        return text.rstrip(":： "), ""
    if len(row.cells) == 2 and _captions(lead, row.cells[1]):
        return lead.text.strip(f" {BULLET}:："), row.cells[1].text
    bold = _bold_start(lead.words)
    if bold and len(row.cells) == 1:
        label = " ".join(word.text for word in lead.words[:bold])
        rest = " ".join(word.text for word in lead.words[bold:])
        if not label.rstrip().endswith(","):
            return label.strip(f" {BULLET}:：-–"), rest.lstrip(":：-– ")
    return None


def _captions(lead: Line, list_: Line) -> bool:
    """It is bold before what is not, or of other print before a list."""
    if lead.bold and not list_.bold:
        return True
    other = (lead.color, lead.font) != (list_.color, list_.font)
    return (
        other and not _CUT.search(lead.text) and bool(_CUT.search(list_.text.strip(f" {BULLET}")))
    )


def _bold_start(listed: Sequence[Word]) -> int:
    """How many words at the start are bold, if the others are not."""
    first = next((at for at, word in enumerate(listed) if not word.bold and word.text != BULLET), 0)
    return first if not any(word.bold for word in listed[first:]) else 0


def _capital_label(row: Row, usual: bool) -> tuple[str, str] | None:
    found = re.match(r"([A-Z][A-Z/&-]{3,}(?: [A-Z/&-]{3,})?)\s+(?=\S*[a-z])(.+)", row.text)
    return (found[1], found[2]) if usual and found else None


def _goes_on(before: Row, row: Row, open_: str, full: float, labelled: bool) -> bool:
    """The row is the rest of the list above: that ended with a sign, in brackets, or was full."""
    if open_.count("(") > open_.count(")"):
        return True
    if row.marked or labelled:
        return False
    ended = open_.rstrip()[-1:]
    if ended and ended in ",;·|、/&+" and not open_.rstrip().endswith("++"):
        return True
    if not open_:
        return True
    if len(row.cells) > 1 or len(before.cells) > 1 or _are_chips(before) or _are_chips(row):
        return False
    if before.marked:
        return row.gap < _CLOSE
    follows = row.cells[0].words[0].text
    room = full - before.cells[-1].box.x1 if full else 999.0
    needs = row.cells[0].words[0].box.x1 - row.cells[0].words[0].box.x0
    listed = bool(_CUT.search(_BRACKETS.sub("", open_)))
    return listed and (room < needs + 4 or follows[:1] in "(&+")


def _keywords(text: str) -> Iterator[str]:
    """Cut at signs outside brackets, and where a word joins two at the end: 'Go, C and R'."""
    found = list(_cut(text))
    for at, word in enumerate(found, start=1):
        lead = _JOINT.match(word)
        yield from _parted(word[lead.end() :] if lead else word, 1 < at == len(found))


def _parted(word: str, ends: bool) -> Iterator[str]:
    """Two names joined by a word, at the end of a list or where one is coined: 'Node.js and Go'."""
    halves = [half.strip() for half in _JOINT.split(word)]
    short = all(0 < len(half.split()) <= _FEW_WORDS for half in halves)
    coined = any(_COINED.fullmatch(half) for half in halves)
    yield from halves if len(halves) == 2 and short and (ends or coined) else [word]


def _cut(text: str) -> Iterator[str]:
    """A stroke cuts only between spaces."""
    depth, first = 0, 0
    for at, letter in enumerate(f"{text},"):
        depth = max(0, depth + (letter in "([（") - (letter in ")]）"))
        if depth or not _CUT.match(letter):
            continue
        if letter == "/" and text[at - 1 : at + 2] != " / ":
            continue
        word = text[first:at].strip(f" {BULLET}-–—*▪○").rstrip(".")
        first = at + 1
        if word and len(word) <= _LONGEST:
            yield word
    if depth:
        yield from _cut(text[first:].replace("(", " ").replace("（", " "))


def languages(lines: Sequence[Line]) -> Iterator[SpokenLanguage]:
    rows = by_columns(section_rows(lines), _names_languages)
    waiting: str | None = None
    for row in rows:
        found = list(_languages_in(row))
        if found:
            if waiting is not None:
                yield SpokenLanguage(waiting, None)
            waiting = None
            for name, level in found[:-1]:
                yield SpokenLanguage(name, level or None)
            name, level = found[-1]
            if level:
                yield SpokenLanguage(name, level)
            else:
                waiting = name
        elif waiting is not None:
            yield SpokenLanguage(waiting, row.text.strip(_LEVEL_EDGES) or None)
            waiting = None
    if waiting is not None:
        yield SpokenLanguage(waiting, None)


def _names_languages(row: Row, _: Style) -> bool:
    """Every cell names a language and no level."""
    known = words("languages", "names")
    return all(cell.text.strip(_LEVEL_EDGES).casefold() in known for cell in row.cells)


def _languages_in(row: Row) -> Iterator[tuple[str, str]]:
    """Each language the row names with what follows it."""
    text = row.text
    known = words("languages", "names")
    marks = [found for found in _NAME.finditer(text) if found.group().casefold() in known]
    if not marks:
        one = re.match(r"([^\W\d_]{3,20})(?:\s*[:(（]\s*|\s+[-–—]\s+)(\S.*)", text)
        if one and one[1][:1] != one[1][:1].lower():
            yield one[1], one[2].strip(_LEVEL_EDGES)
        return
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.start() if following is not None else len(text)
        yield mark.group(), text[mark.end() : end].strip(_LEVEL_EDGES)
