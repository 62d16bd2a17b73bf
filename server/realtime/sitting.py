"""One sitting of an interview: its session, and what goes on beside it. Pure, as the core is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from server.core.events import (
    AnswerMended,
    CandidateJoined,
    CandidateLeft,
    Effect,
    Input,
    PlanArrived,
    PlannedQuestion,
    SegmentTranscribed,
    VoiceFrame,
)
from server.core.session import Session
from server.realtime.arrival import Arrival
from server.realtime.captions import Talk
from server.realtime.mending import Doing, Happening, Late, Mending, SoundGone, VoiceIsMine
from server.realtime.timeline import Timeline

PLAN_WAIT_MS = 2_000
KEEP_MS = 9_000
"""What the turn model may want to hear again, and a margin."""


class Sitting:
    """Whatever happens goes through ``step``; all that is told is in the session's state.
    ``draft_plan``: what is asked until a plan comes."""

    def __init__(
        self, session: Session, draft_plan: Callable[[], Sequence[PlannedQuestion]]
    ) -> None:
        self.session = session
        self._draft_plan = draft_plan
        self._plan_by_ms: int | None = None
        """A plan is waited for until then."""

        self.mending = Mending(session.memory, session.interview.identity)
        self.arrival = Arrival()
        self._timeline = Timeline()

    def deadline(self) -> int | None:
        """When, on the caller's clock, a ``Ticked`` is wanted; None: not at all."""
        first_ms, look_ms = self.session.deadline(), self.arrival.deadline()
        if look_ms is not None and (first_ms is None or look_ms < first_ms):
            first_ms = look_ms
        if self._plan_by_ms is None or self.session.memory.state.plan:
            return first_ms
        return self._plan_by_ms if first_ms is None else min(first_ms, self._plan_by_ms)

    def step(self, event: Happening, now_ms: int) -> list[Doing]:
        """What to do about what happened. Late and stale inputs change nothing."""
        if self.session.memory.state.ended:
            return []
        if isinstance(event, VoiceFrame):
            return self._hears(event, now_ms)
        mended = self.mending.take(event)
        if mended is None and not isinstance(event, Late):
            return self._goes_on(event, now_ms)
        match event:
            case SegmentTranscribed() | SoundGone() | VoiceIsMine() if mended:
                return [*mended, *self._goes_on(AnswerMended(event.turn), now_ms)]
            case _:
                return mended or []

    def _hears(self, frame: VoiceFrame, now_ms: int) -> list[Doing]:
        """As ``_goes_on``. There are thirty a second, and nearly all of them change nothing."""
        session = self.session
        effects = self._without_plan(frame, now_ms) if self._plan_by_ms is not None else []
        effects += session.step(frame, now_ms)
        if effects or self.arrival.wakes(now_ms):
            return self._told(frame, effects, now_ms)
        return []

    def _goes_on(self, event: Input, now_ms: int) -> list[Doing]:
        session = self.session
        first: list[Doing] = []
        if isinstance(event, CandidateJoined) and session.state.floor == "nobody":
            first += self.mending.interrupted(session.audio_ms)  # nobody has listened since
        effects = self._without_plan(event, now_ms)
        effects += session.step(event, now_ms)
        return self._told(event, effects, now_ms, first)

    def _told(
        self, event: Input, effects: list[Effect], now_ms: int, first: Sequence[Doing] = ()
    ) -> list[Doing]:
        session = self.session
        told = [*first, *self._timeline.timed(event, effects, session.state, now_ms)]
        if sound := self.arrival.told(event, session.state, session.audio_ms, now_ms):
            told = [*map(session.memory.tell, sound), *told]
        return told

    def _without_plan(self, event: Input, now_ms: int) -> list[Effect]:
        """One of our own, where none has come in time, or the interview went on before."""
        state = self.session.state
        if isinstance(event, CandidateJoined | CandidateLeft):
            joined = isinstance(event, CandidateJoined) and not state.plan
            self._plan_by_ms = now_ms + (0 if state.asked else PLAN_WAIT_MS) if joined else None
        if state.plan:
            self._plan_by_ms = None
        if self._plan_by_ms is None or now_ms < self._plan_by_ms:
            return []
        self._plan_by_ms = None
        return self.session.step(PlanArrived(tuple(self._draft_plan()), drafted=True), now_ms)

    # What is kept of the sound, and shown of it.

    @property
    def talk(self) -> Talk | None:
        """What is being said just now."""
        state, ears = self.session.state, self.session.ears
        segment, since_ms = ears.open_segment, ears.open_since_ms
        if segment is None or since_ms is None or segment not in state.begun or state.ended:
            return None
        onset_ms = state.begun[segment][0]
        return Talk(state.turn, segment, onset_ms, since_ms, not ears.talking, state.answer)

    def awaits(self, turn: int, segment: int) -> bool:
        """The segment is of the running answer, and its final words have not come."""
        ears, listening = self.session.ears, self.session.listening
        open_now = self.session.state.turn == turn and ears.open_segment == segment
        return open_now or listening.awaits(turn, segment)

    @property
    def settled_ms(self) -> int:
        """All that was said before this instant is words."""
        state, awaited = self.session.state, self.session.listening.awaited
        since = [one.start_ms for one in (*state.pending, *state.answer.segments)]
        since += [start_ms for start_ms, _ in awaited.values()]
        since += [began_ms for began_ms, _ in state.begun.values()]
        return min([self.keep_audio_from_ms(), *since])

    def keep_audio_from_ms(self) -> int:
        """Audio before this instant is not needed any more."""
        since_ms, heard_ms = self.session.ears.open_since_ms, self.session.audio_ms
        return min(heard_ms if since_ms is None else since_ms, heard_ms - KEEP_MS)
