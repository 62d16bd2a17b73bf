"""The candidate's half of a turn: segments, and their words as they come."""

from __future__ import annotations

from collections.abc import Sequence

from server.core.events import (
    Effect,
    PartialTranscribed,
    Preview,
    Score,
    SegmentPending,
    SegmentTranscribed,
    Show,
    SpeechStarted,
    SpeechStopped,
    Transcribe,
)
from server.core.mending import heard_in
from server.core.state import Memory
from server.core.turn.caption import Caption
from server.core.turn.decisions import Closed, Decision, Opened
from server.core.turn.turn import Turn

CONTEXT_CHARS = 200
SHARE = 3
"""A caption is asked for when so many times as long has passed as the last one took."""
LATE_MS = 1_500
"""Final words that take longer have to wait for others: no time for captions."""
LEAST_SPARED_MS, LONGEST_SPARED_MS = 1_000, 16_000


class Listening:
    """Sound that is not words yet, and what is known of the answer only while it runs. ``memory``
    and ``turn`` are the session's."""

    def __init__(self, memory: Memory, turn: Turn) -> None:
        self._memory = memory
        self._turn = turn
        self._caption = Caption()
        self._previewed_ms: int | None = None
        self._previewing = False
        self._every_ms = self._spare_until_ms = 0
        self.awaited: dict[int, tuple[int, int]] = {}
        """Segments of the running answer whose words are to come, and where in the audio they
        are."""

        self._speech_end_ms = 0
        self._decode_ms = 0
        self.final_at: int | None = None
        """When, on the caller's clock, the last words of the answer came."""

    def forget(self) -> None:
        """Another answer begins, or what was heard was nothing."""
        self.awaited = {}
        self._speech_end_ms = self._decode_ms = 0
        self.final_at = None

    @property
    def last_segment(self) -> int:
        """Of the answer so far; 0 where nothing has been said."""
        return max(self._memory.state.answer.last_segment, *self.awaited, 0)

    @property
    def _bounds(self) -> list[tuple[int, int]]:
        known = ((one.start_ms, one.end_ms) for one in self._memory.state.answer.segments)
        return [*known, *self.awaited.values()]

    # While the candidate speaks.

    def preview(self) -> Preview | None:
        """Now and then, how the open segment sounds so far; never two at a time."""
        if self._previewed_ms is None or self._previewing:
            return None
        segment, least_ms = self._turn.open_segment, self._turn.patience.preview_ms
        if not least_ms or segment is None:
            return None
        now_ms = self._turn.audio_ms
        if now_ms - self._previewed_ms < least_ms or now_ms < self._spare_until_ms:
            return None
        if not self._turn.talking:
            return None  # in a pause it would only stand in the way of the final words
        self._previewed_ms = now_ms
        self._previewing = True
        start_ms = self._turn.open_since_ms or 0
        turn = self._memory.state.turn
        return Preview(turn, segment, start_ms, now_ms, self._context())

    def captioned(self, event: PartialTranscribed) -> list[Effect]:
        if event.whole:
            self._previewing = False
            self._pace(None if event.text is None else self._turn.audio_ms - event.end_ms)
        here = self._memory.state.turn, self._turn.open_segment
        if event.text is None or (event.turn, event.segment) != here:
            return []
        settled = self._caption.hear(event.text, whole=event.whole)
        return [Show(event.turn, event.segment, settled)] if settled else []

    def _pace(self, took_ms: int | None) -> None:
        """When the next caption may be asked for, by how long one took; None where there was no
        time for it, or final words were late: then half as often as before."""
        if took_ms is None:
            self._every_ms = min(2 * max(self._every_ms, LEAST_SPARED_MS), LONGEST_SPARED_MS)
        else:
            self._every_ms = (SHARE - 1) * took_ms
        self._spare_until_ms = self._turn.audio_ms + self._every_ms

    def opened(self, opened: Opened) -> Effect:
        self._caption = Caption()
        self._previewed_ms = opened.onset_ms
        turn = self._memory.state.turn
        told = self._memory.tell(SpeechStarted(turn, opened.segment, opened.onset_ms))
        self._turn.habit = self._memory.state.habit
        return told

    def closed(self, closed: Closed) -> list[Effect]:
        self._previewed_ms = None
        turn, segment = self._memory.state.turn, closed.segment
        stopped = self._memory.tell(SpeechStopped(turn, segment, closed.speech_end_ms))
        if self._knows(segment):
            return [stopped]  # said over the question: its words are known or on their way
        return [stopped, self.await_words(closed, self._context()), *self.score()]

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
        self._speech_end_ms = closed.speech_end_ms
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

    def heard(self, event: SegmentTranscribed) -> Effect:
        """The words of a segment of this turn become part of the answer."""
        bounds = self.awaited.pop(event.segment)
        self._decode_ms, self.final_at = event.took_ms, self._turn.clock.now_ms
        if event.took_ms > LATE_MS:
            self._pace(None)
        return self._memory.tell(heard_in(event, bounds, self._memory.languages))

    def unheard(self, segment: int, reason: str) -> Effect:
        """The words of a segment of this turn have not come: it goes on without them for now."""
        bounds = self.awaited.pop(segment)
        state = self._memory.state
        return self._memory.tell(
            SegmentPending(state.turn, segment, *bounds, state.language, reason)
        )

    def leave(self, reason: str) -> list[Effect]:
        """The turn ends before all its words came: they are kept when they do."""
        return [self.unheard(segment, reason) for segment in list(self.awaited)]

    def timings(self) -> dict[str, int]:
        """Instants on the session's audio clock, and how long the last decoding took, in ms."""
        timings = {"last_decode_ms": self._decode_ms}
        if bounds := self._bounds:
            timings["speech_start_ms"] = min(start for start, _ in bounds)
            timings["speech_end_ms"] = self._speech_end_ms
        return timings

    def _knows(self, segment: int) -> bool:
        segments = self._memory.state.answer.segments
        known = any(one.segment == segment for one in segments)
        return known or segment in self.awaited

    def _context(self) -> str:
        return self._memory.state.answer.clear[-CONTEXT_CHARS:]
