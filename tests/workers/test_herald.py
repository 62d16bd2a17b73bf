"""The job that tells a webhook: tried again under the same id, and ended with a notice."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from server.engines.webhook import Caller
from server.jobs import DELIVER_WEBHOOK, Pace
from server.store import outbox, webhooks
from server.store.announcements import EVENTS
from server.store.keys import Keys
from server.store.mails import Post
from server.store.scope import LOCAL, within
from server.store.sealing import Ring, Seal
from server.store.webhooks import Hooks
from tests.engines.test_webhook import HERE, receiver
from tests.live import TLS
from tests.server.store.test_webhooks import HOOKS
from workers.attempt import Job, attempt
from workers.herald import deliver_webhook, give_up
from workers.tools import Tools

PACE = Pace(lease_s=30, resend_s=0, pause_s=0)
JOB = Job(DELIVER_WEBHOOK, deliver_webhook, give_up)
POST = Post(Seal(bytes(32)))


def tools(pool: asyncpg.Pool, hooks: Hooks | None = HOOKS) -> dict[str, Any]:
    return {"tools": Tools(pool, None, None, 5, post=POST, hooks=hooks, caller=Caller(HERE, TLS))}


async def put(pool: asyncpg.Pool, url: str) -> tuple[UUID, UUID]:
    with within(LOCAL):
        made, _ = await HOOKS.add(pool, url, EVENTS)
        return made.id, await webhooks.test(pool, made.id)


async def tried(pool: asyncpg.Pool, ctx: dict[str, Any]) -> bool:
    """Whether anything was due."""
    due = [one for one in await outbox.take_due(pool, 0) if one.kind == DELIVER_WEBHOOK.name]
    for one in due:
        await attempt(JOB, PACE, ctx, one.id, one.epoch)
    return bool(due)


def ids(sent: list[bytes]) -> set[bytes]:
    return {
        line
        for one in sent
        for line in one.lower().split(b"\r\n")
        if line.startswith(b"webhook-id")
    }


async def test_it_is_tried_again_under_the_same_id_until_it_is_taken(
    pool: asyncpg.Pool, capsys: pytest.CaptureFixture[str]
) -> None:
    ctx = tools(pool)
    async with receiver(b"503 Later") as (url, refused):
        hook_id, delivery_id = await put(pool, url)
        for _ in range(2):
            assert await tried(pool, ctx)
    async with receiver(b"200 OK") as (url, taken):
        with within(LOCAL):
            await webhooks.change(pool, hook_id, url, None, enabled=None)
        assert await tried(pool, ctx)
        assert not await tried(pool, ctx), "it is done"
    assert ids(refused + taken) == {f"webhook-id: {delivery_id}".encode()}
    bodies = {one.split(b"\r\n\r\n")[1] for one in refused + taken}
    assert json.loads(bodies.pop())["type"] == "webhook.test"
    assert not bodies, "the same bytes each time"
    (told,) = await webhooks.deliveries(pool, hook_id)
    assert (told.attempts, told.status, told.failure) == (3, 200, None)
    assert "/hook" not in "".join(capsys.readouterr()), "an address may hold a secret"


async def test_it_is_given_up_in_the_end_and_sent_again_when_asked(pool: asyncpg.Pool) -> None:
    ctx = tools(pool)
    async with receiver(b"500 Broken") as (url, sent):
        hook_id, delivery_id = await put(pool, url)
        while await tried(pool, ctx):
            pass
        assert len(sent) == DELIVER_WEBHOOK.attempts
        (told,) = await webhooks.deliveries(pool, hook_id)
        assert told.given_up_at is not None
        with within(LOCAL):
            assert await webhooks.again(pool, hook_id, delivery_id)
        assert await tried(pool, ctx)
        assert len(ids(sent)) == 1


async def test_an_address_that_is_gone_is_called_no_more_and_its_people_are_told(
    pool: asyncpg.Pool,
) -> None:
    await pool.execute(
        "INSERT INTO users (email, name, role, joined_at, organisation_id)"
        " VALUES ('a@x.example', 'A', 'admin', now(), $1)", LOCAL,
    )  # fmt: skip
    ctx = tools(pool)
    async with receiver(b"410 Gone") as (url, sent):
        hook_id, _ = await put(pool, url)
        assert await tried(pool, ctx)
        assert not await tried(pool, ctx)
    (ended,) = await webhooks.every(pool)
    assert (ended.id, ended.disabled_why, len(sent)) == (hook_id, "gone", 1)
    mail_id = await pool.fetchval("SELECT id FROM mails")
    letter = await POST.take(pool, mail_id)
    assert letter is not None
    assert letter.to == "a@x.example"
    assert url in letter.text


async def test_a_secret_of_another_server_calls_nobody(pool: asyncpg.Pool) -> None:
    other = tools(pool, Hooks(Ring(Keys((b"o" * 32,)))))
    async with receiver(b"200 OK") as (url, sent):
        hook_id, _ = await put(pool, url)
        await tried(pool, other)
    (told,) = await webhooks.deliveries(pool, hook_id)
    assert (told.failure, sent) == ("other_key", [])
