"""The candidate's half of a turn: segments, their words as they come, and what they suggest."""

from __future__ import annotations

from server.core.asking import Asking
from server.core.dialogue.dialogue import Dialogue
from server.core.events import (
    Effect,
    PartialTranscribed,
    Preview,
    Score,
    SegmentHeard,
    SegmentTranscribed,
    Show,
    SpeechStarted,
    SpeechStopped,
    Tell,
    Transcribe,
)
from server.core.turn.caption import Caption
from server.core.turn.segment import Closed, Opened
from server.core.turn.turn import Decision, Turn

CONTEXT_CHARS = 200


class Listening:
    """``turn``, ``dialogue`` and ``asking`` are the session's."""

    def __init__(self, turn: Turn, dialogue: Dialogue, asking: Asking) -> None:
        self._turn = turn
        self._dialogue = dialogue
        self._asking = asking
        self._caption = Caption()
        self._previewed_ms: int | None = None
        self._previewing = False
        self._leftover: dict[tuple[int, int], tuple[int, int]] = {}

    # While the candidate speaks.

    def preview(self) -> Preview | None:
        """Now and then, how the open segment sounds so far; never two at a time."""
        segment, every_ms = self._turn.open_segment, self._turn.patience.preview_ms
        if self._previewed_ms is None or self._previewing or not every_ms or segment is None:
            return None
        if self._turn.audio_ms - self._previewed_ms < every_ms or not self._turn.talking:
            return None  # in a pause it would only stand in the way of the final words
        self._previewed_ms = self._turn.audio_ms
        self._previewing = True
        start_ms = self._turn.open_since_ms or 0
        turn, now_ms = self._dialogue.turn, self._turn.audio_ms
        return Preview(turn, segment, start_ms, now_ms, self._context())

    def captioned(self, event: PartialTranscribed) -> list[Effect]:
        self._previewing = False
        if (event.turn, event.segment) != (self._dialogue.turn, self._turn.open_segment):
            return []
        settled = self._caption.hear(event.text)
        return [Show(event.turn, event.segment, settled)] if settled else []

    def opened(self, opened: Opened) -> list[Effect]:
        self._caption = Caption()
        self._previewed_ms = opened.onset_ms
        started = Tell(SpeechStarted(self._dialogue.turn, opened.segment, opened.onset_ms))
        return [*self._asking.withdraw(), started]

    def closed(self, closed: Closed) -> list[Effect]:
        self._previewed_ms = None
        turn, segment = self._dialogue.turn, closed.segment
        stopped = Tell(SpeechStopped(turn, segment, closed.speech_end_ms))
        answer = self._asking.answer
        if segment in answer.segments:
            return [stopped]  # said over the question: its words are known or on their way
        context = self._context()
        answer.await_words(closed)
        transcribe = Transcribe(turn, segment, closed.start_ms, closed.end_ms, context)
        return [stopped, transcribe, *self._score()]

    def cut(self, decisions: list[Decision]) -> list[Effect]:
        """The open segment is closed, whether or not the answer is over."""
        effects: list[Effect] = []
        for decision in decisions:
            if isinstance(decision, Closed):
                effects += self.closed(decision)
        return effects

    # When words come.

    def heard(self, event: SegmentTranscribed, error: str | None, now_ms: int) -> SegmentHeard:
        """The words of a segment of this turn become part of the answer."""
        answer = self._asking.answer
        start_ms, end_ms = answer.bounds[event.segment]
        heard = SegmentHeard(
            event.turn,
            event.segment,
            start_ms,
            end_ms,
            event.text.strip(),
            event.words,
            event.engine,
            error,
        )
        answer.add(heard)
        answer.decode_ms, answer.final_at = event.took_ms, now_ms
        return heard

    def awaits(self, turn: int, segment: int) -> bool:
        answer = self._asking.answer
        return turn == self._dialogue.turn and answer.segments.get(segment, self) is None

    def leave(self) -> None:
        """The turn ends before all its words came: they are kept when they do."""
        answer = self._asking.answer
        for segment, heard in answer.segments.items():
            if heard is None:
                self._leftover[self._dialogue.turn, segment] = answer.bounds[segment]

    def left(self, event: SegmentTranscribed, error: str | None) -> SegmentHeard | None:
        """The words of a segment whose turn has ended; None: there was no such segment."""
        bounds = self._leftover.pop((event.turn, event.segment), None)
        if bounds is None:
            return None
        text, words = event.text.strip(), event.words
        return SegmentHeard(event.turn, event.segment, *bounds, text, words, event.engine, error)

    def read(self, elapsed_ms: int, now_ms: int) -> list[Effect]:
        """How do the words end now, and what follows from that?"""
        self._turn.read(self._asking.answer.reads(self._dialogue.language))
        return [*self._score(), *self.speculate(elapsed_ms, now_ms)]

    def speculate(self, elapsed_ms: int, now_ms: int) -> list[Effect]:
        """The answer is probably over: begin to write the next question at the pause."""
        paused = self._turn.floor == "listening" and self._turn.open_segment is None
        if not paused or self._turn.needed_ms > self._turn.patience.speculate_ms:
            return []
        return self._asking.speculate(elapsed_ms, now_ms)

    def _context(self) -> str:
        return self._asking.answer.text[-CONTEXT_CHARS:]

    def _score(self) -> list[Effect]:
        """Ask the turn model where its word can change the decision."""
        segment = self._turn.wants_score()
        if segment is None:
            return []
        start_ms = min(start for start, _ in self._asking.answer.bounds.values())
        return [Score(self._dialogue.turn, segment, start_ms, self._turn.audio_ms)]
