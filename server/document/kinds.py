"""What kind of file something is, by its first bytes; names and what senders claim do not count."""

from __future__ import annotations

from typing import Literal

Kind = Literal["pdf", "jpeg", "png", "heic", "docx"]
PICTURES: tuple[Kind, ...] = ("jpeg", "png", "heic")
SUFFIXES: dict[Kind, str] = {
    "pdf": "pdf",
    "jpeg": "jpg",
    "png": "png",
    "heic": "heic",
    "docx": "docx",
}
_PDF_HEADER_WITHIN = 1_024
_WORD_PART = b"word/document.xml"
"""An archive names its files as they are; nothing of it is opened to find this."""
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")


def kind_of(content: bytes) -> Kind | None:
    """None where it is nothing that can be read."""
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return "heic"
    if content.startswith(b"PK\x03\x04"):
        return "docx" if _WORD_PART in content else None
    return "pdf" if b"%PDF-" in content[:_PDF_HEADER_WITHIN] else None
