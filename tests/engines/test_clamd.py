"""A scanner over a real connection: its verdicts, and everything that is none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from server.engines.clamd import Clamd
from server.ports import FileInfected, ScannerAway
from tests.live import free_port

EVIL = b"does harm"
Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def content_of(reader: asyncio.StreamReader) -> bytes:
    """What came, as clamd's manual page says it is sent."""
    assert await reader.readexactly(10) == b"zINSTREAM\0"
    content = b""
    while length := int.from_bytes(await reader.readexactly(4), "big"):
        content += await reader.readexactly(length)
    return content


async def judged(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    found = EVIL in await content_of(reader)
    writer.write(b"stream: Viva.Test FOUND\0" if found else b"stream: OK\0")
    await writer.drain()


@asynccontextmanager
async def daemon(answer: Answer = judged, path: Path | None = None) -> AsyncIterator[str]:
    begun: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        begun.add(task)
        with suppress(OSError, EOFError):
            await answer(reader, writer)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    if path is None:
        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        url = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    else:
        server = await asyncio.start_unix_server(handle, path)
        url = f"unix://{path}"
    try:
        yield url
    finally:
        server.close()
        await asyncio.gather(*begun)


@pytest.mark.parametrize("unix", [False, True])
async def test_what_does_harm_is_found_and_the_rest_passes(unix: bool, tmp_path: Path) -> None:
    async with daemon(path=tmp_path / "clamd.ctl" if unix else None) as url:
        scanner = Clamd(url)
        await scanner.scan(b"%PDF-1.7 " + bytes(3_000_000))
        with pytest.raises(FileInfected):
            await scanner.scan(bytes(200_000) + EVIL)


async def _too_large(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"INSTREAM size limit exceeded. ERROR\0")
    await writer.drain()


async def _broken_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def _for_ever(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while not reader.at_eof():
        writer.write(bytes(range(1, 256)) * 64)
        await writer.drain()


async def _silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


@pytest.mark.parametrize("answer", [_too_large, _broken_off, _for_ever, _silent])
async def test_what_is_no_verdict_is_none(answer: Answer) -> None:
    async with daemon(answer) as url:
        with pytest.raises(ScannerAway):
            await Clamd(url, answer_s=0.5).scan(bytes(500_000))


async def test_nobody_listens(tmp_path: Path) -> None:
    for url in (f"tcp://127.0.0.1:{free_port()}", f"unix://{tmp_path}/none"):
        with pytest.raises(ScannerAway):
            await Clamd(url).scan(b"x")
