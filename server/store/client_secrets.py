"""Secrets by which a browser connects to one interview, once and soon. Only a hash is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from server.store import audit, secret
from server.store.pool import Executor, transaction

PREFIX: Final = "ek_"
"""As OpenAI's begin: browser SDKs refuse to connect with anything else."""
CALL_LASTS: Final = timedelta(hours=12)
MOST: Final = 20
"""Of one interview that can be used at a time."""

LOCK = "SELECT FROM interviews WHERE id = $1 FOR NO KEY UPDATE"
FORGET = """
DELETE FROM client_secrets
WHERE interview_id = $1
    AND (expires_at < now() OR (used_at IS NOT NULL AND call_id IS NULL))
"""
COUNT = "SELECT count(*) FROM client_secrets WHERE interview_id = $1 AND call_id IS NULL"
ADD = """
INSERT INTO client_secrets (interview_id, token_sha256, session, expires_at)
VALUES ($1, $2, $3, now() + $4::interval) RETURNING id, expires_at
"""
FIND = """
SELECT id, organisation_id, interview_id, session, expires_at, call_id FROM client_secrets
WHERE token_sha256 = $1 AND used_at IS NULL AND expires_at > now()
"""
USE = """
UPDATE client_secrets SET used_at = now()
WHERE id = $1 AND used_at IS NULL AND expires_at > now() RETURNING interview_id
"""
ADD_CALL = """
INSERT INTO client_secrets (interview_id, token_sha256, session, expires_at, call_id)
VALUES ($1, $2, $3, now() + $4::interval, $5)
"""
OF_CALL = "SELECT interview_id FROM client_secrets WHERE call_id = $1"
END_CALL = """
UPDATE client_secrets SET used_at = now()
WHERE call_id = $1 AND used_at IS NULL RETURNING interview_id
"""


class TooMany(Exception):
    """As many secrets of this interview wait to be used as may."""


@dataclass(frozen=True, slots=True)
class ClientSecret:
    """``session``: what holds on its connection besides, as ``Terms.update`` takes it. ``call_id``:
    of the call that connects by it, as often as it has to; None: it connects once."""

    id: UUID
    organisation_id: UUID
    interview_id: UUID
    session: dict[str, Any]
    expires_at: datetime
    call_id: str | None


async def add(
    on: Executor, interview_id: UUID, session: dict[str, Any], lasts: timedelta
) -> tuple[str, datetime]:
    """The secret, which is told this once, and until when it can be used. Raises TooMany."""
    token = secret.new(PREFIX)
    async with transaction(on) as connection:
        await connection.execute(LOCK, interview_id)
        await connection.execute(FORGET, interview_id)
        if await connection.fetchval(COUNT, interview_id) >= MOST:
            raise TooMany
        values = interview_id, secret.hashed(token), session, lasts
        made = await connection.fetchrow(ADD, *values)
        assert made is not None
        about = f"interview {interview_id}"
        await audit.add(connection, "client_secret.made", about, secret=str(made["id"]))
    return token, made["expires_at"]


async def find(on: Executor, token: str) -> ClientSecret | None:
    """None where it was used, or has expired."""
    row = await on.fetchrow(FIND, secret.hashed(token))
    return None if row is None else ClientSecret(**row)


async def use(on: Executor, secret_id: UUID, site: str | None = None) -> bool:
    """False where somebody else was faster. ``site``: whose page connects; None: a program."""
    async with transaction(on) as connection:
        interview_id = await connection.fetchval(USE, secret_id)
        if interview_id is not None:
            about = f"interview {interview_id}"
            await audit.add(
                connection, "client_secret.used", about, secret=str(secret_id), site=site
            )
    return interview_id is not None


async def add_call(on: Executor, interview_id: UUID, call_id: str, session: dict[str, Any]) -> str:
    """The secret by which this call connects to the interview, until it is hung up."""
    token = secret.new(PREFIX)
    async with transaction(on) as connection:
        await connection.execute(FORGET, interview_id)
        values = interview_id, secret.hashed(token), session, CALL_LASTS, call_id
        await connection.execute(ADD_CALL, *values)
        about = f"interview {interview_id}"
        await audit.add(connection, "call.made", about, call=call_id)
    return token


async def of_call(on: Executor, call_id: str) -> UUID | None:
    """The interview that it is of."""
    interview_id: UUID | None = await on.fetchval(OF_CALL, call_id)
    return interview_id


async def end_call(on: Executor, call_id: str) -> None:
    """It connects no more. Again is harmless."""
    async with transaction(on) as connection:
        interview_id = await connection.fetchval(END_CALL, call_id)
        if interview_id is not None:
            about = f"interview {interview_id}"
            await audit.add(connection, "call.hung_up", about, call=call_id)
