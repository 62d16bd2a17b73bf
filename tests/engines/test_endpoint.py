"""The client of model servers: it talks to the one that was set."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import openai
import pytest

from server.engines.endpoint import client_for


async def test_what_is_sent_goes_to_no_other_server() -> None:
    asked: list[str] = []

    def answering(name: str, head: str) -> object:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(asyncio.IncompleteReadError):
                await reader.readuntil(b"\r\n\r\n")
                asked.append(name)
                writer.write(f"HTTP/1.1 {head}\r\ncontent-length: 0\r\n\r\n".encode())
                await writer.drain()
            writer.close()

        return answer

    elsewhere = await asyncio.start_server(answering("elsewhere", "200 OK"), "127.0.0.1", 0)  # type: ignore[arg-type]
    port = elsewhere.sockets[0].getsockname()[1]
    moved = f"307 Temporary Redirect\r\nlocation: http://127.0.0.1:{port}/v1/chat/completions"
    here = await asyncio.start_server(answering("here", moved), "127.0.0.1", 0)  # type: ignore[arg-type]
    url = f"http://127.0.0.1:{here.sockets[0].getsockname()[1]}/v1"
    async with elsewhere, here, client_for(url, "key", 5) as client:
        with pytest.raises(openai.APIStatusError):
            await client.chat.completions.create(
                model="x", messages=[{"role": "user", "content": "what the candidate said"}]
            )
    assert asked == ["here"]
