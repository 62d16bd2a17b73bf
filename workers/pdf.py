"""PDF -> positioned words, in an operating system process of its own that has limits."""

from __future__ import annotations

import asyncio
import hashlib
import signal

import msgspec

from server.document.pages import Document
from workers import isolation
from workers.pdf_order import Limits, Order, Read, RefusalCode, Refused

__all__ = ["Limits", "PdfRefused", "RefusalCode", "read_document"]

MAX_REPLY = 64 * 1024 * 1024


class PdfRefused(Exception):
    """The file cannot be read as a résumé; ``detail`` is a sentence without personal data."""

    def __init__(self, code: RefusalCode, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code: RefusalCode = code
        self.detail = detail


async def read_document(content: bytes, *, limits: Limits = Limits()) -> Document:  # noqa: B008
    """Positioned words of the visible text; raises PdfRefused. The event loop is never held."""
    if b"%PDF-" not in content[:1024]:
        raise PdfRefused("not_a_pdf", "the file does not begin as a PDF does")
    return await asked("workers.pdf_child", content, limits)


async def asked(module: str, content: bytes, limits: Limits) -> Document:
    """What ``module`` makes of the file in a process of its own. Raises PdfRefused."""
    order = Order(len(content), await asyncio.to_thread(_sha256, content), limits)
    try:
        ending = await isolation.ask(
            module,
            msgspec.json.encode(order),
            content,
            seconds=limits.seconds,
            max_reply=MAX_REPLY,
        )
    except TimeoutError:
        raise PdfRefused("took_too_long", f"took longer than {limits.seconds:g} s") from None
    except isolation.TooMuch:
        raise PdfRefused("too_much_memory", "the document holds too much text") from None
    if not ending.reply:
        raise death(ending.returncode, limits.seconds)
    answer = msgspec.msgpack.decode(ending.reply, type=Read | Refused)
    if isinstance(answer, Refused):
        raise PdfRefused(answer.code, answer.detail)
    return answer.document


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def death(returncode: int, seconds: float) -> PdfRefused:
    """What the end of a process that did not answer says of its file."""
    if isolation.out_of_time(returncode):
        return PdfRefused("took_too_long", f"took longer than {seconds:g} s of CPU time")
    if returncode == -signal.SIGKILL:
        return PdfRefused("too_much_memory", "the process was killed by the system")
    return PdfRefused("unreadable", "the file broke the reader")
