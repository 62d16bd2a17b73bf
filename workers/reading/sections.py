"""Lines -> sections in reading order: columns first, then headings within them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from server.document.pages import BULLET, Document, Page, Word
from workers.reading.chain import table
from workers.reading.columns import columns
from workers.reading.dates import find_spans
from workers.reading.forms import forms
from workers.reading.heading_evidence import Block, Styles, heading_features, soon, style_of
from workers.reading.headings import (
    SectionKind,
    is_document_title,
    loose_kind,
    names_jobs_and_schools,
    section_kind,
)
from workers.reading.headless import jobs_begin
from workers.reading.labels import label_kind, squash
from workers.reading.lines import Line, are_heads, make_line
from workers.reading.tables import headed
from workers.reading.vocabulary import column_kind
from workers.reading.words import words

_LONGEST_BROKEN, _LONGEST_QUESTION, _FEWEST_QUESTIONS, _FEWEST_ALIKE = 24, 120, 2, 2
_SAME_EDGE, _SMALLER, _MAY_BE, _LIKE_OTHERS, _UNHEADED = 3.0, 0.95, 0.25, 0.1, 0.5
_MOSTLY, _NEAR = 0.5, 3.0
_PERSONAL = frozenset(("email", "phone", "address", "name"))
_RULE = re.compile(r"(?:[-–—―─━_=~*·\u3161\u1173]\s?)+")
"""A line that is drawn with signs."""
_NUMBERED = re.compile(r"\s{0,4}[0-9]{1,2}\s?[.)]\s{0,4}[^\W\d]")


@dataclass(slots=True)
class Section:
    """``sure`` is how likely its heading is one, in [0, 1]; 1 for the header, which has none."""

    kind: SectionKind
    title: str
    lines: list[Line] = field(default_factory=list)
    sure: float = 1.0
    size: float = 0.0  # of its heading's letters

    @property
    def mixed(self) -> bool:
        """Its heading names jobs and schools."""
        return self.kind == "work" and names_jobs_and_schools(self.title)


def find_blocks(document: Document, pages: Sequence[Sequence[Line]]) -> tuple[Block, ...]:
    """The columns of all pages in reading order, without what runs along the pages' edges."""
    running = _running(document, pages)
    found: list[Block] = []
    for page, lines in zip(document.pages, pages, strict=True):
        turned = _turned_headings(page.words, page.number)
        kept = [line for line in lines if (page.number, line.row) not in running]
        kept = [line for line in kept if not _RULE.fullmatch(line.text)]
        whole = _wrapped_headings([*headed(kept), *turned])
        above = float("-inf")
        for form in forms(page, whole):
            over = [line for line in whole if above <= line.box.top < form.top]
            found += _parted(over, page)
            found.append(Block(page.number, "whole", form.lines))
            above = form.bottom
        found += _parted([line for line in whole if line.box.top >= above], page)
    return tuple(found)


def _parted(lines: Sequence[Line], page: Page) -> Iterator[Block]:
    for side, block in columns(lines, page.width):
        yield Block(page.number, side, tuple(block))


def _wrapped_headings(lines: list[Line]) -> list[Line]:
    """Headings beside what they head may be broken over two lines: they become one."""
    found = list(lines)
    for line in lines:
        if len(line.text) > _LONGEST_BROKEN or not _has_right(line, lines):
            continue
        below = next((each for each in lines if _goes_on_below(line, each)), None)
        if below is None or section_kind(f"{line.text} {below.text}") is None:
            continue
        joined = replace(line, text=f"{line.text} {below.text}", words=(*line.words, *below.words))
        found = [joined if each is line else each for each in found if each is not below]
    return found


def _has_right(line: Line, lines: Sequence[Line]) -> bool:
    return any(each.row == line.row and each.box.x0 > line.box.x1 + line.size for each in lines)


def _goes_on_below(line: Line, other: Line) -> bool:
    gap = other.box.top - line.box.bottom
    return (
        other.row > line.row
        and abs(other.box.x0 - line.box.x0) < _SAME_EDGE
        and style_of(other) == style_of(line)
        and -0.2 * line.size < gap < 0.7 * line.size
        and len(other.text) <= _LONGEST_BROKEN
    )


