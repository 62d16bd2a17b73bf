"""Where an organisation's own systems are told what happens to its interviews."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar import Router, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.status_codes import HTTP_202_ACCEPTED, HTTP_204_NO_CONTENT

from server.engines.webhook import fault_of, networks
from server.store import webhooks
from server.store.announcements import Event
from server.store.pool import Connection
from server.store.webhooks import Delivery, Outcome, TooMany, Wanted, Webhook
from server.web.guards import WEBHOOK_HERE, Allowed
from server.web.once import Once
from server.web.paging import Page, Since, Window, instant
from server.web.problems import (
    DELIVERY_NOT_FOUND,
    WEBHOOK_NOT_FOUND,
    WEBHOOK_URL,
    WEBHOOKS_MANY,
    Problem,
)
from server.web.services import Services

Url = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
Events = Annotated[list[Event], msgspec.Meta(min_length=1, max_length=20)]


class WebhookOrder(msgspec.Struct):
    url: Url
    events: Events


class WebhookChange(msgspec.Struct):
    """What is left out stays. ``enabled``: whether anything is sent there."""

    url: Url | None = None
    events: Events | None = None
    enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class WebhookMade:
    """``secret`` is told this once."""

    webhook: Webhook
    secret: str


@dataclass(frozen=True, slots=True)
class NewSecret:
    """It signs from now on; the one before does no longer."""

    secret: str


@dataclass(frozen=True, slots=True)
class Sending:
    """``delivery_id``: the `webhook-id` under which it is sent."""

    delivery_id: UUID


@get("/")
async def list_webhooks(
    window: NamedDependency[Window],
    services: NamedDependency[Services],
    event: FromQuery[Event | None] = None,
    enabled: FromQuery[bool | None] = None,
) -> Page[Webhook]:
    """In the order in which they were made."""
    after = window.after(UUID)
    found = await webhooks.every(services.pool, after, window.fetch, event=event, enabled=enabled)
    return window.page(found, lambda webhook: webhook.id)


@post("/", refuses=[WEBHOOK_URL, WEBHOOKS_MANY])
async def add_webhook(
    data: JSONBody[WebhookOrder], once: NamedDependency[Once], services: NamedDependency[Services]
) -> WebhookMade:
    """An address that is told of these events from now on. Its secret is told this once."""
    _check(services, data.url)

    async def add(connection: Connection) -> WebhookMade:
        return WebhookMade(*await services.hooks.add(connection, data.url, _each(data.events)))

    try:
        return await once(data, WebhookMade, add)
    except TooMany as error:
        raise Problem(WEBHOOKS_MANY, most=webhooks.MOST) from error


@patch("/{webhook_id:uuid}", refuses=[WEBHOOK_URL], guards=[WEBHOOK_HERE])
async def change_webhook(
    webhook_id: FromPath[UUID],
    data: JSONBody[WebhookChange],
    services: NamedDependency[Services],
) -> Webhook:
    if data.url is not None:
        _check(services, data.url)
    events = None if data.events is None else _each(data.events)
    changed = await webhooks.change(
        services.pool, webhook_id, data.url, events, enabled=data.enabled
    )
    if changed is None:
        raise Problem(WEBHOOK_NOT_FOUND)
    return changed


@delete("/{webhook_id:uuid}", status_code=HTTP_204_NO_CONTENT, guards=[WEBHOOK_HERE])
async def remove_webhook(webhook_id: FromPath[UUID], services: NamedDependency[Services]) -> None:
    """With the list of what it was told."""
    await webhooks.remove(services.pool, webhook_id)


@post("/{webhook_id:uuid}/secret", guards=[WEBHOOK_HERE])
async def make_secret(
    webhook_id: FromPath[UUID], once: NamedDependency[Once], services: NamedDependency[Services]
) -> NewSecret:
    """A new secret in the place of the one before."""

    async def make(connection: Connection) -> NewSecret:
        secret = await services.hooks.resecret(connection, webhook_id)
        if secret is None:
            raise Problem(WEBHOOK_NOT_FOUND)
        return NewSecret(secret)

    return await once(webhook_id, NewSecret, make)


@post("/{webhook_id:uuid}/test", status_code=HTTP_202_ACCEPTED, guards=[WEBHOOK_HERE])
async def test_webhook(
    webhook_id: FromPath[UUID], once: NamedDependency[Once], services: NamedDependency[Services]
) -> Sending:
    """Sends `webhook.test`, which tells of nothing."""

    async def send(connection: Connection) -> Sending:
        return Sending(await webhooks.test(connection, webhook_id))

    sending = await once(webhook_id, Sending, send)
    services.queue.wake()
    return sending


@get("/{webhook_id:uuid}/deliveries", guards=[WEBHOOK_HERE])
async def list_deliveries(
    webhook_id: FromPath[UUID],
    window: NamedDependency[Window],
    services: NamedDependency[Services],
    event: FromQuery[Event | Literal["webhook.test"] | None] = None,
    outcome: FromQuery[Outcome | None] = None,
    since: Since = None,
) -> Page[Delivery]:
    """What it was told in the last 30 days, the newest first."""
    wanted, before = Wanted(event, outcome, instant(since)), window.after(UUID)
    found = await webhooks.deliveries(services.pool, webhook_id, before, window.fetch, wanted)
    return window.page(found, lambda delivery: delivery.id)


@post(
    "/{webhook_id:uuid}/deliveries/{delivery_id:uuid}/again",
    status_code=HTTP_202_ACCEPTED,
    guards=[WEBHOOK_HERE],
    refuses=[DELIVERY_NOT_FOUND],
)
async def send_again(
    webhook_id: FromPath[UUID],
    delivery_id: FromPath[UUID],
    services: NamedDependency[Services],
) -> Sending:
    """Sends it once more, the same body under the same `webhook-id`."""
    if not await webhooks.again(services.pool, webhook_id, delivery_id):
        raise Problem(DELIVERY_NOT_FOUND)
    services.queue.wake()
    return Sending(delivery_id)


def _each(events: list[Event]) -> list[Event]:
    return list(dict.fromkeys(events))


def _check(services: Services, url: str) -> None:
    """Where its name leads is looked at whenever something is sent there. Raises Problem."""
    fault = fault_of(url, networks(services.hook_networks))
    if fault is not None:
        raise Problem(WEBHOOK_URL, fault=fault)


router = Router(
    "/webhooks",
    route_handlers=[
        list_webhooks,
        add_webhook,
        change_webhook,
        remove_webhook,
        make_secret,
        test_webhook,
        list_deliveries,
        send_again,
    ],
    guards=[Allowed("manage", "manage webhooks")],
    tags=["webhooks"],
)
