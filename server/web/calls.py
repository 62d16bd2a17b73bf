"""Calls over WebRTC, as OpenAI's API has them: an offer in SDP, which a process that has room
answers."""

from __future__ import annotations

from typing import Any, Final

import structlog
from litestar import Request, Response, Router, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.status_codes import HTTP_201_CREATED, HTTP_204_NO_CONTENT

from server.call_metrics import call_refused
from server.fullness import RETRY_S
from server.identity.principal import Candidate, SecretBearer
from server.store import client_secrets
from server.store.interviews import StoredInterview
from server.switchboard import Full, Nobody, NotUnderstood, new_call
from server.web.admission import admits
from server.web.guards import Connects, OpenCallOnly, own_interview
from server.web.principal import principal_of
from server.web.problems import (
    CALL_NOT_FOUND,
    CALLS_AWAY,
    INTERVIEW_ENDED,
    NOT_SIGNED_IN,
    OFFER_REFUSED,
    SERVER_FULL,
    Problem,
)
from server.web.services import Services
from server.web.sites import site_of

SDP: Final = "application/sdp"
LONGEST: Final = 64 * 1024
MODEL_CHARS: Final = 64
AGAIN: Final = {"retry-after": str(RETRY_S)}

log = structlog.get_logger()


@post(
    "/calls",
    status_code=HTTP_201_CREATED,
    media_type=SDP,
    guards=[OpenCallOnly()],
    dependencies={"interview": Provide(own_interview)},
    refuses=[CALLS_AWAY, INTERVIEW_ENDED, NOT_SIGNED_IN, OFFER_REFUSED, SERVER_FULL],
)
async def make_call(
    request: Request[Any, Any, Any],
    interview: NamedDependency[StoredInterview],
    services: NamedDependency[Services],
) -> Response[str]:
    """The body is the offer, ``application/sdp``, and so is the answer; ``Location`` names the
    call."""
    if interview.status == "ended":
        raise Problem(INTERVIEW_ENDED)
    sdp = await _offered(request)
    if not admits(services, interview):
        call_refused("full")
        raise Problem(SERVER_FULL, headers=AGAIN, seconds=RETRY_S)
    try:
        call_id = new_call(await services.switchboard.room())
        secret = await _secret(request, services, interview, call_id)
        model = str(request.query_params.get("model", "viva"))[:MODEL_CHARS]
        answer = await services.switchboard.offer(call_id, sdp, secret, model)
    except Nobody as error:
        call_refused("away")
        raise Problem(CALLS_AWAY, headers=AGAIN) from error
    except Full as error:
        call_refused("full")
        raise Problem(SERVER_FULL, headers=AGAIN, seconds=RETRY_S) from error
    except NotUnderstood as error:
        raise _unanswerable(str(error)) from error
    place = {"location": f"/v1/realtime/calls/{call_id}"}
    return Response(answer, status_code=HTTP_201_CREATED, media_type=SDP, headers=place)


async def _offered(request: Request[Any, Any, Any]) -> str:
    """Raises Problem."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != SDP:
        raise _unanswerable("send it as application/sdp")
    body = await request.body()
    try:
        sdp = body.decode()
    except UnicodeDecodeError as error:
        raise _unanswerable("it is no text") from error
    if not sdp.startswith("v=0") or len(body) > LONGEST:
        raise _unanswerable("it is no SDP, or longer than any is")
    return sdp


def _unanswerable(why: str) -> Problem:
    call_refused("offer")
    return Problem(OFFER_REFUSED, why=why)


async def _secret(
    request: Request[Any, Any, Any], services: Services, interview: StoredInterview, call_id: str
) -> str:
    """By which the call connects to the interview; a client secret counts once. Raises Problem."""
    principal = principal_of(request)
    session: dict[str, Any] = {}
    if isinstance(principal, SecretBearer):
        session = principal.secret.session
        if not await client_secrets.use(services.pool, principal.secret.id, site_of(request)):
            raise Problem(NOT_SIGNED_IN)
    return await client_secrets.add_call(services.pool, interview.id, call_id, _as_pcm(session))


def _as_pcm(session: dict[str, Any]) -> dict[str, Any]:
    """In which format sound travels is agreed in SDP; from the call to the interview it is PCM."""
    halves = session.get("audio", {})
    audio = {
        half: {name: one for name, one in chosen.items() if name != "format"}
        for half, chosen in halves.items()
    }
    return {"audio": audio}


@post(
    "/calls/{call_id:str}/hangup",
    status_code=HTTP_204_NO_CONTENT,
    guards=[Connects()],
    refuses=[CALL_NOT_FOUND, CALLS_AWAY],
)
async def hang_up(
    call_id: FromPath[str],
    request: Request[Any, Any, Any],
    services: NamedDependency[Services],
) -> None:
    """The candidate's, or by whoever may prepare interviews. The interview itself stays open."""
    interview_id = await client_secrets.of_call(services.pool, call_id)
    principal = principal_of(request)
    if interview_id is None or (
        isinstance(principal, Candidate) and principal.interview.id != interview_id
    ):
        raise Problem(CALL_NOT_FOUND)
    await client_secrets.end_call(services.pool, call_id)
    try:
        await services.switchboard.hang_up(call_id)
    except Nobody as error:
        raise Problem(CALLS_AWAY, headers=AGAIN) from error


router = Router("/realtime", route_handlers=[make_call, hang_up], tags=["realtime"])
