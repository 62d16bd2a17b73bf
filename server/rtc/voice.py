"""The interviewer's voice as a track: a packet every 20 ms while there is any, few while not."""

from __future__ import annotations

import asyncio
from fractions import Fraction
from typing import Any, Final

from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from av.packet import Packet

from server.clock import now
from server.rtc.opus import CLOCK, FRAME_BYTES, FRAME_MS, Encoder
from server.rtc.playout import Playout

FRAME_S: Final = FRAME_MS / 1_000
QUIET_FRAMES: Final = 20
"""Nothing is said: a packet each 400 ms keeps the way open, as Opus itself does it."""
TAIL_FRAMES: Final = 5
"""So much silence is sent behind the voice, so that it is not broken off."""
LATE_S: Final = 0.2
TIME_BASE: Final = Fraction(1, CLOCK)
SILENCE: Final = bytes(FRAME_BYTES)


class VoiceTrack(MediaStreamTrack):
    """Of one call; what it plays is the playout's. ``come``: something was added to that."""

    kind = "audio"

    def __init__(self, playout: Playout) -> None:
        super().__init__()
        self._playout = playout
        self._encoder = Encoder()
        self._begun: float | None = None
        self._frames = 0
        self._quiet = 0
        self.come = asyncio.Event()

    async def recv(self) -> Packet[Any]:
        """When it is due. Raises MediaStreamError where the track has ended."""
        if self.readyState != "live":
            raise MediaStreamError
        if self._begun is None:
            self._begun = now()
        await self._due()
        pcm = self._playout.frame()
        self._quiet = 0 if pcm is not None else self._quiet + 1
        if self._quiet > TAIL_FRAMES:
            await self._rest()
            pcm = self._playout.frame()
            self._quiet = 0 if pcm is not None else self._quiet
        packet: Packet[Any] = Packet(self._encoder.encode(SILENCE if pcm is None else pcm))
        packet.pts = self._frames * CLOCK * FRAME_MS // 1_000
        packet.time_base = TIME_BASE
        self._frames += 1
        return packet

    async def _due(self) -> None:
        """A frame's time is that of its number; who is late for long begins anew, and does not send
        all at once what nobody waits for any more."""
        assert self._begun is not None
        wait_s = self._begun + self._frames * FRAME_S - now()
        if wait_s < -LATE_S:
            self._begun -= wait_s
        elif wait_s > 0:
            await asyncio.sleep(wait_s)

    async def _rest(self) -> None:
        """Until there is something to say, or for so many frames, which are passed over."""
        assert self._begun is not None
        self.come.clear()
        try:
            async with asyncio.timeout(QUIET_FRAMES * FRAME_S):
                await self.come.wait()
        except TimeoutError:
            pass
        due = int((now() - self._begun) / FRAME_S)
        self._frames = max(self._frames, due)
