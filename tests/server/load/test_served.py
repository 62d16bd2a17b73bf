"""What servers' own figures say of a stretch of time."""

from __future__ import annotations

import math
import re

from server import metrics
from server.load.served import between

LAG = "viva_event_loop_lag_seconds_bucket"


def text(*, began: float, cpu_s: float, lags: tuple[int, int, int]) -> str:
    bounds = zip(("0.01", "0.02", "+Inf"), lags, strict=True)
    lines = [f'{LAG}{{le="{bound}"}} {count}' for bound, count in bounds]
    lines += [f"process_cpu_seconds_total {cpu_s}", f"process_start_time_seconds {began}"]
    return "\n".join([*lines, "process_resident_memory_bytes 1000", ""])


def test_of_two_servers_what_came_since() -> None:
    before = [text(began=1, cpu_s=5, lags=(100, 100, 100)), text(began=2, cpu_s=1, lags=(0, 0, 0))]
    after = [
        text(began=1, cpu_s=8, lags=(140, 150, 150)),
        text(began=2, cpu_s=2, lags=(48, 49, 50)),
    ]
    found = between(before, after, (0.5, 0.95, 0.99))
    assert (found.cpu_s, found.memory_bytes) == (4, 2_000)
    assert found.lag_s == [0.01, 0.02, 0.02]


def test_one_that_was_started_again_counts_from_there_and_one_that_is_away_not() -> None:
    before = [text(began=1, cpu_s=50, lags=(100, 100, 100))] * 2
    found = between(before, [text(began=9, cpu_s=2, lags=(3, 4, 4)), ""], (0.5, 0.99))
    assert (found.cpu_s, found.memory_bytes, found.lag_s) == (2, 1_000, [0.01, 0.02])


def test_without_figures_nothing_is_made_up() -> None:
    found = between(["x 1\n"], ["x 2\n"], (0.5,))
    assert math.isnan(found.cpu_s)
    assert math.isnan(found.lag_s[0])


def test_our_own_figures_are_read() -> None:
    told = metrics.exposition().decode()
    found = between([told], [told])
    assert (found.cpu_s, found.memory_bytes > 1e7) == (0, True)


def test_of_servers_that_answer_together_the_sum() -> None:
    def together(*servers: str) -> str:
        return "".join(
            re.sub(r"(?m)^(\w+)(?:\{(.*)\})? ", rf'\1{{\2,server="{n}"}} ', one).replace("{,", "{")
            for n, one in enumerate(servers, start=1)
        )

    before = together(
        text(began=1, cpu_s=5, lags=(100, 100, 100)), text(began=2, cpu_s=1, lags=(0, 0, 0))
    )
    after = together(
        text(began=1, cpu_s=8, lags=(140, 150, 150)), text(began=9, cpu_s=2, lags=(48, 49, 50))
    )
    found = between([before], [after], (0.5, 0.95, 0.99))
    assert (found.cpu_s, found.memory_bytes) == (5, 2_000)
    assert found.lag_s == [0.01, 0.02, 0.02]
