"""ITU-T G.711: the telephone's two ways to put a sample of speech into one byte."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Law = Literal["audio/pcmu", "audio/pcma"]
RATE: Final = 8_000

ULAW_BIAS: Final = 0x84
ULAW_CLIP: Final = 8_158


def _ulaw_values() -> NDArray[np.int16]:
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    magnitude = (((code & 0x0F) << 3) + ULAW_BIAS) << ((code >> 4) & 7)
    value = magnitude - ULAW_BIAS
    return np.where(code & 0x80, -value, value).astype(np.int16)


def _alaw_values() -> NDArray[np.int16]:
    code = np.arange(256, dtype=np.int32) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, (code & 0x0F) << 4
    low = mantissa + 8
    value = np.where(exponent == 0, low, (low + 0x100) << np.maximum(exponent - 1, 0))
    return np.where(code & 0x80, value, -value).astype(np.int16)


def _ulaw_codes() -> NDArray[np.uint8]:
    sample = np.arange(-32_768, 32_768, dtype=np.int32) >> 2
    magnitude = np.minimum(np.abs(sample), ULAW_CLIP) + (ULAW_BIAS >> 2)
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 5
    mantissa = (magnitude >> (exponent + 1)) & 0x0F
    sign = np.where(sample < 0, 0x80, 0)
    return np.asarray(~(sign | (exponent << 4) | mantissa) & 0xFF, np.uint8)


def _alaw_codes() -> NDArray[np.uint8]:
    sample = np.arange(-32_768, 32_768, dtype=np.int32) >> 3
    magnitude = np.where(sample < 0, -sample - 1, sample)
    exponent = np.maximum(np.floor(np.log2(np.maximum(magnitude, 1))).astype(np.int32) - 4, 0)
    mantissa = np.where(exponent == 0, magnitude >> 1, magnitude >> exponent) & 0x0F
    sign = np.where(sample < 0, 0, 0x80)
    return np.asarray((sign | (exponent << 4) | mantissa) ^ 0x55, np.uint8)


_VALUES: Final[dict[Law, NDArray[np.int16]]] = {
    "audio/pcmu": _ulaw_values(),
    "audio/pcma": _alaw_values(),
}
_CODES: Final[dict[Law, NDArray[np.uint8]]] = {
    "audio/pcmu": _ulaw_codes(),
    "audio/pcma": _alaw_codes(),
}


def decode(law: Law, codes: bytes) -> NDArray[np.int16]:
    """8 kHz PCM16 samples."""
    return _VALUES[law][np.frombuffer(codes, np.uint8)]


def encode(law: Law, samples: NDArray[np.int16]) -> bytes:
    """``samples`` at 8 kHz."""
    return _CODES[law][samples.astype(np.int32) + 32_768].tobytes()
