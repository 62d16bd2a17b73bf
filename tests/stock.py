"""A client that knows OpenAI's Realtime events only, and is strict about every one of them."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import soxr
from openai.types.realtime import RealtimeServerEvent
from pydantic import TypeAdapter
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from server.ports import CANDIDATE_RATE
from server.realtime.line import Line
from server.realtime.openai_dialect import RealtimeDialect

ORACLE: TypeAdapter[Any] = TypeAdapter(RealtimeServerEvent)
OUTPUT_RATE = 24_000

RESPONSE = re.compile(
    r"created item.added content.added (transcript.delta )*(audio.delta )*"
    r"audio.done transcript.done content.done item.done done $"
)
ANSWER = re.compile(
    r"(started )?(delta )*(stopped )?committed added done (delta )*(failed )?(completed )*$"
)


@dataclass
class Stock:
    """Remembers all it was sent; what the openai package's types do not accept is a failure."""

    socket: ClientConnection
    events: list[dict[str, Any]] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        with suppress(ConnectionClosed):
            async for text in self.socket:
                assert isinstance(text, str), "no binary frame belongs on this stream"
                self.events.append(json.loads(text))
                self._news.set()

    async def send(self, kind: str, **event: Any) -> None:
        await self.socket.send(json.dumps({"type": kind, **event}))

    async def update(self, **session: Any) -> dict[str, Any]:
        """The session as the server says that it is now."""
        count = len(self.of("session.updated"))
        await self.send("session.update", session={"type": "realtime", **session})
        updated = await self.event("session.updated", after=count)
        held: dict[str, Any] = updated["session"]
        return held

    async def append(self, audio: bytes, **event: Any) -> None:
        delta = base64.b64encode(audio).decode()
        await self.send("input_audio_buffer.append", audio=delta, **event)

    async def say(self, pcm: bytes, *, speed: float = 1.0) -> None:
        """PCM16 16 kHz, sent at 24 kHz in 100 ms events at ``speed`` times the speed of speech."""
        samples = np.frombuffer(pcm, "<i2")
        sound: bytes = soxr.resample(samples, CANDIDATE_RATE, OUTPUT_RATE).astype("<i2").tobytes()
        for start in range(0, len(sound), 4_800):
            await self.append(sound[start : start + 4_800])
            await asyncio.sleep(0.1 / speed)

    async def type(self, text: str, **item: Any) -> None:
        content = [{"type": "input_text", "text": text}]
        message = {"type": "message", "role": "user", "content": content, **item}
        await self.send("conversation.item.create", item=message)

    def of(self, *kinds: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] in kinds]

    async def event(
        self, kind: str, /, after: int = 0, seconds: float = 25.0, **match: Any
    ) -> dict[str, Any]:
        """The first event of this kind with these fields, past or to come, after so many."""
        async with asyncio.timeout(seconds):
            while True:
                found = [event for event in self.of(kind) if match.items() <= event.items()]
                if len(found) > after:
                    return found[after]
                self._news.clear()
                await self._news.wait()

    async def question(self, number: int) -> dict[str, Any]:
        """The item of the question, once all of its voice has come (counted from 1)."""
        done = await self.event("response.done", after=number - 1)
        item: dict[str, Any] = done["response"]["output"][0]
        return item

    async def hear(self, number: int) -> str:
        """The text of the question, of which the client says that it has played all."""
        item = await self.question(number)
        length = len(self.voice(item["id"])) * 1_000 // (OUTPUT_RATE * 2)
        await self.send(
            "conversation.item.truncate",
            item_id=item["id"], content_index=0, audio_end_ms=length,
        )  # fmt: skip
        await self.event("conversation.item.truncated", item_id=item["id"])
        text: str = item["content"][0]["transcript"]
        return text

    def voice(self, item_id: str) -> bytes:
        deltas = self.of("response.output_audio.delta")
        return b"".join(base64.b64decode(e["delta"]) for e in deltas if e["item_id"] == item_id)

    def check(self) -> None:
        """Every event is of a type and shape that the openai package knows, in the order that
        clients rely on."""
        assert self.events[0]["type"] == "session.created"
        ids = [event["event_id"] for event in self.events]
        assert len(set(ids)) == len(ids)
        for event in self.events:
            ORACLE.validate_python(event, strict=True)
        for response in {e["response"]["id"] for e in self.of("response.done")}:
            assert RESPONSE.match(self._response(response)), self._response(response)
        for item in {e["item_id"] for e in self.of("input_audio_buffer.committed")}:
            assert ANSWER.match(self._answer(item)), self._answer(item)

    def _response(self, response_id: str) -> str:
        names = ""
        for event in self.events:
            if event.get("response_id", event.get("response", {}).get("id")) == response_id:
                name = event["type"].removeprefix("response.").removeprefix("output_")
                name = name.replace("audio_transcript", "transcript").replace("_part", "")
                names += name + " "
        return names

    def _answer(self, item_id: str) -> str:
        names = ""
        for event in self.events:
            kind = event["type"]
            if kind.endswith(("retrieved", "truncated", "deleted")):
                continue
            if event.get("item_id", event.get("item", {}).get("id")) == item_id:
                names += kind.rsplit(".", 1)[1].removeprefix("speech_") + " "
        return names


@contextmanager
def strict_streams() -> Iterator[None]:
    """While this lasts, every event on a stock connection is held to the openai package's types,
    whoever the client is."""
    wrong: list[str] = []
    send = Line.send

    def checked(line: Line, frames: Iterable[str | bytes]) -> None:
        sent = list(frames)
        if isinstance(line.dialect, RealtimeDialect):
            for frame in sent:
                try:
                    ORACLE.validate_python(json.loads(frame), strict=True)
                except ValueError as error:
                    wrong.append(f"{frame!r:.300}: {error}")
        send(line, sent)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Line, "send", checked)
        yield
    assert not wrong, wrong[0]


@asynccontextmanager
async def stock(
    ticket: dict[str, Any], *, url: str = "", protocol: bool = False
) -> AsyncIterator[Stock]:
    """A connection as an SDK opens it: by header, or by subprotocol as from a browser."""
    options: dict[str, Any] = (
        {"subprotocols": ["realtime", f"openai-insecure-api-key.{ticket['token']}"]}
        if protocol
        else {"additional_headers": {"Authorization": f"Bearer {ticket['token']}"}}
    )
    async with connect(url or ticket["websocket_url"], max_size=None, **options) as socket:
        client = Stock(socket)
        listening = asyncio.create_task(client.listen())
        try:
            yield client
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
            client.check()
