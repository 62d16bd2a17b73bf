"""One's own account: who one is, password, one-time codes, where one is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, delete, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from server.identity import codes
from server.identity.accounts import (
    TooMany,
    WrongCredentials,
)
from server.identity.passwords import LONGEST, TooEasy
from server.identity.principal import Member, Principal
from server.store import accounts, organisations, sessions
from server.web.guards import Known, MembersOnly, own_account
from server.web.paging import Page, Window
from server.web.principal import principal_of
from server.web.problems import Problem
from server.web.problems_accounts import (
    PASSWORD_EASY,
    SESSION_NOT_FOUND,
    TOO_MANY_ATTEMPTS,
    WRONG_CREDENTIALS,
)
from server.web.services import Services
from server.web.signing_in import CACHE, Code, Password, session_cookie, too_many


class PasswordChange(msgspec.Struct):
    """``old``: empty where there never was one."""

    new: Password
    old: Annotated[str, msgspec.Meta(max_length=LONGEST)] = ""


class SessionEnd(msgspec.Struct):
    """``password``: empty where there never was one."""

    password: Annotated[str, msgspec.Meta(max_length=LONGEST)] = ""


class CodesOrder(msgspec.Struct):
    """``secret`` null: no codes are asked for any more. Else ``code`` is one that the app shows."""

    password: Annotated[str, msgspec.Meta(max_length=LONGEST)] = ""
    secret: Annotated[str, msgspec.Meta(pattern="^[A-Z2-7]{32,64}$")] | None = None
    code: Code = ""


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


@post(
    "/sessions/{session_id:uuid}/end",
    status_code=HTTP_204_NO_CONTENT,
    refuses=[SESSION_NOT_FOUND, TOO_MANY_ATTEMPTS, WRONG_CREDENTIALS],
)
async def end_session(
    session_id: FromPath[UUID],
    data: JSONBody[SessionEnd],
    member: NamedDependency[Member],
    services: NamedDependency[Services],
) -> None:
    """Sign out there. One that was left open does not end the others: the password is asked for."""
    try:
        ended = await services.accounts.end_session(member, data.password, session_id)
    except WrongCredentials as error:
        raise Problem(WRONG_CREDENTIALS) from error
    except TooMany as error:
        raise too_many(error) from error
    if not ended:
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


router = Router(
    "/",
    route_handlers=[
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
