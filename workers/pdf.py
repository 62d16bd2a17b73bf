"""PDF -> positioned words, in an operating system process of its own that has limits."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import msgspec

from server.core.document import Document
from workers.pdf_order import Limits, Order, Read, RefusalCode, Refused

__all__ = ["Limits", "PdfRefused", "RefusalCode", "read_document"]

MAX_REPLY = 64 * 1024 * 1024
_ROOT = Path(__file__).resolve().parents[1]
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG")


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
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "workers.pdf_child",
        stdin=PIPE,
        stdout=PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=_ROOT,
        env=_environment(),
    )
    try:
        async with asyncio.timeout(limits.seconds):
            reply = await _ask(process, content, limits)
            await process.wait()
    except TimeoutError:
        raise PdfRefused("took_too_long", f"took longer than {limits.seconds:g} s") from None
    finally:
        await _end(process)
    if not reply:
        raise _death(process.returncode or 0, limits)
    answer = msgspec.msgpack.decode(reply, type=Read | Refused)
    if isinstance(answer, Refused):
        raise PdfRefused(answer.code, answer.detail)
    return answer.document


def _environment() -> dict[str, str]:
    """Neither passwords nor URLs of the server; one malloc arena, as each reserves 64 MB."""
    kept = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    return kept | {"MALLOC_ARENA_MAX": "1", "PYTHONUTF8": "1"}


async def _ask(process: Process, content: bytes, limits: Limits) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    order = Order(len(content), await asyncio.to_thread(_sha256, content), limits)
    head = msgspec.json.encode(order)
    with contextlib.suppress(ConnectionError):
        process.stdin.write(head + b"\n")
        process.stdin.write(content)
        await process.stdin.drain()
    # stdin stays open: its end tells the process that its parent is gone
    reply = bytearray()
    while chunk := await process.stdout.read(1 << 16):
        reply += chunk
        if len(reply) > MAX_REPLY:
            raise PdfRefused("too_much_memory", "the document holds too much text")
    return bytes(reply)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def _end(process: Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    if process.stdin is not None:
        process.stdin.close()
    await process.wait()


def _death(returncode: int, limits: Limits) -> PdfRefused:
    if returncode == -signal.SIGXCPU:
        return PdfRefused("took_too_long", f"took longer than {limits.seconds:g} s of CPU time")
    if returncode == -signal.SIGKILL:
        return PdfRefused("too_much_memory", "the process was killed by the system")
    return PdfRefused("unreadable", "the file broke the reader")
