"""What the soak tells of a process, and how it finds what grows."""

from __future__ import annotations

import os

import pytest

from bench.soak import Series, gauge, memory_mb, open_files
from server import metrics


def series(values: list[float]) -> Series:
    return Series("x", "MB", lambda: 0.0, [36.0 * n for n in range(len(values))], values)


def test_what_grows_is_told_per_hour_and_place_once_it_is_warm() -> None:
    cold, slope = [0.0, 50.0], 0.1
    grows = series([*cold, *(100 + slope * n for n in range(8))])
    assert grows.slope() == pytest.approx(10.0), "a tenth every 36 s"
    assert grows.row(5).endswith("| +10.00 | +2.000 |")
    assert series([7.0] * 10).slope() == pytest.approx(0.0, abs=1e-9)
    assert str(series([1.0]).slope()) == "nan", "too little to tell"


async def test_it_looks_at_real_processes() -> None:
    assert 10 < memory_mb([os.getpid()]) < 10_000
    assert memory_mb([2**22 + 1]) == 0
    descriptor = os.open(os.devnull, os.O_RDONLY)
    more = open_files(os.getpid())
    os.close(descriptor)
    assert open_files(os.getpid()) == more - 1
    assert gauge(metrics.exposition().decode(), "viva_tasks") >= 1
