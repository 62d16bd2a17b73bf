"""What is left when nobody drives an interview: its last sound becomes words, the rest goes.

Any server process does it, for any interview, under its lease: also after one that died.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

import asyncpg
import structlog

from server.clock import now
from server.core.events import Language, SegmentPending, Tell
from server.core.interview import identified
from server.core.state import Memory
from server.ports import EngineError
from server.realtime.backlog import GONE, words_of
from server.realtime.errands import Engines, Errands
from server.realtime.leases import Leases
from server.realtime.mending import Mending
from server.realtime.monitor import Monitor
from server.realtime.recording import UNWRITTEN_DAYS, Recording
from server.store import facts, interviews, recordings
from server.store.facts import OutOfTurn
from server.store.interviews import StoredInterview
from server.store.pool import STORE_AWAY, database_now
from server.store.sealing import Sealed

LOOK_S: Final = 4.0
AT_ONCE: Final = 16
DEAD_S: Final = 40.0
"""So long a lease has not been renewed, beyond its own time, when its holder counts as dead."""

FRESH: Final = timedelta(hours=1)
AGAIN_S: Final = 10.0
AGAIN_LATER_S: Final = 300.0
"""How soon it is tried again: while it is fresh, and from then on."""

EVERYTHING_MS: Final = 2**40
GIVEN_UP: Final = "it could not be written down in time"

log = structlog.get_logger()


class Afterwards:
    """``run`` is one task of the server. ``languages``: those that interviews are held in."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        engines: Engines,
        recording: Recording,
        leases: Leases,
        monitor: Monitor,
        languages: Collection[Language],
    ) -> None:
        self.languages = languages
        self.pool = pool
        self.engines = engines
        self.recording = recording
        self.leases = leases
        self.monitor = monitor
        self._unrenewed: dict[UUID, float] = {}

    async def run(self) -> None:
        while True:
            try:
                for interview_id in self._left(await recordings.due(self.pool, AT_ONCE)):
                    await self._try(interview_id)
            except STORE_AWAY as error:
                self._unrenewed = {}
                log.warning("what is left of interviews waits", error=type(error).__name__)
            await asyncio.sleep(LOOK_S)

    def _left(self, due: Mapping[UUID, bool]) -> list[UUID]:
        """Of those that are due, the ones that nobody drives. Whoever does not renew a lease is
        dead only if that stays so while the database is there."""
        self._unrenewed = {one: self._unrenewed.get(one, now()) for one in due if not due[one]}
        dead = {one for one, since in self._unrenewed.items() if now() - since >= DEAD_S}
        return [one for one, free in due.items() if free or one in dead]

    async def _try(self, interview_id: UUID) -> None:
        """Raises as asyncpg does."""
        try:
            await self.finish(interview_id)
        except STORE_AWAY:
            raise
        # Whatever is wrong with one interview must not stand in the way of the others.
        except Exception:
            log.exception("an interview's sound could not be seen to", id=str(interview_id))
            await recordings.postpone(self.pool, interview_id, AGAIN_LATER_S)

    async def finish(self, interview_id: UUID) -> None:
        """All of it that can be done now. Raises as asyncpg does."""
        epoch = await self.leases.take_free(interview_id)
        if epoch is None:
            return
        try:
            stored = await interviews.get(self.pool, interview_id)
            if stored is not None:
                await Rest(self, stored, epoch).finish()
        except OutOfTurn:
            log.info("the candidate is back", interview_id=str(interview_id))
        finally:
            await self.leases.give_back(interview_id, epoch)


class Rest:
    """Of one interview."""

    def __init__(self, of: Afterwards, stored: StoredInterview, epoch: int) -> None:
        self._of = of
        self._id = stored.id
        self._epoch = epoch
        self._memory = Memory(stored.language)
        self._mending = Mending(self._memory, lambda what: identified(str(stored.id), what))
        self._errands = Errands(str(stored.id), of.engines, lambda _: None, of.languages)
        self._seq = 0
        self._log = log.bind(interview_id=str(stored.id))

    async def finish(self) -> None:
        pool = self._of.pool
        told = facts.told(await facts.everything(pool, self._id))
        self._memory.recall(told)
        self._seq = len(told)
        stored_ms = await self._of.recording.stored_ms(self._id)
        await self._tell(self._mending.interrupted(stored_ms))
        for pending in self._memory.state.pending:
            if not await self._write_down(pending):
                fresh = await self._waits() < FRESH
                await recordings.postpone(pool, self._id, AGAIN_S if fresh else AGAIN_LATER_S)
                return
        await recordings.settle(pool, self._id, EVERYTHING_MS)
        await recordings.done(pool, self._id)

    async def _write_down(self, pending: SegmentPending) -> bool:
        """Whether it is settled, one way or the other."""
        sound = self._of.recording.sound
        try:
            pcm = await sound.pcm(self._id, pending.start_ms, pending.end_ms)
            words = await words_of(self._errands, pending, pcm) if pcm else None
        except (EngineError, Sealed) as error:
            self._log.warning("sound not written down yet", turn=pending.turn, reason=str(error))
            if await self._waits() < timedelta(days=UNWRITTEN_DAYS):
                return False
            await self._tell(self._mending.given_up(pending, GIVEN_UP))
            return True
        if words is None:
            await self._tell(self._mending.given_up(pending, GONE))
            return True
        await self._tell(self._mending.words(words))
        return True

    async def _waits(self) -> timedelta:
        """How long the oldest of it has been waiting."""
        since = await recordings.waiting_since(self._of.pool, self._id)
        return timedelta() if since is None else await database_now(self._of.pool) - since

    async def _tell(self, told: Sequence[Tell]) -> None:
        """Raises OutOfTurn."""
        if not told:
            return
        some = [tell.fact for tell in told]
        await facts.append(self._of.pool, self._id, self._epoch, self._seq + 1, some)
        self._seq += len(some)
        self._of.monitor.announce(self._id)
