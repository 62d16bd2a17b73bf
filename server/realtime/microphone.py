"""One candidate's sound on its way in: cleaned of the voice, judged, kept, and there to be cut."""

from __future__ import annotations

from collections.abc import Callable

from server.ports import EchoCanceller
from server.realtime.echo import Echo
from server.realtime.hearing import Hearing, OnFrame
from server.realtime.tape import Tape


class TooFast(Exception):
    """More audio came than a live conversation can have."""


class Microphone:
    """``start_ms``: where the audio clock stands. ``keep`` gets all that is heard, as it is heard,
    once it was judged: what is kept is not sent again, and nobody else would ask whether somebody
    spoke in it. What is cut is as it was judged, without what is below every voice. Without a
    ``canceller`` the interviewer's own voice is not taken out."""

    def __init__(
        self,
        hearing: Hearing,
        canceller: Callable[[], EchoCanceller] | None,
        on_frame: OnFrame,
        start_ms: int,
        keep: Callable[[bytes], None] | None,
    ) -> None:
        self._echo = Echo(canceller)
        self._tape = Tape(start_ms)
        self._ear = hearing.open(on_frame, start_ms, self._judged)
        self._keep = keep
        self._unkept = bytearray()
        self._unjudged = 0
        """So many bytes."""

        self.loudspeaker = self._echo.loudspeaker

    def hear(self, pcm: bytes) -> None:
        """PCM16 mono 16 kHz. Raises TooFast."""
        if self._ear.flooded:
            raise TooFast
        if heard := self._echo.clean(pcm):
            self._feed(heard)

    def flush(self) -> None:
        """What was still looked at is heard now."""
        if heard := self._echo.flush():
            self._feed(heard)

    def _feed(self, heard: bytes) -> None:
        self._ear.feed(heard)
        self._unjudged += len(heard)
        if self._keep is not None:
            self._unkept += heard

    def _judged(self, window: bytes) -> None:
        self._tape.add(window)
        self._unjudged -= len(window)
        if self._keep is not None:  # with it a rest that is no window yet
            behind = self._unjudged if self._unjudged >= len(window) else 0
            size = len(self._unkept) - behind
            self._keep(bytes(self._unkept[:size]))
            del self._unkept[:size]

    async def judged(self) -> None:
        """Return once all audio that was heard has been judged."""
        self.flush()
        await self._ear.caught_up()

    def unhear(self) -> None:
        """Audio that has not been judged counts as silence."""
        self.flush()
        self._ear.clear()

    def reported(self, turn: int, played_ms: int, *, complete: bool) -> None:
        """What the client says it has played."""
        self._echo.reported(turn, played_ms, complete=complete)

    def cut(self, start_ms: int, end_ms: int) -> bytes:
        """As much of this stretch of the audio clock as is still there."""
        return self._tape.cut(start_ms, end_ms)

    def forget(self, before_ms: int) -> None:
        """What was heard before is not cut any more."""
        self._tape.forget(before_ms)

    @property
    def fed_ms(self) -> int:
        """Where on the audio clock the next audio goes."""
        return self._ear.fed_ms

    def close(self) -> None:
        self._ear.close()
