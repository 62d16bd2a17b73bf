"""How much this process has to do, and whether it takes one more interview.

Those that run are never slowed down, put off or ended for it: only what has not begun is refused.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from server.clock import now

WINDOW_S: Final = 60.0
FEWEST: Final = 5
"""Of fewer waits within the window none says how it usually is."""
DECODING_S: Final = 10.0
"""Words may take so long to be made; a recogniser that is silent for longer lets others wait."""
RETRY_S: Final = 60
"""When to ask again: by then what was measured before is forgotten."""

CGROUP: Final = Path("/sys/fs/cgroup")
MEMINFO: Final = Path("/proc/meminfo")


class Batch(Protocol):
    """One call into the recogniser's device; of ``waited_ms`` the finals come first."""

    @property
    def finals(self) -> int: ...

    @property
    def waited_ms(self) -> Sequence[int]: ...


class Recent:
    """What was measured within the last minute."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._values: deque[tuple[float, float]] = deque(maxlen=2_000)

    def add(self, value: float) -> None:
        self._values.append((self._clock(), value))

    def p95(self) -> float:
        """0 where too little was measured to tell."""
        oldest = self._clock() - WINDOW_S
        while self._values and self._values[0][0] < oldest:
            self._values.popleft()
        values = sorted(value for _, value in self._values)
        return values[(len(values) * 95 - 1) // 100] if len(values) >= FEWEST else 0.0


@dataclass(frozen=True, slots=True)
class Most:
    """With how much of each a new interview is still taken; ``sessions``: None, as many as come.
    ``memory``: the share of it that is used."""

    sessions: int | None
    stt_wait_s: float
    loop_lag_s: float
    memory: float


@dataclass(frozen=True, slots=True)
class Measured:
    sessions: int
    stt_wait_s: float
    loop_lag_s: float
    memory: float


class Load:
    """Of this process. ``most``: None where whoever comes is taken. ``waiting``: finals that have
    no words yet; ``memory``: the share of it that is used; ``clock``: seconds."""

    def __init__(
        self,
        most: Most | None,
        sessions: Callable[[], int],
        waiting: Callable[[], int],
        memory: Callable[[], float] | None = None,
        clock: Callable[[], float] = now,
    ) -> None:
        self._most = most
        self._sessions = sessions
        self._waiting = waiting
        self._memory = memory or memory_used
        self._clock = clock
        self._waits, self._lags = Recent(clock), Recent(clock)
        self._silent_since: float | None = None

    def heard(self, batch: Batch) -> None:
        """The recogniser is done with these."""
        self._silent_since = None
        for waited_ms in batch.waited_ms[: batch.finals]:
            self._waits.add(waited_ms / 1_000)

    def lagged(self, late_s: float) -> None:
        """The event loop ran so late. To be told often: it is also when the recogniser is looked
        at."""
        self._lags.add(late_s)
        if self._waiting() == 0:
            self._silent_since = None
        elif self._silent_since is None:
            self._silent_since = self._clock()

    @property
    def stt_wait_s(self) -> float:
        """How long answers wait for their words to be begun, p95 of a minute; also where the
        recogniser says nothing at all any more."""
        silent = 0.0 if self._silent_since is None else self._clock() - self._silent_since
        return max(self._waits.p95(), silent - DECODING_S)

    def measured(self) -> Measured:
        return Measured(self._sessions(), self.stt_wait_s, self._lags.p95(), self._memory())

    def full(self) -> str:
        """What there is too much of, in a word for the log; empty: another interview is taken.
        Where none runs one is taken, however slow the machine is: it is not for interviews."""
        most = self._most
        if most is None:
            return ""
        here = self.measured()
        if here.memory > most.memory:
            return "memory"
        if here.sessions == 0:
            return ""
        if most.sessions is not None and here.sessions >= most.sessions:
            return "sessions"
        if here.stt_wait_s > most.stt_wait_s:
            return "stt_wait"
        return "loop_lag" if here.loop_lag_s > most.loop_lag_s else ""

    def behind(self) -> str:
        """In words, how far the recogniser is; empty where it keeps up."""
        wait_s = self.stt_wait_s
        most = 2.0 if self._most is None else self._most.stt_wait_s
        return f"falls behind: answers wait {wait_s:.1f} s (p95)" if wait_s > most else ""


def memory_used(cgroup: Path = CGROUP, meminfo: Path = MEMINFO) -> float:
    """The share of the memory that cannot be had any more: of the container where that has a limit,
    or of the machine, whichever is fuller. 0 where the system does not tell."""
    return max(_of_container(cgroup), _of_machine(meminfo))


def _of_container(folder: Path) -> float:
    try:
        limit = (folder / "memory.max").read_text().strip()
        if limit == "max":
            return 0.0
        used = int((folder / "memory.current").read_text())
        told = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
        # What files brought in is given back when it is needed.
        return max(0, used - int(told.get("inactive_file", 0))) / int(limit)
    except (OSError, ValueError, ZeroDivisionError):
        return 0.0


def _of_machine(file: Path) -> float:
    try:
        lines = (line.split() for line in file.read_text().splitlines())
        told = {words[0]: int(words[1]) for words in lines if len(words) > 1}
        return 1 - told["MemAvailable:"] / told["MemTotal:"]
    except (OSError, ValueError, KeyError, ZeroDivisionError):
        return 0.0
