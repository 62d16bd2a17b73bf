"""A real local HTTP server that behaves as OpenAI-compatible ones do, well or badly."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesParser
from typing import Any, Self


@dataclass
class Call:
    """One request as it came over the wire; ``aborted`` is set when its client went away."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any
    writer: asyncio.StreamWriter
    aborted: asyncio.Event = field(default_factory=asyncio.Event)

    async def begin(self, content_type: str, status: str = "200 OK") -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nConnection: close\r\n\r\n"
        await self.send(head.encode())

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def reply(self, value: object, status: str = "200 OK") -> None:
        await self.begin("application/json", status)
        await self.send(json.dumps(value).encode())

    async def say(self, text: str) -> None:
        """One chunk of a streamed chat completion."""
        await self.delta({"content": text})

    async def delta(self, delta: dict[str, Any]) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": None}
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        await self.send(f"data: {json.dumps({**chunk, 'choices': [choice]})}\n\n".encode())


Handler = Callable[[Call], Awaitable[None]]


class OpenAIServer:
    """``async with OpenAIServer() as server``; set ``server.handlers[path]`` and read ``calls``."""

    def __init__(self, port: int = 0) -> None:
        self._port = port
        self.handlers: dict[str, Handler] = {}
        self.calls: list[Call] = []
        self.url = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            try:
                call = await _read(reader, writer)
            except asyncio.IncompleteReadError:  # whoever only looked whether somebody listens
                return
            self.calls.append(call)
            handling = asyncio.ensure_future(self._handle(call))
            leaving = asyncio.ensure_future(reader.read())
            await asyncio.wait((handling, leaving), return_when=asyncio.FIRST_COMPLETED)
            if not handling.done():
                call.aborted.set()
            handling.cancel()
            leaving.cancel()
            await asyncio.gather(handling, leaving, return_exceptions=True)
        finally:
            writer.close()

    async def _handle(self, call: Call) -> None:
        handler = self.handlers.get(call.path)
        if handler is None:
            await call.reply({"error": {"message": "no such route"}}, "404 Not Found")
        else:
            await handler(call)


async def _read(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Call:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    if headers.get("content-type", "").startswith("multipart/"):
        return Call(method, path, headers, _fields(headers["content-type"], body), writer)
    return Call(method, path, headers, json.loads(body) if body else None, writer)


def _fields(content_type: str, body: bytes) -> dict[str, list[bytes]]:
    """A form's fields by their names; a file is one of them."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    form = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    fields: dict[str, list[bytes]] = {}
    for part in form.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        fields.setdefault(name, []).append(bytes(part.get_payload(decode=True)))
    return fields


def models(*names: str) -> Handler:
    async def handle(call: Call) -> None:
        data = [{"id": name, "object": "model", "created": 1, "owned_by": "x"} for name in names]
        await call.reply({"object": "list", "data": data})

    return handle


def completion(*texts: str, pause: float = 0.0) -> Handler:
    async def handle(call: Call) -> None:
        await call.begin("text/event-stream")
        for text in texts:
            await asyncio.sleep(pause)
            await call.say(text)
        await call.send(b"data: [DONE]\n\n")

    return handle


def failure(status: str, message: str = "boom") -> Handler:
    async def handle(call: Call) -> None:
        await call.reply({"error": {"message": message, "type": "x"}}, status)

    return handle


def raw(content_type: str, data: bytes) -> Handler:
    async def handle(call: Call) -> None:
        await call.begin(content_type)
        await call.send(data)

    return handle
