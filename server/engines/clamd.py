"""ClamAV's daemon: a file goes there over one connection, and a verdict comes back.

The protocol is clamd's own, as its manual page says it: ``zINSTREAM``, then pieces, each behind its
length in four bytes, most significant first, and an empty one at the end.
"""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import urlsplit

from server.ports import FileInfected, ScannerAway

ANSWER_S: Final = 15.0
"""The longest that connecting, sending and the verdict take together."""
PORT: Final = 3310
PIECE: Final = 64 * 1024
LONGEST_VERDICT: Final = 4 * 1024


class Clamd:
    """``url``: ``tcp://host:3310`` or ``unix:///run/clamav/clamd.ctl``."""

    def __init__(self, url: str, *, answer_s: float = ANSWER_S) -> None:
        parts = urlsplit(url)
        self._path = parts.path if parts.scheme == "unix" else None
        self._host, self._port = parts.hostname or "localhost", parts.port or PORT
        self._answer_s = answer_s

    async def scan(self, content: bytes) -> None:
        try:
            async with asyncio.timeout(self._answer_s):
                verdict = await self._verdict(content)
        except TimeoutError as error:
            raise ScannerAway("no answer in time") from error
        except (OSError, EOFError, asyncio.LimitOverrunError) as error:
            raise ScannerAway(type(error).__name__) from error
        # "stream: OK", "stream: NAME FOUND"; whatever else it says is no verdict.
        if verdict.endswith(b" FOUND"):
            raise FileInfected
        if not verdict.endswith(b": OK"):
            raise ScannerAway("no verdict")

    async def _verdict(self, content: bytes) -> bytes:
        if self._path is None:
            reading = asyncio.open_connection(self._host, self._port, limit=LONGEST_VERDICT)
        else:
            reading = asyncio.open_unix_connection(self._path, limit=LONGEST_VERDICT)
        reader, writer = await reading
        try:
            writer.write(b"zINSTREAM\0")
            for at in range(0, len(content), PIECE):
                piece = content[at : at + PIECE]
                writer.write(len(piece).to_bytes(4, "big"))
                writer.write(piece)
                await writer.drain()
            writer.write(bytes(4))
            await writer.drain()
            return (await reader.readuntil(b"\0"))[:-1]
        finally:
            writer.transport.abort()
