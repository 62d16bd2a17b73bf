"""Client secrets, as OpenAI's browser SDKs take them: what a page connects with, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import structlog
from litestar import Request, Router, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from server.identity.principal import Candidate
from server.realtime.terms import Terms
from server.store import client_secrets, interviews
from server.store.client_secrets import TooMany
from server.store.interviews import StoredInterview
from server.web.guards import Connects
from server.web.principal import principal_of
from server.web.problems import (
    INTERVIEW_ENDED,
    INTERVIEW_NOT_FOUND,
    INTERVIEW_UNNAMED,
    SECRETS_MANY,
    SESSION_INVALID,
    Problem,
)
from server.web.services import Services

MODEL_CHARS = 64

log = structlog.get_logger()


class Expiry(msgspec.Struct):
    """From now on so many seconds; ``anchor`` can be nothing else."""

    anchor: Literal["created_at"] = "created_at"
    seconds: Annotated[int, msgspec.Meta(ge=10, le=7_200)] = 600


class SecretOrder(msgspec.Struct):
    """``interview_id``: needed but for the candidate, who has one. ``session``: as a client sends
    it in ``session.update``; it holds from the beginning."""

    interview_id: UUID | None = None
    expires_after: Expiry | None = None
    session: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class SecretMade:
    """``value`` is told this once; ``expires_at`` in seconds since 1970."""

    value: str
    expires_at: int
    session: dict[str, Any]


@post(
    "/client_secrets",
    status_code=HTTP_200_OK,
    guards=[Connects()],
    refuses=[
        INTERVIEW_ENDED,
        INTERVIEW_NOT_FOUND,
        INTERVIEW_UNNAMED,
        SECRETS_MANY,
        SESSION_INVALID,
    ],
)
async def make_secret(
    data: JSONBody[SecretOrder],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> SecretMade:
    """For a page that is to connect without being given the interview's token."""
    interview = await _interview(request, services, data.interview_id)
    terms = _terms(data.session or {})
    chosen = terms.chosen()
    lasts = timedelta(seconds=(data.expires_after or Expiry()).seconds)
    try:
        value, until = await client_secrets.add(services.pool, interview.id, chosen, lasts)
    except TooMany as error:
        raise Problem(SECRETS_MANY, most=client_secrets.MOST) from error
    terms.interview_id, terms.language = str(interview.id), interview.language
    return SecretMade(value, int(until.timestamp()), terms.session())


async def _interview(
    request: Request[Any, Any, Any], services: Services, wanted: UUID | None
) -> StoredInterview:
    """Raises Problem."""
    principal = principal_of(request)
    if isinstance(principal, Candidate):
        found: StoredInterview | None = principal.interview
        if wanted not in (None, principal.interview.id):
            found = None
    elif wanted is None:
        raise Problem(INTERVIEW_UNNAMED)
    else:
        found = await interviews.get(services.pool, wanted)
    if found is None:
        raise Problem(INTERVIEW_NOT_FOUND)
    if found.status == "ended":
        raise Problem(INTERVIEW_ENDED)
    return found


def _terms(asked: dict[str, Any]) -> Terms:
    """Raises Problem where it can only be a mistake."""
    model = asked.get("model")
    terms = Terms(model[:MODEL_CHARS] if isinstance(model, str) else "viva")
    mistakes = [f"{one.param}: {one}" for one in terms.update(asked)]
    if mistakes:
        raise Problem(SESSION_INVALID, why="; ".join(mistakes))
    return terms


router = Router("/realtime", route_handlers=[make_secret], tags=["realtime"])
