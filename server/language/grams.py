"""Hashed n-grams of characters and of words: a fixed number of columns for any language."""

from __future__ import annotations

import re
import unicodedata
import zlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

BITS = 14
BUCKETS = 1 << BITS
_LONGEST = 5
"""Characters in the longest n-gram."""
_PRIME = np.uint64(1_000_003)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_WORD = re.compile(r"[\w']+|[?!]")


def normal(text: str) -> str:
    """``text`` as it is counted: composed, lower case, single spaces, one in front and behind."""
    return f" {' '.join(unicodedata.normalize('NFC', text).lower().split())} "


@lru_cache(maxsize=512)
def grams(text: str, bits: int = BITS) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Columns below 2 ** ``bits``, ascending, and their weights: logarithmic counts of length
    one. Not to be written to: the parts of an answer are counted again at its next pause."""
    counted = normal(text)
    found = [_bucket(some, bits) for some in (_characters(counted), _words(counted))]
    columns, counts = np.unique(np.concatenate(found), return_counts=True)
    weights = np.log1p(counts).astype(np.float32)
    length = np.float32(np.linalg.norm(weights)) + np.float32(1e-6)
    found_in = columns.astype(np.int64), weights / length
    for array in found_in:
        array.setflags(write=False)
    return found_in


def shared(text: str, other: str) -> float:
    """How much of ``text`` is found in ``other``, in [0, 1], by runs of three characters."""
    first, second = (
        {counted[at : at + 3] for at in range(len(counted) - 2)}
        for counted in (normal(text), normal(other))
    )
    return len(first & second) / max(len(first), 1)


def _characters(text: str) -> NDArray[np.uint64]:
    codes = np.frombuffer(text.encode("utf-32-le"), "<u4").astype(np.uint64)
    hashes = codes.copy()
    found = []
    for length in range(1, _LONGEST + 1):
        if length > 1:
            hashes = hashes[:-1] * _PRIME + codes[length - 1 :]
        found.append(hashes + np.uint64(length))
        if len(hashes) < 2:
            break
    return np.concatenate(found)


def _words(text: str) -> NDArray[np.uint64]:
    words = _WORD.findall(text)
    runs = [
        zlib.crc32(" ".join(words[at : at + length]).encode()) + (length << 32)
        for length in (1, 2, 3)
        for at in range(len(words) - length + 1)
    ]
    return np.array(runs, np.uint64)


def _bucket(hashes: NDArray[np.uint64], bits: int) -> NDArray[np.uint64]:
    return (hashes * _MIX) >> np.uint64(64 - bits)
