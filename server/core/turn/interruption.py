"""Does the candidate talk over the question, or was it a cough, an "uh-huh"?

The voice is silenced at once when somebody may be talking, which costs nothing if it was nothing:
it goes on where it stopped. Who has the floor is decided afterwards, by how long the talk lasts
and, in between, by its words."""

from __future__ import annotations

from server.core.turn.decisions import Closed, Interjected, Opened, Sign
from server.core.turn.patience import Tolerance


class Interruption:
    """The candidate's sounds while one question is spoken."""

    def __init__(
        self, tolerance: Tolerance, *, marks: bool, deaf: bool = False, early_until_ms: int = 0
    ) -> None:
        """``marks``: the client can go on with a held voice by itself. ``early_until_ms``: up to
        there on the audio clock the answer before it may go on. ``deaf``: nothing else that is said
        stops this one."""
        self._tolerance = tolerance
        self._hold_ms = tolerance.hold_ms if marks else tolerance.unmarked_hold_ms
        self._deaf = deaf
        self._early_until_ms = early_until_ms
        self._opened: Opened | None = None
        self._false = 0
        self.held = False
        self.sounds: list[tuple[Opened, Closed]] = []
        """Short utterances since the voice is held: the beginning of an answer, if it is one."""

    def feed(self, edges: list[Opened | Closed], talked_ms: int) -> list[Sign | Interjected]:
        """``talked_ms``: of the segment that is open now."""
        decisions: list[Sign | Interjected] = []
        for edge in edges:
            if isinstance(edge, Opened):
                self._opened = edge
        if self._deaf and not self._early(self._opened):
            return decisions
        for edge in edges:
            if isinstance(edge, Closed) and self.held and self._opened is not None:
                decisions += self._paused(edge, self._opened)
        most_ms = self._tolerance.barge_in_ms
        if self._early(self.sounds[0][0] if self.sounds else self._opened):
            most_ms = self._tolerance.early_barge_in_ms
        if self._total(talked_ms) >= most_ms:
            return [Sign.BARGED_IN]
        if not self.held and talked_ms >= self._patience():
            self.held = True
            decisions.append(Sign.HELD)
        return decisions

    def means_it(self, talked_ms: int) -> bool:
        """So much was said that it takes the floor, whatever the words."""
        return self._total(talked_ms) >= self._tolerance.barge_in_ms

    def deafen(self) -> None:
        """Nothing stops this voice any more."""
        self._deaf, self._early_until_ms = True, 0

    def _early(self, opened: Opened | None) -> bool:
        return opened is not None and opened.onset_ms < self._early_until_ms

    def release(self) -> None:
        self._false += 1
        self.held = False
        self._opened = None
        self.sounds.clear()

    def _paused(self, closed: Closed, opened: Opened) -> list[Sign | Interjected]:
        early = self._early(opened)
        least_ms = self._tolerance.early_words_ms if early else self._tolerance.words_ms
        if not self.sounds and _length(opened, closed) < least_ms:
            self.release()
            return [Sign.RELEASED]
        self.sounds.append((opened, closed))
        return [Interjected(closed)] if len(self.sounds) == 1 else []

    def _total(self, talked_ms: int) -> int:
        if not self.sounds:
            return talked_ms
        return talked_ms + sum(_length(opened, closed) for opened, closed in self.sounds)

    def _patience(self) -> int:
        return self._hold_ms if self._false < 2 else self._tolerance.wary_ms


def _length(opened: Opened, closed: Closed) -> int:
    return closed.speech_end_ms - opened.onset_ms
