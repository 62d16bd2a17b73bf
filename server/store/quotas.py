"""How much an organisation may add in a day of UTC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from server.store.pool import Connection

# The row makes those who add at once wait for one another: together they stay within it.
TAKE = """
INSERT INTO uploads (organisation_id, day, files, bytes)
VALUES ($1, (now() AT TIME ZONE 'utc')::date, 1, $2)
ON CONFLICT (organisation_id, day) DO UPDATE
    SET files = uploads.files + 1, bytes = uploads.bytes + EXCLUDED.bytes
RETURNING files, bytes,
    extract(epoch FROM date_trunc('day', now(), 'utc') + interval '1 day' - now()) AS seconds
"""
OWN = "SELECT resumes_per_day, upload_bytes_per_day FROM organisations WHERE id = $1"
FORGET = "DELETE FROM uploads WHERE day < (now() AT TIME ZONE 'utc')::date - 31"


@dataclass(frozen=True, slots=True)
class Quota:
    """Of this server; an organisation may have set itself less."""

    files: int
    bytes: int


class Reached(Exception):
    """It would be more than the organisation may add today; ``seconds``: until tomorrow."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds: Final = max(1, round(seconds))


async def take(connection: Connection, organisation: UUID, size: int, quota: Quota) -> None:
    """One more file of ``size`` bytes, in the transaction that adds it. Raises Reached."""
    taken = await connection.fetchrow(TAKE, organisation, size)
    own = await connection.fetchrow(OWN, organisation)
    assert taken is not None
    assert own is not None
    files = _least(quota.files, own["resumes_per_day"])
    most = _least(quota.bytes, own["upload_bytes_per_day"])
    if taken["files"] > files or taken["bytes"] > most:
        raise Reached(float(taken["seconds"]))
    if taken["files"] == 1:
        await connection.execute(FORGET)


def _least(server: int, own: int | None) -> int:
    return server if own is None else min(server, own)
