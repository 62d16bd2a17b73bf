"""Processes that ``viva up`` keeps alive: started again when they end, replaced without a gap."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import structlog

from server.background import end
from server.child import Child

LOG_BYTES = 8 * 1024 * 1024
STOP_S = 15.0
READY_S = 180.0
"""How long one that takes another's place may take to be ready."""

log = structlog.get_logger()


class UpError(Exception):
    """viva cannot run; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A child that is started again when it ends, after a pause that grows.

    ``needed``: before everything has been ready once, its end is the end of everything. ``log``
    takes its messages, else they are ours. ``steady_s``: whoever lived that long begins anew.
    ``door``: a listening socket it is given. ``tells``: it is given a descriptor, too, on which it
    writes once it is ready. ``beside``: it is given the path of a socket of its own, which is this
    and its number. It is stopped with ``stop_signal`` where all of viva ends.
    """

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(repr=False)
    needed: bool = True
    log: Path | None = None
    door: int | None = None
    tells: bool = False
    beside: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    first_delay_s: float = 0.5
    longest_delay_s: float = 30.0
    steady_s: float = 60.0


class Keeper:
    """Of one child: one life of it after another. ``number``: from 1, of those that are there.
    ``ready``: it is; one that does not tell counts as ready once it runs."""

    def __init__(self, kept: Kept, number: int = 1) -> None:
        self._kept = kept
        self.number = number
        self._child: Child | None = None
        self._retired = asyncio.Event()
        self.ready = asyncio.Event()

    async def run(self, settled: asyncio.Event) -> None:
        """Until it is retired. Raises UpError where one that is needed ends before all has been
        ``settled`` once."""
        kept, clock = self._kept, asyncio.get_running_loop().time
        delay = kept.first_delay_s
        while not self._retired.is_set():
            started = clock()
            status = await self._live()
            if self._retired.is_set():
                return
            if kept.needed and not settled.is_set():
                raise UpError(
                    f"the {kept.name} could not start (status {status}); see its message above"
                )
            delay = kept.first_delay_s if clock() - started > kept.steady_s else delay
            log.warning("child ended, restarting", child=kept.name, status=status, delay_s=delay)
            await asyncio.sleep(delay)
            delay = min(delay * 2, kept.longest_delay_s)

    async def retire(self, patience_s: float) -> None:
        """Another has taken its place: SIGTERM, and it may take so long to end."""
        self._retired.set()
        if (child := self._child) is None:
            return
        child.ask(signal.SIGTERM)
        try:
            async with asyncio.timeout(patience_s):
                await child.wait()
        except TimeoutError:
            log.warning("took too long to leave", child=self._kept.name)
            await child.stop(0.0)

    async def _live(self) -> int:
        """One life, from start to end; its exit status."""
        kept = self._kept
        self.ready.clear()
        with _open_log(kept.log) as output, _word(self.ready) as word:
            command, given = [*kept.command], [] if kept.door is None else [kept.door]
            if kept.door is not None:
                command += ["--door", str(kept.door)]
            if kept.tells:
                command += ["--ready", str(word.theirs)]
                given.append(word.theirs)
            if kept.beside is not None:
                command += ["--beside", f"{kept.beside}-{self.number}.sock"]
            child = self._child = await Child.start(
                command, env=kept.env, output=output, stop_signal=kept.stop_signal, keep_open=given
            )
            word.give_away()
            if not kept.tells:
                self.ready.set()
            try:
                return await child.wait()
            finally:
                await child.stop(STOP_S)
                with contextlib.suppress(OSError):  # what it started itself and left behind
                    os.killpg(child.pid, signal.SIGKILL)


class Crew:
    """``size`` processes of one kind, any of which stands in for the others. ``leave_s``: so long
    may one take to leave that is replaced."""

    def __init__(self, kept: Kept, size: int, leave_s: float = STOP_S) -> None:
        self._kept = kept
        self._size = size
        self._leave_s = leave_s
        self._keepers: dict[Keeper, asyncio.Task[None]] = {}
        self._settled = asyncio.Event()
        self._failed: asyncio.Future[None] | None = None

    async def run(self, settled: asyncio.Event) -> None:
        """Raises UpError as ``Keeper.run`` does; ends all of them when it is cancelled."""
        self._settled = settled
        self._failed = asyncio.get_running_loop().create_future()
        for _ in range(self._size):
            self._begin()
        try:
            await self._failed
        finally:
            tasks = list(self._keepers.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def renew(self, say: Callable[[str], None] = lambda _: None) -> bool:
        """One after the other, each only once the one that takes its place is ready. False where
        that one does not get ready: then those that are left stay. ``say`` hears how far it is."""
        there = list(self._keepers.items())
        for place, (old, task) in enumerate(there, start=1):
            which = f"{self._kept.name} {place} of {len(there)}"
            say(f"{which}: a new one starts")
            new = self._begin()
            try:
                async with asyncio.timeout(READY_S):
                    await new.ready.wait()
            except TimeoutError:
                log.error("one that was started anew is not ready", child=self._kept.name)
                await new.retire(STOP_S)
                return False
            say(f"{which}: the new one is ready, the old one leaves")
            await old.retire(self._leave_s)
            await end(task)  # its number is the next one's
        return True

    def _begin(self) -> Keeper:
        taken = {one.number for one in self._keepers}
        keeper = Keeper(self._kept, min({*range(1, len(taken) + 2)} - taken))
        task = self._keepers[keeper] = asyncio.create_task(keeper.run(self._settled))
        task.add_done_callback(lambda done: self._ended(keeper, done))
        return keeper

    def _ended(self, keeper: Keeper, task: asyncio.Task[None]) -> None:
        self._keepers.pop(keeper, None)
        error = None if task.cancelled() else task.exception()
        if error is not None and self._failed is not None and not self._failed.done():
            self._failed.set_exception(error)


class _Word:
    """A pipe, whose other end a child is given."""

    def __init__(self) -> None:
        self.ours, self.theirs = os.pipe()

    def give_away(self) -> None:
        """The child has it: only when it ends is this at its end."""
        os.close(self.theirs)
        self.theirs = -1

    def close(self) -> None:
        os.close(self.ours)
        if self.theirs >= 0:
            os.close(self.theirs)


@contextlib.contextmanager
def _word(said: asyncio.Event) -> Iterator[_Word]:
    word, loop = _Word(), asyncio.get_running_loop()

    def hear() -> None:
        loop.remove_reader(word.ours)
        if os.read(word.ours, 1):
            said.set()

    loop.add_reader(word.ours, hear)
    try:
        yield word
    finally:
        loop.remove_reader(word.ours)
        word.close()


@contextlib.contextmanager
def _open_log(path: Path | None) -> Iterator[IO[bytes] | None]:
    if path is None:
        yield None
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_size > LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
    with open(path, "ab", opener=lambda name, flags: os.open(name, flags, 0o600)) as output:
        yield output
