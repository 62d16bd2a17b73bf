"""Who may use a route. Guards stand on routers and on sockets; handlers check nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import WebSocket
from litestar.exceptions import WebSocketException
from litestar.handlers.base import BaseRouteHandler
from litestar.types import Scope

from server.store.interviews import StoredInterview
from server.web.principal import Candidate, Connection, Interviewer, principal_of
from server.web.problems import CANDIDATE_ONLY, INTERVIEWER_ONLY, Kind, Problem


@dataclass(frozen=True, slots=True)
class InterviewersOnly:
    """``may``: what only an interviewer may do, for the refusal."""

    may: str
    scheme: ClassVar[str] = "interviewer"
    refusal: ClassVar[Kind] = INTERVIEWER_ONLY

    async def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        if not isinstance(await principal_of(connection), Interviewer):
            raise Problem(self.refusal, may=self.may)


@dataclass(frozen=True, slots=True)
class OwnCandidateOnly:
    """The candidate of the interview that the path names as ``interview_id``."""

    scheme: ClassVar[str] = "candidate"
    refusal: ClassVar[Kind] = CANDIDATE_ONLY

    async def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        principal = await principal_of(connection)
        wanted = connection.path_params["interview_id"]
        if not isinstance(principal, Candidate) or principal.interview.id != wanted:
            raise Problem(self.refusal)


@dataclass(frozen=True, slots=True)
class OpenInterviewOnly:
    """On a WebSocket: the candidate of an interview that has not ended.

    ``protocols``: subprotocols of ours, the first that is offered is selected. The socket is
    accepted before it is closed: a browser is told nothing of a refused handshake.
    """

    protocols: tuple[str, ...]

    async def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        socket: WebSocket[Any, Any, Any] = connection  # type: ignore[assignment]
        offered = socket.scope.get("subprotocols", [])
        await socket.accept(next((one for one in self.protocols if one in offered), None))
        principal = await principal_of(socket)
        if not isinstance(principal, Candidate):
            raise WebSocketException(
                detail="this token opens no interview; create one and use its token", code=4401
            )
        if principal.interview.status == "ended":
            raise WebSocketException(detail="this interview has ended", code=4409)


async def own_interview(scope: Scope) -> StoredInterview:
    """Dependency of routes that let only a candidate in: their interview."""
    principal = scope["state"]["principal"]
    assert isinstance(principal, Candidate)
    return principal.interview
