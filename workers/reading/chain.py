"""Weighs evidence along a sequence: a linear chain whose weights are fitted, not written.

``python -m bench.train_reading`` fits the table ``evidence.json`` that ``table`` reads.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from operator import add, mul
from pathlib import Path

Scores = list[list[float]]
"""A row for each item of the sequence with a number for each label."""
PATH = Path(__file__).parent / "evidence.json"


@dataclass(frozen=True)
class Table:
    """``weights`` holds a number per label for every feature; ``steps[a][b]`` is for b after a."""

    labels: tuple[str, ...]
    weights: dict[str, list[float]]
    steps: list[list[float]]

    def evidence(self, features: Sequence[Sequence[str]]) -> Scores:
        """What speaks for each label of each item by itself; unknown features say nothing."""
        found: Scores = []
        nothing = [0.0] * len(self.labels)
        for names in features:
            known = [weight for name in names if (weight := self.weights.get(name)) is not None]
            found.append(list(map(sum, zip(*known, strict=True))) or nothing)
        return found

    def best(self, scores: Scores) -> list[str]:
        """The labels of the best path."""
        if not scores:
            return []
        reach, back = scores[0], list[list[int]]()
        for each in scores[1:]:
            paths = [list(map(add, reach, column)) for column in self._into]
            longest = list(map(max, paths))
            back.append([path.index(most) for path, most in zip(paths, longest, strict=True)])
            reach = list(map(add, longest, each))
        at = reach.index(max(reach))
        path = [at]
        for chosen in reversed(back):
            at = chosen[at]
            path.append(at)
        return [self.labels[each] for each in reversed(path)]

    def certainty(self, scores: Scores) -> list[dict[str, float]]:
        """How likely each label is for each item, over all paths; sums to 1 for each item."""
        if not scores:
            return []
        likely = [_likelihoods(each) for each in scores]
        ahead = [likely[0]]
        for each in likely[1:]:
            before = ahead[-1]
            reached = [sum(map(mul, before, column)) for column in self._odds_into]
            ahead.append(_scaled(map(mul, reached, each)))
        behind = [[1.0] * len(self.labels)]
        for each in reversed(likely[1:]):
            after = list(map(mul, each, behind[-1]))
            behind.append(_scaled(sum(map(mul, row, after)) for row in self._odds))
        found = []
        for one, other in zip(ahead, reversed(behind), strict=True):
            both = list(map(mul, one, other))
            whole = sum(both)
            found.append(dict(zip(self.labels, (each / whole for each in both), strict=True)))
        return found

    @cached_property
    def _into(self) -> list[tuple[float, ...]]:
        """For each label the steps that lead to it."""
        return list(zip(*self.steps, strict=True))

    @cached_property
    def _odds(self) -> list[list[float]]:
        return [[math.exp(step) for step in row] for row in self.steps]

    @cached_property
    def _odds_into(self) -> list[tuple[float, ...]]:
        return list(zip(*self._odds, strict=True))


def _likelihoods(scores: Sequence[float]) -> list[float]:
    """Against the likeliest, so that none grows beyond what a number can hold."""
    most = max(scores)
    return [math.exp(each - most) for each in scores]


def _scaled(likely: Iterable[float]) -> list[float]:
    """What they are to one another stays; along a long chain they would shrink to nothing."""
    found = list(likely)
    whole = sum(found)
    return [each / whole for each in found]


def bucket(value: float, *bounds: float) -> int:
    """How many of the bounds, which rise, the value reaches."""
    return bisect_right(bounds, value)


@cache
def table(name: str) -> Table:
    """Raises KeyError where no such table was fitted."""
    read = json.loads(PATH.read_text(encoding="utf-8"))[name]
    return Table(tuple(read["labels"]), read["weights"], read["steps"])
