"""The other way: the candidate would rather speak with a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from litestar import put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from server.store import interviews
from server.web.services import Services


class PersonWish(msgspec.Struct):
    """``wanted``: to speak with a person instead; false takes it back."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class PersonAsked:
    """``asked_at``: since when; null: not asked for."""

    asked_at: datetime | None


@put("/person")
async def ask_for_person(
    interview_id: FromPath[UUID],
    data: JSONBody[PersonWish],
    services: NamedDependency[Services],
) -> PersonAsked:
    """Tells the people who hire. Nothing is lost: the interview stays as it is, and open."""
    asked_at = await interviews.ask_for_person(services.pool, interview_id, wanted=data.wanted)
    return PersonAsked(asked_at)


HANDLERS = [ask_for_person]
