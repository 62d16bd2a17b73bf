"""The job that hands mail over: retried, once, and with nothing of it in the log."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from server.engines.mail import SmtpMail
from server.jobs import DELIVER_MAIL, Pace
from server.store import mails, outbox
from server.store.mails import Letter, MailState, Post
from server.store.pool import transaction
from server.store.scope import LOCAL, within
from server.store.sealing import Seal
from tests.live import free_port
from tests.mailbox import Mailbox, mailbox
from workers.attempt import Job, attempt
from workers.deliver import deliver_mail, give_up
from workers.tools import Tools

PACE = Pace(lease_s=30, resend_s=0, pause_s=0)
JOB = Job(DELIVER_MAIL, deliver_mail, give_up)
POST = Post(Seal(bytes(32)))
LETTER = Letter("kim@example.org", "Welcome", "https://viva.example/#link=secret")


def tools(pool: asyncpg.Pool, port: int, post: Post = POST) -> dict[str, Any]:
    server = SmtpMail(f"smtp://127.0.0.1:{port}", "viva@company.example", answer_s=0.3)
    return {"tools": Tools(pool, None, None, 5, mail=server, post=post)}


async def put(pool: asyncpg.Pool) -> UUID:
    with within(LOCAL):
        async with transaction(pool) as connection:
            return await POST.put(connection, LETTER)


async def tried(pool: asyncpg.Pool, ctx: dict[str, Any]) -> bool:
    """Whether anything was due."""
    due = await outbox.take_due(pool, 0)
    for one in due:
        await attempt(JOB, PACE, ctx, one.id, one.epoch)
    return bool(due)


@pytest.fixture
def box() -> Any:
    with mailbox() as opened:
        yield opened


async def test_it_is_handed_over_once(
    pool: asyncpg.Pool, box: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    mail_id = await put(pool)
    (due,) = await outbox.take_due(pool, 0)
    for _ in range(2):  # the second sending finds nothing
        await attempt(JOB, PACE, tools(pool, box.port), due.id, due.epoch)
    assert await mails.state(pool, mail_id) == MailState("sent", None)
    assert [mail["subject"] for mail in box.mails] == ["Welcome"]
    assert "link=secret" in box.texts[0]
    said = "".join(capsys.readouterr())
    assert str(mail_id) in said
    assert "kim" not in said
    assert "secret" not in said


async def test_a_server_that_puts_it_off_is_asked_again(pool: asyncpg.Pool, box: Mailbox) -> None:
    mail_id = await put(pool)
    ctx = tools(pool, box.port)
    box.answer = "450 come back"
    for _ in range(3):
        assert await tried(pool, ctx)
        assert await mails.state(pool, mail_id) == MailState("waiting", None)
    box.answer = "250 OK"
    assert await tried(pool, ctx)
    assert await mails.state(pool, mail_id) == MailState("sent", None)
    assert len(box.mails) == 1


async def test_a_refusal_is_not_argued_with(pool: asyncpg.Pool, box: Mailbox) -> None:
    mail_id = await put(pool)
    box.answer = "550 no such user kim@example.org"
    assert await tried(pool, tools(pool, box.port))
    assert await mails.state(pool, mail_id) == MailState("failed", "recipient_refused")
    assert not await tried(pool, tools(pool, box.port))


async def test_where_no_server_is_reached_it_is_given_up_in_the_end(
    pool: asyncpg.Pool, capsys: pytest.CaptureFixture[str]
) -> None:
    mail_id = await put(pool)
    port = free_port()
    rounds = 0
    while await tried(pool, tools(pool, port)):
        rounds += 1
    assert rounds == DELIVER_MAIL.attempts
    assert await mails.state(pool, mail_id) == MailState("failed", "not_reached")
    assert await pool.fetchval("SELECT sealed FROM mails") is None
    said = "".join(capsys.readouterr())
    assert "not_reached" in said
    assert "kim" not in said


def test_it_takes_the_better_part_of_half_an_hour_to_give_up() -> None:
    pauses = [Pace().pause_s * DELIVER_MAIL.patience * n for n in range(1, DELIVER_MAIL.attempts)]
    assert 20 * 60 <= sum(pauses) < 60 * 60, "a link for a new password lives an hour"


async def test_under_another_key_it_is_not_sent(pool: asyncpg.Pool, box: Mailbox) -> None:
    mail_id = await put(pool)
    other = Post(Seal(bytes(31) + b"x"))
    assert await tried(pool, tools(pool, box.port, other))
    assert await mails.state(pool, mail_id) == MailState("failed", "other_key")
    assert box.mails == []


async def test_a_worker_without_a_mail_server_leaves_it_to_others(
    pool: asyncpg.Pool, box: Mailbox
) -> None:
    mail_id = await put(pool)
    assert await tried(pool, {"tools": Tools(pool, None, None, 5)})
    assert await tried(pool, tools(pool, box.port))
    assert await mails.state(pool, mail_id) == MailState("sent", None)
