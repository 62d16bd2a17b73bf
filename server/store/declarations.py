"""Groups that candidates said they belong to. Nobody reads one of these: they come out counted."""

from __future__ import annotations

from uuid import UUID

from server.evidence.impact import Declared, Race, Sex
from server.store.pool import Executor, transaction

OVER = "SELECT status = 'ended' FROM interviews WHERE id = $1"
EXISTS = "SELECT EXISTS (SELECT FROM declarations WHERE interview_id = $1)"
ADD = "INSERT INTO declarations (interview_id, sex, race) VALUES ($1, $2, $3)"
REMOVE = "DELETE FROM declarations WHERE interview_id = $1"
COUNT = "SELECT sex, race, selected, people FROM viva_impact($1)"


class NotOver(Exception):
    """Before the end of the interview nothing of the kind is asked or taken."""


async def declare(on: Executor, interview_id: UUID, sex: Sex | None, race: Race | None) -> None:
    """In the place of what was declared before; nothing at all takes that back. Raises NotOver."""
    async with transaction(on) as connection:
        if not await connection.fetchval(OVER, interview_id):
            raise NotOver
        await connection.execute(REMOVE, interview_id)
        if sex or race:
            await connection.execute(ADD, interview_id, sex, race)


async def declared(on: Executor, interview_id: UUID) -> bool:
    """Whether, never what."""
    return bool(await on.fetchval(EXISTS, interview_id))


async def withdraw(on: Executor, interview_id: UUID) -> None:
    await on.execute(REMOVE, interview_id)


async def counted(on: Executor, opening_id: UUID | None) -> list[Declared]:
    """Of an opening, or of the whole organisation, those whom somebody decided on."""
    return [Declared(**row) for row in await on.fetch(COUNT, opening_id)]
