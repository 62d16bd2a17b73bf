"""What a candidate was told and agreed to, in order; nothing of it is ever changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from server.store.pool import Executor

Kind = Literal["shown", "agreed", "withdrawn"]

ADD = """
INSERT INTO notices
    (interview_id, kind, version, language, who, recording_days, unwritten_days, media_days,
     record_days)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
OF_INTERVIEW = """
SELECT kind, version, language, who, recording_days, unwritten_days, told_at, media_days,
       record_days
FROM notices WHERE interview_id = $1 ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What the notice said when it was read. ``version`` is None where a client showed a text of
    its own, ``who`` where nobody was named, ``recording_days`` where no recording was offered.
    ``media_days``: how long page pictures and PDF are kept, ``record_days``: how long everything
    is; None: that was not said."""

    version: str | None
    language: str
    who: str | None
    recording_days: int | None
    unwritten_days: int
    media_days: int | None = None
    record_days: int | None = None


@dataclass(frozen=True, slots=True)
class StoredNotice:
    kind: Kind
    version: str | None
    language: str
    who: str | None
    recording_days: int | None
    unwritten_days: int
    told_at: datetime
    media_days: int | None = None
    record_days: int | None = None


async def add(on: Executor, interview_id: UUID, kind: Kind, told: Told) -> None:
    row: tuple[Any, ...] = (
        told.version, told.language, told.who, told.recording_days, told.unwritten_days,
        told.media_days, told.record_days,
    )  # fmt: skip
    await on.execute(ADD, interview_id, kind, *row)


async def of_interview(on: Executor, interview_id: UUID) -> list[StoredNotice]:
    return [StoredNotice(**row) for row in await on.fetch(OF_INTERVIEW, interview_id)]
