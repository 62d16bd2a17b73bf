"""Who is heard while the candidate's own client speaks the question.

Of such a voice nobody here has the sound, so it cannot be taken out of what the microphone brings.
What is left is how loud it is: what a loudspeaker brings back stays about as loud, and whoever
talks over it sits nearer. Until it is known how loud it comes back nobody interrupts by voice.
"""

from __future__ import annotations

from collections import deque
from typing import Final

FRAME_MS: Final = 32
USUAL: Final = 80
"""Percentile of what is heard that counts as usual: syllables are loud, the gaps are not."""

ENOUGH, LEARNED = 45, 94
"""Frames before anything is known, and that are looked back on: 1.4 s, and three."""

ABOVE_DB: Final = 12.0
"""As `echo_level.FAR_ABOVE`: between the loudest of an echo and its usual loudness lie 5 to 8."""

MOST_DB: Final = 6.0
"""So far above what is usual a frame counts for it at most: a loudspeaker that is turned up is
learned in a few seconds, and a second of talk over it teaches nothing."""

SURE: Final = 3
"""Loud frames in a row, 96 ms, from which on it is the candidate: a hold shows, as on clients that
have no word for it."""

AFTER_FRAMES: Final = 16
"""So long after a loud frame what is heard is the candidate's too."""

TAIL_FRAMES: Final = 13
"""So long after its end a room, and the way to an ear over radio, may bring the voice back."""


class Overheard:
    """Of one interview; what is learned of its room holds from question to question."""

    def __init__(self) -> None:
        self._heard: deque[float] = deque(maxlen=LEARNED)
        self._loud = 0
        self._open = 0
        self._tail = 0
        self._speaking = self._sounds = self._held = False

    def begin(self) -> None:
        """The voice may be heard from here on."""
        self._speaking, self._sounds, self._held = True, False, False
        self._loud = self._open = 0

    def sounds(self) -> None:
        """It is heard: what the microphone brings is as loud as it comes back."""
        self._sounds = True

    def hold(self, *, held: bool) -> None:
        """It is silent meanwhile."""
        self._held = held

    def end(self) -> None:
        """It is over, but for what the room keeps of it."""
        if self._speaking:
            self._speaking, self._tail = False, TAIL_FRAMES

    def judge(self, probability: float, loud_db: float) -> float:
        """Of frames in order, ``VoiceFrame``'s: how likely it is the candidate who speaks."""
        if not self._speaking:
            self._tail = max(0, self._tail - 1)
            if self._tail == 0:
                return probability
        usual_db = self._usual_db
        loud = usual_db is not None and loud_db > usual_db + ABOVE_DB
        if self._sounds and not self._held:
            self._heard.append(loud_db if usual_db is None else min(loud_db, usual_db + MOST_DB))
        self._loud = self._loud + 1 if loud else 0
        self._open = AFTER_FRAMES if self._loud >= SURE else max(0, self._open - 1)
        return probability if self._open or self._held else 0.0

    @property
    def _usual_db(self) -> float | None:
        if len(self._heard) < ENOUGH:
            return None
        ordered = sorted(self._heard)
        return ordered[len(ordered) * USUAL // 100]
