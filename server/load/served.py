"""What servers' own figures say of a stretch of time: CPU, memory, how late loops were. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

LAG = "viva_event_loop_lag_seconds_bucket"
CPU, MEMORY = "process_cpu_seconds_total", "process_resident_memory_bytes"
BEGAN = "process_start_time_seconds"

Samples = Mapping[tuple[str, tuple[tuple[str, str], ...]], float]


@dataclass(frozen=True, slots=True)
class Served:
    """``lag_s``: by the quantile that was asked for, the upper bound of its bucket. ``cpu_s`` and
    ``memory_bytes``: of all servers together; nan where they do not tell."""

    lag_s: Sequence[float]
    cpu_s: float
    memory_bytes: float


def samples(text: str) -> Samples:
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def _by_server(text: str) -> Mapping[str, Samples]:
    """Those behind one socket answer together, each with its number as ``server``."""
    found: dict[str, dict[tuple[str, tuple[tuple[str, str], ...]], float]] = {}
    for (name, labels), value in samples(text).items():
        left = tuple(one for one in labels if one[0] != "server")
        found.setdefault(dict(labels).get("server", ""), {})[name, left] = value
    return found


def between(
    before: Sequence[str], after: Sequence[str], wanted: Sequence[float] = (0.5, 0.95, 0.99)
) -> Served:
    """Of servers by the texts that each address gave, before and after, the sum. One that was
    started again in between counts from there, one that is away at the end not at all."""
    lags: dict[float, float] = {}
    cpu_s = memory = 0.0
    pairs = [
        (first.get(server, {}), last)
        for first, others in zip(map(_by_server, before), map(_by_server, after), strict=True)
        for server, last in others.items()
    ]
    for first, last in pairs:
        again = first.get((BEGAN, ())) != last.get((BEGAN, ()))
        since: Samples = {(CPU, ()): 0.0} if again else first
        for (name, labels), value in last.items():
            if name == LAG:
                bound = float(dict(labels)["le"])
                lags[bound] = lags.get(bound, 0.0) + value - since.get((name, labels), 0.0)
        cpu_s += last.get((CPU, ()), math.nan) - since.get((CPU, ()), math.nan)
        memory += last.get((MEMORY, ()), math.nan)
    return Served([_quantile(lags, one) for one in wanted], cpu_s, memory)


def _quantile(buckets: Mapping[float, float], wanted: float) -> float:
    bounds = sorted(buckets)
    if not bounds or not buckets[bounds[-1]]:
        return math.nan
    return next(bound for bound in bounds if buckets[bound] >= wanted * buckets[bounds[-1]])
