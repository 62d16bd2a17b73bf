"""From what somebody shows to who they are."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import asyncpg

from server.identity.principal import (
    Anybody,
    Candidate,
    Colleague,
    Guest,
    Interviewer,
    KeyBearer,
    Member,
    Principal,
    SecretBearer,
    Stranger,
)
from server.store import (
    accounts,
    api_keys,
    client_secrets,
    interviews,
    invitations,
    sessions,
    shares,
)
from server.store.scope import everywhere


@dataclass(frozen=True, slots=True)
class Shown:
    """``bearer``: a token or key; ``session``: the cookie. Empty where there is none."""

    bearer: str = ""
    session: str = ""


class Doorman:
    """``interviewer_key``: of this installation; None or empty: nobody has it."""

    def __init__(self, pool: asyncpg.Pool, interviewer_key: str | None) -> None:
        self._pool = pool
        self._interviewer_key = interviewer_key
        self._closed = False

    async def recognise(self, shown: Shown) -> Principal:
        """A bearer is taken at its word: where it is not known, the cookie beside it counts for
        nothing. Raises as asyncpg does."""
        with everywhere():
            if shown.bearer:
                known = await self._by_bearer(shown.bearer)
            else:
                known = await self._by_session(shown.session) if shown.session else None
            if known is not None:
                return known
            return Stranger() if await self.closed() else Anybody()

    async def closed(self) -> bool:
        """Whether somebody has an account, which stays so for good. Without one it is as on a new
        machine: everything but what the interviewer's key is for is open to whoever reaches it."""
        if not self._closed:
            with everywhere():
                self._closed = await accounts.any_joined(self._pool)
        return self._closed

    async def _by_bearer(self, bearer: str) -> Principal | None:
        key = self._interviewer_key
        if key and secrets.compare_digest(bearer.encode(), key.encode()):
            return Interviewer()
        if bearer.startswith(api_keys.PREFIX):
            found = await api_keys.find(self._pool, bearer)
            if found is None:
                return None
            return KeyBearer(found.id, found.organisation_id, frozenset(found.scopes))
        if bearer.startswith(invitations.PREFIX):
            return await self._by_invitation(bearer)
        if bearer.startswith(shares.PREFIX):
            share = await shares.find(self._pool, bearer)
            return None if share is None else Colleague(share)
        if bearer.startswith(client_secrets.PREFIX):
            return await self._by_client_secret(bearer)
        interview = await interviews.get_by_token(self._pool, bearer)
        return None if interview is None else Candidate(interview)

    async def _by_client_secret(self, token: str) -> Principal | None:
        found = await client_secrets.find(self._pool, token)
        if found is None:
            return None
        interview = await interviews.get(self._pool, found.interview_id)
        return None if interview is None else SecretBearer(interview, found)

    async def _by_invitation(self, token: str) -> Principal | None:
        invitation = await invitations.find(self._pool, token)
        if invitation is None:
            return None
        if invitation.state in ("created", "live", "ended"):
            assert invitation.interview_id is not None
            interview = await interviews.get(self._pool, invitation.interview_id)
            if interview is not None:
                return Candidate(interview, invitation)
        return Guest(invitation)

    async def _by_session(self, token: str) -> Principal | None:
        found = await sessions.find(self._pool, token)
        if found is None:
            return None
        return Member(
            found.user_id,
            found.organisation_id,
            found.role,
            found.id,
            found.csrf,
            found.codes_missing,
        )
