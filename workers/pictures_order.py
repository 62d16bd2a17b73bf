"""What ``workers.pictures`` and its drawing process say to each other."""

from __future__ import annotations

import msgspec


class Order(msgspec.Struct):
    """Sent before the file's bytes. ``seconds`` bounds the CPU time."""

    size: int
    pages: int = 10
    dots_per_inch: int = 110
    seconds: float = 10.0
    megabytes: int = 1_024


class Picture(msgspec.Struct):
    """``width`` and ``height`` are the displayed page's, in points; ``image`` is WebP."""

    page: int
    width: float
    height: float
    image: bytes
