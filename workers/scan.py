"""A picture of text -> positioned words, in an operating system process of its own with limits."""

from __future__ import annotations

import asyncio
import hashlib
import shutil

import msgspec

from server import tether
from server.document import ocr
from server.document.kinds import kind_of
from server.document.pages import Document
from workers import isolation
from workers.pdf import MAX_REPLY, PdfRefused, death
from workers.pdf_order import Read, Refused
from workers.scan_order import Limits, Order


async def read_scan(content: bytes, *, limits: Limits = Limits()) -> Document:  # noqa: B008
    """What can be made out on the first pages; words say how sure they are. Raises PdfRefused."""
    kind, program = kind_of(content), shutil.which(ocr.PROGRAM)
    if kind is None:
        raise PdfRefused("not_a_pdf", "the file is neither a PDF nor a picture")
    if program is None or ocr.missing() is not None:
        raise PdfRefused("needs_ocr", "pictures of text cannot be read on this machine")
    digest = await asyncio.to_thread(lambda: hashlib.sha256(content).hexdigest())
    order = Order(len(content), digest, kind, program, str(tether.__file__), limits)
    try:
        ending = await isolation.ask(
            "workers.scan_child",
            msgspec.json.encode(order),
            content,
            seconds=limits.seconds,
            max_reply=MAX_REPLY,
        )
    except TimeoutError:
        raise PdfRefused("took_too_long", "the picture took too long to read") from None
    except isolation.TooMuch:
        raise PdfRefused("too_much_memory", "the document holds too much text") from None
    if not ending.reply:
        raise death(ending.returncode, limits.seconds)
    answer = msgspec.msgpack.decode(ending.reply, type=Read | Refused)
    if isinstance(answer, Refused):
        raise PdfRefused(answer.code, answer.detail)
    return answer.document
