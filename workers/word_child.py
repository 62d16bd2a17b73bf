"""The process that opens a Word file: one file in, one reply out, then it ends.

Forked for ``workers.word`` only. It limits itself before it looks at the file; nothing outside the
file is fetched, no entity of its XML expanded, no macro looked at.
"""

from __future__ import annotations

import io
import re
import socket
import time
import zipfile
from typing import Any

import docx
import msgspec
from docx.oxml.ns import qn

from server.document.pages import Document
from workers.isolation import limit_this_process
from workers.pdf_child import peak_kb
from workers.pdf_glyphs import storable
from workers.pdf_order import Order, Read, Refused
from workers.word_sheet import MARGIN, WIDTH, Sheet, TooLong
from workers.word_text import WHITE, Styles

_MOST_FILES = 2_000
_MOST_BYTES = 100_000_000
_MOST_TIMES = 300
"""How many times larger a part may be than it is packed, beyond the first megabyte."""
_RELATION = re.compile(rb"<Relationship\s[^>]*>")
_HEADERS = ("first_page_header", "header")
_FOOTERS = ("first_page_footer", "footer")


class NoText(Exception):
    """Pictures of text, perhaps, or nothing."""


class Unfit(Exception):
    """Of which nothing more is opened."""


def main(conversation: socket.socket) -> None:
    source = conversation.makefile("rb")
    order = msgspec.json.decode(source.readline(), type=Order)
    content = source.read(order.size)
    limits = order.limits
    limit_this_process(
        seconds=limits.seconds, megabytes=limits.megabytes, lifeline=conversation.fileno()
    )
    conversation.sendall(msgspec.msgpack.encode(answer(content, order)))


def answer(content: bytes, order: Order) -> Read | Refused:
    try:
        return Read(_read(content, order))
    except Unfit as unfit:
        return Refused("unreadable", str(unfit))
    except NoText:
        return Refused("needs_ocr", "the document has no text")
    except (MemoryError, TooLong):
        return Refused("too_much_memory", "the document holds too much")
    except Exception:  # noqa: BLE001 - a hostile file may raise anything
        return Refused("unreadable", "the file is damaged or not a complete Word file")


def _read(content: bytes, order: Order) -> Document:
    _check(content)
    document = docx.Document(io.BytesIO(_straightened(content)))
    part = document.part
    links = {
        name: storable(relation.target_ref)[:500]
        for name, relation in part.rels.items()
        if relation.is_external
    }
    body = document.element.body
    sheet = Sheet(Styles(document.styles.element), _ground(document.element), links)
    top = 0.0
    for container in (*_around(document, _HEADERS), body, *_around(document, _FOOTERS)):
        top = sheet.flow(container, MARGIN, WIDTH - MARGIN, top, WHITE)
    pages = sheet.pages()
    if not pages:
        raise NoText
    told = document.core_properties
    return Document(
        sha256=order.sha256,
        page_count=1,
        pages=pages,
        title=storable(told.title or "").strip()[:300],
        author=storable(told.author or "").strip()[:300],
        hidden=tuple(sheet.hidden),
        warnings=("white_text",) if sheet.unsure else (),
        paged=False,
        cpu_ms=round(time.process_time() * 1000),
        peak_kb=peak_kb(),
    )


def _straightened(content: bytes) -> bytes:
    """The file with slashes where a program wrote the paths of its parts as Windows has them, which
    the format knows none of; itself where none did."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {
            part.filename: _RELATION.sub(_straight, archive.read(part))
            if part.filename.endswith(".rels")
            else None
            for part in archive.infolist()
        }
        crooked = any("\\" in name for name in parts)
        if not crooked and all(
            text is None or text == archive.read(name) for name, text in parts.items()
        ):
            return content
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as straight:
            for name, text in parts.items():
                straight.writestr(
                    name.replace("\\", "/"), archive.read(name) if text is None else text
                )
    return out.getvalue()


def _straight(relation: re.Match[bytes]) -> bytes:
    outside = b"External" in relation[0]  # what it points to is no part
    return relation[0] if outside else relation[0].replace(b"\\", b"/")


def _check(content: bytes) -> None:
    """Before anything is unpacked: how much there is, and that no part brings its own grammar."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > _MOST_FILES or sum(part.file_size for part in parts) > _MOST_BYTES:
            raise Unfit("the file unpacks to too much")
        for part in parts:
            if part.file_size > (1 << 20) + _MOST_TIMES * part.compress_size:
                raise Unfit("the file unpacks to too much")
            if part.flag_bits & 1:
                raise Unfit("a part of the file is encrypted")
            if part.filename.endswith((".xml", ".rels")):
                text = archive.read(part)
                if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                    raise Unfit("a part of the file defines entities")


def _ground(document: Any) -> int | None:
    """White, unless the paper has a colour or something floats that may lie behind words."""
    floats = qn("wp:anchor"), qn("w:background"), qn("w:pict")
    return None if next(document.iter(*floats), None) is not None else WHITE


def _around(document: Any, names: tuple[str, ...]) -> list[Any]:
    """Headers or footers of the first section, each once."""
    section = document.sections[0] if document.sections else None
    found = []
    for name in names:
        if name.startswith("first") and not (
            section is not None and section.different_first_page_header_footer
        ):
            continue
        each = None if section is None else getattr(section, name)
        if each is not None and not each.is_linked_to_previous:
            found.append(each._element)  # python-docx gives its text only, without boxes
    return found
