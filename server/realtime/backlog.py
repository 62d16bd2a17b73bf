"""Sound of a live interview that is not words yet: given to the recogniser again until it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from server.core.events import Input, SegmentPending, SegmentTranscribed, SoundGone
from server.ports import EngineError
from server.realtime.errands import Errands
from server.realtime.recorder import Recorder
from server.realtime.sound import Sound
from server.store.sealing import Sealed

FIRST_S: Final = 0.5
LONGEST_S: Final = 10.0

GONE: Final = "its sound is gone"

log = structlog.get_logger()


class Backlog:
    """``waiting``: what the session knows of. What comes of it is handed in, as words do."""

    def __init__(
        self,
        interview_id: UUID,
        recorder: Recorder,
        sound: Sound,
        errands: Errands,
        waiting: Callable[[], Sequence[SegmentPending]],
        hand_in: Callable[[Input], None],
    ) -> None:
        self._interview_id = interview_id
        self._recorder = recorder
        self._sound = sound
        self._errands = errands
        self._waiting = waiting
        self._hand_in = hand_in
        self._news = asyncio.Event()
        self._log = log.bind(interview_id=str(interview_id))

    def look(self) -> None:
        """Something may be waiting."""
        self._news.set()

    async def run(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            wait_s = FIRST_S
            while self._waiting():
                done = await self._round()
                wait_s = FIRST_S if done else min(2 * wait_s, LONGEST_S)
                await asyncio.sleep(wait_s)

    async def _round(self) -> bool:
        """Whether any sound became words. One after the other: live speech goes first."""
        done = False
        for pending in self._waiting():
            stored = self._recorder.stored_ms >= pending.end_ms
            if not stored or self._errands.decodes(pending.turn, pending.segment):
                continue
            event = await self._write_down(pending)
            if event is None:
                return done
            self._hand_in(event)
            done = True
        return done

    async def _write_down(self, pending: SegmentPending) -> Input | None:
        try:
            pcm = await self._sound.pcm(self._interview_id, pending.start_ms, pending.end_ms)
            if not pcm:
                return SoundGone(pending.turn, pending.segment, GONE)
            return await words_of(self._errands, pending, pcm)
        except (EngineError, Sealed) as error:
            self._log.warning("sound not written down yet", turn=pending.turn, reason=str(error))
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            kind = type(error).__name__
            self._log.warning("sound not written down yet", turn=pending.turn, error=kind)
        return None


async def words_of(errands: Errands, pending: SegmentPending, pcm: bytes) -> SegmentTranscribed:
    """Raises EngineError."""
    return await errands.heard(
        pending.turn, pending.segment, pending.start_ms, pcm, pending.language
    )
