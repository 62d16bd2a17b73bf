"""Who may use a route. Guards stand on routers and on sockets; handlers check nobody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID

import asyncpg
from litestar import WebSocket
from litestar.exceptions import WebSocketException
from litestar.handlers.base import BaseRouteHandler
from litestar.types import Scope

from server.identity.principal import (
    SCOPES,
    Candidate,
    Colleague,
    Guest,
    Interviewer,
    KeyBearer,
    Member,
    Principal,
    Right,
    SecretBearer,
    Stranger,
)
from server.store import interviews, invitations, openings, resumes, webhooks
from server.store.interviews import StoredInterview
from server.store.invitations import StoredInvitation
from server.store.shares import Share
from server.web.principal import Connection, principal_of
from server.web.problems import (
    CANDIDATE_ONLY,
    CODES_FIRST,
    CROSS_ORIGIN,
    INTERVIEW_NOT_FOUND,
    INTERVIEWER_ONLY,
    INVITATION_NOT_FOUND,
    INVITATION_OVER,
    INVITED_ONLY,
    MEMBER_ONLY,
    NOT_ALLOWED,
    NOT_SIGNED_IN,
    OPENING_NOT_FOUND,
    RESUME_NOT_FOUND,
    WEBHOOK_NOT_FOUND,
    Kind,
    Problem,
)
from server.web.problems_reports import SHARED_ONLY
from server.web.services import Services
from server.web.sites import site_of, welcome

CHALLENGE: Final = {"www-authenticate": "Bearer"}
OVER: Final = frozenset({"expired", "closed", "revoked", "replaced"})
"""States of an invitation in which nobody comes by it."""


@dataclass(frozen=True, slots=True)
class Anyone:
    """Open to the world: it tells nothing of anybody, and reaches nothing in the database."""

    anyone: ClassVar[bool] = True
    schemes: ClassVar[tuple[str, ...]] = ()
    refusals: ClassVar[tuple[Kind, ...]] = ()

    async def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        return


@dataclass(frozen=True, slots=True)
class Allowed:
    """Whoever has the right. ``may``: what it lets them do, for the refusal."""

    right: Right
    may: str
    refusals: ClassVar[tuple[Kind, ...]] = (
        CODES_FIRST,
        INTERVIEWER_ONLY,
        NOT_ALLOWED,
        NOT_SIGNED_IN,
    )

    @property
    def schemes(self) -> tuple[str, ...]:
        """Not every right comes with a key."""
        ours = ("interviewer",) if self.right in Interviewer.rights else ()
        return (*ours, "session", *(("key",) if self.right in SCOPES else ()))

    async def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        principal = principal_of(connection)
        if self.right in principal.rights:
            return
        if isinstance(principal, Stranger):
            raise Problem(NOT_SIGNED_IN, headers=CHALLENGE)
        if isinstance(principal, Member) and principal.codes_missing:
            raise Problem(CODES_FIRST)
        known = isinstance(principal, (Member, KeyBearer))
        raise Problem(NOT_ALLOWED if known else INTERVIEWER_ONLY, may=self.may)


@dataclass(frozen=True, slots=True)
class Known:
    """Everybody but strangers."""

    schemes: ClassVar[tuple[str, ...]] = (
        "interviewer", "session", "key", "candidate", "invitation", "share",
    )  # fmt: skip
    refusals: ClassVar[tuple[Kind, ...]] = (NOT_SIGNED_IN,)

    async def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        if isinstance(principal_of(connection), Stranger):
            raise Problem(NOT_SIGNED_IN, headers=CHALLENGE)


@dataclass(frozen=True, slots=True)
class MembersOnly:
    """Whoever signed in, about themselves."""

    schemes: ClassVar[tuple[str, ...]] = ("session",)
    refusals: ClassVar[tuple[Kind, ...]] = (MEMBER_ONLY, NOT_SIGNED_IN)

    async def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        principal = principal_of(connection)
        if isinstance(principal, Stranger):
            raise Problem(NOT_SIGNED_IN, headers=CHALLENGE)
        if not isinstance(principal, Member):
            raise Problem(MEMBER_ONLY)


@dataclass(frozen=True, slots=True)
class OwnCandidateOnly:
    """The candidate of the interview that the path names as ``interview_id``."""

    schemes: ClassVar[tuple[str, ...]] = ("candidate",)
    refusals: ClassVar[tuple[Kind, ...]] = (CANDIDATE_ONLY, NOT_SIGNED_IN)

    async def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        principal = principal_of(connection)
        if isinstance(principal, Stranger):
            raise Problem(NOT_SIGNED_IN, headers=CHALLENGE)
        wanted = connection.path_params["interview_id"]
        if not isinstance(principal, Candidate) or principal.interview.id != wanted:
            raise Problem(CANDIDATE_ONLY)


@dataclass(frozen=True, slots=True)
class Connects:
    """The candidate, or whoever may prepare interviews. A page of another site too, where the
    organisation says so: by a token or key of its own, for it has no cookie of ours."""

    prepare: ClassVar[Allowed] = Allowed("prepare", "connect to interviews")
    schemes: ClassVar[tuple[str, ...]] = ("candidate", *prepare.schemes)
    refusals: ClassVar[tuple[Kind, ...]] = (*prepare.refusals, CROSS_ORIGIN)

    async def __call__(self, connection: Connection, handler: BaseRouteHandler) -> None:
        principal = principal_of(connection)
        if site_of(connection) is not None:
            if not isinstance(principal, (Candidate, KeyBearer, Interviewer)):
                raise Problem(NOT_SIGNED_IN, headers=CHALLENGE)
            if not await welcome(connection):
                raise Problem(CROSS_ORIGIN)
        if not isinstance(principal, Candidate):
            await self.prepare(connection, handler)


@dataclass(frozen=True, slots=True)
class OpenCallOnly:
    """The candidate, or who has a client secret; of other sites' pages those that the organisation
    lets in, and by a secret alone."""

    schemes: ClassVar[tuple[str, ...]] = ("candidate", "client_secret")
    refusals: ClassVar[tuple[Kind, ...]] = (CANDIDATE_ONLY, CROSS_ORIGIN, NOT_SIGNED_IN)

    async def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        principal = principal_of(connection)
        by_secret = isinstance(principal, SecretBearer) and principal.secret.call_id is None
        if site_of(connection) is not None:
            if not by_secret:
                raise Problem(NOT_SIGNED_IN, headers=CHALLENGE)
            if not await welcome(connection):
                raise Problem(CROSS_ORIGIN)
        if isinstance(principal, Stranger):
            raise Problem(NOT_SIGNED_IN, headers=CHALLENGE)
        if not (isinstance(principal, Candidate) or by_secret):
            raise Problem(CANDIDATE_ONLY)


@dataclass(frozen=True, slots=True)
class InvitedOnly:
    """Whoever came by the link of an invitation, whatever became of that."""

    schemes: ClassVar[tuple[str, ...]] = ("invitation",)
    refusals: ClassVar[tuple[Kind, ...]] = (INVITED_ONLY, NOT_SIGNED_IN)

    async def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        principal = principal_of(connection)
        if isinstance(principal, Stranger):
            raise Problem(NOT_SIGNED_IN, headers=CHALLENGE)
        if _invitation(principal) is None:
            raise Problem(INVITED_ONLY)


@dataclass(frozen=True, slots=True)
class SharedOnly:
    """Whoever came by a link that shares an interview."""

    schemes: ClassVar[tuple[str, ...]] = ("share",)
    refusals: ClassVar[tuple[Kind, ...]] = (NOT_SIGNED_IN, SHARED_ONLY)

    async def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        principal = principal_of(connection)
        if isinstance(principal, Stranger):
            raise Problem(NOT_SIGNED_IN, headers=CHALLENGE)
        if not isinstance(principal, Colleague):
            raise Problem(SHARED_ONLY)


@dataclass(frozen=True, slots=True)
class InvitationStands:
    """Behind ``InvitedOnly``: the link still leads somewhere."""

    schemes: ClassVar[tuple[str, ...]] = ()
    refusals: ClassVar[tuple[Kind, ...]] = (INVITATION_OVER,)

    async def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        invitation = _invitation(principal_of(connection))
        if invitation is not None and invitation.state in OVER:
            raise Problem(INVITATION_OVER, code=f"invitation_{invitation.state}")


@dataclass(frozen=True, slots=True)
class Here:
    """Behind ``Allowed``: what the path names is there, in the caller's organisation."""

    parameter: str
    exists: Callable[[asyncpg.Pool, UUID], Awaitable[bool]]
    missing: Kind
    schemes: ClassVar[tuple[str, ...]] = ()

    @property
    def refusals(self) -> tuple[Kind, ...]:
        return (self.missing,)

    async def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        services: Services = connection.app.state.services
        if not await self.exists(services.pool, connection.path_params[self.parameter]):
            raise Problem(self.missing)


