"""What a recogniser may be believed: is there sound, does it move as speech, do words loop?"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from server.language.subtitles import CREDITS, STATIONS
from server.ports import CANDIDATE_RATE

Samples = NDArray[np.float32]

FRAME = 512
QUIET = 0.0005
"""RMS of the loudest 32 ms, -66 dBFS, below which nobody can have spoken."""

STEADY = 1.6
"""Loud over soft frames below which a sound is a hum or a hiss; speech has 4 and more."""

NOTES = re.compile(r"\[[^\]]{0,40}\]|\([^)]{0,40}\)|（[^）]{0,40}）|\*\w[^*]{0,40}\w\*|[♩♪♫♬]")

MAX_PHRASE = 12
MIN_REPEATS = 4
MAX_WORDS_PER_SECOND = 9.0


def samples_of(pcm: bytes) -> Samples:
    """PCM16 little-endian as float32 in [-1, 1), contiguous."""
    return np.frombuffer(pcm, "<i2", len(pcm) // 2).astype(np.float32) / np.float32(32768)


def levels(samples: Samples) -> Samples:
    """RMS of each whole 32 ms frame; one value for anything shorter."""
    count = max(1, len(samples) // FRAME)
    frames = samples[: count * FRAME].reshape(count, -1)
    if not len(samples):
        return np.zeros(1, np.float32)
    found: Samples = np.sqrt(np.mean(np.square(frames), axis=1, dtype=np.float32))
    return found


def may_hold_speech(samples: Samples) -> bool:
    """Whether something in it is loud enough, and its loudness moves."""
    found = levels(samples)
    if float(found.max()) < QUIET:
        return False
    return len(found) < 8 or movement(found) > STEADY


def movement(found: Samples) -> float:
    """How much louder the loud frames are than the soft ones."""
    soft, loud = np.percentile(found, (10, 95))
    return float(loud / max(float(soft), 1e-6))


def without_loops(text: str) -> str:
    """Keep one of a phrase said four times and more on end, the mark of a decoder in a loop.

    People repeat themselves too, but seldom four times, and then once is enough.
    """
    words = text.split()
    kept: list[str] = []
    at = 0
    while at < len(words):
        length, repeats = _loop_at(words, at)
        kept.extend(words[at : at + length])
        at += length * repeats
    return " ".join(kept)


def without_notes(text: str) -> str:
    """Without what subtitles say of sounds, as ♪ and [Music]; nothing if no letter is left."""
    said = " ".join(NOTES.sub(" ", text).split())
    return said if any(letter.isalnum() for letter in said) else ""


def is_credit(text: str) -> bool:
    """Whether the whole text is the end of somebody's video."""
    letters = "".join(letter for letter in text.casefold() if letter.isalnum())
    return letters in CREDITS or letters.startswith(STATIONS)


def _loop_at(words: list[str], at: int) -> tuple[int, int]:
    for length in range(1, MAX_PHRASE + 1):
        phrase = _folded(words[at : at + length])
        repeats = 1
        while _folded(words[at + repeats * length : at + (repeats + 1) * length]) == phrase:
            repeats += 1
        if repeats >= MIN_REPEATS:
            return length, repeats
        if at + MIN_REPEATS * length > len(words):
            break
    return 1, 1


def _folded(words: list[str]) -> list[str]:
    return [word.strip(".,!?…").casefold() for word in words]


def too_fast(text: str, samples: Samples) -> bool:
    """More words than a mouth can say in that time."""
    seconds = len(samples) / CANDIDATE_RATE
    return len(text.split()) > 4 + MAX_WORDS_PER_SECOND * seconds
