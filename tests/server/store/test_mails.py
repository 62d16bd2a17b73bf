"""A mail waits sealed, and nothing of it stays once it is handed over or given up."""

from __future__ import annotations

from uuid import UUID

import asyncpg
import pytest

from server.jobs import DELIVER_MAIL
from server.store import mails, outbox
from server.store.mails import Letter, MailState, Post
from server.store.pool import transaction
from server.store.scope import LOCAL, within
from server.store.sealing import Seal, Sealed

LETTER = Letter("kim@example.org", "초대", "https://viva.example/#link=secret")
POST = Post(Seal(bytes(32)))


async def put(pool: asyncpg.Pool) -> UUID:
    with within(LOCAL):
        async with transaction(pool) as connection:
            return await POST.put(connection, LETTER)


async def test_it_waits_sealed_with_its_job(pool: asyncpg.Pool) -> None:
    mail_id = await put(pool)
    assert await POST.take(pool, mail_id) == LETTER
    (row,) = await pool.fetch("SELECT * FROM mails")
    assert row["organisation_id"] == LOCAL
    assert b"kim" not in row["sealed"]
    assert await outbox.waiting(pool, DELIVER_MAIL, mail_id) is not None
    assert await mails.state(pool, mail_id) == MailState("waiting", None)
    with pytest.raises(Sealed):
        await Post(Seal(bytes(31) + b"x")).take(pool, mail_id)


@pytest.mark.parametrize("sent", [True, False])
async def test_then_nothing_of_it_is_left(pool: asyncpg.Pool, sent: bool) -> None:
    mail_id = await put(pool)
    if sent:
        await mails.mark_sent(pool, mail_id)
        await mails.mark_failed(pool, mail_id, "no_answer")  # late: it was handed over
        assert await mails.state(pool, mail_id) == MailState("sent", None)
    else:
        await mails.mark_failed(pool, mail_id, "recipient_refused")
        assert await mails.state(pool, mail_id) == MailState("failed", "recipient_refused")
    assert await POST.take(pool, mail_id) is None
    assert await pool.fetchval("SELECT sealed FROM mails") is None


async def test_what_is_undone_is_not_sent(pool: asyncpg.Pool) -> None:
    with within(LOCAL):
        async with pool.acquire() as connection:
            begun = connection.transaction()
            await begun.start()
            await POST.put(connection, LETTER)
            await begun.rollback()
    assert await pool.fetchval("SELECT count(*) FROM mails") == 0
    assert await outbox.take_due(pool, 0) == []


async def test_after_a_month_it_is_not_known_any_more(pool: asyncpg.Pool) -> None:
    mail_id = await put(pool)
    await mails.mark_sent(pool, mail_id)
    await pool.execute("UPDATE mails SET created_at = created_at - interval '31 days'")
    await put(pool)
    assert await mails.state(pool, mail_id) is None


async def test_many_are_put_at_once_in_their_order(pool: asyncpg.Pool) -> None:
    letters = [Letter(f"{at}@example.org", "초대", "x") for at in range(1_000)]
    with within(LOCAL):
        async with transaction(pool) as connection:
            ids = await POST.put_all(connection, letters)
    assert [await POST.take(pool, ids[at]) for at in (0, 999)] == [letters[0], letters[999]]
    assert await pool.fetchval("SELECT count(*) FROM jobs") == 1_000
    async with transaction(pool) as connection:
        assert await POST.put_all(connection, []) == []
