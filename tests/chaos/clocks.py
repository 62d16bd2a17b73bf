"""A wall clock for each process of a house: servers', workers', PostgreSQL's, Valkey's.

libfaketime cannot do it: what is waited for by the monotonic clock it moves too, by which Python's
sleep fails and its threads wait for ever. ``clock.c`` moves the wall clock alone."""

from __future__ import annotations

import mmap
import shutil
import struct
import subprocess
from pathlib import Path

MISSING = None if shutil.which("cc") else "no C compiler: apt-get install gcc"
"""Why no clock can be moved here."""
SOURCE = Path(__file__).with_name("clock.c")
SECOND = 1_000_000_000


class Clocks:
    """One for each part, in a file of ``folder`` that its process reads at every look."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._library = folder / "clock.so"
        files = "-o", str(self._library), str(SOURCE)
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", *files, "-ldl"], check=True)

    def env(self, part: str) -> dict[str, str]:
        path = self._folder / f"{part}.clock"
        if not path.exists():
            path.write_bytes(bytes(8))
        return {"LD_PRELOAD": str(self._library), "MOVED_CLOCK": str(path)}

    def move(self, part: str, seconds: float) -> None:
        """So far before the clock of the machine from now on; in one write."""
        path = self._folder / f"{part}.clock"
        with path.open("r+b") as file, mmap.mmap(file.fileno(), 8) as page:
            page[:] = struct.pack("q", int(seconds * SECOND))
