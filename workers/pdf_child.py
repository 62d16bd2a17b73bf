"""The extraction process: one PDF in, one reply out, then it ends.

Forked for ``workers.pdf`` only. It limits itself before it looks at the file.
"""

from __future__ import annotations

import codecs
import gc
import io
import logging
import resource
import socket
import time
import warnings
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import resolve1
from pdfplumber.pdf import PDF

from server.document.pages import Document, Page
from workers.isolation import limit_this_process
from workers.pdf_glyphs import storable
from workers.pdf_order import Order, Read, RefusalCode, Refused
from workers.pdf_page import PageReader, Reading

for _coding in ("ascii", "utf-16-be"):
    codecs.lookup(_coding)  # by the warm process, or each child would import it for its file
_MAX_WORDS = 100_000
_PATIENCE = 0.6
"""The share of the time limit after which no further page is begun."""


def main(conversation: socket.socket) -> None:
    source = conversation.makefile("rb")
    order = msgspec.json.decode(source.readline(), type=Order)
    content = source.read(order.size)
    limits = order.limits
    limit_this_process(
        seconds=limits.seconds, megabytes=limits.megabytes, lifeline=conversation.fileno()
    )
    gc.disable()  # the process is short, and its memory limited
    _hush()
    conversation.sendall(msgspec.msgpack.encode(answer(content, order)))


def answer(content: bytes, order: Order) -> Read | Refused:
    try:
        return _read(content, order)
    except Exception as error:  # noqa: BLE001 - a hostile file may raise anything
        causes = list(_causes(error))
        code, detail = _refusal(causes)
        return Refused(code, detail)


def _hush() -> None:
    """pdfminer asks its loggers for every token it reads; a tenth of its time goes there."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    for name in list(logging.root.manager.loggerDict):
        if name.startswith("pdfminer"):
            logging.getLogger(name).debug = _say_nothing  # type: ignore[method-assign]


def _say_nothing(*_: object, **__: object) -> None:
    pass


def _read(content: bytes, order: Order) -> Read | Refused:
    limits = order.limits
    pdf = PDF(io.BytesIO(content))
    if _declared_pages(pdf) > limits.max_pages:
        return Refused("too_many_pages", f"more than {limits.max_pages} pages")
    objects = list(islice(PDFPage.create_pages(pdf.doc), limits.max_pages + 1))
    if not objects:
        return Refused("no_pages", "the document has no pages")
    if len(objects) > limits.max_pages:
        return Refused("too_many_pages", f"more than {limits.max_pages} pages")
    reader = PageReader(pdf)
    pages: list[Page] = []
    for number, page in enumerate(objects[: limits.read_pages], start=1):
        if pages and time.process_time() > limits.seconds * _PATIENCE:
            break
        pages.append(reader.read(page, number))
        if sum(len(each.words) for each in pages) > _MAX_WORDS:
            break
    return _judge(pdf, order, reader.reading, pages, len(objects))


def _declared_pages(pdf: PDF) -> int:
    tree = resolve1(pdf.doc.catalog.get("Pages"))
    count = resolve1(tree.get("Count")) if isinstance(tree, dict) else 0
    return count if isinstance(count, int) else 0


def _judge(
    pdf: PDF, order: Order, reading: Reading, pages: list[Page], page_count: int
) -> Read | Refused:
    if reading.letters == 0 or reading.unmapped > 4 * reading.letters:
        return Refused("needs_ocr", _why_no_text(reading))
    if reading.scanned and reading.letters < 20 * len(pages):
        return Refused("needs_ocr", "the pages are pictures of text")
    found = list(reading.warnings)
    if len(pages) < page_count:
        found.append("pages_not_read")
    if reading.unmapped > reading.letters // 10:
        found.append("unmapped_text")
    return Read(
        Document(
            sha256=order.sha256,
            page_count=page_count,
            pages=tuple(pages),
            title=_text(pdf.metadata.get("Title")),
            author=_text(pdf.metadata.get("Author")),
            hidden=tuple(reading.hidden),
            warnings=tuple(dict.fromkeys(found)),
            cpu_ms=round(time.process_time() * 1000),
            peak_kb=peak_kb(),
        )
    )


def _why_no_text(reading: Reading) -> str:
    if reading.unmapped:
        return "the fonts do not say which letters they draw"
    if reading.hidden:
        return "the only text cannot be seen on the page"
    return "the pages have no text, only pictures or nothing"


def _text(value: object) -> str:
    return storable(value).strip()[:300] if isinstance(value, str) else ""


def peak_kb() -> int:
    """getrusage would count the parent's memory too, which the fork began with."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        return int(fields["VmHWM"].split()[0])
    except (OSError, KeyError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _causes(error: BaseException) -> Iterator[BaseException]:
    """pdfplumber wraps pdfminer's errors as arguments, not as causes."""
    seen: set[int] = set()
    todo: list[object] = [error]
    while todo:
        each = todo.pop()
        if isinstance(each, BaseException) and id(each) not in seen:
            seen.add(id(each))
            yield each
            todo += [each.__cause__, each.__context__, *each.args]


def _refusal(causes: list[BaseException]) -> tuple[RefusalCode, str]:
    if any(isinstance(each, MemoryError) for each in causes):
        return "too_much_memory", "the document needs too much memory"
    if any(isinstance(each, PDFPasswordIncorrect | PDFEncryptionError) for each in causes):
        return "encrypted", "the document asks for a password"
    return "unreadable", "the file is damaged or not a complete PDF"
