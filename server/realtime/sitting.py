"""One sitting of an interview: its session, and what goes on beside it. Pure, as the core is."""

from __future__ import annotations

from server.core.events import AnswerMended, CandidateJoined, Effect, Input, SegmentTranscribed
from server.core.session import Session
from server.realtime.arrival import Arrival
from server.realtime.mending import Happening, Late, Mending, SoundGone, VoiceIsMine
from server.realtime.timeline import Timeline


class Sitting:
    """Whatever happens goes through ``step``; all that is told is in the session's state."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.mending = Mending(session.memory, session.interview.identity)
        self.arrival = Arrival()
        self._timeline = Timeline()

    def deadline(self) -> int | None:
        """When, on the caller's clock, a ``Ticked`` is wanted; None: not at all."""
        waits = self.session.deadline(), self.arrival.deadline()
        return min((wait for wait in waits if wait is not None), default=None)

    def step(self, event: Happening, now_ms: int) -> list[Effect]:
        """What to do about what happened. Late and stale inputs change nothing."""
        if self.session.ended:
            return []
        mended = self.mending.take(event)
        if mended is None and not isinstance(event, Late):
            return self._goes_on(event, now_ms)
        match event:
            case SegmentTranscribed() | SoundGone() | VoiceIsMine() if mended:
                return [*mended, *self._goes_on(AnswerMended(event.turn), now_ms)]
            case _:
                return mended or []

    def _goes_on(self, event: Input, now_ms: int) -> list[Effect]:
        session, told = self.session, list[Effect]()
        if isinstance(event, CandidateJoined) and session.state.floor == "nobody":
            told += self.mending.interrupted(session.audio_ms)  # nobody has listened since
        effects = session.step(event, now_ms)
        told += self._timeline.timed(event, effects, session.state, now_ms)
        sound = self.arrival.told(event, session.state, session.audio_ms, now_ms)
        return [*map(session.memory.tell, sound), *told]
