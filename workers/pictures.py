"""PDF -> pictures of its pages, drawn in a process of its own that has limits."""

from __future__ import annotations

import msgspec
import structlog

from workers import isolation
from workers.pictures_order import Order, Picture

MAX_REPLY = 32 * 1024 * 1024

log = structlog.get_logger()


async def draw_pages(content: bytes, order: Order | None = None) -> list[Picture]:
    """The first pages as pictures; none of a page that cannot be drawn within the limits."""
    order = order or Order(len(content))
    try:
        ending = await isolation.ask(
            "workers.pictures_child",
            msgspec.json.encode(order),
            content,
            seconds=order.seconds,
            max_reply=MAX_REPLY,
        )
    except (TimeoutError, isolation.TooMuch) as error:
        log.info("pages not drawn", reason=type(error).__name__)
        return []
    if not ending.reply:
        log.info("pages not drawn", returncode=ending.returncode)
        return []
    return msgspec.msgpack.decode(ending.reply, type=list[Picture])
