"""An organisation's settings, and the mail that its administrators may look after."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED
from msgspec import UNSET, UnsetType

from server.identity.principal import Member
from server.store import accounts, dissolution, mails, organisations
from server.store.dissolution import NotThis
from server.store.erasure import Receipt
from server.store.holds import OnHold
from server.store.mails import MailState
from server.store.organisations import DomainTaken, Organisation
from server.store.pool import transaction
from server.store.scope import LOCAL
from server.web.guards import Allowed
from server.web.letters import letter
from server.web.principal import principal_of
from server.web.problems import ON_HOLD, Problem
from server.web.problems_accounts import (
    DOMAIN_TAKEN,
    MAIL_NOT_FOUND,
    NO_ADDRESS,
    NO_MAIL_SERVER,
    ORGANISATION_LOCAL,
    ORGANISATION_NAME,
)
from server.web.services import Services
from server.web.signing_in import CACHE, session_cookie

GIB = 1024 * 1024 * 1024

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
Line = Annotated[str, msgspec.Meta(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$")]
Domain = Annotated[str, msgspec.Meta(max_length=253, pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
# Above -1: as in notes.
Count = Annotated[int, msgspec.Meta(gt=-1, le=1_000_000)]
MediaDays = Annotated[int, msgspec.Meta(ge=1, le=3_650)]
RecordDays = Annotated[int, msgspec.Meta(ge=1, le=36_525)]
AbandonMinutes = Annotated[int, msgspec.Meta(ge=10, le=10_080)]
ORIGIN = r"^(https://[a-z0-9-]+(\.[a-z0-9-]+)*|http://(localhost|127\.0\.0\.1))(:[1-9][0-9]{0,4})?$"
Origin = Annotated[str, msgspec.Meta(max_length=260, pattern=ORIGIN)]
"""As browsers send it: in small letters, without a path; without TLS on one's own machine only."""
# OpenAPI would not be told of what bounds the items of a list that may be left out.
TOLD = {"extra": {"items": {"type": "string", "maxLength": 260, "pattern": ORIGIN}}}
Origins = Annotated[list[Origin], msgspec.Meta(max_length=20, extra_json_schema=TOLD)]
Bytes = Annotated[int, msgspec.Meta(gt=-1, le=10_000 * GIB)]


class OrganisationChange(msgspec.Struct):
    """What is left out stays. ``join_domain`` null: nobody is taken in; a quota, or
    ``media_days``, that is null is the server's."""

    name: Name | UnsetType = UNSET
    address: Line | UnsetType = UNSET
    contact: Line | UnsetType = UNSET
    codes_required: bool | UnsetType = UNSET
    join_domain: Domain | UnsetType | None = UNSET
    resumes_per_day: Count | UnsetType | None = UNSET
    upload_bytes_per_day: Bytes | UnsetType | None = UNSET
    media_days: MediaDays | UnsetType | None = UNSET
    record_days: RecordDays | UnsetType = UNSET
    abandon_minutes: AbandonMinutes | UnsetType = UNSET
    allowed_origins: Origins | UnsetType = UNSET
    cloud_voice: bool | UnsetType = UNSET


class OrganisationDeletion(msgspec.Struct):
    """``name``: of the organisation, so that nothing is deleted by a slip."""

    name: str


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """``contact``: whom candidates may turn to. ``codes_required``: members who sign in by password
    need one-time codes. ``join_domain``: whoever the provider vouches for with an address there
    becomes a viewer. ``media_days``: how long sound, page pictures and PDFs are kept after the last
    interview, ``record_days`` everything else. ``abandon_minutes``: with nobody there for so
    long an interview that had begun counts as abandoned. ``allowed_origins``: of other sites whose
    pages may connect to interviews by a client secret. ``cloud_voice``: a candidate's browser may
    have the questions spoken by its maker's servers. ``mail``: this server sends some;
    ``provider``: what it is called."""

    id: UUID
    name: str
    created_at: datetime
    address: str
    contact: str
    codes_required: bool
    join_domain: str | None
    resumes_per_day: int | None
    upload_bytes_per_day: int | None
    media_days: int | None
    record_days: int
    abandon_minutes: int
    allowed_origins: list[str]
    cloud_voice: bool
    mail: bool
    provider: str | None
    local: bool


@dataclass(frozen=True, slots=True)
class MailPut:
    mail_id: UUID


