"""What is measured of calls over WebRTC, by the servers that are offered them and by the processes
that hold them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from prometheus_client import Counter, Gauge
from prometheus_client.metrics import MetricWrapperBase

from server.metrics import REGISTRY

CALLS = Gauge("viva_calls", "Calls over WebRTC that this process holds", registry=REGISTRY)
REFUSED_CALLS = Counter(
    "viva_calls_refused",
    "Offers of calls that this server refused: nobody holds calls, there is no room, or the offer "
    "cannot be answered",
    ["cause"],
    registry=REGISTRY,
)
CALL_SOUND = Counter(
    "viva_call_sound_seconds",
    "Sound of candidates' calls: received, and of what was lost on the way told by the packet that "
    "came next, made up, or left silent",
    ["how"],
    registry=REGISTRY,
)

FIXED: Final[Mapping[MetricWrapperBase, Sequence[str]]] = {
    REFUSED_CALLS: ("away", "full", "offer"),
    CALL_SOUND: ("received", "told", "made_up", "silent"),
}
"""As of ``metrics``."""

for _one, _values in FIXED.items():
    for _value in _values:
        _one.labels(_value)


def follow_calls(held: Callable[[], int]) -> None:
    """Where to look for how many there are."""
    CALLS.set_function(held)


def call_refused(cause: str) -> None:
    REFUSED_CALLS.labels(cause).inc()


def call_sounded(how: str, seconds: float) -> None:
    CALL_SOUND.labels(how).inc(seconds)
