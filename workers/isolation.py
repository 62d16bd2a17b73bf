"""One hostile file, one process: forked from a warm one, it limits itself, and ends with whoever
waits for it or before."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "LANG", "TESSDATA_PREFIX")
NAME_BYTES = 64
"""A message to the warm process: the name of a module, filled up with spaces; with it come the
descriptors of a conversation and of where its ending is told."""
ENDING_BYTES = 4
_PATIENCE_S = 5.0
_WALL = 12.0
"""Whoever has used no more than its CPU time on a busy machine may take so much longer."""


class TooMuch(Exception):
    """The reply is larger than agreed."""


class NotIsolated(Exception):
    """No process could be had, or the warm one is gone: nothing is known of the file."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What a process said before it ended; empty where it was killed or broke. Below zero
    ``returncode`` is the signal that ended it."""

    reply: bytes
    returncode: int


async def ask(
    module: str, order: bytes, content: bytes, *, seconds: float, max_reply: int
) -> Ending:
    """Have ``module.main`` called in a process of its own with a conversation, where it finds the
    order's line and the content and where it answers.

    Raises TimeoutError after twelve times ``seconds``, which bound its CPU time, TooMuch,
    NotIsolated. The process is gone afterwards, whatever happens, and its memory with it.
    """
    async with contextlib.AsyncExitStack() as open_ends:
        conversation, ending = (open_ends.enter_context(each) for each in _begun(module))
        reader, writer = await asyncio.open_connection(sock=conversation)
        open_ends.push_async_callback(_closed, writer)
        told, teller = await asyncio.open_connection(sock=ending)
        open_ends.push_async_callback(_closed, teller)
        code = b""
        try:
            async with asyncio.timeout(_WALL * seconds):
                reply = await _converse(reader, writer, order + b"\n" + content, max_reply)
                code = await told.read(ENDING_BYTES)
        finally:
            code = code or await _ended(told, teller)
    if len(code) != ENDING_BYTES:
        raise NotIsolated
    return Ending(reply, int.from_bytes(code, "big", signed=True))


async def _ended(told: asyncio.StreamReader, teller: asyncio.StreamWriter) -> bytes:
    """Nobody waits any more: the warm process ends what still runs, and tells so."""
    with contextlib.suppress(OSError):
        teller.write_eof()
        return await told.read(ENDING_BYTES)
    return b""


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


def limit_this_process(*, seconds: float, megabytes: int, lifeline: int) -> None:
    """In the child, before it looks at the file: CPU time, address space, no files, no orphans."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    whole = int(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.setitimer(signal.ITIMER_PROF, seconds)
    threading.Thread(target=_end_with_whoever_waits, args=(lifeline,), daemon=True).start()


def out_of_time(returncode: int) -> bool:
    """Whether that is how a process ends that has used up its CPU time."""
    return -returncode in (signal.SIGPROF, signal.SIGXCPU)


def _end_with_whoever_waits(descriptor: int) -> None:
    """The other end of the conversation is open as long as somebody waits."""
    with contextlib.suppress(OSError):
        while os.read(descriptor, 4096):
            pass
    os._exit(1)


class _Nursery:
    """The warm process of this one: started when it is first needed, and again when it died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None

    def fork(self, module: str, *descriptors: int) -> None:
        """Raises OSError."""
        message = module.encode().ljust(NAME_BYTES)
        if self._line is None or self._process is None or self._process.poll() is not None:
            self.start()
        assert self._line is not None
        socket.send_fds(self._line, [message], list(descriptors))

    def start(self) -> None:
        self.close()
        self._line, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "workers.nursery"],
                stdin=theirs.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                cwd=_ROOT, env=_environment(), start_new_session=True,
            )  # fmt: skip

    def close(self) -> None:
        """It ends when its line does, and what it forked with it."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            try:
                self._process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._line = self._process = None


_nursery = _Nursery()
atexit.register(_nursery.close)


def _begun(module: str) -> tuple[socket.socket, socket.socket]:
    """Our ends of the conversation and of where the ending is told."""
    conversation, theirs = socket.socketpair()
    ending, teller = socket.socketpair()
    try:
        _nursery.fork(module, theirs.fileno(), teller.fileno())
    except OSError as error:
        conversation.close()
        ending.close()
        _nursery.close()
        raise NotIsolated from error
    finally:
        theirs.close()
        teller.close()
    return conversation, ending


def _environment() -> dict[str, str]:
    """Neither passwords nor URLs of the server; one malloc arena, as each reserves 64 MB."""
    kept = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    return kept | {"MALLOC_ARENA_MAX": "1", "PYTHONUTF8": "1", "OMP_THREAD_LIMIT": "1"}


async def _converse(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, question: bytes, max_reply: int
) -> bytes:
    with contextlib.suppress(ConnectionError):
        writer.write(question)
        await writer.drain()
    # our end stays open: when it closes, the process knows that nobody waits
    reply = bytearray()
    with contextlib.suppress(ConnectionError):
        while chunk := await reader.read(1 << 16):
            reply += chunk
            if len(reply) > max_reply:
                raise TooMuch
    return bytes(reply)
