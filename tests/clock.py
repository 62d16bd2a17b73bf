"""The loop of every test; a test that asks for ``clock`` has time pass only when nothing else can.

It jumps to the next timer when nothing is ready, no thread works for the loop and no database has
still to answer: so nothing waits, and no time-out fires because a machine is busy.
"""

from __future__ import annotations

import asyncio
import selectors
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from contextvars import Context
from types import FrameType
from typing import TypeVar, TypeVarTuple, Unpack

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")

STUCK_S = 180.0
"""Real seconds without anything happening, after which a test in virtual time is given up."""

KERNEL_S = 0.001
"""Real seconds in which what was written to a socket of this process is at its other end."""

LONGEST_S = 7 * 86_400.0
"""Virtual seconds of one test; one that goes further turns in circles."""

HOUSEKEEPING = frozenset({"_setup_inactive_callback", "_set_entry_timeout"})
"""Where asyncpg sets timers that wait for no answer: idle connections, old statements. They never
ring in a test: it closes an old statement without a time-out that would hold the clock."""


class Stuck(RuntimeError):
    """What the test waits for will not come."""


class ClockLoop(asyncio.SelectorEventLoop):
    """Real time until ``virtual``. Child processes and other programs do not hold its time."""

    def __init__(self) -> None:
        self._selection = _Selector(self)
        super().__init__(self._selection)
        self._virtual_s: float | None = None
        self._ahead_s = 0.0
        self._threads = 0
        self._by_hand = 0
        self._answers_due: set[asyncio.TimerHandle] = set()

    def time(self) -> float:
        return super().time() + self._ahead_s if self._virtual_s is None else self._virtual_s

    @contextmanager
    def virtual(self) -> Iterator[None]:
        self._virtual_s = self.time()
        self._last_s = self._virtual_s + LONGEST_S
        try:
            yield
        finally:
            now, self._virtual_s = self._virtual_s, None
            self._ahead_s += now - self.time()

    async def advance(self, seconds: float) -> None:
        """Let so much time pass, also while threads work. A database is waited for all the same."""
        self._by_hand += 1
        try:
            await asyncio.sleep(seconds)
        finally:
            self._by_hand -= 1

    def call_at(
        self,
        when: float,
        callback: Callable[[Unpack[Arguments]], object],
        *args: *Arguments,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        setter = _database_code()
        if setter in HOUSEKEEPING:
            when += LONGEST_S
        handle = super().call_at(when, callback, *args, context=context)
        if setter is not None and setter not in HOUSEKEEPING:
            self._answers_due = {one for one in self._answers_due if not one.cancelled()}
            self._answers_due.add(handle)
        return handle

    def run_in_executor(
        self,
        executor: Executor | None,
        func: Callable[[Unpack[Arguments]], T],
        *args: *Arguments,
    ) -> asyncio.Future[T]:
        future = super().run_in_executor(executor, func, *args)
        self._threads += 1
        future.add_done_callback(self._thread_done)
        return future

    def _thread_done(self, _: asyncio.Future[T]) -> None:
        self._threads -= 1

    def _held(self) -> bool:
        """Whether something outside of the loop has yet to happen before time may pass."""
        if self._threads and not self._by_hand:
            return True
        return any(not due.cancelled() and due.when() > self.time() for due in self._answers_due)

    def select(self, timeout: float | None) -> list[tuple[selectors.SelectorKey, int]]:
        """What happened, after the time that passed for it."""
        if self._virtual_s is None or timeout == 0:
            return self._selection.really(timeout)
        if timeout is None or self._held():
            happened = self._selection.really(STUCK_S)
            if not happened:
                raise Stuck(f"nothing happened in {STUCK_S:.0f} real seconds")
            return happened
        if happened := self._selection.really(KERNEL_S if self._selection.outside else 0):
            return happened
        self._virtual_s += timeout
        if self._virtual_s > self._last_s:
            raise Stuck(f"{LONGEST_S / 86_400:.0f} days have passed")
        return []


class _Selector(selectors.DefaultSelector):
    """Asks the loop how long to wait."""

    def __init__(self, loop: ClockLoop) -> None:
        super().__init__()
        self._loop = loop

    @property
    def outside(self) -> bool:
        """Whether there are sockets besides the loop's own."""
        return len(self.get_map()) > 1

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return self._loop.select(timeout)

    def really(self, timeout: float | None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout)


def _database_code() -> str | None:
    """The function of a database's client that sets a timer now: a time-out for what it asks, until
    it is answered. That of Redis has one where it was given ``socket_timeout``."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        if str(frame.f_globals.get("__name__")).startswith(("asyncpg.", "redis.")):
            return frame.f_code.co_name
        frame = frame.f_back
    return None
