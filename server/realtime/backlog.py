"""Sound of a live interview that is not words yet: given to the recogniser again until it is."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from server.clock import now
from server.core.events import (
    Language,
    SegmentPending,
    SegmentTranscribed,
)
from server.ports import EngineError
from server.realtime.errands import Errands
from server.realtime.mending import AnswerReheard, Happening, SoundGone
from server.realtime.recorder import Recorder
from server.realtime.sound import Sound
from server.store.pool import STORE_AWAY
from server.store.sealing import Sealed

FIRST_S: Final = 0.5
LONGEST_S: Final = 10.0
SOON_S: Final = 20.0
"""A second hearing that has to wait longer is not wanted any more."""

GONE: Final = "its sound is gone"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Again:
    """An answer that may read better when it is heard as a whole; ``until`` on the clock."""

    turn: int
    start_ms: int
    end_ms: int
    language: Language
    until: float


class Backlog:
    """``waiting``: what the session knows of. What comes of it is handed in, as words do."""

    def __init__(
        self,
        recorder: Recorder,
        sound: Sound,
        errands: Errands,
        waiting: Callable[[], Sequence[SegmentPending]],
        hand_in: Callable[[Happening], None],
    ) -> None:
        self._interview_id = recorder.interview_id
        self._recorder = recorder
        self._sound = sound
        self._errands = errands
        self._waiting = waiting
        self._hand_in = hand_in
        self._news = asyncio.Event()
        self._news.set()  # the facts that the session was begun with may tell of some
        self._answers: deque[Again] = deque()
        self._log = log.bind(interview_id=str(recorder.interview_id))

    def look(self) -> None:
        """Something may be waiting."""
        self._news.set()

    def rehear(self, turn: int, bounds: tuple[int, int], language: Language) -> None:
        """Hear an answer once more, as a whole, if the recogniser has time for it soon. One that
        was given before, and was taken up again, is not wanted any more."""
        self._answers = deque(one for one in self._answers if one.turn != turn)
        self._answers.append(Again(turn, *bounds, language, now() + SOON_S))
        self._news.set()

    @property
    def needed_from_ms(self) -> int | None:
        """Sound from here on is to be heard once more, though it is words."""
        return min((one.start_ms for one in self._answers), default=None)

    async def run(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            wait_s = FIRST_S
            while self._waiting() or self._answers:
                done = await self._round() if self._waiting() else await self._rehear()
                wait_s = FIRST_S if done else min(2 * wait_s, LONGEST_S)
                await asyncio.sleep(wait_s)

    async def _rehear(self) -> bool:
        """Whether there was time for it, or it is too late."""
        again = self._answers[0]
        late = now() >= again.until
        if not late and not (self._errands.idle and self._recorder.stored_ms >= again.end_ms):
            return False
        event = None if late else await self._whole(again)
        self._answers = deque(one for one in self._answers if one is not again)
        if event is not None:
            self._hand_in(event)
        return True

    async def _whole(self, again: Again) -> AnswerReheard | None:
        try:
            pcm = await self._sound.pcm(self._interview_id, again.start_ms, again.end_ms)
            heard = await self._errands.heard(again.turn, 0, again.start_ms, pcm, again.language)
        except (EngineError, Sealed, *STORE_AWAY):
            return None  # what was heard of it stands
        bounds = again.start_ms, again.end_ms
        return AnswerReheard(again.turn, heard.text, heard.words, heard.engine, heard.sure, bounds)

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

    async def _write_down(self, pending: SegmentPending) -> Happening | None:
        try:
            pcm = await self._sound.pcm(self._interview_id, pending.start_ms, pending.end_ms)
            if not pcm:
                return SoundGone(pending.turn, pending.segment, GONE)
            return await words_of(self._errands, pending, pcm)
        except (EngineError, Sealed) as error:
            self._log.warning("sound not written down yet", turn=pending.turn, reason=str(error))
        except STORE_AWAY as error:
            kind = type(error).__name__
            self._log.warning("sound not written down yet", turn=pending.turn, error=kind)
        return None


async def words_of(errands: Errands, pending: SegmentPending, pcm: bytes) -> SegmentTranscribed:
    """Raises EngineError."""
    return await errands.heard(
        pending.turn, pending.segment, pending.start_ms, pcm, pending.language
    )
