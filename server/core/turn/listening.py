"""The candidate's half of a turn: segments, and their words as they come."""

from __future__ import annotations

from collections.abc import Sequence

from server.core.events import Effect, Score, Transcribe, facts, inputs
from server.core.events.answer import heard_in
from server.core.state import Memory
from server.core.turn.decisions import Closed, Decision, Opened
from server.core.turn.turn import Turn

CONTEXT_CHARS = 200


class Listening:
    """Sound that is not words yet, and what is known of the answer only while it runs. ``memory``
    and ``turn`` are the session's."""

    def __init__(self, memory: Memory, turn: Turn) -> None:
        self._memory = memory
        self._turn = turn
        self.awaited: dict[int, tuple[int, int]] = {}
        """Segments of the running answer whose words are to come, and where in the audio they
        are."""

        self._background: set[int] = set()
        """Those of them that are far quieter than the candidate."""

    def forget(self) -> None:
        """Another answer begins, or what was heard was nothing."""
        self.awaited = {}
        self._background = set()

    @property
    def last_segment(self) -> int:
        """Of the answer so far; 0 where nothing has been said."""
        return max(self._memory.state.answer.last_segment, *self.awaited, 0)

    @property
    def _bounds(self) -> list[tuple[int, int]]:
        known = ((one.start_ms, one.end_ms) for one in self._memory.state.answer.segments)
        return [*known, *self.awaited.values()]

    # While the candidate speaks.

    def opened(self, opened: Opened) -> Effect:
        turn = self._memory.state.turn
        told = self._memory.tell(facts.SpeechStarted(turn, opened.segment, opened.onset_ms))
        self._turn.habit = self._memory.state.habit
        return told

    def closed(self, closed: Closed) -> list[Effect]:
        turn, segment = self._memory.state.turn, closed.segment
        stopped = self._memory.tell(facts.SpeechStopped(turn, segment, closed.speech_end_ms))
        if self._knows(segment):
            return [stopped]  # said over the question: its words are known or on their way
        context = self._memory.state.answer.clear[-CONTEXT_CHARS:]
        return [stopped, self.await_words(closed, context), *self.score()]

    def cut(self, decisions: Sequence[Decision]) -> list[Effect]:
        """The open segment is closed, whether or not the answer is over."""
        effects: list[Effect] = []
        for decision in decisions:
            if isinstance(decision, Closed):
                effects += self.closed(decision)
        return effects

    def await_words(self, closed: Closed, context: str = "") -> Transcribe:
        """A segment has ended; its words are to come."""
        self.awaited[closed.segment] = (closed.start_ms, closed.end_ms)
        if closed.background:
            self._background.add(closed.segment)
        turn = self._memory.state.turn
        return Transcribe(turn, closed.segment, closed.start_ms, closed.end_ms, context)

    def score(self) -> list[Effect]:
        """Ask the turn model where its word can change the decision."""
        segment = self._turn.wants_score() if self._memory.state.floor == "listening" else None
        if segment is None:
            return []
        start_ms = min(start for start, _ in self._bounds)
        return [Score(self._memory.state.turn, segment, start_ms, self._turn.audio_ms)]

    # When words come.

    def awaits(self, turn: int, segment: int) -> bool:
        return turn == self._memory.state.turn and segment in self.awaited

    def heard(self, event: inputs.SegmentTranscribed) -> Effect:
        """The words of a segment of this turn become part of the answer."""
        bounds = self.awaited.pop(event.segment)
        background = event.segment in self._background
        return self._memory.tell(heard_in(event, bounds, background=background))

    def unheard(self, segment: int, reason: str) -> Effect:
        """The words of a segment of this turn have not come: it goes on without them for now."""
        bounds = self.awaited.pop(segment)
        state, background = self._memory.state, segment in self._background
        return self._memory.tell(
            facts.SegmentPending(state.turn, segment, *bounds, state.language, reason, background)
        )

    def leave(self, reason: str) -> list[Effect]:
        """The turn ends before all its words came: they are kept when they do."""
        return [self.unheard(segment, reason) for segment in list(self.awaited)]

    def _knows(self, segment: int) -> bool:
        segments = self._memory.state.answer.segments
        known = any(one.segment == segment for one in segments)
        return known or segment in self.awaited