def _sent(origin: str) -> str:
    """As a browser says it, which leaves the usual port out."""
    return origin.removesuffix(":443" if origin.startswith("https:") else ":80")


@get("/organisation")
async def show_organisation(
    request: Request[Any, Any, Any], services: NamedDependency[Services]
) -> OrganisationView:
    return _view(await own_organisation(request, services), services)


@patch("/organisation", refuses=[DOMAIN_TAKEN])
async def change_organisation(
    data: JSONBody[OrganisationChange],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> OrganisationView:
    organisation = principal_of(request).organisation
    assert organisation is not None
    changed = {
        name: value for name, value in msgspec.structs.asdict(data).items() if value is not UNSET
    }
    if "allowed_origins" in changed:
        changed["allowed_origins"] = list(dict.fromkeys(map(_sent, changed["allowed_origins"])))
    try:
        await organisations.change(services.pool, organisation, changed)
    except DomainTaken as error:
        raise Problem(DOMAIN_TAKEN) from error
    return _view(await own_organisation(request, services), services)


@post(
    "/organisation/deletion",
    status_code=HTTP_200_OK,
    refuses=[ON_HOLD, ORGANISATION_LOCAL, ORGANISATION_NAME],
)
async def delete_organisation(
    data: JSONBody[OrganisationDeletion],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> Response[Receipt]:
    """Delete the organisation and all that is kept in it, running interviews included, and sign
    everybody out. Answers a signed receipt, which is shown this once."""
    found = await own_organisation(request, services)
    if data.name.strip() != found.name:
        raise Problem(ORGANISATION_NAME)
    try:
        await dissolution.refuse(services.pool, found.id)
        running = await dissolution.running(services.pool, found.id)
        await asyncio.gather(*(services.registry.end(one, "erased") for one in running))
        done = await dissolution.dissolve(services.pool, found.id, services.signer)
    except NotThis as error:
        raise Problem(ORGANISATION_LOCAL) from error
    except OnHold as error:
        raise Problem(ON_HOLD) from error
    await services.queue.forget(done.jobs)
    gone = [session_cookie(request, "", max_age=0)]
    return Response(done.receipt, cookies=gone, headers=CACHE)


@post(
    "/organisation/mail-test",
    status_code=HTTP_202_ACCEPTED,
    refuses=[NO_ADDRESS, NO_MAIL_SERVER],
)
async def test_mail(
    request: Request[Any, Any, Any], services: NamedDependency[Services]
) -> MailPut:
    """A mail to one's own address; ``GET /v1/mails/{mail_id}`` says what becomes of it."""
    if services.post is None:
        raise Problem(NO_MAIL_SERVER)
    principal = principal_of(request)
    user = None
    if isinstance(principal, Member):
        user = await accounts.get(services.pool, principal.user_id)
    if user is None or user.email is None:
        raise Problem(NO_ADDRESS)
    found = await own_organisation(request, services)
    said = {"name": user.name, "organisation": found.name}
    mail = letter(request, services.packs, "test", user.email, **said)
    async with transaction(services.pool) as connection:
        mail_id = await services.post.put(connection, mail)
    services.queue.wake()
    return MailPut(mail_id)


@get("/mails/{mail_id:uuid}", refuses=[MAIL_NOT_FOUND])
async def show_mail(mail_id: FromPath[UUID], services: NamedDependency[Services]) -> MailState:
    """What became of a mail, for a month."""
    found = await mails.state(services.pool, mail_id)
    if found is None:
        raise Problem(MAIL_NOT_FOUND)
    return found


async def own_organisation(request: Request[Any, Any, Any], services: Services) -> Organisation:
    """That of whoever asks."""
    organisation = principal_of(request).organisation
    assert organisation is not None
    found = await organisations.get(services.pool, organisation)
    assert found is not None
    return found


def _view(found: Organisation, services: Services) -> OrganisationView:
    provider = None if services.provider is None else services.provider.name
    mail, local = services.post is not None, found.id == LOCAL
    return OrganisationView(**asdict(found), mail=mail, provider=provider, local=local)


router = Router(
    "/",
    route_handlers=[
        show_organisation,
        change_organisation,
        delete_organisation,
        test_mail,
        show_mail,
    ],
    guards=[Allowed("manage", "manage the organisation")],
    tags=["organisation"],
)
