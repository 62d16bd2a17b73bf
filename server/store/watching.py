"""How many people follow an interview in which process, for as long as that process says so."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple
from uuid import UUID

import asyncpg

from server.store.pool import transaction

GONE_S: Final = 6.0
"""What a process has not repeated for so long is not so any more."""

FORGET = """
DELETE FROM watching
WHERE (process = $1 AND interview_id <> ALL($2)) OR seen_at < now() - interval '1 minute'
"""
TELL = """
INSERT INTO watching (interview_id, process, people, listening)
SELECT told.interview_id, $1, told.people, told.listening
FROM unnest($2::uuid[], $3::int[], $4::int[]) AS told (interview_id, people, listening)
JOIN interviews ON interviews.id = told.interview_id
ON CONFLICT (interview_id, process) DO UPDATE
    SET people = EXCLUDED.people, listening = EXCLUDED.listening, seen_at = now()
"""
ELSEWHERE: Final = f"""
SELECT interview_id, sum(people)::int AS people, sum(listening)::int AS listening FROM watching
WHERE process <> $1 AND interview_id = ANY($2) AND seen_at > now() - interval '{GONE_S} seconds'
GROUP BY interview_id
"""  # noqa: S608 - a number of ours


class Company(NamedTuple):
    """So many follow an interview, and so many of them hear its sound."""

    people: int = 0
    listening: int = 0


async def tell(pool: asyncpg.Pool, process: UUID, following: Mapping[UUID, Company]) -> None:
    """All that are followed in this process; again before ``GONE_S`` is over."""
    counted = list(zip(*following.values(), strict=True)) or [(), ()]
    async with transaction(pool) as connection:
        await connection.execute(FORGET, process, list(following))
        await connection.execute(TELL, process, list(following), *map(list, counted))


async def elsewhere(
    pool: asyncpg.Pool, process: UUID, interviews: Collection[UUID]
) -> dict[UUID, Company]:
    """Who follows these in other processes."""
    rows = await pool.fetch(ELSEWHERE, process, list(interviews))
    return {row["interview_id"]: Company(row["people"], row["listening"]) for row in rows}
