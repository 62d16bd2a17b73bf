"""What is not to be kept any longer goes, every hour."""

from __future__ import annotations

from typing import Any

import structlog

from server.store import retention
from server.store.pool import database_now
from workers.tools import Tools

log = structlog.get_logger()


async def let_go(ctx: dict[str, Any]) -> None:
    """Of every organisation, by its own clocks. Again is harmless."""
    tools: Tools = ctx["tools"]
    if tools.signer is None:
        return
    now = await database_now(tools.pool)
    gone = await retention.let_go(tools.pool, tools.signer, now, tools.media_days)
    if gone.sounds or gone.files or gone.people:
        log.info("time has passed", sounds=gone.sounds, files=gone.files, people=gone.people)
