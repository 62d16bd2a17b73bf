"""What every word of a made-up résumé is: rows and words with their true labels, to learn from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import msgspec

from bench.resume_sheet import Mark, mark_of
from server.document.pages import Document, Word
from workers.pdf_child import answer
from workers.pdf_order import Limits, Order, Read
from workers.reading.lines import Line, document_lines
from workers.reading.rows import Row
from workers.reading.tokens import Token
from workers.word_child import answer as word_answer

HEADS = frozenset(
    ("org", "title", "place", "date", "dept", "area", "degree", "project", "item", "issuer", "tech",
     "duration", "score")
)  # fmt: skip
Key = tuple[int, int, int]
_NO_LIMIT = 1e6


def read(path: Path) -> Document:
    """The document, kept beside the file once it was read."""
    kept = path.resolve().with_suffix(".words")
    if kept.exists():
        return msgspec.msgpack.decode(kept.read_bytes(), type=Document)
    content = path.read_bytes()
    # the limit counts the whole time of this process, which reads many files
    limits = Limits(seconds=_NO_LIMIT)
    order = Order(len(content), hashlib.sha256(content).hexdigest(), limits)
    found = (word_answer if path.suffix == ".docx" else answer)(content, order)
    if not isinstance(found, Read):
        raise SystemExit(f"{path} was refused: {found.code}")
    kept.write_bytes(msgspec.msgpack.encode(found.document))
    return found.document


@dataclass
class Marked:
    """A document with the mark of each of its words."""

    document: Document
    marks: dict[Key, Mark]

    def of(self, word: Word, page: int) -> Mark | None:
        return self.marks.get(_key(word, page))

    def of_line(self, line: Line) -> list[Mark]:
        return [mark for word in line.words if (mark := self.of(word, line.page))]

    def of_row(self, row: Row) -> list[Mark]:
        return [mark for cell in row.cells for mark in self.of_line(cell)]

    def of_token(self, token: Token) -> Mark | None:
        """Of the word that stands where the token does."""
        at = 0
        for word in token.line.words:
            place = token.line.text.find(word.text, at)
            if place < 0:
                continue
            at = place + len(word.text)
            if place <= token.first < at:
                return self.of(word, token.line.page)
        return None


def _key(word: Word, page: int) -> Key:
    return page, round(word.box.x0), round(word.box.top)


@lru_cache(2_000)
def marked(path: Path) -> Marked:
    document = read(path)
    painted = read(path.with_suffix(".marked.pdf"))
    marks = {
        _key(word, page.number): mark
        for page in painted.pages
        for word in page.words
        if (mark := mark_of(word.color)) is not None
    }
    return Marked(document, marks)


def row_labels(rows: Sequence[Row], known: Marked) -> list[str]:
    """'begin' for the first row of an entry, 'head' for more of its head, 'body' for the rest."""
    begun: set[tuple[str, int]] = set()
    found = []
    for row in rows:
        marks = known.of_row(row)
        told = [mark for mark in marks if mark.kind in HEADS]
        if any(mark.kind == "body" for mark in marks):  # how long it was may stand beside it
            told = [mark for mark in told if mark.kind != "duration"]
        named = [mark for mark in told if mark.kind not in ("score", "tech")]
        if not told or (len(marks) > 2 * len(told) + 4 and not named) or not (named or begun):
            found.append("body")
            continue
        if not named:
            found.append("body")
            continue
        entry = (named[0].section, named[0].entry)
        found.append("head" if entry in begun else "begin")
        begun.add(entry)
    return found


def documents(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.glob("[0-9][0-9][0-9][0-9].pdf")):
        if path.with_suffix(".marked.pdf").exists():
            yield path


def lines_of(known: Marked) -> tuple[tuple[Line, ...], ...]:
    return document_lines(known.document)
