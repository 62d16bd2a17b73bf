"""Addresses at which an organisation is told of its interviews, and what became of each telling."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from server.jobs import DELIVER_WEBHOOK
from server.store import audit, outbox
from server.store.announcements import Event
from server.store.pool import Connection, Executor, new_id, transaction
from server.store.sealing import Ring

SECRET_BYTES: Final = 32
PREFIX: Final = "whsec_"
KEPT: Final = timedelta(days=30)
"""How long it is known what was told."""
PATIENCE: Final = timedelta(days=3)
"""Where nothing gets through for so long, nothing more is sent."""
MOST: Final = 10
TEST: Final = "webhook.test"

Why = Literal["asked", "gone", "failing"]
Outcome = Literal["waiting", "delivered", "given_up"]

COLUMNS = "id, url, events, made_at, failing_since, disabled_at, disabled_why"
LIST = f"""
SELECT {COLUMNS} FROM webhooks
WHERE ($1::uuid IS NULL OR id > $1) AND ($2::text IS NULL OR $2 = ANY (events))
    AND ($3::boolean IS NULL OR $3 = (disabled_at IS NULL))
ORDER BY id LIMIT $4
"""  # noqa: S608 - no input
COUNT = "SELECT count(*) FROM webhooks WHERE organisation_id = viva_organisation()"
EXISTS = "SELECT EXISTS (SELECT FROM webhooks WHERE id = $1)"
ADD = f"""
INSERT INTO webhooks (id, url, events, secret) VALUES ($1, $2, $3, $4) RETURNING {COLUMNS}
"""  # noqa: S608 - no input
CHANGE = f"""
UPDATE webhooks SET url = coalesce($2, url), events = coalesce($3, events),
    disabled_at = CASE WHEN $4 THEN NULL WHEN NOT $4 THEN coalesce(disabled_at, now())
                       ELSE disabled_at END,
    disabled_why = CASE WHEN $4 THEN NULL WHEN NOT $4 THEN coalesce(disabled_why, 'asked')
                        ELSE disabled_why END,
    failing_since = CASE WHEN $4 THEN NULL ELSE failing_since END
WHERE id = $1 RETURNING {COLUMNS}
"""  # noqa: S608 - no input
RESECRET = "UPDATE webhooks SET secret = $2 WHERE id = $1 RETURNING id"
REMOVE = "DELETE FROM webhooks WHERE id = $1 RETURNING id"
# Number and epoch of what was waiting to be sent there; Redis may still carry them.
FORGET_JOBS = """
DELETE FROM jobs WHERE kind = $2
    AND subject IN (SELECT id FROM webhook_deliveries WHERE webhook_id = $1)
"""
TESTED = """
INSERT INTO webhook_deliveries (id, organisation_id, webhook_id, event, data)
SELECT $1, organisation_id, id, $3, '{}' FROM webhooks WHERE id = $2 RETURNING id
"""
AGAIN = """
UPDATE webhook_deliveries SET delivered_at = NULL, given_up_at = NULL, failure = NULL
WHERE id = $1 AND webhook_id = $2 RETURNING id
"""
DELIVERIES = """
SELECT id, event, happened_at, attempts, tried_at, status, failure, delivered_at, given_up_at
FROM webhook_deliveries
WHERE webhook_id = $1 AND ($2::uuid IS NULL OR id < $2) AND ($3::text IS NULL OR event = $3)
    AND ($4::text IS NULL OR $4 = CASE WHEN delivered_at IS NOT NULL THEN 'delivered'
                                       WHEN given_up_at IS NOT NULL THEN 'given_up'
                                       ELSE 'waiting' END)
    AND ($5::timestamptz IS NULL OR happened_at >= $5)
ORDER BY id DESC LIMIT $6
"""
FORGET = "DELETE FROM webhook_deliveries WHERE happened_at < now() - $1::interval"
TAKE = """
SELECT deliveries.id, webhooks.id AS webhook_id, url, secret, event, data, happened_at
FROM webhook_deliveries AS deliveries JOIN webhooks ON webhooks.id = webhook_id
WHERE deliveries.id = $1 AND delivered_at IS NULL AND given_up_at IS NULL
    AND (disabled_at IS NULL OR event = $2)
