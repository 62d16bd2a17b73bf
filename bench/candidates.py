"""What candidates of the benches say, and those of other systems than viva."""

from __future__ import annotations

from typing import Final

import numpy as np
from websockets.asyncio.client import ClientConnection

from server.engines.silero import SileroDetector
from server.load.candidate import Candidate

WINDOW_MS: Final = 32
PAUSE_MS: Final = 300
SHORTEST_MS: Final = 8_000


def answers_from(recording: bytes) -> list[bytes]:
    """Stretches of the recording that end with the last speech before a pause."""
    detector = SileroDetector()
    row = detector.open()
    samples = np.frombuffer(recording, "<i2")
    count = len(samples) // detector.window
    windows = samples[: count * detector.window].reshape(count, -1).astype(np.float32) / 32_768
    voiced = [float(detector.probabilities(one[None], [row])[0]) > 0.5 for one in windows]
    found: list[bytes] = []
    start = last = 0
    for number, speech in enumerate(voiced):
        if speech:
            last = number + 1
        silent_ms = (number + 1 - last) * WINDOW_MS
        if silent_ms >= PAUSE_MS and (last - start) * WINDOW_MS >= SHORTEST_MS:
            found.append(recording[start * 1_024 : last * 1_024])
            start = last = number + 1
    return found


class PipecatCandidate(Candidate):
    """Raw audio both ways, and what ``pipecat_server`` tells of its turns."""

    _talks = False

    async def hears(self, socket: ClientConnection, message: str | bytes) -> None:
        if isinstance(message, bytes):
            if not self._talks:
                self._talks = True
                self.first_sound()
        elif message == "decided":
            self.decided()
        elif message == "asked":
            self._talks = False
            self.asked()
