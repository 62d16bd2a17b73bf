"""Recording in this process: the recorders of live interviews, consent, deletion."""

from __future__ import annotations

from typing import Final
from uuid import UUID
from weakref import WeakValueDictionary

import asyncpg
import structlog

from server.realtime.chunks import Chunks
from server.realtime.encoding import Encoding
from server.realtime.recorder import Recorder
from server.realtime.sound import Sound
from server.store import notices, recordings, retention
from server.store.notices import Told
from server.store.recordings import Consent
from server.store.retention import Spans
from server.store.sealing import Sealed, Seals

UNWRITTEN_DAYS: Final = 7
"""How long sound is kept that no engine can write down."""

log = structlog.get_logger()


class Recording:
    """Owns the encoding thread. ``keep_days``: of organisations that have not chosen."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        seals: Seals,
        *,
        offered: bool,
        keep_days: int,
        asked_by: str | None = None,
    ) -> None:
        self._pool = pool
        self._seals = seals
        self.keep_days = keep_days
        self._asked_by = asked_by
        self._encoding = Encoding()
        self._chunks = Chunks(pool)
        self._live: WeakValueDictionary[UUID, Recorder] = WeakValueDictionary()
        self.offered = offered
        """Whether candidates are asked; without that sound is kept only until it is words."""

        self.sound = Sound(pool, seals)

    async def stored_ms(self, interview_id: UUID) -> int:
        """Up to where on its audio clock the sound of the interview is stored."""
        return await recordings.end_ms(self._pool, interview_id)

    async def open(self, interview_id: UUID, epoch: int, start_ms: int = 0) -> Recorder | None:
        """The interview's recorder, under its lease; ``start_ms``: where the session's audio clock
        stands. None where its sound was sealed under a key that is not this server's: nothing of
        it is kept then, and the log says so."""
        try:
            seal = await self._seals.begin(self._pool, interview_id)
        except Sealed as error:
            log.error("sound not kept", interview_id=str(interview_id), reason=str(error))
            return None
        recorder = Recorder(
            self._pool,
            self._encoding,
            self._chunks,
            interview_id,
            seal,
            epoch,
            start_ms=start_ms,
        )
        self._live[interview_id] = recorder
        return recorder

    def told(self, version: str | None, language: str, spans: Spans) -> Told:
        """What the notice says now, as a candidate read it."""
        media_days, record_days = spans.media_days, spans.record_days
        days = media_days if self.offered else None
        who = self._asked_by
        return Told(version, language, who, days, UNWRITTEN_DAYS, media_days, record_days)

    async def spans(self) -> Spans:
        """How long things are kept, by the organisation in scope."""
        return await retention.spans(self._pool, self.keep_days)

    async def show(self, interview_id: UUID, told: Told) -> None:
        """The candidate was told what is kept; what they agreed to stays as it was."""
        await notices.add(self._pool, interview_id, "shown", told)

    async def agree(self, interview_id: UUID, told: Told) -> Consent:
        """What is said from now on is kept."""
        return await recordings.agree(self._pool, interview_id, told)

    async def withdraw(self, interview_id: UUID, told: Told) -> Consent:
        """Nothing more is recorded, and what was is deleted."""
        consent = await recordings.withdraw(self._pool, interview_id, told)
        self._settle_now(interview_id)
        return consent

    async def delete(self, interview_id: UUID) -> int:
        """Deletes what was recorded so far; the number of answers that had a recording."""
        deleted = await recordings.delete(self._pool, interview_id)
        self._settle_now(interview_id)
        log.info("recordings deleted", interview_id=str(interview_id), answers=deleted)
        return deleted

    def _settle_now(self, interview_id: UUID) -> None:
        if (recorder := self._live.get(interview_id)) is not None:
            recorder.settle_now()

    def close(self) -> None:
        self._encoding.close()
