"""What candidates say was read wrongly of their résumé, and whoever reviews it sees."""

from __future__ import annotations

from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK

from server.store import disputes, resumes
from server.store.disputes import Dispute
from server.store.invitations import StoredInvitation
from server.web.guards import (
    RESUME_HERE,
    Allowed,
    InvitationStands,
    InvitedOnly,
    own_invitation,
)
from server.web.guests import OwnInvitation
from server.web.invited import count, shown
from server.web.paging import Page, Window
from server.web.problems import RESUME_NEEDED, TOO_MANY_DISPUTES, Problem
from server.web.problems_accounts import TOO_MANY_ATTEMPTS
from server.web.review import Field, Number
from server.web.services import Services

AT_ONCE: Final = 20
"""Of one invitation in a quarter of an hour."""
Words = Annotated[str, msgspec.Meta(max_length=2_000, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]


class DisputeOrder(msgspec.Struct):
    """``field``: what of the résumé was read wrongly, ``other`` for anything else."""

    field: Field | Literal["work", "education", "other"]
    words: Words


@post(
    "/disputes",
    status_code=HTTP_200_OK,
    refuses=[RESUME_NEEDED, TOO_MANY_ATTEMPTS, TOO_MANY_DISPUTES],
)
async def dispute(
    data: JSONBody[DisputeOrder],
    invitation: NamedDependency[StoredInvitation],
    services: NamedDependency[Services],
) -> Response[OwnInvitation]:
    """Say that something was read wrongly. It changes nothing: who invited sees it and corrects."""
    resume_id = invitation.resume_id
    stored = None if resume_id is None else await resumes.get(services.pool, resume_id)
    if stored is None or stored.status != "ready":
        raise Problem(RESUME_NEEDED)
    await count(services, "dispute", invitation.id, AT_ONCE)
    try:
        await disputes.add(services.pool, stored.id, data.field, data.words.strip())
    except disputes.TooMany as error:
        raise Problem(TOO_MANY_DISPUTES) from error
    return await shown(services, invitation)


@get("/{resume_id:uuid}/disputes")
async def list_disputes(
    resume_id: FromPath[UUID],
    window: NamedDependency[Window],
    services: NamedDependency[Services],
) -> Page[Dispute]:
    """What the candidate says is wrong in what was read."""
    after = window.after(Number) or 0
    found = await disputes.of_resume(services.pool, resume_id, after, window.fetch)
    return window.page(found, lambda one: one.id)


router = Router(
    "/",
    route_handlers=[
        Router(
            "/invitation",
            route_handlers=[dispute],
            guards=[InvitedOnly(), InvitationStands()],
            dependencies={"invitation": Provide(own_invitation)},
            tags=["invitation"],
        ),
        Router(
            "/resumes",
            route_handlers=[list_disputes],
            guards=[Allowed("see", "see résumés"), RESUME_HERE],
            tags=["resumes"],
        ),
    ],
)
