"""The last of the candidate's audio, addressed by the session's audio clock."""

from __future__ import annotations

from server.ports import CANDIDATE_RATE

SAMPLE_BYTES = 2
BYTES_PER_MS = CANDIDATE_RATE * SAMPLE_BYTES // 1_000
SLACK_MS = 2_000


class Tape:
    """PCM16 mono 16 kHz from ``start_ms`` on; what is not needed any more is forgotten."""

    def __init__(self, start_ms: int) -> None:
        self._from_ms = start_ms
        self._pcm = bytearray()

    def add(self, pcm: bytes) -> None:
        self._pcm += pcm

    def cut(self, start_ms: int, end_ms: int) -> bytes:
        """As much of the stretch as is still there."""
        start = max(0, start_ms - self._from_ms) * BYTES_PER_MS
        end = max(0, end_ms - self._from_ms) * BYTES_PER_MS
        return bytes(memoryview(self._pcm)[start:end])

    def forget(self, before_ms: int) -> None:
        """Lazily: a buffer that is shortened for every packet is copied for every packet."""
        surplus_ms = before_ms - self._from_ms
        if surplus_ms > SLACK_MS:
            del self._pcm[: surplus_ms * BYTES_PER_MS]
            self._from_ms += surplus_ms
