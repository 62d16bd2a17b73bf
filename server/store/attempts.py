"""How often somebody tried something lately: to sign in, for one account or from one address, or
to add what makes work."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from server.store.pool import Executor, transaction

WITHIN: Final = timedelta(minutes=15)
KEPT: Final = timedelta(hours=1)
"""The longest within which anything is counted."""

# One after the other for each name: a statement does not see what others have not committed yet.
LOCK = """
SELECT pg_advisory_xact_lock(hashtextextended(encode(key, 'hex'), 0))
FROM (SELECT unnest($1::bytea[]) AS key ORDER BY key) AS keys
"""
# Counted before it is known how it ends: of many at once none gets more tries than the others left.
ADD = """
WITH added AS (
    INSERT INTO sign_in_attempts (key) SELECT unnest($1::bytea[]) RETURNING key
)
SELECT key, (
    SELECT count(*) FROM sign_in_attempts AS earlier
    WHERE earlier.key = added.key AND at > now() - $2::interval
) AS earlier, (
    SELECT extract(epoch FROM min(at) + $2::interval - now()) FROM sign_in_attempts AS earlier
    WHERE earlier.key = added.key AND at > now() - $2::interval
) AS seconds
FROM added
"""
FORGIVE = "DELETE FROM sign_in_attempts WHERE key = ANY ($1::bytea[])"
TAKE_BACK = """
DELETE FROM sign_in_attempts WHERE id = (SELECT max(id) FROM sign_in_attempts WHERE key = $1)
"""
FORGET = "DELETE FROM sign_in_attempts WHERE at < now() - $1::interval"


@dataclass(frozen=True, slots=True)
class Tally:
    """``left``: how many attempts are left of ``most`` after this one; less than 0: this was one
    too many. ``seconds``: until the oldest of them is forgotten."""

    most: int
    left: int
    seconds: float


async def tally(on: Executor, most: Mapping[str, int], within: timedelta = WITHIN) -> list[Tally]:
    """Of each of these names another attempt, of ``most`` within that time, at most an hour."""
    keys = {_hashed(name): limit for name, limit in most.items()}
    async with transaction(on) as connection:
        await connection.execute(LOCK, list(keys))
        await connection.execute(FORGET, KEPT)
        rows = await connection.fetch(ADD, list(keys), within)
    return [_tally(keys[row["key"]], row["earlier"], row["seconds"], within) for row in rows]


async def add(on: Executor, most: Mapping[str, int], within: timedelta = WITHIN) -> Tally | None:
    """The same. None where none had ``most`` before; else the one that is to be waited for the
    longest."""
    late = [one for one in await tally(on, most, within) if one.left < 0]
    return max(late, key=lambda one: one.seconds) if late else None


async def forgive(on: Executor, *names: str) -> None:
    """It succeeded: what was tried before does not count."""
    await on.execute(FORGIVE, [_hashed(name) for name in names])


async def take_back(on: Executor, name: str) -> None:
    """This one attempt does not count, those before it do."""
    await on.execute(TAKE_BACK, _hashed(name))


def _tally(most: int, earlier: int, seconds: float | None, within: timedelta) -> Tally:
    return Tally(most, most - earlier - 1, float(seconds or within.total_seconds()))


def _hashed(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()
