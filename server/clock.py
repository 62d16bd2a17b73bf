"""The one clock of the shells: that of the running loop, which its timers go by as well."""

from __future__ import annotations

import asyncio


def now() -> float:
    """Seconds; only the difference of two means something."""
    return asyncio.get_running_loop().time()
