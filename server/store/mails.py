"""Mails that are to be handed over: sealed, and forgotten as soon as they are or cannot be."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal
from uuid import UUID

import asyncpg
import msgspec

from server.jobs import DELIVER_MAIL
from server.store import outbox
from server.store.pool import Connection, Executor, new_id
from server.store.sealing import Ring, Seal

KEPT: Final = timedelta(days=30)
"""How long it is known what became of a mail."""

FORGET = "DELETE FROM mails WHERE created_at < now() - $1::interval"
IDS = "SELECT uuidv7() AS id FROM generate_series(1, $1::int)"
ADD = "INSERT INTO mails (id, sealed) VALUES ($1, $2)"
SEALED = "SELECT sealed FROM mails WHERE id = $1 AND sealed IS NOT NULL"
SENT = "UPDATE mails SET sealed = NULL, sent_at = now() WHERE id = $1"
FAILED = "UPDATE mails SET sealed = NULL, failure = $2 WHERE id = $1 AND sent_at IS NULL"
STATE = "SELECT sent_at IS NOT NULL AS sent, failure FROM mails WHERE id = $1"
STATES = "SELECT id, sent_at IS NOT NULL AS sent, failure FROM mails WHERE id = ANY ($1)"


class Letter(msgspec.Struct, frozen=True):
    """``to``: one address."""

    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class MailState:
    """``failure``: why it will never be sent, a short code; None otherwise."""

    state: Literal["waiting", "sent", "failed"]
    failure: str | None


class Post:
    """Where mails are put that a worker then hands over. ``seal``: the workers' too."""

    def __init__(self, seal: Ring | Seal) -> None:
        self._seal = seal

    async def put(self, connection: Connection, letter: Letter) -> UUID:
        """In the transaction that makes the mail wanted, and within its organisation: it is sent
        if that commits, and for as long as it takes. The queue is to be woken afterwards."""
        await connection.execute(FORGET, KEPT)
        mail_id = await new_id(connection)
        sealed = self._seal.close(msgspec.msgpack.encode(letter), str(mail_id))
        await connection.execute(ADD, mail_id, sealed)
        await outbox.add(connection, DELIVER_MAIL, mail_id)
        return mail_id

    async def put_all(self, connection: Connection, letters: Sequence[Letter]) -> list[UUID]:
        """The same for many, in their order."""
        await connection.execute(FORGET, KEPT)
        ids: list[UUID] = [row["id"] for row in await connection.fetch(IDS, len(letters))]
        rows = await asyncio.to_thread(self._sealed, ids, letters)
        await connection.executemany(ADD, rows)
        await outbox.add_all(connection, DELIVER_MAIL, ids)
        return ids

    def _sealed(self, ids: Sequence[UUID], letters: Sequence[Letter]) -> list[tuple[UUID, bytes]]:
        return [
            (mail_id, self._seal.close(msgspec.msgpack.encode(letter), str(mail_id)))
            for mail_id, letter in zip(ids, letters, strict=True)
        ]

    async def take(self, on: Executor, mail_id: UUID) -> Letter | None:
        """None where it was handed over or given up. Raises Sealed."""
        sealed = await on.fetchval(SEALED, mail_id)
        if sealed is None:
            return None
        return msgspec.msgpack.decode(self._seal.open(sealed, str(mail_id)), type=Letter)


async def mark_sent(on: Executor, mail_id: UUID) -> None:
    await on.execute(SENT, mail_id)


async def mark_failed(on: Executor, mail_id: UUID, failure: str) -> None:
    await on.execute(FAILED, mail_id, failure)


async def state(on: Executor, mail_id: UUID) -> MailState | None:
    row = await on.fetchrow(STATE, mail_id)
    return _state(row) if row else None


async def states(on: Executor, mail_ids: Collection[UUID]) -> dict[UUID, MailState]:
    """Of those that it is still known of."""
    return {row["id"]: _state(row) for row in await on.fetch(STATES, list(mail_ids))}


def _state(row: asyncpg.Record) -> MailState:
    if row["sent"]:
        return MailState("sent", None)
    return MailState("failed" if row["failure"] else "waiting", row["failure"])
