"""The facts of one interview on their way to the store, in order, until they are durable."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import asyncpg
import structlog

from server.core.events import Fact
from server.store import facts as store

RETRY_S = (0.1, 0.3, 1.0, 2.0, 5.0)

AWAY = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
)
"""The database is down, full, restarting or busy: trying again may help."""

log = structlog.get_logger()

OnStored = Callable[[Sequence[Fact]], Awaitable[None]]


class Ledger:
    """Writes what one step told in one transaction; while the database is away, it waits."""

    def __init__(self, pool: asyncpg.Pool, interview_id: UUID, last_seq: int) -> None:
        self._pool = pool
        self._interview_id = interview_id
        self._told = last_seq
        self._durable = last_seq
        self._queue: asyncio.Queue[tuple[int, Sequence[Fact]] | None] = asyncio.Queue()
        self._moved = asyncio.Condition()

    def tell(self, facts: Sequence[Fact]) -> int:
        """Take facts to be stored together; returns the number of the last."""
        self._queue.put_nowait((self._told + 1, facts))
        self._told += len(facts)
        return self._told

    def close(self) -> None:
        """``run`` returns once everything told so far is stored."""
        self._queue.put_nowait(None)

    async def durable(self, seq: int) -> None:
        async with self._moved:
            await self._moved.wait_for(lambda: self._durable >= seq)

    async def run(self, on_stored: OnStored) -> None:
        """Store in order; ``on_stored`` gets each group afterwards. Raises OutOfTurn."""
        while (entry := await self._queue.get()) is not None:
            first_seq, group = entry
            await self._store(first_seq, group)
            async with self._moved:
                self._durable = first_seq + len(group) - 1
                self._moved.notify_all()
            await on_stored(group)

    async def _store(self, first_seq: int, group: Sequence[Fact]) -> None:
        attempt = 0
        while True:
            try:
                await store.append(self._pool, self._interview_id, first_seq, group)
                return
            except store.OutOfTurn:
                # The commit of a try whose connection broke may have gone through.
                if attempt and await self._already_stored(first_seq, group):
                    return
                raise
            except AWAY as error:
                log.warning(
                    "facts not stored yet",
                    interview_id=str(self._interview_id),
                    attempt=attempt,
                    error=type(error).__name__,
                )
            await asyncio.sleep(RETRY_S[min(attempt, len(RETRY_S) - 1)])
            attempt += 1

    async def _already_stored(self, first_seq: int, group: Sequence[Fact]) -> bool:
        stored = await store.after(self._pool, self._interview_id, first_seq - 1, len(group))
        return store.told(stored) == [*group]
