"""How loud the candidate is, and whether what is heard now is far quieter.

That is a television, somebody in the next room, or the candidate turned away: which of them cannot
be told by it. So nothing is thrown away for it and nobody loses the floor; what is heard so is kept
apart, and the candidate is asked.
"""

from __future__ import annotations

from collections import deque

from server.core.events.answer import Answer
from server.core.state import State

FAR_DB = 14.0
"""Below the candidate's own level. On recordings nobody falls so far for more than a moment; a
television that is 20 below is nearly always beyond it."""

CONFIDENT = 0.8
FIRST_FRAMES = 150
"""Five seconds of speech before anything is known."""

LOOK_BACK = 24
"""Frames, 0.8 s: the loudest of them says how loud a voice is, whatever the sound just now."""

STEP_DB = 0.05
"""By which a frame of speech moves the level: 1.5 dB in a second of it."""


class OwnLevel:
    """Of one session, over all its answers."""

    def __init__(self) -> None:
        self._heard: deque[float] = deque(maxlen=LOOK_BACK)
        self._first: list[float] = []
        self._own_db: float | None = None
        self._seen: tuple[object, object] = None, None
        self._softly = 0

    def is_far(self, state: State, probability: float, loud_db: float | None) -> bool:
        """Of frames in order: how likely each is speech, and its RMS below full scale. Only those
        of the candidate's turn tell something. False where it is not known."""
        if self._seen[0] is not state.past or self._seen[1] is not state.answer:
            self._learn_whose(state)
        if state.floor != "listening" or state.paused or loud_db is None:
            return False
        self._heard.append(loud_db)
        if probability >= CONFIDENT and not self._is_far(loudest_db := max(self._heard)):
            self._learn(loudest_db)
        return self._is_far(loud_db)

    def _is_far(self, loud_db: float) -> bool:
        return self._own_db is not None and loud_db < self._own_db - FAR_DB

    def _learn_whose(self, state: State) -> None:
        """Where a far quieter voice was the candidate's, they are learned anew."""
        self._seen = state.past, state.answer
        softly = sum(_softly(one.answer) for one in state.past.values()) + state.answer.claimed
        if softly > self._softly:
            self._heard.clear()
            self._first, self._own_db = [], None
        self._softly = softly

    def _learn(self, loud_db: float) -> None:
        """The median, which moves slowly."""
        if self._own_db is not None:
            self._own_db += STEP_DB if loud_db > self._own_db else -STEP_DB
            return
        self._first.append(loud_db)
        if len(self._first) == FIRST_FRAMES:
            self._own_db = sorted(self._first)[FIRST_FRAMES // 2]


def _softly(answer: Answer) -> bool:
    """The quieter voice in it was the candidate's."""
    return answer.claimed or (bool(answer.segments) and all(o.background for o in answer.segments))
