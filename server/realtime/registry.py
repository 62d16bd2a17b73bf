"""The interviews that live in this process: open, attach, let go."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import replace
from uuid import UUID

import asyncpg
import structlog

from server.core.session import Session
from server.core.state import Interview
from server.core.turn.patience import Patience
from server.realtime.conductor import Conductor
from server.realtime.errands import Engines
from server.realtime.line import Line
from server.realtime.monitor import Monitor
from server.realtime.recording import Recording
from server.store import facts as store
from server.store import templates
from server.store.interviews import StoredInterview

log = structlog.get_logger()


class Registry:
    """Finds the conductor of an interview or rebuilds it from its facts."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        engines: Engines,
        monitor: Monitor,
        recording: Recording,
        patience: Patience,
    ) -> None:
        self._pool = pool
        self._engines = engines
        self._monitor = monitor
        self._recording = recording
        self._patience = patience
        self._live: dict[UUID, tuple[Conductor, asyncio.Task[None]]] = {}
        self._opening: defaultdict[UUID, asyncio.Lock] = defaultdict(asyncio.Lock)

    @property
    def count(self) -> int:
        return len(self._live)

    async def attach(self, interview: StoredInterview, line: Line, kept_ms: int = 0) -> Conductor:
        async with self._opening[interview.id]:
            live = self._live.get(interview.id)
            conductor = live[0] if live else await self._open(interview)
            conductor.attach(line, kept_ms)
        return conductor

    async def stop(self) -> None:
        """Store what was told, close the lines; the interviews can be taken up again."""
        tasks = []
        for conductor, task in self._live.values():
            conductor.stop()
            tasks.append(task)
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _open(self, stored: StoredInterview) -> Conductor:
        interview = Interview(str(stored.id), stored.target_role, stored.language, stored.resume)
        has_writer = self._engines.writer is not None
        rules, patience = None, self._patience
        if stored.template is not None:
            template = templates.read(stored.template)
            rules, patience = template.rules(), replace(patience, pace=template.pace)
        session = Session(interview, writer=has_writer, patience=patience, rules=rules)
        rows = await store.everything(self._pool, stored.id)
        told = store.told(rows)
        session.replay(told)
        last_seq = rows[-1].seq if rows else 0
        recorder = await self._recording.open(stored.id, session.audio_ms)
        conductor = Conductor(
            stored.id, session, self._engines, self._pool, self._monitor, last_seq, recorder
        )
        conductor.already(told)
        task = asyncio.create_task(conductor.run(), name=f"interview {stored.id}")
        self._live[stored.id] = conductor, task
        task.add_done_callback(lambda done: self._ended(stored.id, done))
        return conductor

    def _ended(self, interview_id: UUID, task: asyncio.Task[None]) -> None:
        self._live.pop(interview_id, None)
        self._opening.pop(interview_id, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("interview broke off", interview_id=str(interview_id), exc_info=error)