@dataclass(frozen=True, slots=True)
class InvitationHere:
    """Behind ``Allowed``: the invitation is there, and to the opening that the path names."""

    schemes: ClassVar[tuple[str, ...]] = ()
    refusals: ClassVar[tuple[Kind, ...]] = (INVITATION_NOT_FOUND,)

    async def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        services: Services = connection.app.state.services
        named = connection.path_params
        if not await invitations.exists(services.pool, named["invitation_id"], named["opening_id"]):
            raise Problem(INVITATION_NOT_FOUND)


@dataclass(frozen=True, slots=True)
class WatchersOnly:
    """On a WebSocket: whoever may see interviews. It is accepted before it is closed: a browser is
    told nothing of a refused handshake."""

    async def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        socket: WebSocket[Any, Any, Any] = connection  # type: ignore[assignment]
        await socket.accept()
        principal = principal_of(socket)
        if isinstance(principal, Stranger):
            raise WebSocketException(detail="sign in to watch interviews", code=4401)
        if "see" not in principal.rights:
            raise WebSocketException(detail="you may not watch interviews", code=4403)


@dataclass(frozen=True, slots=True)
class OpenInterviewOnly:
    """On a WebSocket: the candidate of an interview that has not ended.

    ``protocols``: subprotocols of ours, the first that is offered is selected. A page, which offers
    the first, is accepted before it is closed, as above; a program is refused by HTTP. ``secrets``:
    a client secret opens it as well, also to a page of a site that the organisation names.
    """

    protocols: tuple[str, ...]
    secrets: bool = False

    async def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        socket: WebSocket[Any, Any, Any] = connection  # type: ignore[assignment]
        offered = socket.scope.get("subprotocols", [])
        principal = principal_of(socket)
        by_secret = self.secrets and isinstance(principal, SecretBearer)
        if site_of(socket) is not None and not (by_secret and await welcome(socket)):
            raise WebSocketException(detail=CROSS_ORIGIN.code, code=1008)
        if isinstance(principal, Candidate) or by_secret or self.protocols[0] in offered:
            await socket.accept(next((one for one in self.protocols if one in offered), None))
        if not (isinstance(principal, Candidate) or by_secret):
            raise WebSocketException(
                detail="this token opens no interview; create one and use its token", code=4401
            )
        assert isinstance(principal, (Candidate, SecretBearer))
        if principal.interview.status == "ended":
            raise WebSocketException(detail="this interview has ended", code=4409)


