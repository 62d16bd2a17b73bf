"""A PDF as positioned words: what ``workers.pdf`` extracts and ``workers.reading`` reads.

Coordinates are PDF points from the top left corner of the page as it is displayed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

HiddenReason = Literal[
    "same_color", "transparent", "invisible", "tiny", "off_page", "covered", "layer_off"
]

BULLET = "•"
"""The text of every glyph that is a sign and not a letter: icons, bullets, unmapped codes."""


@dataclass(frozen=True, slots=True)
class Box:
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Word:
    """Letters without space between them. ``color`` is 0xRRGGBB, -1 where it is unknown.
    ``confidence`` in [0, 1] is below 1 where letters were made out on a picture."""

    text: str
    box: Box
    size: float
    font: str = ""
    bold: bool = False
    upright: bool = True
    color: int = 0
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """Cells drawn by lines, row by row; None where a merged cell covers the place."""

    rows: tuple[tuple[Box | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Link:
    uri: str
    box: Box


@dataclass(frozen=True, slots=True)
class Hidden:
    """Text a reader of the page cannot see; ``excerpt`` is at most 80 characters."""

    page: int
    reason: HiddenReason
    excerpt: str


@dataclass(frozen=True, slots=True)
class Page:
    """``number`` counts from 1. ``turn``: by how many degrees clockwise it was turned beyond what
    the file says, because its letters stood on their side."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...] = ()
    tables: tuple[Table, ...] = ()
    links: tuple[Link, ...] = ()
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """``pages`` holds those that were read; ``page_count`` is how many the file has. ``ocr``: its
    words were made out on pictures. ``paged``: it has pages of its own, by which places are told.

    ``cpu_ms`` and ``peak_kb`` are what the extraction process used, from its fork on.
    """

    sha256: str
    page_count: int
    pages: tuple[Page, ...]
    title: str = ""
    author: str = ""
    hidden: tuple[Hidden, ...] = ()
    warnings: tuple[str, ...] = ()
    ocr: bool = False
    paged: bool = True
    cpu_ms: int = 0
    peak_kb: int = 0
