"""What ``workers.pdf`` and its extraction process say to each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from server.document.pages import Document

RefusalCode = Literal[
    "encrypted",
    "unreadable",
    "no_pages",
    "needs_ocr",
    "too_many_pages",
    "took_too_long",
    "too_much_memory",
    "not_a_pdf",
]


@dataclass(frozen=True, slots=True)
class Limits:
    """``seconds`` bounds the CPU time, ``megabytes`` the address space.

    A document of more than ``max_pages`` is refused; of a longer one than ``read_pages`` only
    the first are read, with a warning.
    """

    seconds: float = 10.0
    megabytes: int = 512
    read_pages: int = 30
    max_pages: int = 500


class Order(msgspec.Struct):
    """What the extraction process is asked: sent before the file's bytes."""

    size: int
    sha256: str
    limits: Limits


class Read(msgspec.Struct, tag="read"):
    document: Document


class Refused(msgspec.Struct, tag="refused"):
    code: RefusalCode
    detail: str
