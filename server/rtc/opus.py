"""Opus both ways. What came is decoded by libopus itself, as it lies in PyAV's wheel: PyAV has no
words for concealing what was lost, and whoever hears 20 ms of nothing hears another word."""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import av

from server.call_metrics import call_sounded
from server.engines.opus import frame, opened
from server.ports import VOICE_RATE, EngineError

CLOCK: Final = 48_000
"""Opus counts time so in RTP, at whatever rate it is decoded."""
PER_SAMPLE: Final = CLOCK // VOICE_RATE
FRAME_MS: Final = 20
FRAME_SAMPLES: Final = VOICE_RATE * FRAME_MS // 1_000
FRAME_BYTES: Final = FRAME_SAMPLES * 2
LONGEST_SAMPLES: Final = VOICE_RATE * 120 // 1_000
"""Of one packet."""
CONCEALED: Final = VOICE_RATE // 4
"""Samples in a row that libopus makes up; what is lost beyond is silence."""
LONGEST_GAP: Final = 10 * VOICE_RATE
"""A longer one is a clock that began anew."""

# Each packet tells roughly what was in the one before it, so that one that is lost can be heard.
OPTIONS: Final = {
    "application": "voip",
    "frame_duration": str(FRAME_MS),
    "compression_level": "3",
    "fec": "1",
    "packet_loss": "10",
}
PLACES: Final = ("../av.libs/libopus-*", "../av.libs/libopus.*", ".dylibs/libopus.*")


class Decoder:
    """One stream; packets in order, with the time that RTP says. Not thread-safe."""

    def __init__(self) -> None:
        self._opus = library()
        error = ctypes.c_int()
        self._state = ctypes.c_void_p(
            self._opus.opus_decoder_create(VOICE_RATE, 1, ctypes.byref(error))
        )
        if error.value != 0:
            raise EngineError(f"libopus makes no decoder (error {error.value})")
        self._pcm = (ctypes.c_int16 * LONGEST_SAMPLES)()
        self._next: int | None = None
        self._frame = FRAME_SAMPLES
        self.lost = 0
        """Samples that did not come."""

    def __del__(self) -> None:
        if hasattr(self, "_state"):  # else there was no library
            self._opus.opus_decoder_destroy(self._state)

    def decode(self, packet: bytes, timestamp: int) -> bytes:
        """PCM16 mono 24 kHz from where the last packet ended. Raises EngineError."""
        size = self._opus.opus_packet_get_nb_samples(packet, len(packet), VOICE_RATE)
        if not 0 < size <= LONGEST_SAMPLES:
            raise EngineError("this is no Opus packet")
        missing = 0 if self._next is None else (timestamp - self._next) % 2**32 // PER_SAMPLE
        self._next = (timestamp + size * PER_SAMPLE) % 2**32
        self._frame = size
        if missing > LONGEST_GAP:
            missing = 0
        self.lost += missing
        call_sounded("received", size / VOICE_RATE)
        return b"".join([*self._made_up(missing, packet), self._decoded(packet, size)])

    def _made_up(self, missing: int, following: bytes) -> Iterator[bytes]:
        """What was lost: made up, and the last of it as the packet tells that came after it."""
        told = min(missing, self._frame)
        rest = missing - told
        concealed = min(rest, CONCEALED)
        for how, samples in (("told", told), ("made_up", concealed), ("silent", rest - concealed)):
            if samples:
                call_sounded(how, samples / VOICE_RATE)
        for start in range(0, concealed, self._frame):
            yield self._decoded(None, min(self._frame, concealed - start))
        if rest > concealed:
            yield bytes(2 * (rest - concealed))
        if told:
            yield self._decoded(following, told, told_by_next=True)

    def _decoded(self, packet: bytes | None, samples: int, *, told_by_next: bool = False) -> bytes:
        size = 0 if packet is None else len(packet)
        made = self._opus.opus_decode(
            self._state, packet, size, self._pcm, samples, int(told_by_next)
        )
        if made < 0:
            raise EngineError(f"libopus refused a packet (error {made})")
        return ctypes.string_at(self._pcm, 2 * made)


class Encoder:
    """One stream of PCM16 mono 24 kHz. Not thread-safe."""

    def __init__(self) -> None:
        self._codec = opened(VOICE_RATE, OPTIONS)

    def encode(self, pcm: bytes) -> bytes:
        """FRAME_BYTES to one packet."""
        (packet,) = self._codec.encode(frame(pcm, VOICE_RATE))
        return bytes(packet)


@functools.cache
def library() -> ctypes.CDLL:
    """Raises EngineError where there is none."""
    home = Path(av.__file__).parent
    found = [str(path) for place in PLACES for path in sorted(home.glob(place))]
    name = found[0] if found else ctypes.util.find_library("opus")
    if name is None:
        raise EngineError("libopus is not here; install libopus0")
    opus = ctypes.CDLL(name)
    opus.opus_decoder_create.restype = ctypes.c_void_p
    opus.opus_decoder_destroy.restype = None
    opus.opus_decoder_destroy.argtypes = (ctypes.c_void_p,)
    opus.opus_decode.argtypes = (
        ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int32, ctypes.POINTER(ctypes.c_int16),
        ctypes.c_int, ctypes.c_int,
    )  # fmt: skip
    return opus
