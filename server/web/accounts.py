"""Signing in and out, and one's own account: password, one-time codes, sessions, links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, delete, get, post, put
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import Cookie
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from server.identity import codes
from server.identity.accounts import (
    CodeNeeded,
    CodesUnreadable,
    LinkOver,
    LinkUnknown,
    PasswordNeeded,
    TooMany,
    WrongCredentials,
)
from server.identity.members import MadeLink
from server.identity.passwords import LONGEST, TooEasy
from server.identity.principal import Member, Principal
from server.store import accounts, organisations, sessions
from server.store.pool import Connection
from server.store.sessions import LASTS
from server.web.guards import Anyone, Known, MembersOnly, own_account
from server.web.letters import letter, sign_in_link
from server.web.paging import Page, Window
from server.web.principal import cookie_name, is_secure, principal_of
from server.web.problems import (
    CODE_NEEDED,
    CODES_UNREADABLE,
    LINK_OVER,
    LINK_UNKNOWN,
    NO_MAIL_SERVER,
    PASSWORD_EASY,
    PASSWORD_NEEDED,
    SESSION_NOT_FOUND,
    TOO_MANY_ATTEMPTS,
    WRONG_CREDENTIALS,
    Problem,
)
from server.web.services import Services

Email = Annotated[str, msgspec.Meta(pattern=r"^[^@\s\x00]+@[^@\s\x00]+$", max_length=254)]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST)]
Code = Annotated[str, msgspec.Meta(max_length=16)]
Token = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
NOWHERE = "unknown"
CACHE = {"cache-control": "no-store"}


class SignIn(msgspec.Struct):
    """``code``: of the authenticator app, where one is asked for. ``organisation_id``: only where
    somebody is in several with the same password."""

    email: Email
    password: Password
    code: Code | None = None
    organisation_id: UUID | None = None


class Forgotten(msgspec.Struct):
    email: Email


class LinkShown(msgspec.Struct):
    token: Token


class LinkFollowed(msgspec.Struct):
    """``password``: the one that is chosen, where the link is for choosing one."""

    token: Token
    password: Password | None = None


class PasswordChange(msgspec.Struct):
    """``old``: empty where there never was one."""

    new: Password
    old: Annotated[str, msgspec.Meta(max_length=LONGEST)] = ""


class CodesOrder(msgspec.Struct):
    """``secret`` null: no codes are asked for any more. Else ``code`` is one that the app shows."""

    password: Annotated[str, msgspec.Meta(max_length=LONGEST)] = ""
    secret: Annotated[str, msgspec.Meta(pattern="^[A-Z2-7]{16,64}$")] | None = None
    code: Code = ""


@dataclass(frozen=True, slots=True)
class Ways:
    """``forgotten``: a link for a new password can be had by mail. ``provider``: what the one is
    called by whom one can sign in besides."""

    forgotten: bool
    provider: str | None


@dataclass(frozen=True, slots=True)
class WhoView:
    """``kind`` of principal; ``rights``: what they may do. ``csrf``: to be sent as X-CSRF-Token
    with whatever changes something, where a cookie says who one is. ``codes``: one-time codes are
    asked for; ``codes_missing``: they have to be set up before anything else."""

    kind: str
    rights: list[str]
    organisation: str
    name: str | None = None
    email: str | None = None
    role: str | None = None
    csrf: str | None = None
    codes: bool = False
    session_id: UUID | None = None
    codes_missing: bool = False


@dataclass(frozen=True, slots=True)
class LinkView:
    """``kind``: ``join``, ``reset`` or ``sign_in``; ``email`` null: the person at this machine."""

    kind: str
    organisation: str
    email: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Followed:
    """``signed_in``: else one signs in with the new password."""

    signed_in: bool


@dataclass(frozen=True, slots=True)
class SessionView:
    id: UUID
    agent: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    this: bool


@dataclass(frozen=True, slots=True)
class CodesView:
    """``secret`` to be typed into an authenticator app, ``uri`` to be opened by it, or ``picture``
    to be scanned: a QR code as the path of an SVG, with the size of its square."""

    secret: str
    uri: str
    picture: codes.Picture


@get("/session")
async def who(
    request: Request[Any, Any, Any], services: NamedDependency[Services]
) -> Response[WhoView]:
    """Who one is here, and what one may do."""
    principal = principal_of(request)
    return Response(await _who(principal, services), headers=CACHE)


@post(
    "/session",
    status_code=HTTP_204_NO_CONTENT,
    refuses=[CODES_UNREADABLE, CODE_NEEDED, TOO_MANY_ATTEMPTS, WRONG_CREDENTIALS],
)
async def sign_in(
    data: JSONBody[SignIn], request: Request[Any, Any, Any], services: NamedDependency[Services]
) -> Response[None]:
    """Begins a session, told by a cookie. It is over after a week, or half a day without a word."""
    try:
        token = await services.accounts.sign_in(
            data.email,
            data.password,
            data.code,
            data.organisation_id,
            address=address_of(request),
            agent=agent_of(request),
        )
    except WrongCredentials as error:
        raise Problem(WRONG_CREDENTIALS) from error
    except CodeNeeded as error:
        raise Problem(CODE_NEEDED) from error
    except CodesUnreadable as error:
        raise Problem(CODES_UNREADABLE) from error
    except TooMany as error:
        raise too_many(error) from error
    return Response(None, status_code=HTTP_204_NO_CONTENT, cookies=[session_cookie(request, token)])


@get("/session/ways", sync_to_thread=False)
def ways(services: NamedDependency[Services]) -> Ways:
    """By which ways one can sign in here."""
    provider = None if services.provider is None else services.provider.name
    return Ways(services.post is not None, provider)


@post(
    "/password/forgotten",
    status_code=HTTP_204_NO_CONTENT,
    refuses=[NO_MAIL_SERVER, TOO_MANY_ATTEMPTS],
)
async def forgotten(
    data: JSONBody[Forgotten], request: Request[Any, Any, Any], services: NamedDependency[Services]
) -> Response[None]:
    """Whoever has an account with this address is mailed a link for a new password. Whether
    somebody has is not told, nor can it be measured: it is looked up after the answer."""
    post = services.post
    if post is None:
        raise Problem(NO_MAIL_SERVER)
    try:
        await services.accounts.count_forgotten(data.email, address_of(request))
    except TooMany as error:
        raise too_many(error) from error

    async def put(connection: Connection, made: MadeLink, organisation: str) -> None:
        link = sign_in_link(request, made.token)
        said = {"name": made.name, "organisation": organisation, "link": link}
        mail = letter(request, services.packs, made.kind, made.email, **said)
        await post.put(connection, mail)

    async def look() -> None:
        await services.accounts.forgotten(data.email, put)
        services.queue.wake()

    return Response(None, status_code=HTTP_204_NO_CONTENT, background=BackgroundTask(look))


@delete("/session")
async def sign_out(
    request: Request[Any, Any, Any],
    member: NamedDependency[Member],
    services: NamedDependency[Services],
) -> Response[None]:
    await sessions.end(services.pool, member.user_id, member.session_id)
    gone = [session_cookie(request, "", max_age=0)]
    headers = {"clear-site-data": '"cache", "storage"'}
    return Response(None, status_code=HTTP_204_NO_CONTENT, cookies=gone, headers=headers)


@post("/links/read", status_code=HTTP_200_OK, refuses=[LINK_OVER, LINK_UNKNOWN])
async def read_link(
    data: JSONBody[LinkShown], services: NamedDependency[Services]
) -> Response[LinkView]:
    """What a link is for, and for whom; that leaves it as it is."""
    try:
        link, user = await services.accounts.look_at(data.token)
    except LinkUnknown as error:
        raise Problem(LINK_UNKNOWN) from error
    except LinkOver as error:
        raise Problem(LINK_OVER) from error
    email, name = (user.email, user.name) if user else (None, None)
    return Response(LinkView(link.kind, link.organisation, email, name), headers=CACHE)


@post(
    "/links/follow",
    status_code=HTTP_200_OK,
    refuses=[LINK_OVER, LINK_UNKNOWN, PASSWORD_EASY, PASSWORD_NEEDED],
)
async def follow_link(
    data: JSONBody[LinkFollowed],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> Response[Followed]:
    """Do what the link is for, which it opens once."""
    try:
        token = await services.accounts.follow(data.token, data.password, agent_of(request))
    except LinkUnknown as error:
        raise Problem(LINK_UNKNOWN) from error
    except LinkOver as error:
        raise Problem(LINK_OVER) from error
    except PasswordNeeded as error:
        raise Problem(PASSWORD_NEEDED) from error
    except TooEasy as error:
        raise Problem(PASSWORD_EASY) from error
    cookies = [] if token is None else [session_cookie(request, token)]
    return Response(Followed(token is not None), cookies=cookies, headers=CACHE)


@put(
    "/password",
    status_code=HTTP_204_NO_CONTENT,
    refuses=[PASSWORD_EASY, TOO_MANY_ATTEMPTS, WRONG_CREDENTIALS],
)
async def change_password(
    data: JSONBody[PasswordChange],
    member: NamedDependency[Member],
    services: NamedDependency[Services],
) -> None:
    """Everywhere else one is signed out."""
    try:
        await services.accounts.change_password(member, data.old, data.new)
    except WrongCredentials as error:
        raise Problem(WRONG_CREDENTIALS) from error
    except TooMany as error:
        raise too_many(error) from error
    except TooEasy as error:
        raise Problem(PASSWORD_EASY) from error


@post("/codes", status_code=HTTP_200_OK)
async def offer_codes(
    member: NamedDependency[Member], services: NamedDependency[Services]
) -> Response[CodesView]:
    """A new secret. Nothing is asked for until ``PUT /v1/codes`` says it with a code of it."""
    user = await accounts.get(services.pool, member.user_id)
    assert user is not None
    secret, uri = codes.offered(user.email or user.name)
    return Response(CodesView(secret, uri, codes.picture(uri)), headers=CACHE)


@put(
    "/codes",
    status_code=HTTP_204_NO_CONTENT,
    refuses=[TOO_MANY_ATTEMPTS, WRONG_CREDENTIALS],
)
async def set_codes(
    data: JSONBody[CodesOrder],
    member: NamedDependency[Member],
    services: NamedDependency[Services],
) -> None:
    """Have one-time codes asked for at every sign-in, or no more."""
    try:
        if data.secret is None:
            await services.accounts.no_more_codes(member, data.password)
        else:
            await services.accounts.ask_for_codes(member, data.password, data.secret, data.code)
    except WrongCredentials as error:
        raise Problem(WRONG_CREDENTIALS) from error
    except TooMany as error:
        raise too_many(error) from error


@get("/sessions")
async def list_sessions(
    member: NamedDependency[Member],
    window: NamedDependency[Window],
    services: NamedDependency[Services],
) -> Page[SessionView]:
    """Where one is signed in, the newest first."""
    found = await sessions.of_user(services.pool, member.user_id, window.after(UUID), window.fetch)
    views = [
        SessionView(
            one.id,
            one.agent,
            one.created_at,
            one.seen_at,
            one.expires_at,
            one.id == member.session_id,
        )
        for one in found
    ]
    return window.page(views, lambda session: session.id)


@delete("/sessions/{session_id:uuid}", refuses=[SESSION_NOT_FOUND])
async def end_session(
    session_id: FromPath[UUID],
    member: NamedDependency[Member],
    services: NamedDependency[Services],
) -> None:
    if not await sessions.end(services.pool, member.user_id, session_id):
        raise Problem(SESSION_NOT_FOUND)


async def _who(principal: Principal, services: Services) -> WhoView:
    assert principal.organisation is not None
    organisation = await organisations.get(services.pool, principal.organisation)
    assert organisation is not None
    rights: list[str] = sorted(principal.rights)
    kind = type(principal).__name__.lower()
    if not isinstance(principal, Member):
        return WhoView(kind, rights, organisation.name)
    user = await accounts.get(services.pool, principal.user_id)
    assert user is not None
    return WhoView(
        kind,
        rights,
        organisation.name,
        user.name,
        user.email,
        user.role,
        principal.csrf,
        user.codes,
        principal.session_id,
        principal.codes_missing,
    )


def too_many(error: TooMany) -> Problem:
    headers = {"retry-after": str(error.seconds)}
    return Problem(TOO_MANY_ATTEMPTS, headers=headers, minutes=-(-error.seconds // 60))


def address_of(request: Request[Any, Any, Any]) -> str:
    return request.client.host if request.client else NOWHERE


def agent_of(request: Request[Any, Any, Any]) -> str:
    return request.headers.get("user-agent", "")


def session_cookie(
    request: Request[Any, Any, Any], token: str, max_age: int | None = None
) -> Cookie:
    return Cookie(
        cookie_name(request),
        value=token,
        path="/",
        max_age=int(LASTS.total_seconds()) if max_age is None else max_age,
        secure=is_secure(request),
        httponly=True,
        samesite="strict",
    )


router = Router(
    "/",
    route_handlers=[
        Router(
            "/",
            route_handlers=[ways, sign_in, forgotten, read_link, follow_link],
            guards=[Anyone()],
        ),
        Router("/", route_handlers=[who], guards=[Known()]),
        Router(
            "/",
            route_handlers=[
                sign_out,
                change_password,
                offer_codes,
                set_codes,
                list_sessions,
                end_session,
            ],
            guards=[MembersOnly()],
            dependencies={"member": Provide(own_account)},
        ),
    ],
    tags=["accounts"],
)
