"""A person with a microphone and a loudspeaker, for a client program: 24 kHz PCM16, real time."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import monotonic

BYTES_PER_S = 48_000
PIECE_S = 0.1
INTERRUPT_AFTER_S = 1.5


class Room:
    """Hears each question out and answers it; every second question is talked over."""

    def __init__(self, speech: list[bytes]) -> None:
        self._answers = itertools.cycle(speech)
        self._numbers = itertools.count(1)
        self._saying = bytearray()
        self._heard_at = 0.0
        self._text = ""
        self.questions: list[str] = []
        self.answers: list[str] = []
        self.errors: list[str] = []
        self.interrupted = 0

    async def microphone(self, send: Callable[[bytes], Awaitable[None]]) -> None:
        """Never silent: like a real one, it sends the room when nobody speaks."""
        size = int(BYTES_PER_S * PIECE_S)
        due = monotonic()
        while True:
            piece = bytes(self._saying[:size])
            del self._saying[:size]
            try:
                await send(piece.ljust(size, b"\0"))
            except Exception as error:  # noqa: BLE001  (a package that is connecting anew may refuse)
                self._complain(f"not sent: {type(error).__name__}")
            due += PIECE_S
            await asyncio.sleep(max(0.0, due - monotonic()))

    def _complain(self, error: str) -> None:
        if error not in self.errors:
            self.errors.append(error)

    def play(self, pcm: bytes) -> None:
        self._heard_at = max(self._heard_at, monotonic()) + len(pcm) / BYTES_PER_S

    def stop_playing(self) -> None:
        if self._heard_at > monotonic() + 0.2:
            self.interrupted += 1
        self._heard_at = monotonic()

    def said(self, text: str) -> None:
        self._text = text

    def asked(self, text: str | None = None) -> None:
        """All of the question's voice is here."""
        self.questions.append(self._text if text is None else text)
        wait = self._heard_at - monotonic() + 0.3
        if next(self._numbers) % 2 == 0:
            wait = min(wait, INTERRUPT_AFTER_S)
        asyncio.get_running_loop().call_later(max(0.0, wait), self._answer)

    def _answer(self) -> None:
        self._saying += next(self._answers)

    def report(self) -> None:
        found = ("questions", "answers", "errors", "interrupted")
        sys.stdout.write(json.dumps({name: getattr(self, name) for name in found}) + "\n")


def arguments() -> tuple[str, str, Room]:
    """The server's http URL, the token and the room."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("token")
    parser.add_argument("speech", type=Path)
    given = parser.parse_args()
    speech = [path.read_bytes() for path in sorted(given.speech.glob("*.pcm"))]
    return given.url, given.token, Room(speech)