INTERVIEW_HERE = Here("interview_id", interviews.exists, INTERVIEW_NOT_FOUND)
RESUME_HERE = Here("resume_id", resumes.exists, RESUME_NOT_FOUND)
WEBHOOK_HERE = Here("webhook_id", webhooks.exists, WEBHOOK_NOT_FOUND)
OPENING_HERE = Here("opening_id", openings.exists, OPENING_NOT_FOUND)

Guard = (
    Anyone
    | Allowed
    | Known
    | MembersOnly
    | OwnCandidateOnly
    | Connects
    | OpenCallOnly
    | InvitedOnly
    | SharedOnly
    | InvitationStands
    | Here
    | InvitationHere
)


async def own_interview(scope: Scope) -> StoredInterview:
    """Dependency of routes that let only a candidate in: their interview."""
    principal = scope["user"]
    assert isinstance(principal, (Candidate, SecretBearer))
    return principal.interview


async def own_invitation(scope: Scope) -> StoredInvitation:
    """Dependency of routes that let only the invited in: their invitation."""
    invitation = _invitation(scope["user"])
    assert invitation is not None
    return invitation


def _invitation(principal: Principal) -> StoredInvitation | None:
    return principal.invitation if isinstance(principal, (Candidate, Guest)) else None


async def own_share(scope: Scope) -> Share:
    """Dependency of routes that let only colleagues with a link in: what it shares."""
    principal = scope["user"]
    assert isinstance(principal, Colleague)
    return principal.share


async def own_account(scope: Scope) -> Member:
    """Dependency of routes that let only members in: who it is."""
    principal = scope["user"]
    assert isinstance(principal, Member)
    return principal
