"""What a speech model is given and gives back, whichever it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from server.core.events import Language, SoundsLike, Word

REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class Utterance:
    """Speech to be heard: PCM16 mono 16 kHz, with the words just before where they are trusted, and
    those that it begins with where these are ``begun``."""

    pcm: bytes
    language: Language
    context: str = ""
    partial: bool = False
    begun: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """Word times in ms from the start of the utterance. ``doubtful``: it may be shown and stored,
    but what comes after must not be conditioned on it. ``sure`` and ``sounds_like`` as in
    ``Transcript``."""

    text: str
    words: tuple[Word, ...] = ()
    doubtful: bool = False
    sure: float | None = None
    sounds_like: SoundsLike | None = None


class SpeechModel(Protocol):
    """A model on its device. ``load`` and ``free`` run alone, in any thread."""

    name: str
    """Library, model and, once loaded, device."""

    most: int
    """The largest batch; more at once would not be quicker than one after the other."""

    at_once: int
    """Calls of ``hear`` that may run beside each other; known once it is loaded, 1 until then."""

    def covers(self, language: Language) -> bool: ...

    def load(self) -> None:
        """Once and for all; again it does nothing. Raises EngineError."""

    def hear(self, batch: Sequence[Utterance]) -> list[Heard]:
        """In the order of the batch. What it raises is put down to the whole batch, which is then
        heard again in halves until the one at fault is alone."""

    def free(self) -> None: ...


class Trust:
    """Which sessions' last words may be the context of their next."""

    def __init__(self) -> None:
        self._doubtful: dict[str, None] = {}

    def context(self, session: str, context: str) -> str:
        return "" if session in self._doubtful else context

    def remember(self, session: str, *, doubtful: bool) -> None:
        self._doubtful.pop(session, None)
        if doubtful:
            self._doubtful[session] = None
        if len(self._doubtful) > REMEMBERED:
            del self._doubtful[next(iter(self._doubtful))]
