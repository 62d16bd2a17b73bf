"""Who is in an organisation, and its API keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

import msgspec
from litestar import Request, Router, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.status_codes import HTTP_201_CREATED, HTTP_204_NO_CONTENT

from server.identity import members
from server.identity.members import LastAdmin, MadeLink, NoMember
from server.identity.principal import SCOPES, Member, Role
from server.store import accounts, api_keys
from server.store.accounts import AlreadyThere, User
from server.store.api_keys import StoredKey
from server.store.mails import Post
from server.store.pool import Connection
from server.web.guards import Allowed
from server.web.letters import Way, letter, post_for, sign_in_link
from server.web.once import Once
from server.web.organisation import Name, own_organisation
from server.web.paging import Page, Window
from server.web.principal import principal_of
from server.web.problems import Problem
from server.web.problems_accounts import (
    KEY_NOT_FOUND,
    LAST_ADMIN,
    MEMBER_NOT_FOUND,
    MEMBER_THERE,
    NO_MAIL_SERVER,
)
from server.web.services import Services
from server.web.signing_in import Email

Scope = Literal["see", "prepare", "correct", "listen", "delete", "plan", "measure", "step_in"]
LONGEST_DAYS = 366

assert frozenset(get_args(Scope)) == SCOPES


class Invitation(msgspec.Struct):
    """``way``: to mail the link, or to be told it; null: to mail it where viva can."""

    email: Email
    name: Name
    role: Role
    way: Way | None = None


class MemberChange(msgspec.Struct):
    """What is left out stays."""

    name: Name | None = None
    role: Role | None = None


class KeyOrder(msgspec.Struct):
    """``scopes``: what whoever has the key may do; ``days``: until when."""

    name: Name
    scopes: Annotated[list[Scope], msgspec.Meta(min_length=1, max_length=len(SCOPES))]
    days: Annotated[int, msgspec.Meta(ge=1, le=LONGEST_DAYS)] = 90


@dataclass(frozen=True, slots=True)
class MemberView:
    """``email`` null: the person at this machine; ``joined_at`` null: invited; ``codes``: signs in
    with one-time codes."""

    id: UUID
    email: str | None
    name: str
    role: str
    created_at: datetime
    joined_at: datetime | None
    codes: bool


@dataclass(frozen=True, slots=True)
class MemberInvited:
    """``link`` is told this once, to be handed to the person, where it is not sent to them:
    ``mail_id`` says what becomes of the mail. A newer link takes its place."""

    member_id: UUID
    link: str | None = None
    mail_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class KeyMade:
    """``token`` is told this once."""

    key: StoredKey
    token: str


@get("/members")
async def list_members(
    window: NamedDependency[Window],
    services: NamedDependency[Services],
    role: FromQuery[Role | None] = None,
    joined: FromQuery[bool | None] = None,
) -> Page[MemberView]:
    """In the order in which they came. ``joined`` false: who was invited only."""
    after = window.after(UUID)
    found = await accounts.every(services.pool, after, window.fetch, role=role, joined=joined)
    return window.page([_member(user) for user in found], lambda member: member.id)


@post("/members", refuses=[MEMBER_THERE, NO_MAIL_SERVER])
async def invite(
    data: JSONBody[Invitation],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
    once: NamedDependency[Once],
) -> MemberInvited:
    """Somebody who is to choose a password by the link, and is then signed in."""

    post = post_for(services, data.way)

    async def make(connection: Connection) -> MemberInvited:
        try:
            made = await members.invite(connection, data.email, data.name, data.role, _by(request))
        except AlreadyThere as error:
            raise Problem(MEMBER_THERE) from error
        return await _handed_on(made, post, connection, request, services)

    invited = await once(data, MemberInvited, make)
    services.queue.wake()
    return invited


@post(
    "/members/{member_id:uuid}/link",
    status_code=HTTP_201_CREATED,
    refuses=[MEMBER_NOT_FOUND, NO_MAIL_SERVER],
)
async def renew_link(
    member_id: FromPath[UUID],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
    once: NamedDependency[Once],
    way: FromQuery[Way | None] = None,
) -> MemberInvited:
    """Another link, for whoever lost theirs or forgot their password; ``way`` as in inviting."""
    post = post_for(services, way)

    async def make(connection: Connection) -> MemberInvited:
        try:
            made = await members.link(connection, member_id, _by(request))
        except NoMember as error:
            raise Problem(MEMBER_NOT_FOUND) from error
        return await _handed_on(made, post, connection, request, services)

    renewed = await once((member_id, way), MemberInvited, make)
    services.queue.wake()
    return renewed


@patch("/members/{member_id:uuid}", refuses=[LAST_ADMIN, MEMBER_NOT_FOUND])
async def change_member(
    member_id: FromPath[UUID],
    data: JSONBody[MemberChange],
    services: NamedDependency[Services],
) -> MemberView:
    try:
        await members.change(services.pool, member_id, data.name, data.role)
    except LastAdmin as error:
        raise Problem(LAST_ADMIN) from error
    except NoMember as error:
        raise Problem(MEMBER_NOT_FOUND) from error
    changed = await accounts.get(services.pool, member_id)
    if changed is None:
        raise Problem(MEMBER_NOT_FOUND)
    return _member(changed)


@delete(
    "/members/{member_id:uuid}",
    status_code=HTTP_204_NO_CONTENT,
    refuses=[LAST_ADMIN, MEMBER_NOT_FOUND],
)
async def remove_member(member_id: FromPath[UUID], services: NamedDependency[Services]) -> None:
    """Signed out everywhere at once; what they did stays under their name."""
    try:
        await members.remove(services.pool, member_id)
    except LastAdmin as error:
        raise Problem(LAST_ADMIN) from error
    except NoMember as error:
        raise Problem(MEMBER_NOT_FOUND) from error


@delete(
    "/members/{member_id:uuid}/sessions",
    status_code=HTTP_204_NO_CONTENT,
    refuses=[MEMBER_NOT_FOUND],
)
async def sign_member_out(member_id: FromPath[UUID], services: NamedDependency[Services]) -> None:
    """Everywhere, at once; they may sign in again."""
    try:
        await members.sign_out(services.pool, member_id)
    except NoMember as error:
        raise Problem(MEMBER_NOT_FOUND) from error


@delete(
    "/members/{member_id:uuid}/codes",
    status_code=HTTP_204_NO_CONTENT,
    refuses=[MEMBER_NOT_FOUND],
)
async def take_codes(member_id: FromPath[UUID], services: NamedDependency[Services]) -> None:
    """One-time codes are asked of them no more, until they ask for them anew."""
    try:
        await members.take_codes(services.pool, member_id)
    except NoMember as error:
        raise Problem(MEMBER_NOT_FOUND) from error


@get("/keys")
async def list_keys(
    window: NamedDependency[Window],
    services: NamedDependency[Services],
    expired: FromQuery[bool | None] = None,
) -> Page[StoredKey]:
    """The newest first, also those that have expired."""
    before = window.after(UUID)
    found = await api_keys.every(services.pool, before, window.fetch, expired=expired)
    return window.page(found, lambda key: key.id)


@post("/keys")
async def make_key(
    data: JSONBody[KeyOrder], request: Request[Any, Any, Any], once: NamedDependency[Once]
) -> KeyMade:
    """For a program, sent as ``Authorization: Bearer``."""

    async def make(connection: Connection) -> KeyMade:
        lasts = timedelta(days=data.days)
        made = await api_keys.add(connection, data.name, set(data.scopes), lasts, _by(request))
        return KeyMade(*made)

    return await once(data, KeyMade, make)


@delete("/keys/{key_id:uuid}", status_code=HTTP_204_NO_CONTENT, refuses=[KEY_NOT_FOUND])
async def revoke_key(key_id: FromPath[UUID], services: NamedDependency[Services]) -> None:
    if not await api_keys.revoke(services.pool, key_id):
        raise Problem(KEY_NOT_FOUND)


def _by(request: Request[Any, Any, Any]) -> UUID | None:
    principal = principal_of(request)
    return principal.user_id if isinstance(principal, Member) else None


async def _handed_on(
    made: MadeLink,
    post: Post | None,
    connection: Connection,
    request: Request[Any, Any, Any],
    services: Services,
) -> MemberInvited:
    link = sign_in_link(request, made.token)
    if post is None:
        return MemberInvited(made.user_id, link)
    found = await own_organisation(request, services)
    said = {"name": made.name, "organisation": found.name, "link": link}
    mail = letter(request, services.packs, made.kind, made.email, **said)
    return MemberInvited(made.user_id, mail_id=await post.put(connection, mail))


def _member(user: User) -> MemberView:
    return MemberView(
        user.id, user.email, user.name, user.role, user.created_at, user.joined_at, user.codes
    )


router = Router(
    "/",
    route_handlers=[
        list_members,
        invite,
        renew_link,
        change_member,
        remove_member,
        sign_member_out,
        take_codes,
        list_keys,
        make_key,
        revoke_key,
    ],
    guards=[Allowed("manage", "manage the organisation")],
    tags=["organisation"],
)