"""
DELIVERED = """
WITH done AS (
    UPDATE webhook_deliveries
    SET attempts = attempts + 1, tried_at = now(), status = $2, failure = NULL, delivered_at = now()
    WHERE id = $1 RETURNING webhook_id
)
UPDATE webhooks SET failing_since = NULL FROM done WHERE webhooks.id = done.webhook_id
"""
FAILED = """
WITH tried AS (
    UPDATE webhook_deliveries
    SET attempts = attempts + 1, tried_at = now(), status = $2, failure = $3
    WHERE id = $1 RETURNING webhook_id
)
UPDATE webhooks SET failing_since = coalesce(failing_since, now()),
    disabled_at = CASE WHEN $4 OR failing_since < now() - $5::interval
                       THEN coalesce(disabled_at, now()) ELSE disabled_at END,
    disabled_why = CASE WHEN $4 THEN coalesce(disabled_why, 'gone')
                        WHEN failing_since < now() - $5::interval
                        THEN coalesce(disabled_why, 'failing') ELSE disabled_why END
FROM tried WHERE webhooks.id = tried.webhook_id
RETURNING webhooks.id, url, organisation_id,
    old.disabled_at IS NULL AND new.disabled_at IS NOT NULL AS ended, new.disabled_why AS why
"""
GIVE_UP = """
UPDATE webhook_deliveries SET given_up_at = now() WHERE id = $1 AND delivered_at IS NULL
"""
ADMINS = """
SELECT email FROM users WHERE role = 'admin' AND joined_at IS NOT NULL AND email IS NOT NULL
    AND organisation_id = $1
"""


class TooMany(Exception):
    """An organisation has as many addresses as it may have."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """``failing_since``: nothing got through since then. ``disabled_why``: `asked`; `gone`, where
    the address answered 410; `failing`, for days."""

    id: UUID
    url: str
    events: list[Event]
    made_at: datetime
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_why: Why | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """``id``: the `webhook-id`. ``status``: what was answered the last time; ``failure``: why that
    was no success."""

    id: UUID
    event: str
    happened_at: datetime
    attempts: int
    tried_at: datetime | None
    status: int | None
    failure: str | None
    delivered_at: datetime | None
    given_up_at: datetime | None


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be sent: ``secret`` is opened, ``body`` the same bytes each time."""

    id: UUID
    url: str
    secret: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Ended:
    """Nothing more is sent to this address; who is to be told of it."""

    webhook_id: UUID
    url: str
    why: Why
    admins: list[str]


class Hooks:
    """``ring``: the servers' and the workers' too."""

    def __init__(self, ring: Ring) -> None:
        self._ring = ring

    async def add(self, on: Executor, url: str, events: Sequence[Event]) -> tuple[Webhook, str]:
        """Its secret is told this once. Raises TooMany."""
        async with transaction(on) as connection:
            if await connection.fetchval(COUNT) >= MOST:
                raise TooMany
            webhook_id = await new_id(connection)
            key = secrets.token_bytes(SECRET_BYTES)
            sealed = self._ring.close(key, _place(webhook_id))
            row = await connection.fetchrow(ADD, webhook_id, url, list(events), sealed)
            assert row is not None
            await audit.add(connection, "webhook.made", f"webhook {webhook_id}")
        return Webhook(**row), _written(key)

    async def resecret(self, on: Executor, webhook_id: UUID) -> str | None:
        """A new secret in the place of the one before; None where there is no such address."""
        key = secrets.token_bytes(SECRET_BYTES)
        async with transaction(on) as connection:
            sealed = self._ring.close(key, _place(webhook_id))
            if await connection.fetchval(RESECRET, webhook_id, sealed) is None:
                return None
            await audit.add(connection, "webhook.secret_made", f"webhook {webhook_id}")
        return _written(key)

    async def take(self, on: Executor, delivery_id: UUID) -> Due | None:
        """None where it was delivered or given up, or nothing more is sent there. Raises Sealed."""
        row = await on.fetchrow(TAKE, delivery_id, TEST)
        if row is None:
            return None
        secret = self._ring.open(row["secret"], _place(row["webhook_id"]))
        return Due(
            row["id"], row["url"], secret, body(row["event"], row["happened_at"], row["data"])
        )


