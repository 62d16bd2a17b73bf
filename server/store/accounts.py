"""Organisations and the people in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from server.store import audit
from server.store.pool import Connection, Executor, transaction

Role = Literal["admin", "recruiter", "interviewer", "viewer"]

ANY_JOINED = "SELECT EXISTS (SELECT FROM users WHERE joined_at IS NOT NULL)"
FIELDS = "id, organisation_id, email, name, role, created_at, joined_at, totp IS NOT NULL AS codes"
GET = f"SELECT {FIELDS} FROM users WHERE id = $1 AND removed_at IS NULL"  # noqa: S608 - no input
LIST = f"""
SELECT {FIELDS} FROM users
WHERE removed_at IS NULL AND ($1::uuid IS NULL OR id > $1) AND ($2::text IS NULL OR role = $2)
    AND ($3::boolean IS NULL OR $3 = (joined_at IS NOT NULL))
ORDER BY id LIMIT $4
"""  # noqa: S608 - no input
BY_EMAIL = """
SELECT id, organisation_id, password, totp, totp_step, subject FROM users
WHERE email = $1 AND removed_at IS NULL AND ($2::uuid IS NULL OR organisation_id = $2)
ORDER BY id LIMIT 20
"""
KEPT = """
SELECT id, organisation_id, password, totp, totp_step, subject FROM users
WHERE id = $1 AND removed_at IS NULL
"""
# Somebody who was removed can be asked back; whoever is there already is not touched.
INVITE = """
INSERT INTO users (email, name, role) VALUES ($1, $2, $3)
ON CONFLICT (organisation_id, email) DO UPDATE
    SET name = EXCLUDED.name, role = EXCLUDED.role, removed_at = NULL, password = NULL, totp = NULL,
        subject = NULL
    WHERE users.removed_at IS NOT NULL
RETURNING id
"""
HERE = """
INSERT INTO users (name, role, joined_at) VALUES ($1, 'admin', now()) RETURNING id
"""
FIND_HERE = "SELECT id FROM users WHERE email IS NULL AND removed_at IS NULL ORDER BY id LIMIT 1"
JOINED = "UPDATE users SET joined_at = coalesce(joined_at, now()) WHERE id = $1"
PASSWORD = "UPDATE users SET password = $2 WHERE id = $1"  # noqa: S105 - the statement only
CODES = "UPDATE users SET totp = $2, totp_step = $3 WHERE id = $1"
STEP = """
UPDATE users SET totp_step = $2 WHERE id = $1 AND (totp_step IS NULL OR totp_step < $2) RETURNING id
"""
CHANGE = """
UPDATE users SET name = coalesce($2, name), role = coalesce($3, role)
WHERE id = $1 AND removed_at IS NULL RETURNING id
"""
REMOVE = "UPDATE users SET removed_at = now() WHERE id = $1 AND removed_at IS NULL RETURNING id"
# The lock makes two who would each take the other's place wait for one another.
ADMINS = """
SELECT id FROM users
WHERE organisation_id = viva_organisation() AND role = 'admin' AND removed_at IS NULL
    AND joined_at IS NOT NULL
ORDER BY id FOR UPDATE
"""
BY_SUBJECT = """
SELECT id, organisation_id, password, totp, totp_step, subject FROM users
WHERE subject = $1 AND removed_at IS NULL ORDER BY id LIMIT 20
"""
BIND = (
    "UPDATE users SET subject = $2 WHERE id = $1 AND (subject IS NULL OR subject = $2) RETURNING id"
)
# Whoever was removed does not come back by themselves.
TAKE_IN = """
INSERT INTO users (email, name, role, subject) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING id
"""


class AlreadyThere(Exception):
    """Somebody with this address is in the organisation."""


@dataclass(frozen=True, slots=True)
class User:
    """``joined_at`` null: invited only. ``codes``: one-time codes are asked of them."""

    id: UUID
    organisation_id: UUID
    email: str | None
    name: str
    role: Role
    created_at: datetime
    joined_at: datetime | None
    codes: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What a user shows when they sign in is held against this. ``totp`` is sealed; ``subject``:
    who they are to the provider by whom they signed in before."""

    id: UUID
    organisation_id: UUID
    password: str | None
    totp: bytes | None
    totp_step: int | None
    subject: str | None


async def any_joined(on: Executor) -> bool:
    """Whether anybody has ever signed in."""
    return bool(await on.fetchval(ANY_JOINED))


async def get(on: Executor, user_id: UUID) -> User | None:
    row = await on.fetchrow(GET, user_id)
    return User(**row) if row else None


async def every(
    on: Executor,
    after: UUID | None = None,
    limit: int | None = None,
    *,
    role: Role | None = None,
    joined: bool | None = None,
) -> list[User]:
    """In the order in which they came, those after one; None: whichever."""
    return [User(**row) for row in await on.fetch(LIST, after, role, joined, limit)]


async def by_email(on: Executor, email: str, organisation: UUID | None = None) -> list[Kept]:
    """In every organisation in scope, or in one."""
    return [Kept(**row) for row in await on.fetch(BY_EMAIL, email, organisation)]


async def kept(on: Executor, user_id: UUID) -> Kept | None:
    row = await on.fetchrow(KEPT, user_id)
    return Kept(**row) if row else None


async def invite(on: Executor, email: str, name: str, role: Role) -> UUID:
    """Raises AlreadyThere."""
    user_id: UUID | None = await on.fetchval(INVITE, email, name, role)
    if user_id is None:
        raise AlreadyThere
    return user_id


async def at_this_machine(on: Executor, name: str) -> UUID:
    """The one administrator without an address, made the first time."""
    found: UUID = await on.fetchval(FIND_HERE) or await on.fetchval(HERE, name)
    return found


async def joined(on: Executor, user_id: UUID) -> None:
    await on.execute(JOINED, user_id)


async def set_password(on: Executor, user_id: UUID, hashed: str) -> None:
    await on.execute(PASSWORD, user_id, hashed)


async def set_codes(on: Executor, user_id: UUID, totp: bytes | None, step: int | None) -> None:
    await on.execute(CODES, user_id, totp, step)


async def spend(on: Executor, user_id: UUID, step: int) -> bool:
    """False where a code of this step or a later one was taken before."""
    return await on.fetchval(STEP, user_id, step) is not None


async def change(
    on: Executor, user_id: UUID, name: str | None = None, role: Role | None = None
) -> bool:
    """False where there is no such user."""
    return await on.fetchval(CHANGE, user_id, name, role) is not None


async def remove(on: Executor, user_id: UUID) -> bool:
    """Their name stays with what they did. False where there is no such user."""
    return await on.fetchval(REMOVE, user_id) is not None


async def admins(connection: Connection) -> list[UUID]:
    """Of the organisation in scope; they stay what they are until the transaction ends."""
    return [row["id"] for row in await connection.fetch(ADMINS)]


async def by_subject(on: Executor, subject: str) -> list[Kept]:
    """In every organisation in scope."""
    return [Kept(**row) for row in await on.fetch(BY_SUBJECT, subject)]


async def bind(on: Executor, user_id: UUID, subject: str) -> bool:
    """From now on they are this one to the provider. False where they are another."""
    return await on.fetchval(BIND, user_id, subject) is not None


async def take_in(on: Executor, email: str, name: str, role: Role, subject: str) -> UUID | None:
    """Whom a provider vouches for becomes a member. None where they were one."""
    async with transaction(on) as connection:
        user_id: UUID | None = await connection.fetchval(TAKE_IN, email, name, role, subject)
        if user_id is not None:
            await audit.add(connection, "member.taken_in", f"user {user_id}", role=role)
        return user_id
