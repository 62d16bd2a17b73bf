"""What speaks for a line to be a heading: its words, its print, how often and where that recurs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from server.document.pages import BULLET
from workers.reading.chain import bucket
from workers.reading.dates import find_spans
from workers.reading.headings import loose_kind, section_kind
from workers.reading.labels import label_kind
from workers.reading.lines import Line

Style = tuple[str, float, bool, int]


@dataclass(frozen=True, slots=True)
class Block:
    """A column of a page; ``side`` is 'whole', 'left' or 'right'."""

    page: int
    side: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Styles:
    """How often each print is met, and how often on lines that are known headings."""

    all: Counter[Style]
    known: Counter[Style]
    usual: Style
    texts: Counter[str]
    largest: float
    """Of the lines that are known headings."""
    dated: Counter[Style]
    """How often a date follows soon on an unknown line of the print, as on heads of entries."""

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> Styles:
        lines = [line for block in blocks for line in block.lines]
        letters = Counter[Style]()
        for line in lines:
            letters[style_of(line)] += len(line.text)
        usual = letters.most_common(1)[0][0] if letters else ("", 10.0, False, 0)
        told = [line for line in lines if section_kind(line.text) is not None]
        return cls(
            Counter(style_of(line) for line in lines), Counter(map(style_of, told)), usual,
            Counter(line.text for line in lines), max((line.size for line in told), default=1.0),
            Counter(style_of(line) for block in blocks for line in _led_by_dates(block)),
        )  # fmt: skip


def _led_by_dates(block: Block) -> Iterator[Line]:
    for at, line in enumerate(block.lines):
        led = soon(line, block.lines[at + 1 : at + 5]) <= 1
        if led and section_kind(line.text) is None and not find_spans(line.text):
            yield line


def soon(line: Line, below: Sequence[Line]) -> int:
    """How many rows below the line's next one a date stands, -1 for its own row, 9 for none."""
    rows = sorted({each.row for each in below if each.row != line.row})
    dated = next((each.row for each in below if find_spans(each.text)), None)
    return rows.index(dated) if dated in rows else 9 if dated is None else -1


def style_of(line: Line) -> Style:
    return (line.font, round(line.size, 1), line.bold, line.color)


def heading_features(block: Block, styles: Styles) -> list[list[str]]:
    """What speaks for each line of the column to be a heading."""
    lines = block.lines
    found: list[list[str]] = []
    left = min((line.box.x0 for line in lines), default=0.0)
    rows = Counter(line.row for line in lines)
    for at, line in enumerate(lines):
        before = lines[at - 1] if at else None
        after = lines[at + 1] if at + 1 < len(lines) else None
        found.append(_heading_evidence(line, before, after, styles, left, rows[line.row] == 1))
        found[-1] += _followed(line, lines[at + 1 : at + 5], styles)
    return found


def _followed(line: Line, below: Sequence[Line], styles: Styles) -> list[str]:
    """How soon a date follows, how often the same words recur, and the rank of its print."""
    exact = section_kind(line.text) is not None
    after = soon(line, below)
    rank = bucket(line.size / max(styles.largest, 1.0), 0.8, 0.97, 1.03)
    again = bucket(styles.texts[line.text], 2, 3)
    share = styles.known[style_of(line)] - exact
    style, led = style_of(line), after <= 1
    heads = styles.dated[style] - (led and not exact)
    others = styles.all[style] - styles.known[style] - (not exact)
    like = f"led{led}{bucket(heads, 1, 2, 4)}{bucket(heads / max(others, 1), 0.3, 0.7)}"
    return [
        like, f"{exact}&{like}", f"{exact}&{like}&rank{rank}",
        f"{exact}&{like}&{bucket(share, 1, 2)}",
        f"soon{min(after, 2)}", f"rank{rank}", f"again{again}", f"{exact}&rank{rank}",
        f"{exact}&again{again}", f"{exact}&soon{min(after, 2)}&{bucket(share, 1, 2)}",
        f"rank{rank}&{bucket(share, 1, 2)}",
    ]  # fmt: skip


def _heading_evidence(
    line: Line, before: Line | None, after: Line | None, styles: Styles, left: float, alone: bool
) -> list[str]:
    text, style = line.text, style_of(line)
    exact = section_kind(text) is not None
    loose = loose_kind(text) is not None
    word = "exact" if exact else "loose" if loose else "no"
    count, known = styles.all[style], styles.known[style] - exact
    share = known / max(count - exact, 1)
    larger = bucket(line.size / max(styles.usual[1], 1.0), 0.9, 1.04, 1.2, 1.6)
    bolder = f"{line.bold}{styles.usual[2]}"
    print_ = f"{larger}{bolder}{line.color != styles.usual[3]}{line.font != styles.usual[0]}"
    gap = 9.0 if before is None else (line.box.top - before.box.bottom) / max(line.size, 1.0)
    below = 9.0 if after is None else (after.box.top - line.box.bottom) / max(line.size, 1.0)
    level = before is not None and before.row == line.row
    names = [
        f"word{word}",
        f"style{bucket(known, 1, 2, 3)}",
        f"share{bucket(share, 0.01, 0.3, 0.6, 0.9)}",
        f"count{bucket(count, 2, 4, 8, 16)}",
        f"larger{larger}",
        f"bolder{bolder}",
        f"print{print_}",
        f"caps{text.isupper()}",
        f"gap{bucket(gap, 0.2, 0.5, 0.9, 1.4)}",
        f"below{bucket(below, 0.2, 0.5, 0.9, 1.4)}",
        f"alone{alone}{level}",
        f"left{bucket(line.box.x0 - left, 3, 20)}",
        f"words{bucket(len(text.split()), 2, 3, 4, 6)}",
        f"long{bucket(len(text), 4, 12, 24, 36, 48)}",
        f"digits{any(letter.isdigit() for letter in text)}{bool(find_spans(text))}",
        f"colon{text.rstrip().endswith((':', '：'))}{':' in text or '：' in text}",
        f"comma{',' in text}",
        f"mark{text.lstrip().startswith(BULLET)}",
        f"label{label_kind(text) is not None}",
        f"small{text[:1].islower()}",
        f"edge{before is None}{after is None}",
        f"after{after is not None and bool(find_spans(after.text))}",
        f"right{after is not None and after.row == line.row}",
    ]
    joint = (
        f"style{bucket(known, 1, 2, 3)}",
        f"share{bucket(share, 0.01, 0.3, 0.6, 0.9)}",
        f"larger{larger}",
        f"bolder{bolder}",
        f"alone{alone}{level}",
        f"gap{bucket(gap, 0.2, 0.5, 0.9, 1.4)}",
        f"print{print_}",
        f"caps{text.isupper()}",
        f"long{bucket(len(text), 12, 24, 36)}",
    )
    return [
        *names,
        *(f"{word}&{name}" for name in joint),
        f"{joint[0]}&{joint[1]}&{print_}",
        "always",
    ]
