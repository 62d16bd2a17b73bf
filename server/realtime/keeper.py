"""What is heard of one live interview, on its way to the store and from there to words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from server.core.events import (
    AnswerGiven,
    ControlTaken,
    Fact,
    FloorPassed,
    SegmentPending,
)
from server.realtime.backlog import Backlog
from server.realtime.errands import Errands
from server.realtime.mending import Happening
from server.realtime.recorder import Recorder
from server.realtime.sitting import Sitting
from server.realtime.sound import Sound


class Keeper:
    """``sitting`` is the one that runs now; ``on_stored`` is told up to where on the audio clock
    everything is durable."""

    def __init__(
        self,
        recorder: Recorder,
        sound: Sound,
        errands: Errands,
        sitting: Callable[[], Sitting],
        hand_in: Callable[[Happening], None],
        on_stored: Callable[[int], None],
    ) -> None:
        self._recorder = recorder
        self._sitting = sitting
        self._on_stored = on_stored
        self._backlog = Backlog(recorder, sound, errands, self._waiting, hand_in)
        recorder.on_stored = self._stored
        self.hear = recorder.hear

    def learn(self, fact: Fact) -> None:
        """What was told changes what is kept, and what is to be written down."""
        match fact:
            case FloorPassed(floor="listening"):
                self._recorder.turn(fact.turn, fact.at_ms)
            case FloorPassed(floor="speaking"):
                self._recorder.beside(fact.turn, fact.at_ms)
            case ControlTaken(control="pause"):
                self._recorder.rest(fact.at_ms)
            case SegmentPending():
                self._backlog.look()
            case AnswerGiven():
                if (bounds := self._sitting().mending.worth_rehearing(fact.turn)) is not None:
                    self._backlog.rehear(fact.turn, bounds, fact.language)
            case _:
                pass

    async def run(self) -> None:
        """Until ``close``."""
        writing_down = asyncio.create_task(self._backlog.run())
        try:
            await self._recorder.run()
        finally:
            writing_down.cancel()
            await asyncio.gather(writing_down, return_exceptions=True)

    async def close(self) -> None:
        """Store the rest; what is not words by now is written down afterwards."""
        await self._recorder.close()

    def _waiting(self) -> Sequence[SegmentPending]:
        return self._sitting().session.state.pending

    def _stored(self, stored_ms: int) -> None:
        settled_ms, needed_ms = self._sitting().settled_ms, self._backlog.needed_from_ms
        self._recorder.settled(settled_ms if needed_ms is None else min(settled_ms, needed_ms))
        self._on_stored(stored_ms)
