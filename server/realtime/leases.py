"""One owner for each interview: the newest connection's process, whichever machine it runs on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import structlog

from server.clock import now
from server.core.events import EndReason
from server.store import leases as store
from server.store.pool import STORE_AWAY

HELD_S = 15.0
"""A process that cannot renew for so long counts as dead."""

RENEW_S = 5.0
HANDOVER_S = 0.7
"""How long the process that drives the interview may take to store what was told and let go. One
that is dead, frozen or cut off is overtaken then: from that moment it can write nothing."""

LOOK_S = 0.05

LetGo = Callable[[UUID, int, str | None], None]
"""With the interview, its epoch, and why the interview is to end with it."""

log = structlog.get_logger()


class Leases:
    """This process's leases. ``run`` is one task of the server."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._holder = uuid4()

    async def take(self, interview_id: UUID) -> int:
        """The epoch under which this process drives the interview from now on. Raises as asyncpg
        does."""
        epoch = await self._try(interview_id)
        if epoch is not None:
            return epoch
        await store.want(self._pool, interview_id)
        until = now() + HANDOVER_S
        while epoch is None:
            await asyncio.sleep(LOOK_S)
            epoch = await self._try(interview_id, force=now() >= until)
        return epoch

    async def end(self, interview_id: UUID, reason: EndReason) -> None:
        """Have whoever drives the interview end it, and wait a moment until that is stored and
        told. Who does not in time is left to be fenced."""
        await store.want(self._pool, interview_id, reason)
        until = now() + HANDOVER_S
        driven = True
        while driven and now() < until:
            await asyncio.sleep(LOOK_S)
            driven = not await store.free(self._pool, interview_id)

    async def free(self, interview_id: UUID) -> bool:
        """Whether nobody drives it. Raises as asyncpg does."""
        return await store.free(self._pool, interview_id)

    async def take_free(self, interview_id: UUID) -> int | None:
        """None where somebody drives it, be it this process. Raises as asyncpg does."""
        return await store.take(self._pool, interview_id, uuid4(), HELD_S, force=False)

    async def _try(self, interview_id: UUID, *, force: bool = False) -> int | None:
        return await store.take(self._pool, interview_id, self._holder, HELD_S, force=force)

    async def holds(self, interview_id: UUID, epoch: int) -> bool:
        """Renews it on the way. Raises as asyncpg does."""
        return bool(await store.renew(self._pool, {interview_id: epoch}, HELD_S))

    async def give_back(self, interview_id: UUID, epoch: int) -> None:
        """Never fails: what is not given back ends by itself."""
        try:
            await store.give_back(self._pool, interview_id, epoch)
        except STORE_AWAY as error:
            log.warning("lease not given back", error=type(error).__name__)

    async def run(self, held: Callable[[], Mapping[UUID, int]], let_go: LetGo) -> None:
        """Renew what is ``held`` and call ``let_go`` for what another process wants or has."""
        while True:
            try:
                async with self._pool.acquire() as connection:
                    await self._serve(connection, held, let_go)
            except STORE_AWAY as error:
                log.warning("leases not renewed", error=type(error).__name__)
            await asyncio.sleep(RENEW_S / 5)

    async def _serve(
        self,
        connection: asyncpg.pool.PoolConnectionProxy,
        held: Callable[[], Mapping[UUID, int]],
        let_go: LetGo,
    ) -> None:
        def on_wanted(_connection: object, _pid: int, _channel: str, payload: Any) -> None:
            interview_id, epoch, end = store.wanted(payload)
            if held().get(interview_id) == epoch:
                let_go(interview_id, epoch, end)

        await connection.add_listener(store.WANTED, on_wanted)
        try:
            while not connection.is_closed():
                await self._renew(held(), let_go)
                await asyncio.sleep(RENEW_S)
        finally:
            # What breaks here must not take the place of our being cancelled.
            with suppress(*STORE_AWAY):
                await connection.remove_listener(store.WANTED, on_wanted)

    async def _renew(self, epochs: Mapping[UUID, int], let_go: LetGo) -> None:
        epochs = dict(epochs)
        if not epochs:
            return
        kept = await store.renew(self._pool, epochs, HELD_S)
        for interview_id, epoch in epochs.items():
            if interview_id not in kept:
                let_go(interview_id, epoch, None)
