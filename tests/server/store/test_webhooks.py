"""Webhooks: their secrets are sealed, what failed ends them, and nothing tells of anybody."""

from __future__ import annotations

import base64
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from server.jobs import DELIVER_WEBHOOK
from server.store import audit, outbox, webhooks
from server.store.announcements import EVENTS
from server.store.keys import Keys
from server.store.scope import LOCAL, within
from server.store.sealing import Ring
from server.store.webhooks import Ended, Hooks, TooMany, Why

HOOKS = Hooks(Ring(Keys((bytes(32),))))
URL = "https://hooks.example/viva"


async def test_the_secret_is_told_once_and_signs(pool: asyncpg.Pool) -> None:
    made, secret = await HOOKS.add(pool, URL, EVENTS)
    assert await webhooks.every(pool) == [made]
    assert secret not in str(await pool.fetch("SELECT * FROM webhooks"))
    due = await HOOKS.take(pool, await webhooks.test(pool, made.id))
    assert due is not None
    assert secret == "whsec_" + base64.b64encode(due.secret).decode()
    assert (due.url, due.body.startswith(b'{"data":{},"timestamp":"2')) == (URL, True)
    newer = await HOOKS.resecret(pool, made.id)
    again = await HOOKS.take(pool, due.id)
    assert again is not None
    assert newer == "whsec_" + base64.b64encode(again.secret).decode() != secret
    assert again.body == due.body, "the same bytes under the same id"
    assert await HOOKS.resecret(pool, uuid4()) is None
    actions = [one.action for one in await audit.newest(pool)]
    assert actions == ["webhook.secret_made", "webhook.made"]


async def test_it_is_changed_turned_off_and_removed(pool: asyncpg.Pool) -> None:
    made, _ = await HOOKS.add(pool, URL, EVENTS)
    off = await webhooks.change(pool, made.id, None, ["report.ready"], enabled=False)
    assert off is not None
    assert (off.url, off.events, off.disabled_why) == (URL, ["report.ready"], "asked")
    assert await webhooks.change(pool, made.id, None, None, enabled=None) == off
    assert await HOOKS.take(pool, await webhooks.test(pool, made.id)) is not None, "a test is sent"
    on = await webhooks.change(pool, made.id, "https://other.example/", None, enabled=True)
    assert on is not None
    assert (on.url, on.disabled_at, on.disabled_why) == ("https://other.example/", None, None)
    assert await webhooks.change(pool, uuid4(), None, None, enabled=True) is None
    assert await webhooks.remove(pool, made.id)
    assert not await webhooks.remove(pool, made.id)
    assert await pool.fetchval("SELECT count(*) FROM jobs WHERE kind = 'deliver_webhook'") == 0
    assert not await webhooks.exists(pool, made.id)


async def test_so_many_and_no_more(pool: asyncpg.Pool) -> None:
    for _ in range(webhooks.MOST):
        await HOOKS.add(pool, URL, EVENTS)
    with pytest.raises(TooMany):
        await HOOKS.add(pool, URL, EVENTS)


async def test_what_became_of_each_is_told_and_it_is_sent_again(pool: asyncpg.Pool) -> None:
    made, _ = await HOOKS.add(pool, URL, EVENTS)
    delivery_id = await webhooks.test(pool, made.id)
    assert await webhooks.mark_failed(pool, delivery_id, None, "no_connection") is None
    assert await webhooks.mark_failed(pool, delivery_id, 500, "answered") is None
    (failing,) = await webhooks.every(pool)
    assert failing.failing_since is not None
    async with pool.acquire() as connection:
        await webhooks.give_up(connection, delivery_id)
    (told,) = await webhooks.deliveries(pool, made.id)
    assert (told.attempts, told.status, told.failure) == (2, 500, "answered")
    assert told.given_up_at is not None
    assert await HOOKS.take(pool, delivery_id) is None
    assert await webhooks.again(pool, made.id, delivery_id)
    assert not await webhooks.again(pool, uuid4(), delivery_id)
    assert await outbox.waiting(pool, DELIVER_WEBHOOK, delivery_id) is not None
    assert await HOOKS.take(pool, delivery_id) is not None
    await webhooks.mark_delivered(pool, delivery_id, 204)
    (fine,) = await webhooks.every(pool)
    (told,) = await webhooks.deliveries(pool, made.id)
    assert (fine.failing_since, told.status, told.failure) == (None, 204, None)
    assert await HOOKS.take(pool, delivery_id) is None
    await pool.execute("UPDATE webhook_deliveries SET happened_at = now() - interval '31 days'")
    await webhooks.mark_delivered(pool, await webhooks.test(pool, made.id), 200)
    assert len(await webhooks.deliveries(pool, made.id)) == 1, "what is long ago is forgotten"


async def test_days_of_failure_or_a_word_end_it_once(pool: asyncpg.Pool) -> None:
    await pool.execute(
        "INSERT INTO users (email, name, role, joined_at, organisation_id)"
        " VALUES ('a@x.example', 'A', 'admin', now(), $1)", LOCAL,
    )  # fmt: skip
    cases: tuple[tuple[bool, Why], ...] = ((False, "failing"), (True, "gone"))
    for gone, why in cases:
        made, _ = await HOOKS.add(pool, URL, EVENTS)
        first, second = [await webhooks.test(pool, made.id) for _ in range(2)]
        late = webhooks.PATIENCE + timedelta(minutes=1)
        if not gone:
            await webhooks.mark_failed(pool, first, 500, "answered")
            await pool.execute("UPDATE webhooks SET failing_since = now() - $1::interval", late)
        ended = await webhooks.mark_failed(pool, first, 410 if gone else 500, "answered", gone=gone)
        assert ended == Ended(made.id, URL, why, ["a@x.example"])
        assert await webhooks.mark_failed(pool, second, 500, "answered", gone=gone) is None
        newest, *_ = await audit.newest(pool)
        assert (newest.action, newest.detail) == ("webhook.ended", {"why": why})


async def test_another_organisation_sees_nothing_of_it(pool: asyncpg.Pool) -> None:
    made, _ = await HOOKS.add(pool, URL, EVENTS)
    delivery_id = await webhooks.test(pool, made.id)
    elsewhere = UUID(int=7)
    async with pool.acquire() as connection:
        await connection.execute("SET ROLE viva_app")
        await connection.execute(f"SELECT set_config('viva.organisation', '{elsewhere}', false)")
        assert await webhooks.every(connection) == []
        assert await HOOKS.take(connection, delivery_id) is None
        assert await connection.fetchval("SELECT count(*) FROM jobs") == 0
    with within(LOCAL):
        assert await webhooks.every(pool) == [made]