def _running(document: Document, pages: Sequence[Sequence[Line]]) -> set[tuple[int, int]]:
    """Rows at the edges of pages that recur on another page, numbers aside."""
    edges: dict[tuple[str, int], set[tuple[int, int]]] = {}
    for page, lines in zip(document.pages, pages, strict=True):
        for _, row in groupby(lines, key=lambda line: line.row):
            cells = list(row)
            top, bottom = cells[0].box.top / page.height, cells[0].box.bottom / page.height
            if top < 0.08 or bottom > 0.92:
                text = re.sub(r"[0-9]+", "#", squash(" ".join(cell.text for cell in cells)))
                place = (page.number, cells[0].row)
                edges.setdefault((text, round(20 * top)), set()).add(place)
    return {
        place
        for (text, _), places in edges.items()
        for place in places
        if (len({page for page, _ in places}) > 1 and place[0] > min(p for p, _ in places))
        or (len(places) > 1 and "#" in text)
        or re.fullmatch(r"#|#/#|page#(?:of#)?|#of#|-#-", text)
    }


def find_sections(document: Document, pages: Sequence[Sequence[Line]]) -> tuple[Section, ...]:
    """The first is the header: what stands before any heading."""
    blocks = find_blocks(document, pages)
    styles = Styles.of(blocks)
    known = table("headings")
    sections = [Section("header", "")]
    current: dict[str, Section] = {}
    above = sections[0]
    for block in blocks:
        first = above if block.side != "whole" else sections[-1]
        section = current.get(block.side) or first
        scores = known.evidence(heading_features(block, styles))
        for line, label, sure in zip(
            block.lines, known.best(scores), known.certainty(scores), strict=True
        ):
            title = line.text.strip(f" {BULLET}:：■□▪◆◇【】[]<>")
            least = _LIKE_OTHERS if _is_printed_as_headings(line, styles) else _MAY_BE
            may = _is_known(line, styles) and sure["heading"] > least
            may &= not line.text.startswith(BULLET)
            opens = label == "heading" or may or line.row < 0 or _heads_a_column(line, block)
            opens = opens and not _is_paper(line, section) and not _is_in_a_form(line, block)
            opens = opens and not _is_in_a_table_head(line, block)
            within = opens and _is_within(line, section, block)
            opens = opens and not (within or _heads_an_entry(line, block, styles, section))
            if opens and (loose_kind(line.text) or _may_open(line, block, section)):
                kind = loose_kind(line.text) or "other"
                section = Section(kind, title, sure=sure["heading"], size=line.size)
                sections.append(section)
                if block.side == "whole":  # what stands in columns below is of this section
                    above, current = section, {}
            else:
                section.lines.append(line)
        if block.page > 1 or block.side != "whole":
            current[block.side] = section
    return tuple(_with_questions(_with_jobs(sections)))


def _is_printed_as_headings(line: Line, styles: Styles) -> bool:
    """At least two other known headings have its print, and little else has."""
    known, style = styles.known[style_of(line)], style_of(line)
    return style != styles.usual and known > _FEWEST_ALIKE and 3 * known >= styles.all[style]


def _is_known(line: Line, styles: Styles) -> bool:
    """By what it says; in the print of other headings a part of it will do, and where most that
    has its print is a known heading, so is it, whatever it says."""
    if section_kind(line.text) is not None:
        return True
    mostly = styles.known[style_of(line)] > _MOSTLY * styles.all[style_of(line)]
    return _is_printed_as_headings(line, styles) and (mostly or loose_kind(line.text) is not None)


def _is_paper(line: Line, section: Section) -> bool:
    """What the whole paper is called, unless it stands among its sections and is known as one."""
    return is_document_title(line.text) and (not section.title or section_kind(line.text) is None)


def _is_in_a_form(line: Line, block: Block) -> bool:
    """Beside it stands the label of something else, with its value: it is one too."""
    beside = [each for each in block.lines if each.row == line.row and each is not line]
    kinds = (label_kind(each.text) for each in beside[1:])
    return len(beside) > 2 and any(kind in _PERSONAL for kind in kinds)


def _is_in_a_table_head(line: Line, block: Block) -> bool:
    """Most of its row are heads of columns: '期間', '業務内容', '概要'."""
    texts = [each.text for each in block.lines if each.row == line.row]
    kinds = [column_kind(text) for text in texts]
    told = [kind for kind in kinds if kind not in (None, "year", "month")]
    return len(told) > 1 and are_heads(kinds, texts)


def _with_jobs(sections: list[Section]) -> list[Section]:
    """Where none is headed, jobs may stand in the header, under no heading."""
    header = sections[0]
    headed = any(section.kind == "work" for section in sections)
    first = None if headed else jobs_begin(header.lines)
    if first is None:
        return sections
    jobs = Section("work", "", header.lines[first:], _UNHEADED)
    header.lines = header.lines[:first]
    return [header, jobs, *sections[1:]]


