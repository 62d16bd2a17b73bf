"""Whoever writes facts in a test without a conductor drives the interview for that."""

from __future__ import annotations

from uuid import UUID, uuid4

import asyncpg

from server.store import leases


async def lease(pool: asyncpg.Pool, interview_id: UUID) -> int:
    """The epoch to write under; whoever drove it before does not any more."""
    epoch = await leases.take(pool, interview_id, uuid4(), 60, force=True)
    assert epoch is not None
    return epoch
