"""Who is in an organisation: inviting, changing, removing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import asyncpg

from server.store import accounts, audit, links, organisations, sessions
from server.store.accounts import Role
from server.store.pool import Connection, Executor, transaction


class LastAdmin(Exception):
    """Somebody has to be left who can manage the organisation."""


class NoMember(Exception):
    """There is no such member."""


@dataclass(frozen=True, slots=True)
class MadeLink:
    """``kind``: to join for whom never did, else to choose a password."""

    user_id: UUID
    email: str
    name: str
    kind: Literal["join", "reset"]
    token: str


async def invite(on: Executor, email: str, name: str, role: Role, by: UUID | None) -> MadeLink:
    """A new member, and the link by which they join. Raises AlreadyThere."""
    async with transaction(on) as connection:
        user_id = await accounts.invite(connection, email.lower(), name, role)
        token = await links.add(connection, "join", user_id, by)
        await audit.add(connection, "member.invited", f"user {user_id}", role=role)
        return MadeLink(user_id, email.lower(), name, "join", token)


async def found(on: Executor, organisation: str, email: str) -> MadeLink:
    """The organisation of the scope, and the link by which its first administrator joins."""
    async with transaction(on) as connection:
        await organisations.add(connection, organisation)
        return await invite(connection, email, email, "admin", None)


async def link(on: Executor, user_id: UUID, by: UUID | None) -> MadeLink:
    """Another link. Raises NoMember."""
    async with transaction(on) as connection:
        user = await accounts.get(connection, user_id)
        if user is None or user.email is None:
            raise NoMember
        kind: Literal["join", "reset"] = "join" if user.joined_at is None else "reset"
        token = await links.add(connection, kind, user_id, by)
        await audit.add(connection, "member.link_made", f"user {user_id}", kind=kind)
        return MadeLink(user_id, user.email, user.name, kind, token)


async def change(pool: asyncpg.Pool, user_id: UUID, name: str | None, role: Role | None) -> None:
    """Raises NoMember, LastAdmin."""
    async with transaction(pool) as connection:
        if role is not None and role != "admin":
            await _leave_an_admin(connection, user_id)
        if not await accounts.change(connection, user_id, name, role):
            raise NoMember
        await audit.add(connection, "member.changed", f"user {user_id}", role=role)


async def remove(pool: asyncpg.Pool, user_id: UUID) -> None:
    """Signed out everywhere, with no link left. Raises NoMember, LastAdmin."""
    async with transaction(pool) as connection:
        await _leave_an_admin(connection, user_id)
        if not await accounts.remove(connection, user_id):
            raise NoMember
        await sessions.end_all(connection, user_id)
        await links.void(connection, user_id)
        await audit.add(connection, "member.removed", f"user {user_id}")


async def take_codes(pool: asyncpg.Pool, user_id: UUID) -> None:
    """One-time codes are asked of them no more: they lost the app, or we the key. Raises
    NoMember."""
    async with transaction(pool) as connection:
        if await accounts.get(connection, user_id) is None:
            raise NoMember
        await accounts.set_codes(connection, user_id, None, None)
        await audit.add(connection, "member.codes_taken", f"user {user_id}")


async def sign_out(pool: asyncpg.Pool, user_id: UUID) -> None:
    """Everywhere. Raises NoMember."""
    async with transaction(pool) as connection:
        if await accounts.get(connection, user_id) is None:
            raise NoMember
        await sessions.end_all(connection, user_id)
        await audit.add(connection, "member.signed_out", f"user {user_id}")


async def _leave_an_admin(connection: Connection, user_id: UUID) -> None:
    if await accounts.admins(connection) == [user_id]:
        raise LastAdmin
