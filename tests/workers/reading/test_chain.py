from __future__ import annotations

import itertools
import math

import pytest

from workers.reading.chain import Table, table

WEATHER = Table(
    ("dry", "wet"), {"umbrella": [-1.0, 2.0], "sun": [1.5, -0.5]}, [[0.7, 0.0], [0.0, 0.9]]
)
DAYS = [["sun"], [], ["umbrella", "unheard of"], []]


def worth(path: tuple[int, ...]) -> float:
    scores = WEATHER.evidence(DAYS)
    steps = sum(WEATHER.steps[a][b] for a, b in itertools.pairwise(path))
    return steps + sum(scores[day][label] for day, label in enumerate(path))


PATHS = list(itertools.product((0, 1), repeat=len(DAYS)))


def test_the_best_path_is_the_best_of_all() -> None:
    found = WEATHER.best(WEATHER.evidence(DAYS))
    best = max(PATHS, key=worth)
    assert found == [WEATHER.labels[label] for label in best]


def test_how_likely_a_label_is_counts_all_paths() -> None:
    whole = sum(math.exp(worth(path)) for path in PATHS)
    for day, likely in enumerate(WEATHER.certainty(WEATHER.evidence(DAYS))):
        wet = sum(math.exp(worth(path)) for path in PATHS if path[day] == 1) / whole
        assert likely["wet"] == pytest.approx(wet)
        assert sum(likely.values()) == pytest.approx(1.0)


def test_nothing_has_no_path() -> None:
    assert WEATHER.best([]) == []
    assert WEATHER.certainty([]) == []


@pytest.mark.parametrize("name", ["headings", "rows", "heads"])
def test_the_fitted_tables_are_whole(name: str) -> None:
    known = table(name)
    size = len(known.labels)
    assert all(len(weights) == size for weights in known.weights.values())
    assert [len(row) for row in known.steps] == [size] * size
