"""The interviews that live in this process: open, attach, let go."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import get_args
from uuid import UUID

import asyncpg
import structlog

from server.core.events import EndReason, Fact, PersonActed, SteppedIn
from server.core.interview import Interview
from server.core.pack import Packs
from server.core.session import Session
from server.core.turn.patience import Patience
from server.language.speech import Pack
from server.plan import draft_plan
from server.realtime.conductor import Conductor
from server.realtime.ears import Ears
from server.realtime.errands import Engines
from server.realtime.leading import Spoken
from server.realtime.leases import Leases
from server.realtime.line import Line
from server.realtime.monitor import Monitor
from server.realtime.recording import Recording
from server.realtime.rehearsal import Rehearsal, Words
from server.realtime.sitting import Sitting
from server.store import facts as store
from server.store import standings
from server.store.conduct import conduct, packs_of
from server.store.interviews import StoredInterview
from server.store.pool import STORE_AWAY
from server.store.scope import within

STOP_S = 10.0
"""How long a server that goes down waits for a store that is away."""

ASK_S = 2.0

log = structlog.get_logger()


class Leaving(Exception):
    """This process takes no interview any more; another one does."""


class Gone(Exception):
    """Whoever came has left again: a client that gave up waiting for a server which was held up."""


@dataclass(frozen=True, slots=True)
class Live:
    """An interview that this process drives, under its lease's epoch."""

    conductor: Conductor
    task: asyncio.Task[None]
    epoch: int


