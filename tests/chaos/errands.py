"""Where a house's mails and webhooks go: a mail server and an address that keep what they get."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from server.store import webhooks
from server.store.announcements import EVENTS
from server.store.keys import keys_at
from server.store.mails import Letter, Post
from server.store.pool import open_pool, transaction
from server.store.scope import LOCAL, within
from server.store.sealing import Ring
from server.store.webhooks import Hooks
from tests.engines.test_webhook import receiver
from tests.mailbox import Mailbox, mailbox
from tests.workers.test_herald import ids


@dataclass(frozen=True)
class Errands:
    box: Mailbox
    url: str
    called: list[bytes]

    @property
    def env(self) -> dict[str, str]:
        return {
            "VIVA_SMTP_URL": f"smtp://127.0.0.1:{self.box.port}",
            "VIVA_SMTP_FROM": "viva@mail.example",
            "VIVA_WEBHOOK_NETWORKS": "127.0.0.0/8",
        }

    @property
    def told(self) -> str:
        """How often each mail and each call came. Raises AssertionError where one came under two
        ids: then whoever gets it cannot know that it is the same."""
        mails = {str(one["Message-ID"]) for one in self.box.mails}
        assert len(mails) == len({str(one["Subject"]) for one in self.box.mails}), mails
        calls = ids(self.called)
        return (
            f"{len(self.box.mails)} times {len(mails)} mail, {len(self.called)} times {len(calls)} "
            "call, each under one id"
        )


@asynccontextmanager
async def errands() -> AsyncIterator[Errands]:
    with mailbox() as box:
        async with receiver(b"200 OK") as (url, called):
            yield Errands(box, url, called)


async def put_mail(database_url: str, data: Path) -> UUID:
    """As the server of this folder of data does."""
    post = Post(Ring(keys_at(None, data).of("mail")))
    pool = await open_pool(database_url, max_size=1)
    try:
        with within(LOCAL):
            async with transaction(pool) as connection:
                letter = Letter("ada@mail.example", f"Killed {time.time()}", "Still here.")
                return await post.put(connection, letter)
    finally:
        await pool.close()


async def put_call(database_url: str, data: Path, url: str) -> UUID:
    hooks = Hooks(Ring(keys_at(None, data).of("webhooks")))
    pool = await open_pool(database_url, max_size=1)
    try:
        with within(LOCAL):
            made, _ = await hooks.add(pool, url, EVENTS)
            return await webhooks.test(pool, made.id)
    finally:
        await pool.close()
