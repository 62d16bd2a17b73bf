"""A question that the candidate's own client speaks: what the client tells of it, for the session.

The client has the words and a voice, and says how far it has come. How long a voice is nobody knows
before it is over, so that is reckoned from its letters, better with every question that was heard.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable
from typing import Final

from server.core.events import (
    EngineFailed,
    Fact,
    FloorPassed,
    Input,
    Played,
    QuestionVoiced,
    Say,
    VoiceStarted,
)
from server.realtime.overheard import Overheard

BEGINS_S: Final = 6.0
"""A voice that has not begun by then will not."""

LETTERS_PER_S: Final = 12.0
"""As voices usually speak, counted as `unicodedata` takes syllables apart: of any script alike."""

LEAST_LETTERS: Final = 20
"""Of a shorter question nothing is learned: half of it is the way there."""

SHARE: Final = 0.5
"""Of what the last question taught."""

LEAST_LEFT_MS: Final = 500
"""A voice that is reported to be on its way is not over yet."""


class ClientVoice:
    """Of one interview. ``hand_in`` takes the Inputs that a voice of the server would end in."""

    def __init__(self, hand_in: Callable[[Input], None]) -> None:
        self._hand_in = hand_in
        self.overheard = Overheard()
        self._turn: int | None = None
        self._letters = 0
        self._letters_per_ms = LETTERS_PER_S / 1_000
        self._began: asyncio.Event | None = None

    async def say(self, effect: Say, ask: Callable[[], None]) -> None:
        """``ask`` has the client speak. Returns once it does; where it does not the session hears
        that there is no voice."""
        began = self._began = asyncio.Event()
        self._turn, self._letters = effect.turn, _letters(effect.text)
        self.overheard.begin()
        ask()
        try:
            async with asyncio.timeout(BEGINS_S):
                await began.wait()
        except TimeoutError:
            self.hush()
            self._hand_in(EngineFailed("tts", effect.turn, "the client did not begin to speak"))

    def played(self, event: Played) -> None:
        """What the client tells, before the session hears it."""
        if event.turn != self._turn or self._began is None:
            return
        if not self._began.is_set():
            self._began.set()
            self.overheard.sounds()
            self._hand_in(VoiceStarted(event.turn))
        if event.complete:
            self._learn(event.played_ms)
        least_ms = event.played_ms + (0 if event.complete else LEAST_LEFT_MS)
        whole_ms = event.played_ms if event.complete else self._letters / self._letters_per_ms
        self._hand_in(QuestionVoiced(event.turn, max(int(whole_ms), least_ms)))
        if event.complete:
            self.hush()

    def learn(self, fact: Fact) -> None:
        """Whoever has the floor then, what is heard of them is not a voice of ours."""
        if isinstance(fact, FloorPassed) and fact.floor != "speaking":
            self.hush()

    def hold(self, *, held: bool) -> None:
        """It falls silent, or goes on."""
        self.overheard.hold(held=held)

    def hush(self) -> None:
        """Nothing more of it is heard."""
        self._turn = None
        self.overheard.end()

    def _learn(self, played_ms: int) -> None:
        if self._letters >= LEAST_LETTERS and played_ms > 0:
            self._letters_per_ms += SHARE * (self._letters / played_ms - self._letters_per_ms)


def _letters(text: str) -> int:
    apart = unicodedata.normalize("NFD", text)
    return sum(letter.isalnum() for letter in apart)
