"""Weighs evidence along a sequence: a linear chain whose weights are fitted, not written.

``python -m bench.train_reading`` fits the table ``evidence.json`` that ``table`` reads.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
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
            found.append([sum(each) for each in zip(*known, strict=True)] or nothing)
        return found

    def best(self, scores: Scores) -> list[str]:
        """The labels of the best path."""
        if not scores:
            return []
        reach, back = scores[0], list[list[int]]()
        size = range(len(self.labels))
        for each in scores[1:]:
            chosen = [max(size, key=lambda a: reach[a] + self.steps[a][b]) for b in size]
            reach = [reach[chosen[b]] + self.steps[chosen[b]][b] + each[b] for b in size]
            back.append(chosen)
        at = max(size, key=lambda label: reach[label])
        path = [at]
        for chosen in reversed(back):
            at = chosen[at]
            path.append(at)
        return [self.labels[each] for each in reversed(path)]

    def certainty(self, scores: Scores) -> list[dict[str, float]]:
        """How likely each label is for each item, over all paths; sums to 1 for each item."""
        if not scores:
            return []
        size = range(len(self.labels))
        ahead = [scores[0]]
        for each in scores[1:]:
            before = ahead[-1]
            ahead.append(
                [each[b] + _total([before[a] + self.steps[a][b] for a in size]) for b in size]
            )
        behind = [[0.0] * len(self.labels)]
        for each in reversed(scores[1:]):
            after = behind[0]
            behind.insert(
                0, [_total([self.steps[a][b] + each[b] + after[b] for b in size]) for a in size]
            )
        whole = _total(ahead[-1])
        return [
            {label: math.exp(one[n] + other[n] - whole) for n, label in enumerate(self.labels)}
            for one, other in zip(ahead, behind, strict=True)
        ]


def _total(logs: Sequence[float]) -> float:
    most = max(logs)
    return most + math.log(sum(math.exp(each - most) for each in logs))


def bucket(value: float, *bounds: float) -> int:
    """How many of the bounds the value reaches."""
    return sum(value >= bound for bound in bounds)


@cache
def table(name: str) -> Table:
    """Raises KeyError where no such table was fitted."""
    read = json.loads(PATH.read_text(encoding="utf-8"))[name]
    return Table(tuple(read["labels"]), read["weights"], read["steps"])
