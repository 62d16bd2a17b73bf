"""What candidates may declare of themselves for the statistics, and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import msgspec
from litestar import Router, delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_204_NO_CONTENT

from server.evidence.impact import Impact, Race, Sex, impact
from server.store import declarations
from server.store.declarations import NotOver
from server.web.guards import OPENING_HERE, Allowed
from server.web.problems import DECLARED_EARLY, Problem
from server.web.services import Services


class Declaration(msgspec.Struct):
    """Null: not said. Both null take back what was declared."""

    sex: Sex | None = None
    race: Race | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """Whether something is declared. What it is nobody is told."""

    declared: bool


@get("/declaration")
async def show_declared(
    interview_id: FromPath[UUID], services: NamedDependency[Services]
) -> Declared:
    """For the candidate: whether they declared something."""
    return Declared(await declarations.declared(services.pool, interview_id))


@put("/declaration", refuses=[DECLARED_EARLY])
async def declare(
    interview_id: FromPath[UUID],
    data: JSONBody[Declaration],
    services: NamedDependency[Services],
) -> Declared:
    """For the candidate, after the interview and of their own will: it is counted, and shown to
    nobody who decides or anybody else."""
    try:
        await declarations.declare(services.pool, interview_id, data.sex, data.race)
    except NotOver as error:
        raise Problem(DECLARED_EARLY) from error
    return Declared(bool(data.sex or data.race))


@delete("/declaration", status_code=HTTP_204_NO_CONTENT)
async def withdraw(interview_id: FromPath[UUID], services: NamedDependency[Services]) -> None:
    """Nothing of it is left."""
    await declarations.withdraw(services.pool, interview_id)


@get("/impact")
async def show_impact(services: NamedDependency[Services]) -> Impact:
    """Of everybody in the organisation whom somebody decided on: selection rates and impact ratios
    of the groups that people declared. What is too small is withheld."""
    return impact(await declarations.counted(services.pool, None))


@get("/openings/{opening_id:uuid}/impact", guards=[OPENING_HERE])
async def show_impact_of_opening(
    opening_id: FromPath[UUID], services: NamedDependency[Services]
) -> Impact:
    """The same of one opening."""
    return impact(await declarations.counted(services.pool, opening_id))


OWN = [show_declared, declare, withdraw]
"""For the candidate, of their interview."""

router = Router(
    "/",
    route_handlers=[show_impact, show_impact_of_opening],
    guards=[Allowed("manage", "see how decisions fall on groups")],
    tags=["privacy"],
)