def _is_within(line: Line, section: Section, block: Block) -> bool:
    """A smaller heading of the same kind is a part's: 'Databases' among the skills; so are
    'Languages' where none that is spoken follows."""
    kind = loose_kind(line.text) if section.kind == "skills" else None
    smaller = line.size < _SMALLER * section.size
    if kind == "languages":
        at = block.lines.index(line)
        below = " ".join(each.text for each in block.lines[at + 1 : at + 4]).casefold()
        told = {word.strip(" ,:()") for word in below.split()}
        if told and not told & words("languages", "names"):
            return not section.lines or line.size < 1.02 * section.size
    return kind == "skills" and smaller


def _heads_a_column(line: Line, block: Block) -> bool:
    """In forms a known heading stands at the head of a column, beside 'year' and 'month'."""
    beside = [each for each in block.lines if each.row == line.row and each is not line]
    return (
        len(beside) > 1
        and section_kind(line.text) is not None
        and all(column_kind(each.text) is not None for each in beside)
    )


def _heads_an_entry(line: Line, block: Block, styles: Styles, section: Section) -> bool:
    """Dates follow an unknown heading, or a known one right under one of another size, as they do
    on more lines of its print than there are known headings of it."""
    ratio = line.size / max(section.size, 1.0)
    under = section.title and not section.lines and not _SMALLER < ratio < 1 / _SMALLER
    if loose_kind(line.text) is not None and not under:
        return False
    at = block.lines.index(line)
    led = soon(line, block.lines[at + 1 : at + 5]) <= 1
    return led and styles.dated[style_of(line)] > styles.known[style_of(line)]


def _may_open(line: Line, block: Block, section: Section) -> bool:
    """An unknown heading stands below something, beside no date, and in print that known headings
    of its column have."""
    if section.title and not section.lines:
        return False
    if any(each.row == line.row and find_spans(each.text) for each in block.lines):
        return False
    known = [each for each in block.lines if section_kind(each.text) is not None]
    alike = [each for each in known if style_of(each) == style_of(line)]
    return not known or any(_aligned(line, each) for each in alike)


def _aligned(line: Line, other: Line) -> bool:
    """They begin near one place or are centred on one: headings of a gutter are apart from what
    they head, whatever the print of both."""
    near = abs(line.box.x0 - other.box.x0) < _NEAR * line.size
    return near or abs(line.middle - other.middle) < _NEAR * line.size


def _with_questions(sections: Sequence[Section]) -> Iterator[Section]:
    """In an essay the numbered lines are what it answers."""
    opening = [line for line in sections[0].lines[:4] if line.page == 1] + [
        line for section in sections[1:2] for line in section.lines[:1]
    ]
    titles = [squash(line.text) for line in opening] + [squash(s.title) for s in sections[1:2]]
    essay = any(title.endswith(tuple(words("history", "essays"))) for title in titles)
    for section in sections:
        numbered = [line for line in section.lines if _is_question(line)]
        if not essay or len(numbered) < _FEWEST_QUESTIONS:
            yield section
            continue
        part = Section(section.kind, section.title, sure=section.sure)
        for line in section.lines:
            if _is_question(line):
                yield part
                part = Section("self_introduction", line.text)
            else:
                part.lines.append(line)
        yield part


def _is_question(line: Line) -> bool:
    return len(line.text) <= _LONGEST_QUESTION and bool(_NUMBERED.match(line.text))


def _turned_headings(words: Sequence[Word], page: int) -> Iterator[Line]:
    """Headings printed along the edge of their section, as lines at its top left."""
    turned = sorted((w for w in words if not w.upright), key=lambda w: (round(w.box.x0), w.box.top))
    runs: list[list[Word]] = []
    for word in turned:
        last = runs[-1][-1] if runs else None
        level = last is not None and abs(last.box.x0 - word.box.x0) < 3
        if last is not None and level and word.box.top - last.box.bottom < 2 * word.size:
            runs[-1].append(word)
        else:
            runs.append([word])
    for run in runs:
        for order in (run, run[::-1]):
            text = " ".join(word.text for word in order)
            if section_kind(text) or section_kind(text[::-1]):
                line = make_line(order, page, -1)
                shown = text if section_kind(text) else text[::-1]
                yield Line(
                    shown, line.box, line.size, line.bold, line.font, line.color, page, -1,
                    line.words,
                )  # fmt: skip
                break
