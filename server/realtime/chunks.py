"""The sound of all live interviews on its way to the store, in one statement for many of them."""

from __future__ import annotations

import asyncio
from typing import Final
from uuid import UUID

import asyncpg

from server.clock import now
from server.store import recordings
from server.store.recordings import Chunk, Heard
from server.store.scope import everywhere

EVERY_S: Final = 0.9
"""A crash loses what was said since, where the client keeps nothing: with what encoding and storing
take, less than a second."""

TOGETHER_S: Final = 0.05
"""What comes within this is stored together."""

MOST: Final = 100
"""Of one statement: 400 KB of sound."""

Waiting = tuple[Heard, asyncio.Future[bool]]


class Chunks:
    """One for the process. All recorders cut at the same instants, so that what they cut can go
    together; those of other processes are others."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._began = now()
        self._waiting: list[Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def due(self) -> None:
        """Wait for the next instant at which all cut; where it is about now, for the one after."""
        left_s = EVERY_S - (now() - self._began) % EVERY_S
        await asyncio.sleep(left_s if left_s > EVERY_S / 10 else left_s + EVERY_S)

    async def add(self, interview_id: UUID, epoch: int, chunk: Chunk) -> bool:
        """Store it with what others have. False where another process drives the interview. Raises
        as asyncpg does."""
        stored: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append(((interview_id, epoch, chunk), stored))
        if self._writing is None:
            # For everybody's interviews, whoever was the first to have something.
            with everywhere():
                self._writing = asyncio.create_task(self._write())
        return await stored

    async def _write(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(TOGETHER_S)
                some, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._store([one for one in some if not one[1].done()])
        finally:
            self._writing = None

    async def _store(self, some: list[Waiting]) -> None:
        if not some:
            return
        try:
            driven = await recordings.add(self._pool, [heard for heard, _ in some])
        # Whatever it is, those who wait are told, and each decides by itself.
        except BaseException as error:
            for _, stored in some:
                if not stored.done():
                    stored.set_exception(error)
            if not isinstance(error, Exception):
                raise
            return
        for (interview_id, epoch, _), stored in some:
            if not stored.done():
                stored.set_result((interview_id, epoch) in driven)
