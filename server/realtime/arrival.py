"""Whether the candidate's sound still comes: a line that carries none is not a silent candidate."""

from __future__ import annotations

from server.core.events import AudioMissed, AudioReturned, CandidateJoined, Fact, Input, VoiceFrame
from server.core.state import State

MISSED_MS = 3_000


class Arrival:
    """Of one session, of which it sees every step: looked at every few seconds while the candidate
    is listened to. Times are ms on the caller's clock."""

    def __init__(self) -> None:
        self._sends_always = False
        self._missed = False
        self._since_ms: int | None = None
        """From when on sound is expected; None: it is not."""

        self._look_ms = 0
        self._sound_ms: int | None = None
        """When some last came; None: none ever did on this connection, whose candidate types."""

    def came(self, now_ms: int) -> None:
        """Sound did, judged or not."""
        self._sound_ms = now_ms

    def wakes(self, now_ms: int) -> bool:
        """Whether a window of sound by itself has anything to tell it."""
        return self._missed or (self._since_ms is not None and now_ms >= self._look_ms)

    def deadline(self) -> int | None:
        """When to look; None: not at all. What is missed already is seen to return by itself."""
        return None if self._missed or self._since_ms is None else self._look_ms

    def told(self, event: Input, state: State, audio_ms: int, now_ms: int) -> list[Fact]:
        """What is to be told of it after a step."""
        match event:
            case CandidateJoined():
                self._sends_always = event.marks
                self._missed, self._since_ms, self._sound_ms = False, None, None
            case VoiceFrame() if self._missed and self._comes(now_ms):
                self._missed = False
                return [AudioReturned(state.turn, audio_ms)]
            case _:
                pass
        self._expect(state, now_ms)
        if self._missed or self._since_ms is None or now_ms < self._look_ms:
            return []
        return [AudioMissed(state.turn, audio_ms)] if self._looks(self._since_ms, now_ms) else []

    def _comes(self, now_ms: int) -> bool:
        """What is judged only now may have come long ago."""
        return self._sound_ms is not None and now_ms - self._sound_ms < MISSED_MS

    def _expect(self, state: State, now_ms: int) -> None:
        """Only of clients that send it all the time: a stock one may be still between words."""
        listening = state.floor == "listening" and state.present and not state.paused
        if not (listening and self._sends_always):
            self._since_ms = None
        elif self._since_ms is None:
            self._since_ms, self._look_ms = now_ms, now_ms + MISSED_MS

    def _looks(self, since_ms: int, now_ms: int) -> bool:
        """Whether sound is missed from now on."""
        last_ms = now_ms if self._sound_ms is None else max(self._sound_ms, since_ms)
        self._missed = now_ms - last_ms >= MISSED_MS
        self._look_ms = last_ms + MISSED_MS
        return self._missed
