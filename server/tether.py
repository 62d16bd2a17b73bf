"""Run a program that dies with its parent: ``tether.py SIGNAL PARENT_PID ROOT|- PROGRAM ARGS...``.

Started as a file, by a bare interpreter, so that it costs milliseconds and imports nothing of ours.
With ``ROOT`` a superuser becomes an ordinary user in a user namespace of its own, because
PostgreSQL refuses to run as uid 0; files stay owned by the superuser outside.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
ORDINARY_ID = 65534
NO_NAMESPACE = 97
"""Exit status where this kernel or container refuses a user namespace."""


def main(arguments: list[str]) -> None:
    death_signal, parent, root, *command = arguments
    if root == "ROOT" and os.geteuid() == 0:
        _leave_root()
    if sys.platform == "linux":
        # After the namespace: a change of credentials clears it. It survives exec.
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit(0)  # the parent died before the tether held
    os.execv(command[0], command)


def _leave_root() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "unshare") or libc.unshare(CLONE_NEWUSER) != 0:
        sys.exit(NO_NAMESPACE)
    try:
        Path("/proc/self/uid_map").write_text(f"{ORDINARY_ID} 0 1\n")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/gid_map").write_text(f"{ORDINARY_ID} 0 1\n")
    except OSError:
        sys.exit(NO_NAMESPACE)


if __name__ == "__main__":
    main(sys.argv[1:])