def body(event: str, happened_at: datetime, data: dict[str, Any]) -> bytes:
    said = {"type": event, "timestamp": happened_at, "data": data}
    return msgspec.json.encode(said, order="deterministic")


async def every(
    on: Executor,
    after: UUID | None = None,
    limit: int | None = None,
    *,
    event: Event | None = None,
    enabled: bool | None = None,
) -> list[Webhook]:
    """In the order in which they were made, those after one; None: whichever."""
    return [Webhook(**row) for row in await on.fetch(LIST, after, event, enabled, limit)]


async def exists(on: Executor, webhook_id: UUID) -> bool:
    return bool(await on.fetchval(EXISTS, webhook_id))


async def change(
    on: Executor,
    webhook_id: UUID,
    url: str | None,
    events: Sequence[Event] | None,
    *,
    enabled: bool | None,
) -> Webhook | None:
    """None stays as it is. None where there is no such address."""
    async with transaction(on) as connection:
        named = None if events is None else list(events)
        row = await connection.fetchrow(CHANGE, webhook_id, url, named, enabled)
        if row is None:
            return None
        await audit.add(connection, "webhook.changed", f"webhook {webhook_id}", enabled=enabled)
    return Webhook(**row)


async def remove(on: Executor, webhook_id: UUID) -> bool:
    """With all that was told there, and what waits to be."""
    async with transaction(on) as connection:
        await connection.execute(FORGET_JOBS, webhook_id, DELIVER_WEBHOOK.name)
        if await connection.fetchval(REMOVE, webhook_id) is None:
            return False
        await audit.add(connection, "webhook.removed", f"webhook {webhook_id}")
    return True


async def test(on: Executor, webhook_id: UUID) -> UUID:
    """An event of its own kind, also to an address to which nothing else is sent."""
    async with transaction(on) as connection:
        delivery_id = await new_id(connection)
        await connection.execute(TESTED, delivery_id, webhook_id, TEST)
        await outbox.add(connection, DELIVER_WEBHOOK, delivery_id)
    return delivery_id


async def again(on: Executor, webhook_id: UUID, delivery_id: UUID) -> bool:
    """Sent once more, under the same id. False where there is no such delivery."""
    async with transaction(on) as connection:
        if await connection.fetchval(AGAIN, delivery_id, webhook_id) is None:
            return False
        await outbox.add(connection, DELIVER_WEBHOOK, delivery_id)
    return True


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which deliveries are looked for; None: whichever. ``since``: aware."""

    event: str | None = None
    outcome: Outcome | None = None
    since: datetime | None = None


async def deliveries(
    on: Executor,
    webhook_id: UUID,
    before: UUID | None = None,
    limit: int | None = None,
    wanted: Wanted = Wanted(),
) -> list[Delivery]:
    """The newest first, those before this one."""
    asked = wanted.event, wanted.outcome, wanted.since
    rows = await on.fetch(DELIVERIES, webhook_id, before, *asked, limit)
    return [Delivery(**row) for row in rows]


async def mark_delivered(on: Executor, delivery_id: UUID, status: int) -> None:
    async with transaction(on) as connection:
        await connection.execute(DELIVERED, delivery_id, status)
        await connection.execute(FORGET, KEPT)


async def mark_failed(
    on: Executor, delivery_id: UUID, status: int | None, failure: str, *, gone: bool = False
) -> Ended | None:
    """``gone``: the address wants no more. What ended, if this was the last."""
    async with transaction(on) as connection:
        row = await connection.fetchrow(FAILED, delivery_id, status, failure, gone, PATIENCE)
        if row is None or not row["ended"]:
            return None
        admins = await connection.fetch(ADMINS, row["organisation_id"])
        about, why = f"webhook {row['id']}", row["why"]
        whose = row["organisation_id"]
        await audit.add(connection, "webhook.ended", about, organisation=whose, why=why)
    return Ended(row["id"], row["url"], row["why"], [one["email"] for one in admins])


async def give_up(connection: Connection, delivery_id: UUID) -> None:
    await connection.execute(GIVE_UP, delivery_id)


def _place(webhook_id: UUID) -> str:
    return f"webhook {webhook_id}"


def _written(secret: bytes) -> str:
    return PREFIX + base64.b64encode(secret).decode()
