"""A table for spreadsheet programs: RFC 4180 in UTF-8, which Excel knows by its first bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

BOM: Final = "\ufeff"
FORMULA: Final = frozenset("=+-@\t\r\n|%＝＋－＠")
"""With which a cell would be a formula, or could be taken for one."""

Cell = str | int | None


def written(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Line by line; the first brings the head. No cell is a formula, whoever wrote it."""
    yield (BOM + _line(head)).encode()
    for row in rows:
        yield _line(row).encode()


def _line(cells: Sequence[Cell]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([_safe(cell) for cell in cells])
    return line.getvalue()


def _safe(cell: Cell) -> Cell:
    """An apostrophe before it makes it text; numbers of ours stay numbers."""
    if not isinstance(cell, str):
        return "" if cell is None else cell
    return f"'{cell}" if cell[:1] in FORMULA or cell.lstrip()[:1] in FORMULA else cell
