"""The facts of one interview on their way to the store, in order, until they are durable."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from uuid import UUID

import asyncpg
import structlog

from server.core.events import Fact
from server.store import facts as store
from server.store.standings import Standing

RETRY_S = (0.1, 0.3, 1.0)

log = structlog.get_logger()

OnStored = Callable[[Sequence[Fact]], None]


class Ledger:
    """Writes what one step told in one transaction, with what others told meanwhile, under a
    lease's ``epoch``. Whatever the database says, it goes on trying; only ``OutOfTurn`` ends it."""

    def __init__(self, pool: asyncpg.Pool, interview_id: UUID, epoch: int, last_seq: int) -> None:
        self._pool = pool
        self._interview_id = interview_id
        self._epoch = epoch
        self._told = last_seq
        self._durable = last_seq
        self._standing: Standing | None = None
        """Known once something was stored under this epoch, until a try fails."""

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
            first_seq, group = entry[0], [*entry[1], *self._waiting()]
            await self._store(first_seq, group)
            async with self._moved:
                self._durable = first_seq + len(group) - 1
                self._moved.notify_all()
            on_stored(group)

    def _waiting(self) -> list[Fact]:
        """What was told while the last was being stored."""
        told: list[Fact] = []
        while not self._queue.empty():
            entry = self._queue.get_nowait()
            if entry is None:
                self.close()  # behind this
                break
            told += entry[1]
        return told

    async def _store(self, first_seq: int, group: Sequence[Fact]) -> None:
        attempt = 0
        while not await self._try(first_seq, group, attempt):
            await asyncio.sleep(RETRY_S[min(attempt, len(RETRY_S) - 1)])
            attempt += 1

    async def _try(self, first_seq: int, group: Sequence[Fact], attempt: int) -> bool:
        """Whether the group is stored. Raises OutOfTurn."""
        try:
            await self._append(first_seq, group, again=attempt > 0)
        except store.OutOfTurn:
            raise
        # A database has many words for "not now", and no list of them was ever whole: terminated,
        # read-only, full, restarting, unreachable. What was said is not given up for any of them.
        except Exception as error:  # noqa: BLE001
            self._standing = None  # the try may have changed it
            log.warning(
                "facts not stored yet",
                interview_id=str(self._interview_id),
                attempt=attempt,
                error=type(error).__name__,
            )
            # The next try goes over a new connection: an old one may lead to a server that has
            # become read-only, and tells so for ever.
            await self._pool.expire_connections()
            return False
        return True

    async def _append(self, first_seq: int, group: Sequence[Fact], *, again: bool) -> None:
        told = self._interview_id, self._epoch, first_seq, group
        try:
            self._standing = await store.append(self._pool, *told, self._standing)
        except store.OutOfTurn:
            # The commit of a try whose connection broke may have gone through.
            if not (again and await self._already_stored(first_seq, group)):
                raise

    async def _already_stored(self, first_seq: int, group: Sequence[Fact]) -> bool:
        stored = await store.after(self._pool, self._interview_id, first_seq - 1, len(group))
        return store.told(stored) == [*group]
