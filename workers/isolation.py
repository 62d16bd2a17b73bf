"""One hostile file, one process: it limits itself, and ends with its parent or before."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import sys
import threading
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG")


class TooMuch(Exception):
    """The reply is larger than agreed."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What a process said before it ended; empty where it was killed or broke."""

    reply: bytes
    returncode: int


async def ask(
    module: str, order: bytes, content: bytes, *, seconds: float, max_reply: int
) -> Ending:
    """Start ``python -m module``, give it the order's line and the content, wait for its reply.

    Raises TimeoutError after ``seconds``, TooMuch. The process is gone afterwards, whatever
    happens, and its memory with it.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module,
        stdin=PIPE, stdout=PIPE, stderr=asyncio.subprocess.DEVNULL, cwd=_ROOT, env=_environment(),
    )  # fmt: skip
    try:
        async with asyncio.timeout(seconds):
            reply = await _converse(process, order, content, max_reply)
            await process.wait()
    finally:
        await _end(process)
    return Ending(reply, process.returncode or 0)


def limit_this_process(*, seconds: float, megabytes: int, stdin: int) -> None:
    """In the child, before it looks at the file: CPU time, address space, no files, no orphans."""
    whole = max(1, round(seconds))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    threading.Thread(target=_end_with_parent, args=(stdin,), daemon=True).start()


def _end_with_parent(descriptor: int) -> None:
    """The parent keeps our stdin open as long as it lives."""
    while os.read(descriptor, 4096):
        pass
    os._exit(1)


def _environment() -> dict[str, str]:
    """Neither passwords nor URLs of the server; one malloc arena, as each reserves 64 MB."""
    kept = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    return kept | {"MALLOC_ARENA_MAX": "1", "PYTHONUTF8": "1"}


async def _converse(process: Process, order: bytes, content: bytes, max_reply: int) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(ConnectionError):
        process.stdin.write(order + b"\n")
        process.stdin.write(content)
        await process.stdin.drain()
    # stdin stays open: its end tells the process that its parent is gone
    reply = bytearray()
    while chunk := await process.stdout.read(1 << 16):
        reply += chunk
        if len(reply) > max_reply:
            raise TooMuch
    return bytes(reply)


async def _end(process: Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    if process.stdin is not None:
        process.stdin.close()
    await process.wait()
