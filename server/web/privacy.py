"""What people and those who hire can do about what is kept: delete, and hold for a legal matter."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Router, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from server.store import erasure, holds, interviews
from server.store.erasure import NobodyThere, Receipt
from server.store.holds import LegalHold, OnHold
from server.store.interviews import StoredInterview
from server.store.invitations import StoredInvitation
from server.store.pool import Connection
from server.web import archive
from server.web.guards import RESUME_HERE, Allowed, InvitedOnly, own_invitation
from server.web.once import Once
from server.web.paging import Page, Since, Window, instant
from server.web.problems import (
    HOLD_NOT_FOUND,
    INTERVIEW_NOT_FOUND,
    INVITATION_OVER,
    ON_HOLD,
    RESUME_NOT_FOUND,
    Problem,
)
from server.web.services import Services

AskedBy = Literal["candidate", "company"]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"^[^\x00]*\S[^\x00]*$")]


class HoldOrder(msgspec.Struct):
    """``interview_id``: of one interview only; else all that is kept of the person is held."""

    reason: Reason
    interview_id: UUID | None = None


@delete("/", status_code=HTTP_200_OK, refuses=[ON_HOLD, INTERVIEW_NOT_FOUND])
async def delete_own(
    interview: NamedDependency[StoredInterview], services: NamedDependency[Services]
) -> Receipt:
    """For the candidate: delete all that is kept of them, which ends the interview and their way
    in. Answers a signed receipt, which is shown this once."""
    resume_id = await interviews.resume_of(services.pool, interview.id)
    try:
        if resume_id is None:
            raise NobodyThere
        return await _erase(services, resume_id, "candidate")
    except NobodyThere as error:
        raise Problem(INTERVIEW_NOT_FOUND) from error


@delete("/{resume_id:uuid}", status_code=HTTP_200_OK, refuses=[ON_HOLD, RESUME_NOT_FOUND])
async def delete_person(resume_id: FromPath[UUID], services: NamedDependency[Services]) -> Receipt:
    """Delete the résumé and all that came of it, running interviews included."""
    try:
        return await _erase(services, resume_id, "company")
    except NobodyThere as error:
        raise Problem(RESUME_NOT_FOUND) from error


@delete("/", status_code=HTTP_200_OK, refuses=[INVITATION_OVER, ON_HOLD])
async def delete_guest(
    invitation: NamedDependency[StoredInvitation], services: NamedDependency[Services]
) -> Receipt:
    """For whoever was invited: delete all that is kept of them, by a link that a newer one has not
    taken the place of. Answers a signed receipt, which is shown this once."""
    if invitation.state == "replaced":
        raise Problem(INVITATION_OVER, code="invitation_replaced")
    try:
        if invitation.resume_id is not None:
            return await _erase(services, invitation.resume_id, "candidate")
        return await erasure.erase_guest(services.pool, invitation.id, services.signer, "candidate")
    except NobodyThere as error:
        raise Problem(INVITATION_OVER) from error


@get("/{resume_id:uuid}/holds")
async def list_holds(
    resume_id: FromPath[UUID],
    window: NamedDependency[Window],
    services: NamedDependency[Services],
) -> Page[LegalHold]:
    """Those in force, of the person and of single interviews."""
    after = window.after(UUID)
    found = await holds.of_person(services.pool, resume_id)
    later = [one for one in found if after is None or one.id > after]
    return window.page(later[: window.fetch], lambda hold: hold.id)


@post("/{resume_id:uuid}/holds", refuses=[INTERVIEW_NOT_FOUND, RESUME_NOT_FOUND])
async def place_hold(
    resume_id: FromPath[UUID],
    data: JSONBody[HoldOrder],
    once: NamedDependency[Once],
    services: NamedDependency[Services],
) -> LegalHold:
    """Nothing of it is deleted while the hold is in force: by nobody, and by no clock."""
    interview_id = data.interview_id
    if interview_id is not None:
        if await interviews.resume_of(services.pool, interview_id) != resume_id:
            raise Problem(INTERVIEW_NOT_FOUND)
        on: dict[str, UUID] = {"interview_id": interview_id}
    else:
        on = {"resume_id": resume_id}

    async def place(connection: Connection) -> LegalHold:
        placed = await holds.place(connection, data.reason, **on)
        if placed is None:
            raise Problem(RESUME_NOT_FOUND)
        return placed

    return await once((resume_id, data), LegalHold, place, lambda _: resume_id)


@delete("/holds/{hold_id:uuid}", status_code=HTTP_204_NO_CONTENT, refuses=[HOLD_NOT_FOUND])
async def lift_hold(hold_id: FromPath[UUID], services: NamedDependency[Services]) -> None:
    if not await holds.lift(services.pool, hold_id):
        raise Problem(HOLD_NOT_FOUND)


@get("/receipts")
async def list_receipts(
    window: NamedDependency[Window], services: NamedDependency[Services], since: Since = None
) -> Page[Receipt]:
    """Of those who were deleted, the newest first."""
    before = window.after(UUID)
    found = await erasure.receipts(services.pool, before, window.fetch, instant(since))
    return window.page(found, lambda receipt: receipt.id)


async def _erase(services: Services, resume_id: UUID, asked_by: AskedBy) -> Receipt:
    """Raises NobodyThere, Problem."""
    if await holds.of_person(services.pool, resume_id):
        raise Problem(ON_HOLD)
    for interview_id in await interviews.running(services.pool, resume_id):
        await services.registry.end(interview_id, "erased")
    try:
        erased = await erasure.erase(services.pool, resume_id, services.signer, asked_by)
    except OnHold as error:
        raise Problem(ON_HOLD) from error
    await services.queue.forget(erased.jobs)
    return erased.receipt


OWN = [delete_own, *archive.OWN]
"""For the candidate, of their interview."""

may_delete = Allowed("delete", "delete, hold or export what is kept of people")
router = Router(
    "/",
    route_handlers=[
        Router("/", route_handlers=[lift_hold, list_receipts], guards=[may_delete]),
        Router(
            "/resumes",
            route_handlers=[delete_person, list_holds, place_hold, *archive.EXPORT],
            guards=[may_delete, RESUME_HERE],
        ),
    ],
    tags=["privacy"],
)
guests = Router(
    "/invitation",
    route_handlers=[delete_guest],
    guards=[InvitedOnly()],
    dependencies={"invitation": Provide(own_invitation)},
    tags=["privacy"],
)
