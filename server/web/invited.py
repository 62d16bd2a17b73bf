"""The candidate's side of an invitation, by its link: what they are asked to, what they give and
need, and the way into their interview and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, patch, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody, MultipartBody
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED

from server.store import (
    attempts,
    corrections,
    guests,
    interviews,
    invitations,
    resumes,
)
from server.store.invitations import Adjustments, StoredInvitation, Wish
from server.store.pool import database_now
from server.store.scope import everywhere
from server.web.admission import admit
from server.web.allowance import Allowance, used_up
from server.web.guards import OVER, InvitationStands, InvitedOnly, own_invitation
from server.web.guests import OwnInvitation, view
from server.web.invitations import CACHE, LONGEST_DAYS, Name
from server.web.principal import credential_of
from server.web.problems import (
    ADDRESS_TAKEN,
    INTERVIEW_BEGUN,
    INVITATION_PAST,
    QUOTA_REACHED,
    RESUME_ATTACHED,
    RESUME_NEEDED,
    SERVER_FULL,
    Problem,
)
from server.web.problems_accounts import ADDRESS_MANY, TOO_MANY_ATTEMPTS
from server.web.resumes import (
    FIELDS_BYTES,
    LONGEST_FILENAME,
    UNFIT,
    ResumeAccepted,
    ResumeForm,
    added,
    check_file,
)
from server.web.services import Services
from server.web.signing_in import Email
from server.web.strangers import limited

UPLOADS: Final = 20
"""Files of one invitation in a quarter of an hour."""
Note = Annotated[str, msgspec.Meta(max_length=2_000, pattern=r"^[^\x00]*$")]
Phone = Annotated[str, msgspec.Meta(max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$")]


class OwnName(msgspec.Struct):
    """Put right wherever it stands, also in what was read from the résumé."""

    name: Name
    email: Email | None = None
    phone: Phone = ""


class AdjustmentsOrder(msgspec.Struct):
    """``other`` is for a person to read and arrange."""

    more_time: bool = False
    slower_voice: bool = False
    larger_captions: bool = False
    typed: bool = False
    other: Note = ""


class DateOrder(msgspec.Struct):
    """When the candidate could come instead."""

    at: Annotated[datetime, msgspec.Meta(tz=True)]
    note: Note = ""


class PersonWanted(msgspec.Struct):
    wanted: bool


@dataclass(frozen=True, slots=True)
class OwnTicket:
    """The way into the interview, and back to it from any device: ``token`` is the link's own."""

    interview_id: UUID
    target_role: str
    language: str
    token: str
    websocket_url: str
    adjustments: Adjustments


@get("/")
async def show(
    invitation: NamedDependency[StoredInvitation], services: NamedDependency[Services]
) -> Response[OwnInvitation]:
    """What the link leads to, or why it leads nowhere any more."""
    if invitation.state not in OVER:
        await invitations.opened(services.pool, invitation.id)
    return Response(await view(services, invitation.id, invitation.state), headers=CACHE)


@patch("/", refuses=[ADDRESS_TAKEN, INTERVIEW_BEGUN])
async def call(
    data: JSONBody[OwnName],
    invitation: NamedDependency[StoredInvitation],
    services: NamedDependency[Services],
) -> Response[OwnInvitation]:
    """Put right what one is called, and where one is reached."""
    if invitation.interview_id is not None:
        raise Problem(INTERVIEW_BEGUN)
    name, phone = data.name.strip(), data.phone.strip()
    try:
        await guests.call(services.pool, invitation.id, name, data.email, phone)
    except invitations.AlreadyInvited as error:
        raise Problem(ADDRESS_TAKEN) from error
    told = {"name": name or None, "email": data.email, "phone": phone or None}
    await _put_right(services, invitation.resume_id, told)
    return await shown(services, invitation)


@post(
    "/resume",
    status_code=HTTP_202_ACCEPTED,
    refuses=[
        *UNFIT, ADDRESS_MANY, INTERVIEW_BEGUN, QUOTA_REACHED, RESUME_ATTACHED, TOO_MANY_ATTEMPTS,
    ],
)  # fmt: skip
async def upload(
    data: MultipartBody[ResumeForm],
    request: Request[Any, Any, Any],
    invitation: NamedDependency[StoredInvitation],
    services: NamedDependency[Services],
) -> ResumeAccepted:
    """One's own résumé, where the company gave none. Another one takes its place."""
    if invitation.attached:
        raise Problem(RESUME_ATTACHED)
    await count(services, "upload", invitation.id, UPLOADS)
    await limited(request, services, "uploads")
    content = await data.file.read()
    await check_file(content, services)
    filename = data.file.filename[-LONGEST_FILENAME:]
    async with services.pool.acquire() as connection, connection.transaction():
        accepted = await added(connection, content, filename, services)
        try:
            await guests.bring_resume(connection, invitation.id, accepted.id)
        except guests.Begun as error:
            raise Problem(INTERVIEW_BEGUN) from error
    if accepted.status == "queued":
        services.queue.wake()
    return accepted


