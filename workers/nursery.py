"""The warm process: it has loaded what reads files, and forks a child for each file.

Started by ``workers.isolation`` only. It never looks at a file itself, so nothing of one file
reaches the next, and starting a process costs milliseconds instead of a tenth of a second.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import os
import select
import signal
import socket
import sys

from workers.isolation import ENDING_BYTES, NAME_BYTES

_BROKE = 1
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Nursery:
    """``line``: on which forks are asked for; when it ends, everything does."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._waiting: dict[int, socket.socket] = {}
        """Where the ending of a process is told, by its number."""
        self._died, self._dying = os.pipe()
        for each in (self._died, self._dying):
            os.set_blocking(each, False)
        self._poll = select.poll()
        self._poll.register(line, select.POLLIN)
        self._poll.register(self._died, select.POLLIN)

    def run(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with whoever started it
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._dying, warn_on_full_buffer=False)
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor == self._line.fileno():
                    self._take()
                elif descriptor == self._died:
                    self._bury()
                else:
                    self._abandon(descriptor)

    def _take(self) -> None:
        message, descriptors, *_ = socket.recv_fds(self._line, NAME_BYTES, 2, socket.MSG_WAITALL)
        if len(message) < NAME_BYTES:
            self._end()
        name = message.decode().strip()
        conversation, teller = (socket.socket(fileno=each) for each in descriptors)
        with conversation:
            module = importlib.import_module(name)
            gc.collect()
            gc.freeze()  # so that no child copies pages only to count references
            try:
                child = os.fork()
            except OSError:
                teller.close()  # which tells that there is no ending
                return
            if child == 0:
                self._forget(teller)
                _live(module.main, conversation)
        self._waiting[child] = teller
        self._poll.register(teller, select.POLLIN)  # nothing comes there but an end

    def _bury(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while os.read(self._died, 4096):
                pass
        while True:
            try:
                child, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if child == 0:
                return
            teller = self._waiting.pop(child)
            with contextlib.suppress(KeyError):
                self._poll.unregister(teller)
            code = os.waitstatus_to_exitcode(status)
            with contextlib.suppress(OSError), teller:
                teller.send(code.to_bytes(ENDING_BYTES, "big", signed=True))

    def _abandon(self, descriptor: int) -> None:
        """Nobody waits any more. It is buried like the others."""
        for child, teller in self._waiting.items():
            if teller.fileno() == descriptor:
                self._poll.unregister(teller)
                os.kill(child, signal.SIGKILL)

    def _end(self) -> None:
        for child in self._waiting:
            os.kill(child, signal.SIGKILL)
        os._exit(0)

    def _forget(self, teller: socket.socket) -> None:
        """In the child: what is only the warm process's own."""
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        for each in (self._line, teller, *self._waiting.values()):
            each.close()
        os.close(self._died)
        os.close(self._dying)


def _live(main: object, conversation: socket.socket) -> None:
    code = _BROKE
    try:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        main(conversation)  # type: ignore[operator]
        code = 0
    finally:
        os._exit(code)  # nothing to tidy, and a deep structure may take long to free


if __name__ == "__main__":
    Nursery(socket.socket(fileno=sys.stdin.fileno())).run()
