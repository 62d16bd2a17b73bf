"""What was said, held against what was heard of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NO_WORD = re.compile(r"[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Alignment:
    """With the fewest errors. ``right``: of each that was heard whether it was said; ``missing``:
    of each that was said whether nothing at all stands for it."""

    errors: int
    right: list[bool]
    missing: list[bool]


def words(text: str) -> list[str]:
    """Without capitals and punctuation, whatever the language."""
    return NO_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).split()


def alignment(said: Sequence[str], heard: Sequence[str]) -> Alignment:
    """Memory and time go with the product of the lengths."""
    numbers = {one: number for number, one in enumerate(dict.fromkeys((*said, *heard)))}
    those = np.array([numbers[one] for one in heard], np.int32)
    costs = np.empty((len(said) + 1, len(heard) + 1), np.int32)
    costs[0] = np.arange(len(heard) + 1)
    for row, one in enumerate(said, start=1):
        costs[row] = _next(costs[row - 1], those != numbers[one])
    right, missing = [False] * len(heard), [False] * len(said)
    row, column = len(said), len(heard)
    while row and column:
        same = said[row - 1] == heard[column - 1]
        if costs[row, column] == costs[row - 1, column - 1] + (not same):
            row, column = row - 1, column - 1
            right[column] = same
        elif costs[row, column] == costs[row, column - 1] + 1:
            column -= 1
        else:
            row -= 1
            missing[row] = True
    missing[:row] = [True] * row
    return Alignment(int(costs[-1, -1]), right, missing)


def distance(said: str, heard: str) -> int:
    """The fewest letters to put in, leave out or exchange."""
    those = np.array([ord(one) for one in heard], np.int32)
    costs: NDArray[np.int32] = np.arange(len(heard) + 1, dtype=np.int32)
    for one in said:
        costs = _next(costs, those != ord(one))
    return int(costs[-1])


def _next(before: NDArray[np.int32], other: NDArray[np.bool_]) -> NDArray[np.int32]:
    """A row of the table of costs from the one before it. What is put in adds one from left to
    right: with the place taken off that is the least so far."""
    places = np.arange(len(before), dtype=np.int32)
    row = before + 1
    row[1:] = np.minimum(row[1:], before[:-1] + other)
    found: NDArray[np.int32] = np.minimum.accumulate(row - places) + places
    return found
