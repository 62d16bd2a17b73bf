"""One child process that cannot outlive its parent, in a session of its own.

On Linux the kernel signals it when the thread that started it dies, so start children from the
main thread. A terminal's Ctrl-C reaches the parent only, which stops its children in order.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from server import tether

TETHER = Path(tether.__file__).resolve()


class Child:
    """``stop_signal`` asks it to end; it is also what the kernel sends when the parent dies."""

    def __init__(self, process: asyncio.subprocess.Process, stop_signal: signal.Signals) -> None:
        self._process = process
        self._stop_signal = stop_signal

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        *,
        stop_signal: signal.Signals = signal.SIGTERM,
        env: Mapping[str, str] | None = None,
        output: IO[bytes] | None = None,
        ordinary: bool = False,
        keep_open: Sequence[int] = (),
    ) -> Child:
        """``output`` takes stdout and stderr, else both are inherited. ``ordinary``: neither as
        root nor as a user without a name. ``keep_open``: descriptors that it inherits."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", "-B", str(TETHER)),
            *(str(int(stop_signal)), str(os.getpid()), "ORDINARY" if ordinary else "-"),
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=env,
            pass_fds=keep_open,
            start_new_session=True,
        )
        return cls(process, stop_signal)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.returncode

    async def wait(self) -> int:
        return await self._process.wait()

    def ask(self, asked: signal.Signals) -> None:
        """Send it this signal, if it is still there."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(asked)

    async def stop(self, patience_s: float) -> int:
        """Ask, wait, kill. Safe to call again; finishes even when it is cancelled."""
        ending = asyncio.ensure_future(self._stop(patience_s))
        try:
            return await asyncio.shield(ending)
        except asyncio.CancelledError:
            await ending
            raise

    async def _stop(self, patience_s: float) -> int:
        self.ask(self._stop_signal)
        try:
            return await asyncio.wait_for(self._process.wait(), patience_s)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            return await self._process.wait()


def say_ready(descriptor: int) -> None:
    """As the child: to whoever started us, on the pipe that we were given for it."""
    with contextlib.suppress(OSError):  # nobody waits any more
        os.write(descriptor, b"1")
    os.close(descriptor)
