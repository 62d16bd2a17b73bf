"""Run a program that dies with its parent: ``tether.py SIGNAL PARENT_PID ORDINARY|- PROGRAM ...``.

Started as a file, by a bare interpreter, so that it costs milliseconds and imports nothing of ours.
PostgreSQL refuses to run as uid 0, or as one that has no name, as containers like to give. With
``ORDINARY`` such a user becomes ``nobody`` in a user namespace; files stay its own outside.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
ORDINARY_ID = 65534
NO_NAMESPACE = 97
"""Exit status where this kernel or container refuses a user namespace."""


def main(arguments: list[str]) -> None:
    death_signal, parent, wish, *command = arguments
    if wish == "ORDINARY" and not _is_ordinary(os.geteuid()):
        _become_ordinary()
    if sys.platform == "linux":
        # After the namespace: a change of credentials clears it. It survives exec.
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit(0)  # the parent died before the tether held
    os.execv(command[0], command)


def _is_ordinary(uid: int) -> bool:
    try:
        return pwd.getpwuid(uid).pw_uid != 0
    except KeyError:
        return False


def _become_ordinary() -> None:
    uid, gid = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "unshare") or libc.unshare(CLONE_NEWUSER) != 0:
        sys.exit(NO_NAMESPACE)
    try:
        Path("/proc/self/uid_map").write_text(f"{ORDINARY_ID} {uid} 1\n")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/gid_map").write_text(f"{ORDINARY_ID} {gid} 1\n")
    except OSError:
        sys.exit(NO_NAMESPACE)


if __name__ == "__main__":
    main(sys.argv[1:])
