"""Organisations and the people in them."""

from __future__ import annotations

from server.store.pool import Executor

ANY_JOINED = "SELECT EXISTS (SELECT FROM users WHERE joined_at IS NOT NULL)"


async def any_joined(on: Executor) -> bool:
    """Whether anybody has ever signed in."""
    return bool(await on.fetchval(ANY_JOINED))
