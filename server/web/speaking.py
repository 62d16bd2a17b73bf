"""The voice of whoever takes over an interview, on the connection on which they watch it."""

from __future__ import annotations

from typing import Final, Literal
from uuid import UUID

from server.clock import now
from server.core.events import SteppedIn
from server.identity.principal import Principal
from server.ports import CANDIDATE_RATE
from server.realtime import wire
from server.realtime.leading import Spoken
from server.realtime.terms import AudioFormat
from server.realtime.uplink import SAMPLE_BYTES, OpusUplink, PcmUplink, Uplink
from server.store import steps
from server.store.interviews import StoredInterview
from server.store.pool import new_id
from server.web.services import Services
from server.web.steps import called, put

MAX_FRAME_BYTES: Final = 32 * 1024
AHEAD_S: Final = 60.0
"""What was said while there was no connection comes at once, up to so much."""
PCM: Final = AudioFormat("audio/pcm", CANDIDATE_RATE)


class Speaking:
    """One connection."""

    def __init__(self, services: Services, interview: StoredInterview) -> None:
        self._services = services
        self._interview = interview
        self._step_id: UUID | None = None
        self._uplink: Uplink = PcmUplink(PCM)
        self._since = now()
        self._samples = 0

    async def obey(self, wanted: wire.Speak, principal: Principal) -> wire.VoiceTold | None:
        """What to tell them. Who leads has to hear the candidate too: both rights are needed."""
        if not may(principal) or self._interview.status == "ended":
            return None
        self._uplink = OpusUplink() if wanted.up == "opus" else PcmUplink(PCM)
        if wanted.step_id is not None:
            return await self._go_on(wanted.step_id, principal)
        if wanted.on:
            step_id = await self._put("take_over", principal, now=wanted.now)
            if self._step_id is None:
                self._begin(step_id)
            return wire.VoiceTold(self._step_id or step_id)
        if self._step_id is not None:
            await self._put("hand_back", principal)
            self._step_id = None
        return None

    async def _go_on(self, step_id: UUID, principal: Principal) -> wire.VoiceTold | None:
        pool, interview_id = self._services.pool, self._interview.id
        if not await steps.is_theirs(pool, interview_id, step_id, principal.name):
            return None
        self._begin(step_id)
        return wire.VoiceTold(step_id)

    def _begin(self, step_id: UUID) -> None:
        self._step_id, self._since, self._samples = step_id, now(), 0

    async def _put(
        self, step: Literal["take_over", "hand_back"], principal: Principal, *, now: bool = False
    ) -> UUID:
        step_id = await new_id(self._services.pool)
        who = await called(self._services, principal)
        told = SteppedIn(str(step_id), step, principal.name, who, now=now)
        await put(self._services, self._interview, told)
        return step_id

    def hear(self, frame: bytes, principal: Principal) -> None:
        """A header of two numbers, of the first sample since they took over and whether it is late,
        and sound behind it. What is none, or more than anybody can say, is dropped."""
        step_id, size = self._step_id, wire.AUDIO_HEADER.size
        if step_id is None or not size < len(frame) <= MAX_FRAME_BYTES or not may(principal):
            return
        at, late = wire.AUDIO_HEADER.unpack(frame[:size])
        try:
            pcm = self._uplink.to_candidate_rate(frame[size:])
        except wire.WireError:
            return
        self._samples += len(pcm) // SAMPLE_BYTES
        if self._samples > (AHEAD_S + 1.5 * (now() - self._since)) * CANDIDATE_RATE:
            return
        self._services.monitor.speak(
            self._interview.id, Spoken(step_id, at, bool(late), pcm).packed()
        )


def may(principal: Principal) -> bool:
    return {"step_in", "listen"} <= principal.rights