class Registry:
    """Finds the conductor of an interview or rebuilds it from its facts."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        engines: Engines,
        monitor: Monitor,
        recording: Recording,
        patience: Patience,
        leases: Leases,
        packs: Packs[Pack],
    ) -> None:
        self._pool = pool
        self._engines = engines
        self._monitor = monitor
        self._recording = recording
        self._patience = patience
        self._leases = leases
        self._packs = packs
        self._live: dict[UUID, Live] = {}
        self.leaving = False
        """This process takes no interview any more."""

        monitor.on_voice = self._speaks
        self._opening: defaultdict[UUID, asyncio.Lock] = defaultdict(asyncio.Lock)

    @property
    def count(self) -> int:
        return sum(not live.conductor.over for live in self._live.values())

    @property
    def conductors(self) -> list[Conductor]:
        """Of what is not over."""
        return [live.conductor for live in self._live.values() if not live.conductor.over]

    def driven(self) -> list[UUID]:
        """What lives in this process."""
        return list(self._live)

    def step_in(self, interview_id: UUID, step: SteppedIn) -> None:
        """What a person wants, where it is not a fact yet; again is harmless."""
        live = self._live.get(interview_id)
        if live is not None and not live.conductor.over:
            live.conductor.take(PersonActed(step))

    def _speaks(self, interview_id: UUID, frame: bytes) -> bool:
        """The voice of a person who leads; whether the interview is driven here."""
        live = self._live.get(interview_id)
        if live is None or live.conductor.over:
            return False
        live.conductor.led(Spoken.unpacked(frame))
        return True

    def look(self) -> None:
        """Who follows what is driven here may have changed."""
        for live in self._live.values():
            live.conductor.look()

    async def wake(self, interview: StoredInterview) -> None:
        """Somebody drives it, be it only to end it. Raises as asyncpg does."""
        if await self._leases.free(interview.id):
            opening = self._opening[interview.id]
            async with opening:
                if interview.id not in self._live:
                    await self._open(interview)

    def present(self) -> list[UUID]:
        """Whose candidates are there just now."""
        return [one for one, live in self._live.items() if live.conductor.present]

    async def attach(
        self,
        interview: StoredInterview,
        line: Line,
        kept_ms: int = 0,
        gone: Callable[[], bool] = lambda: False,
    ) -> Conductor:
        """The newest connection drives, whichever process it comes to, unless it is ``gone``: it
        must not take the place of one that is there. Raises Leaving and Gone."""
        if self.leaving:
            raise Leaving
        async with self._opening[interview.id]:
            if gone():
                raise Gone
            live = self._live.get(interview.id)
            if live is None or not await self._still_ours(interview.id, live):
                live = await self._open(interview)
            elif gone():
                raise Gone
            live.conductor.attach(line, kept_ms)
        return live.conductor

    def rehearse(self, interview: StoredInterview, tell: Callable[[Words], None]) -> Rehearsal:
        """A practice for it by the same engines, which nobody drives and nothing is stored of."""
        return Rehearsal(f"rehearsal {interview.id}", self._engines, interview.language, tell)

    async def end(self, interview_id: UUID, reason: EndReason) -> None:
        """Here, or in whichever process drives it. Raises as asyncpg does."""
        await self._leases.end(interview_id, reason)

    async def run(self) -> None:
        """Keep the leases of what lives here; one task of the server."""
        await self._leases.run(self._epochs, self._let_go)

    async def stop(self) -> None:
        """Store what was told, close the lines; the interviews can be taken up again."""
        tasks = {live.task for live in self._live.values()}
        for live in list(self._live.values()):
            live.conductor.stop()
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=STOP_S)
        for task in late:
            task.cancel()
        if late:
            log.error("the store was away: the last facts are not in it", interviews=len(late))
            await asyncio.wait(late)

    def _epochs(self) -> dict[UUID, int]:
        return {interview_id: live.epoch for interview_id, live in self._live.items()}

    def _let_go(self, interview_id: UUID, epoch: int, end: str | None) -> None:
        live = self._live.get(interview_id)
        if live is None or live.epoch != epoch:
            return
        reason: EndReason | None = next((one for one in get_args(EndReason) if one == end), None)
        if reason is None:
            live.conductor.hand_over()
        else:
            live.conductor.end(reason)

    async def _still_ours(self, interview_id: UUID, live: Live) -> bool:
        """Another process may have driven it since, or it is just coming to its end here."""
        if not live.conductor.over and await self._held(interview_id, live.epoch):
            return True
        live.conductor.hand_over()
        await asyncio.wait({live.task}, timeout=ASK_S)
        return False

    async def _held(self, interview_id: UUID, epoch: int) -> bool:
        """A store that is away says nothing against us: what is not ours it will not take."""
        try:
            async with asyncio.timeout(ASK_S):
                return await self._leases.holds(interview_id, epoch)
        except STORE_AWAY:
            return True

    async def _open(self, stored: StoredInterview) -> Live:
        has_writer = self._engines.writer is not None
        agreed = conduct(stored)
        patience = replace(self._patience, pace=agreed.pace)
        with within(stored.organisation_id):
            spans = await self._recording.spans()
        rules = replace(agreed.rules, keep_days=spans.media_days)
        about = str(stored.id), stored.target_role, stored.language, stored.resume
        interview = Interview(*about, packs=packs_of(stored, self._packs), rules=rules)

        def begin(told: Sequence[Fact], audio_ms: int) -> Sitting:
            draft = partial(draft_plan, interview)
            session = Session(interview, Ears(), writer=has_writer, patience=patience)
            session.replay(told, audio_ms)
            return Sitting(session, draft)

        await standings.begin(self._pool, stored.id, rules.minutes)
        epoch = await self._leases.take(stored.id)  # from here on what is stored stays as it is
        told = store.told(await store.everything(self._pool, stored.id))
        stored_ms = await self._recording.stored_ms(stored.id)
        sitting = begin(told, stored_ms)
        recorder = await self._recording.open(stored.id, epoch, sitting.session.audio_ms)
        conductor = Conductor(
            stored.id,
            sitting,
            begin,
            told,
            replace(self._engines, rate=agreed.voice_rate),
            self._pool,
            self._monitor,
            epoch,
            stored_ms=stored_ms,
            kept=None if recorder is None else (recorder, self._recording.sound),
        )
        task = asyncio.create_task(self._drive(conductor, epoch), name=f"interview {stored.id}")
        live = self._live[stored.id] = Live(conductor, task, epoch)
        task.add_done_callback(lambda done: self._ended(stored.id, done))
        return live

    async def _drive(self, conductor: Conductor, epoch: int) -> None:
        try:
            await conductor.run()
        finally:
            await self._leases.give_back(conductor.interview_id, epoch)

    def _ended(self, interview_id: UUID, task: asyncio.Task[None]) -> None:
        live = self._live.get(interview_id)
        if live is not None and live.task is task:
            del self._live[interview_id]
            if not self._opening[interview_id].locked():
                del self._opening[interview_id]
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("interview broke off", interview_id=str(interview_id), exc_info=error)
