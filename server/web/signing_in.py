"""The way in: signing in, links that open once, and a forgotten password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

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
from server.store.attempts import WITHIN
from server.store.pool import Connection
from server.store.sessions import LASTS
from server.web.allowance import Allowance, used_up
from server.web.guards import Anyone
from server.web.letters import letter, sign_in_link
from server.web.principal import COOKIE, kept
from server.web.problems import Problem
from server.web.problems_accounts import (
    CODE_NEEDED,
    CODES_UNREADABLE,
    LINK_OVER,
    LINK_UNKNOWN,
    NO_MAIL_SERVER,
    PASSWORD_EASY,
    PASSWORD_NEEDED,
    TOO_MANY_ATTEMPTS,
    WRONG_CREDENTIALS,
)
from server.web.services import Services

ADDRESS: Final = r"^[^@\s\x00-\x20\x7f-\x9f]+@[^@\s\x00-\x20\x7f-\x9f]+$"
"""Without what is white space to one reader of patterns, and none to another."""
Email = Annotated[str, msgspec.Meta(pattern=ADDRESS, max_length=254)]
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


@dataclass(frozen=True, slots=True)
class Ways:
    """``forgotten``: a link for a new password can be had by mail. ``provider``: what the one is
    called by whom one can sign in besides."""

    forgotten: bool
    provider: str | None


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


def too_many(error: TooMany) -> Problem:
    return used_up(TOO_MANY_ATTEMPTS, Allowance.of("sign-in", error.late, WITHIN))


def address_of(request: Request[Any, Any, Any]) -> str:
    return request.client.host if request.client else NOWHERE


def agent_of(request: Request[Any, Any, Any]) -> str:
    return request.headers.get("user-agent", "")


def session_cookie(
    request: Request[Any, Any, Any], token: str, max_age: int | None = None
) -> Cookie:
    return kept(request, COOKIE, token, int(LASTS.total_seconds()) if max_age is None else max_age)


router = Router(
    "/",
    route_handlers=[ways, sign_in, forgotten, read_link, follow_link],
    guards=[Anyone()],
    tags=["accounts"],
)
