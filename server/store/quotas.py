"""How much an organisation may add in a day of UTC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg

from server.store.pool import Connection, Executor

# The row makes those who add at once wait for one another: together they stay within it.
TAKE = """
INSERT INTO uploads (organisation_id, day, files, bytes)
VALUES ($1, (now() AT TIME ZONE 'utc')::date, 1, $2)
ON CONFLICT (organisation_id, day) DO UPDATE
    SET files = uploads.files + 1, bytes = uploads.bytes + EXCLUDED.bytes
RETURNING files, bytes,
    extract(epoch FROM date_trunc('day', now(), 'utc') + interval '1 day' - now()) AS seconds
"""
ADDED = """
SELECT coalesce(max(files), 0) AS files, coalesce(max(bytes), 0) AS bytes,
    extract(epoch FROM date_trunc('day', now(), 'utc') + interval '1 day' - now()) AS seconds
FROM uploads WHERE organisation_id = $1 AND day = (now() AT TIME ZONE 'utc')::date
"""
OWN = "SELECT resumes_per_day, upload_bytes_per_day FROM organisations WHERE id = $1"
FORGET = "DELETE FROM uploads WHERE day < (now() AT TIME ZONE 'utc')::date - 31"


@dataclass(frozen=True, slots=True)
class Quota:
    """Of this server; an organisation may have set itself less."""

    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Today:
    """What an organisation may add in this day, and has added; ``seconds``: until tomorrow."""

    most: Quota
    files: int
    bytes: int
    seconds: float


class Reached(Exception):
    """It would be more than the organisation may add today."""

    def __init__(self, today: Today) -> None:
        super().__init__(today)
        self.today: Final = today


async def take(connection: Connection, organisation: UUID, size: int, quota: Quota) -> None:
    """One more file of ``size`` bytes, in the transaction that adds it. Raises Reached."""
    taken = await connection.fetchrow(TAKE, organisation, size)
    own = await connection.fetchrow(OWN, organisation)
    assert taken is not None
    today = _today(taken, own, quota)
    if today.files > today.most.files or today.bytes > today.most.bytes:
        raise Reached(today)
    if today.files == 1:
        await connection.execute(FORGET)


async def left(on: Executor, organisation: UUID, quota: Quota) -> Today:
    added = await on.fetchrow(ADDED, organisation)
    own = await on.fetchrow(OWN, organisation)
    assert added is not None
    return _today(added, own, quota)


def _today(added: asyncpg.Record, own: asyncpg.Record | None, quota: Quota) -> Today:
    assert own is not None
    files = _least(quota.files, own["resumes_per_day"])
    most = _least(quota.bytes, own["upload_bytes_per_day"])
    return Today(Quota(files, most), added["files"], added["bytes"], float(added["seconds"]))


def _least(server: int, own: int | None) -> int:
    return server if own is None else min(server, own)