@put("/adjustments")
async def adjust(
    data: JSONBody[AdjustmentsOrder],
    invitation: NamedDependency[StoredInvitation],
    services: NamedDependency[Services],
) -> Response[OwnInvitation]:
    """What one needs to be at one's best. It counts from the next time the interview is opened."""
    needs = Adjustments(
        data.more_time,
        data.slower_voice,
        data.larger_captions,
        data.typed,
        data.other.strip(),
    )
    await guests.adjust(services.pool, invitation.id, needs)
    return await shown(services, invitation)


@put("/date", refuses=[INTERVIEW_BEGUN, INVITATION_PAST])
async def ask_for_date(
    data: JSONBody[DateOrder],
    invitation: NamedDependency[StoredInvitation],
    services: NamedDependency[Services],
) -> Response[OwnInvitation]:
    """Ask to come at another time; who invited answers."""
    if invitation.state in ("live", "ended"):
        raise Problem(INTERVIEW_BEGUN)
    now = await database_now(services.pool)
    if not now < data.at <= now + timedelta(days=LONGEST_DAYS):
        raise Problem(INVITATION_PAST)
    await guests.wish(services.pool, invitation.id, Wish(data.at, data.note.strip(), now))
    return await shown(services, invitation)


@put("/person")
async def want_person(
    data: JSONBody[PersonWanted],
    invitation: NamedDependency[StoredInvitation],
    services: NamedDependency[Services],
) -> Response[OwnInvitation]:
    """One would rather speak with a person. Nothing is lost by it: the interview stays open."""
    await guests.want_person(services.pool, invitation.id, wanted=data.wanted)
    return await shown(services, invitation)


@post("/interview", status_code=HTTP_200_OK, refuses=[ADDRESS_MANY, RESUME_NEEDED, SERVER_FULL])
async def enter(
    request: Request[Any, Any, Any],
    invitation: NamedDependency[StoredInvitation],
    services: NamedDependency[Services],
) -> Response[OwnTicket]:
    """The way in, and back: the interview is created the first time, its role from the résumé."""
    if invitation.interview_id is None:
        admit(services)
        await limited(request, services, "interviews")
    try:
        await guests.begin(services.pool, invitation.id, packs=services.packs)
    except guests.NotReady as error:
        raise Problem(RESUME_NEEDED) from error
    services.queue.wake()
    now = await invitations.get(services.pool, invitation.id)
    assert now is not None
    assert now.interview_id is not None
    interview = await interviews.get(services.pool, now.interview_id)
    assert interview is not None
    scheme = "wss" if request.url.scheme == "https" else "ws"
    ticket = OwnTicket(
        interview.id,
        interview.target_role,
        interview.language,
        credential_of(request),
        f"{scheme}://{request.url.netloc}/v1/realtime",
        now.adjustments,
    )
    return Response(ticket, headers=CACHE)


async def count(services: Services, what: str, invitation: UUID, most: int) -> None:
    """Of what is asked for by a link. Raises Problem where it was more in a quarter of an hour."""
    with everywhere():
        late = await attempts.add(services.pool, {f"{what} {invitation}": most})
    if late is not None:
        raise used_up(TOO_MANY_ATTEMPTS, Allowance.of(f"{what}s", late, attempts.WITHIN))


async def _put_right(
    services: Services, resume_id: UUID | None, told: dict[str, str | None]
) -> None:
    """In what was read from the résumé, which keeps what it was and who corrected it; one that an
    interview was made from stays as it is."""
    if resume_id is None:
        return
    resume = await resumes.get(services.pool, resume_id)
    header: dict[str, Any] = ((resume and resume.structured_data) or {}).get("header", {})
    try:
        for field, value in told.items():
            if value is not None and value != header.get(field):
                await corrections.correct(services.pool, resume_id, field, value, "candidate")
    except (corrections.NotReady, corrections.AlreadyUsed):
        return


async def shown(services: Services, invitation: StoredInvitation) -> Response[OwnInvitation]:
    return Response(await view(services, invitation.id, None), headers=CACHE)


def router(max_resume_bytes: int) -> Router:
    return Router(
        "/invitation",
        route_handlers=[
            Router("/", route_handlers=[show], guards=[InvitedOnly()]),
            Router(
                "/",
                route_handlers=[call, upload, adjust, ask_for_date, want_person, enter],
                guards=[InvitedOnly(), InvitationStands()],
            ),
        ],
        dependencies={"invitation": Provide(own_invitation)},
        request_max_body_size=max_resume_bytes + FIELDS_BYTES,
        tags=["invitation"],
    )
