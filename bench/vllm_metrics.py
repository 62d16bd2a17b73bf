"""What vLLM's ``/metrics`` page says of its prefix cache."""

from __future__ import annotations

import re
from dataclasses import dataclass

_COUNTER = re.compile(
    r"^vllm:(?:gpu_)?prefix_cache_(queries|hits)(?:_total)?(?:\{[^}\n]*\})?\s+([0-9.eE+]+)",
    re.MULTILINE,
)
_RUNNING = re.compile(r"^vllm:num_requests_running(?:\{[^}\n]*\})?\s+([0-9.eE+]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PrefixCache:
    """Tokens of prompts since the server started: all, and those that it knew already."""

    asked: int
    hit: int

    @property
    def rate(self) -> float:
        """In [0, 1]; 0 where nothing was asked."""
        return self.hit / self.asked if self.asked else 0.0

    def since(self, earlier: PrefixCache) -> PrefixCache:
        return PrefixCache(self.asked - earlier.asked, self.hit - earlier.hit)


def prefix_cache(page: str) -> PrefixCache | None:
    """Summed over the engines of one server; None where the page has no such counters."""
    sums = {"queries": 0.0, "hits": 0.0}
    found = _COUNTER.findall(page)
    for name, value in found:
        sums[name] += float(value)
    return PrefixCache(int(sums["queries"]), int(sums["hits"])) if found else None


def running(page: str) -> int:
    """How many requests the server works on."""
    return int(sum(float(value) for value in _RUNNING.findall(page)))
