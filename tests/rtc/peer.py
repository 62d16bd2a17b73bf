"""A browser's end of a call: aiortc as it is, with a microphone, ears, and the events' channel."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from fractions import Fraction
from time import monotonic
from typing import Any, Final

import av
import httpx
import numpy as np
from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCDataChannel,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError

RATE: Final = 16_000
FRAME: Final = RATE // 50
LOUD: Final = 300
"""RMS above which something is heard."""


class Microphone(MediaStreamTrack):
    """Never silent: like a real one, it sends the room when nobody speaks."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._saying = bytearray()
        self._began = 0.0
        self._sent = 0

    @property
    def quiet(self) -> bool:
        return not self._saying

    def say(self, pcm: bytes) -> None:
        """PCM16 mono 16 kHz."""
        self._saying += pcm

    async def recv(self) -> av.AudioFrame:
        if self.readyState != "live":
            raise MediaStreamError
        self._began = self._began or monotonic()
        await asyncio.sleep(max(0.0, self._began + self._sent / 50 - monotonic()))
        piece = bytes(self._saying[: 2 * FRAME]).ljust(2 * FRAME, b"\0")
        del self._saying[: 2 * FRAME]
        frame = av.AudioFrame(format="s16", layout="mono", samples=FRAME)
        frame.planes[0].update(piece)
        frame.sample_rate = RATE
        frame.pts = self._sent * FRAME
        frame.time_base = Fraction(1, RATE)
        self._sent += 1
        return frame


class Peer:
    """``events``: all that came by the channel; ``heard``: seconds in which there was a voice."""

    def __init__(self) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.microphone = Microphone()
        self.channel: RTCDataChannel = self.connection.createDataChannel("oai-events")
        self.events: list[dict[str, Any]] = []
        self.voice = bytearray()
        """What was heard: PCM16 mono 48 kHz."""
        self.closed = asyncio.Event()
        self._news = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None
        self.connection.addTrack(self.microphone)
        self.connection.on("track", self._hear)
        self.connection.on("connectionstatechange", self._changed)
        self.channel.on("message", self._told)

    async def offer(self) -> str:
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return self.connection.localDescription.sdp

    async def take(self, answer: str) -> None:
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def call(
        self, http: httpx.AsyncClient, token: str, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """The answer to the offer, taken where it is one."""
        answer = await http.post(
            "/v1/realtime/calls?model=gpt-realtime",
            content=await self.offer(),
            headers={
                "authorization": f"Bearer {token}",
                "content-type": "application/sdp",
                **(headers or {}),
            },
        )
        if answer.status_code == 201:
            await self.take(answer.text)
        return answer

    def send(self, **event: Any) -> None:
        self.channel.send(json.dumps(event))

    async def event(
        self, kind: str, /, seconds: float = 60.0, after: int = 0, **match: Any
    ) -> dict[str, Any]:
        """The first of this kind, behind the so-manieth that came."""
        async with asyncio.timeout(seconds):
            while True:
                for event in self.events[after:]:
                    if event["type"] == kind and match.items() <= event.items():
                        return event
                self._news.clear()
                await self._news.wait()

    @property
    def kinds(self) -> list[str]:
        return [event["type"] for event in self.events]

    @property
    def heard_s(self) -> float:
        samples = np.frombuffer(bytes(self.voice), "<i2").astype(np.float32)
        whole = len(samples) - len(samples) % 960
        rms = np.sqrt(np.mean(samples[:whole].reshape(-1, 960) ** 2, axis=1))
        return float(np.count_nonzero(rms > LOUD)) / 50

    def _told(self, message: str | bytes) -> None:
        self.events.append(json.loads(message))
        self._news.set()

    def _changed(self) -> None:
        if self.connection.connectionState in ("closed", "failed"):
            self.closed.set()

    def _hear(self, track: MediaStreamTrack) -> None:
        self._listening = asyncio.create_task(self._listen(track))

    async def _listen(self, track: MediaStreamTrack) -> None:
        with suppress(MediaStreamError):
            while True:
                frame: Any = await track.recv()
                sound = frame.to_ndarray().reshape(-1, frame.layout.nb_channels)[:, 0]
                self.voice += np.ascontiguousarray(sound).tobytes()

    async def close(self) -> None:
        await self.connection.close()
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)


@asynccontextmanager
async def peer() -> AsyncIterator[Peer]:
    made = Peer()
    try:
        yield made
    finally:
        await made.close()
