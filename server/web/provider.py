"""Signing in by the provider: sent there, and back to the sign-in page, whose script goes on here.

So that no cookie has to be sent along by another site: both of ours are SameSite=Strict.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec
import structlog
from litestar import Request, Response, Router, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from server.identity.accounts import NoAccount, TooMany
from server.identity.provider import (
    ATTEMPT_LASTS,
    AddressNotVerified,
    Attempt,
    NotVouched,
    Provider,
    ProviderAway,
)
from server.store.sealing import Ring, Sealed
from server.web.guards import Anyone
from server.web.principal import cookie_name, kept
from server.web.problems import Problem
from server.web.problems_accounts import (
    ADDRESS_NOT_VERIFIED,
    NO_ACCOUNT,
    NO_PROVIDER,
    NOT_VOUCHED,
    PROVIDER_AWAY,
    TOO_MANY_ATTEMPTS,
)
from server.web.services import Services
from server.web.signing_in import CACHE, address_of, agent_of, session_cookie, too_many

ATTEMPT: Final = "viva_attempt"
PLACE: Final = "attempt"

log = structlog.get_logger()


class CameBack(msgspec.Struct):
    """What the provider added to the address of the sign-in page."""

    state: Annotated[str, msgspec.Meta(max_length=200)]
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=4_000)]


@dataclass(frozen=True, slots=True)
class SentOn:
    """``location``: of the provider, where one signs in."""

    location: str


@post("/begin", status_code=HTTP_200_OK, refuses=[NO_PROVIDER, PROVIDER_AWAY])
async def begin(
    request: Request[Any, Any, Any], services: NamedDependency[Services]
) -> Response[SentOn]:
    """Where to sign in. A cookie keeps what ties the answer to this browser."""
    try:
        location, attempt = await _provider(services).begin(_back(request))
    except ProviderAway as error:
        raise _away(error) from error
    sealed = services.attempts.close(msgspec.json.encode(attempt), PLACE)
    kept = _cookie(request, base64.urlsafe_b64encode(sealed).decode())
    return Response(SentOn(location), cookies=[kept], headers=CACHE)


@post(
    "/",
    status_code=HTTP_204_NO_CONTENT,
    refuses=[
        ADDRESS_NOT_VERIFIED,
        NO_ACCOUNT,
        NO_PROVIDER,
        NOT_VOUCHED,
        PROVIDER_AWAY,
        TOO_MANY_ATTEMPTS,
    ],
)
async def finish(
    data: JSONBody[CameBack], request: Request[Any, Any, Any], services: NamedDependency[Services]
) -> Response[None]:
    """Begins a session for whom the provider vouches, if they are a member here."""
    provider = _provider(services)
    attempt = _kept(request, services.attempts)
    try:
        person = await provider.finish(attempt, data.state, data.code, _back(request))
        token = await services.accounts.enter(
            person, address=address_of(request), agent=agent_of(request)
        )
    except NotVouched as error:
        log.warning("sign-in by the provider refused", why=error.code)
        raise Problem(NOT_VOUCHED) from error
    except AddressNotVerified as error:
        raise Problem(ADDRESS_NOT_VERIFIED) from error
    except NoAccount as error:
        raise Problem(NO_ACCOUNT) from error
    except ProviderAway as error:
        raise _away(error) from error
    except TooMany as error:
        raise too_many(error) from error
    cookies = [session_cookie(request, token), _cookie(request, "", max_age=0)]
    return Response(None, status_code=HTTP_204_NO_CONTENT, cookies=cookies)


def _provider(services: Services) -> Provider:
    if services.provider is None:
        raise Problem(NO_PROVIDER)
    return services.provider


def _kept(request: Request[Any, Any, Any], seal: Ring) -> Attempt:
    """What this browser began. Raises Problem where it began nothing."""
    try:
        sealed = base64.urlsafe_b64decode(request.cookies.get(cookie_name(request, ATTEMPT), ""))
        return msgspec.json.decode(seal.open(sealed, PLACE), type=Attempt)
    except (binascii.Error, ValueError, Sealed, msgspec.DecodeError) as error:
        log.warning("sign-in by the provider refused", why="no_attempt")
        raise Problem(NOT_VOUCHED) from error


def _away(error: ProviderAway) -> Problem:
    log.warning("the provider of sign-in is away", what=str(error))
    return Problem(PROVIDER_AWAY)


def _back(request: Request[Any, Any, Any]) -> str:
    return f"{request.url.scheme}://{request.url.netloc}/sign-in"


def _cookie(request: Request[Any, Any, Any], value: str, max_age: int | None = None) -> Cookie:
    lasts = int(ATTEMPT_LASTS.total_seconds()) if max_age is None else max_age
    return kept(request, ATTEMPT, value, lasts)


router = Router(
    "/session/provider", route_handlers=[begin, finish], guards=[Anyone()], tags=["accounts"]
)
