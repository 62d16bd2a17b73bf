"""What ``workers.scan`` and its process say to each other."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from server.document.kinds import Kind


@dataclass(frozen=True, slots=True)
class Limits:
    """``seconds``: CPU time of the process, and of each run of the recogniser. ``pixels``: of a
    picture as it was uploaded."""

    seconds: float = 60.0
    megabytes: int = 2_048
    pages: int = 5
    pixels: int = 80_000_000


class Order(msgspec.Struct):
    """Sent before the file's bytes. ``tether``: what starts programs that die with their parent."""

    size: int
    sha256: str
    kind: Kind
    program: str
    tether: str
    limits: Limits
